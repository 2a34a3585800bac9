"""A volume → the files of an edition: compose → print → finish (or separate, for a press) → stamp → bind.

Chapters are printed once for all editions that look alike; what only one of them wants is done to its own copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import binding, composing, finishing, offprints, stamping
from .binding.linearizing import linearized
from .chapters import Chapter, Metadata, Placed, Printed, digest
from .composed import Memory
from .console import Console
from .despatch import Despatch
from .engine import program
from .errors import Faults, Problem, did_you_mean
from .model import Design, Volume
from .press import Press, ledger
from .press.ledger import Ledger
from .press.store import Store
from .printers import Printer
from .printing import PRODUCER, Typesetter
from .reading.printers import read_separations
from .records import Edition
from .separating import Separator
from .separating.inks import Inks
from .separating.sheets import Sheet
from .wording import Wording
from .workers import Workers

PICTURES = (".jpg", ".jpeg", ".png")


class Workshop:
    """What stays at hand from one build to the next: processes, what was composed, printed, and sewn."""

    def __init__(self, root: Path, workers: Workers) -> None:
        self.root, self.workers, self.bench, self.composed = root, workers, binding.Bench(), Memory()
        self.store = Store(root / "output" / ".press")
        self._ledgers: dict[str, Ledger] = {}

    def ledger(self, look: str) -> Ledger:
        """Give what the last printing of a volume in these clothes found out."""
        return self._ledgers.get(look) or ledger.read(self.store.folder / f"{look}.json")

    def remember(self, look: str, made: Ledger) -> None:
        """Keep what this printing found out."""
        self._ledgers[look] = made
        ledger.write(made, self.store.folder / f"{look}.json")


@dataclass(frozen=True, slots=True)
class Impression:
    """What is printed once for all editions that look alike: the chapters at their places, and those that were printed
    anew; `press` prints more in the same clothes."""

    composer: composing.Composer
    press: Press
    placed: tuple[Placed, ...]
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A volume that has passed its gate, and what its editions are made in and with; `printer` where one is named.

    `impressions` are those that have been printed, by the digest of their clothes; `said` what the editor has heard.
    """

    shop: Workshop
    volume: Volume
    wording: Wording
    design: Design
    console: Console
    printer: Printer | None = None
    impressions: dict[str, Impression] = field(default_factory=dict)
    said: set[Problem] = field(default_factory=set)

    @property
    def root(self) -> Path:
        """Give the project's folder."""
        return self.shop.root

    @property
    def folder(self) -> Path:
        """Give the folder of the volume's files."""
        return self.root / "output" / self.volume.slug

    def profile(self, name: str) -> bytes:
        """Give a colour profile of the design."""
        return self.design.files[f"styles/profiles/{name}"]


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes one file: its path in the volume's folder and that of its report, both without their endings; its
    chapters, and what it says of itself.

    `folds` are those of a cover, in mm from its left; `beyond` the anchors of the volume that are not in the file.
    """

    path: str
    report: str
    placed: tuple[Placed, ...]
    metadata: Metadata
    folds: tuple[float, float] | None = None
    beyond: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """Give the path of the file."""
        return f"{self.path}.pdf"

    @property
    def pages(self) -> int:
        """Count its pages."""
        return sum(one.blanks + one.printed.pages for one in self.placed)


def impress(job: Job, edition: Edition) -> Impression:
    """Compose → print: the chapters of an edition; those of another that looks the same serve it, too."""
    design, theme = job.design, job.volume.matter.theme
    clothes = design.clothes(theme, edition.name)
    typesetter = Typesetter(design.worn(clothes), clothes, design.typefaces(theme))
    if typesetter.clothes not in job.impressions:
        job.impressions[typesetter.clothes] = _impressed(job, edition, typesetter)
    return job.impressions[typesetter.clothes]


def _impressed(job: Job, edition: Edition, typesetter: Typesetter) -> Impression:
    composer, shop = composing.Composer(job.volume, job.wording, job.design, job.shop.composed), job.shop
    look = f"{job.volume.slug}-{Path(typesetter.sheets[-1]).stem}"
    with job.console.progress(edition.title) as announce:
        press = Press(typesetter, shop.store, shop.ledger(look), shop.workers.lend, announce)
        placed = press.run(composer.compose)
    shop.remember(look, press.ledger)
    job.console.why(press.printed, shop.store.damaged)
    return Impression(composer, press, placed, tuple(press.printed))


def cut(job: Job, edition: Edition, impression: Impression) -> Iterator[Piece]:
    """Give what becomes one file each: the volume, or every case of it."""
    if edition.each == "case":
        yield from _cases(job, edition, impression)
        return
    name, metadata = f"{job.volume.slug}-{edition.name}", composing.metadata(job.volume, edition, job.wording)
    yield Piece(name, f"reports/{edition.name}", impression.placed, metadata)


def _cases(job: Job, edition: Edition, impression: Impression) -> Iterator[Piece]:
    """Give every case, with a cover that is printed in the clothes of the volume."""
    volume, placed = job.volume, {one.chapter.name: one for one in impression.placed}
    pages = {case.slug: offprints.pages_of(placed[case.slug]) for case in volume.placed}
    covers = [offprints.cover(impression.composer, case, pages[case.slug]) for case in volume.placed]
    with job.console.progress(edition.title) as announce:
        printed = impression.press.alone(covers, announce)
    anchors = frozenset(anchor for one in impression.placed for anchor in one.printed.anchors)
    for case, front, sheet in zip(volume.placed, covers, printed, strict=True):
        whole = offprints.gathered(front, sheet, placed[case.slug])
        metadata = offprints.metadata(volume, case, edition, job.wording, whole)
        path, report = f"{edition.name}/{volume.slug}-{case.slug}", f"reports/{edition.name}/{case.slug}"
        yield Piece(path, report, whole, metadata, beyond=anchors)


def despatched(job: Job, edition: Edition, impression: Impression) -> Despatch:
    """Separate the pages for the volume's printer; give what makes the papers that go to the print shop with them.

    Pictures are made as the edition wants them before: what is not printed need not be separated.
    """
    if not job.printer:
        what, cure = "The volume names no printer, and this edition needs one.", did_you_mean("", job.design.printers)
        raise Faults([Problem(job.volume.file, 0, 0, what, f'Write a line "printer: ". {cure}')])
    known = read_separations(job.design, job.volume.matter.theme)
    inks = Inks(job.profile(job.printer.profile), job.printer.ink_limit, known)
    separator, outside = Separator(inks, Sheet.of(job.printer), job.shop.store), job.design.openings["outside"]

    def typeset(chapter: Chapter) -> Printed:
        return impression.press.alone([chapter], lambda *_: None)[0]

    return Despatch(
        composer=impression.composer,
        printer=job.printer,
        profile=job.profile(job.printer.profile),
        fonts=job.design.typefaces(job.volume.matter.theme),
        placed=separator.book(
            tuple(_fitted(job, edition, one) for one in impression.placed), outside, job.printer.page_multiple
        ),
        metadata=composing.metadata(job.volume, edition, job.wording),
        producer=PRODUCER,
        typeset=typeset,
        separate=separator.chapter,
    )


def for_press(job: Job, edition: Edition, despatch: Despatch) -> Iterator[Piece]:
    """Give the files that a press gets: the pages, and the cover."""
    slug = job.volume.slug
    pages = tuple(despatch.placed)
    yield Piece(f"{slug}-{edition.name}", f"reports/{edition.name}", pages, despatch.metadata)
    placed, metadata = despatch.cover()
    yield Piece(f"{slug}-cover", f"reports/{metadata.edition}", (placed,), metadata, despatch.folds)


def make(job: Job, edition: Edition, piece: Piece) -> bytes:
    """Stamp → bind: one file, of chapters that are finished."""
    metadata, fonts = piece.metadata, job.design.typefaces(job.volume.matter.theme)
    labels, cover = stamping.numberings(piece.placed), job.wording.words["cover"]
    shell = stamping.stamp(metadata, PRODUCER, labels, cover, intent(job, edition))
    bench = job.shop.bench if edition.each == "volume" else None  # which has room for one book
    book = binding.bind(shell, piece.placed, fonts, metadata.date if edition.data else None, bench)
    return linearized(book) if edition.linearized else book


def finished(job: Job, edition: Edition, piece: Piece) -> Piece:
    """Give what becomes one file with the pictures as the edition wants them; for a press they are so already."""
    if edition.for_press:
        return piece
    return replace(piece, placed=tuple(_fitted(job, edition, one) for one in piece.placed))


def _fitted(job: Job, edition: Edition, one: Placed) -> Placed:
    """Give a chapter with its pictures as the edition wants them, from the store where they were made so before."""
    if not edition.pictures or not any(name.lower().endswith(PICTURES) for name in one.chapter.files):
        return one
    key, store = digest(one.printed.pdf, repr(edition.pictures).encode(), program().encode()), job.shop.store
    printed = store.get(key, Printed)
    if printed is None:
        printed = finishing.fitted(one.printed, edition.pictures.resolution, edition.pictures.quality)
        store.put(key, printed)
    return replace(one, printed=printed)


def intent(job: Job, edition: Edition) -> stamping.Intent | None:
    """Say what the colours of an edition mean: its own profile's, or the printer's."""
    if edition.for_press and job.printer:
        return stamping.Intent(job.profile(job.printer.profile), job.printer.condition)
    return stamping.Intent(job.profile(edition.profile)) if edition.profile else None
