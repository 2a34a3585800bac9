"""A volume → its editions in their places: what `build` and `watch` do once the content has passed its gate.

Data flows one way: compose → print → finish → stamp → bind → proof → preflight → deliver.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from . import (
    binding,
    checking,
    composing,
    figures,
    finishing,
    manifest,
    offprints,
    preflight,
    proofing,
    reporting,
    stamping,
    weighing,
)
from .binding.linearizing import linearized
from .chapters import Metadata, Placed, digest
from .console import Console
from .delivering import deliver, deliver_report
from .errors import Problem
from .model import Design, Volume
from .preflight.prepress.order import Order
from .preflight.prepress.thumbnails import thumbnails
from .preflight.sheets import File
from .press import Press, ledger
from .press.store import Store
from .press.workers import Workers
from .printers import Printer
from .printing import PRODUCER, Typesetter
from .records import Edition
from .register import Register
from .wording import Wording

PICTURES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class Impression:
    """What is printed once for all editions that look alike: the chapters at their places, those that were printed
    anew, and what the page gate says of them; `press` prints more in the same clothes."""

    composer: composing.Composer
    press: Press
    placed: tuple[Placed, ...]
    printed: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """A volume that has passed its gate, and what its editions are made with; `printer` where one is named.

    `impressions` are those that have been printed, by the digest of their clothes; `said` what the editor has heard.
    """

    root: Path
    volume: Volume
    wording: Wording
    design: Design
    console: Console
    workers: Workers
    printer: Printer | None = None
    impressions: dict[str, Impression] = field(default_factory=dict)
    said: set[Problem] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        """Give the folder of the volume's files."""
        return self.root / "output" / self.volume.slug

    @property
    def store(self) -> Store:
        """Give what was printed in earlier builds."""
        return Store(self.root / "output" / ".press")


@dataclass(frozen=True, slots=True)
class Piece:
    """What becomes one file: its path in the volume's folder and that of its report, both without their endings; its
    chapters, what it says of itself, and what the page gate said of it."""

    path: str
    report: str
    placed: tuple[Placed, ...]
    metadata: Metadata
    problems: tuple[Problem, ...]

    @property
    def file(self) -> str:
        """Give the path of the file."""
        return f"{self.path}.pdf"

    @property
    def pages(self) -> int:
        """Count its pages."""
        return sum(one.blanks + one.printed.pages for one in self.placed)


def publish(job: Job, edition: Edition) -> None:
    """Make the files of one edition, and put each in place when its gates have passed; one that is the same stands."""
    started = time.monotonic()
    job.console.stop_at(checking.check_statuses(job.volume, [edition]))
    register = Register(job.root / "output" / ".press" / f"{job.volume.slug}-files.json", job.folder)
    pieces = list(cut(job, edition, impress(job, edition)))
    try:
        entries = [_delivered(job, edition, piece, register) for piece in pieces]
        register.strike(edition.name, {entry.file for entry in entries})
    finally:
        register.write()
        whole = composing.metadata(job.volume, edition, job.wording)
        papers = manifest.written(whole, job.volume.matter.version, register.entries)
        deliver(papers, job.folder / "manifest.json")
    first = job.folder / entries[0].file
    where = (first if len(entries) == 1 else first.parent).relative_to(job.root)
    size, pages = sum(entry.bytes for entry in entries), sum(entry.pages for entry in entries)
    job.console.made(where, len(entries), pages, size, time.monotonic() - started)


def rush(job: Job, edition: Edition, saved: list[str]) -> None:
    """Make one edition after a save, and put it in place below `watch/` at once; the gates speak afterwards."""
    started = time.monotonic()
    impression = impress(job, edition)
    for piece in cut(job, edition, impression):
        book = make(job, edition, piece)
        deliver(book, job.folder / "watch" / piece.file)
        job.console.rebuilt(saved, impression.printed, time.monotonic() - started)
        problems = prove(job, edition, piece, book, job.folder / "watch")
        job.console.stop_at(checking.check_statuses(job.volume, [edition]) + problems)


# --- Print ---


def impress(job: Job, edition: Edition) -> Impression:
    """Compose → print: the chapters of an edition; those of another that looks the same serve it, too."""
    design, theme = job.design, job.volume.matter.theme
    clothes = design.clothes(theme, edition.name)
    typesetter = Typesetter(design.worn(clothes), clothes, design.typefaces(theme), edition.tagged)
    if typesetter.clothes not in job.impressions:
        job.impressions[typesetter.clothes] = _impressed(job, edition, typesetter)
    return job.impressions[typesetter.clothes]


def _impressed(job: Job, edition: Edition, typesetter: Typesetter) -> Impression:
    figures.use_fonts(job.root / "styles", job.volume.matter.theme)
    composer, store = composing.Composer(job.volume, job.wording, job.design), job.store
    kept = store.folder / f"{job.volume.slug}-{Path(typesetter.sheets[-1]).stem}.json"
    with job.console.progress(edition.title) as announce:
        press = Press(typesetter, store, ledger.read(kept), job.workers.lend, announce)
        placed = press.run(composer.compose)
    ledger.write(press.ledger, kept)
    store.trim()
    job.console.why(press.printed, store.damaged)
    problems = proofing.proof(placed, job.volume)
    return Impression(composer, press, placed, tuple(press.printed), tuple(problems))


# --- Finish: what becomes one file ---


def cut(job: Job, edition: Edition, impression: Impression) -> Iterator[Piece]:
    """Give what becomes one file each: the volume, or every case of it."""
    if edition.each == "case":
        yield from _cases(job, edition, impression)
        return
    name = f"{job.volume.slug}-{edition.name}"
    metadata = composing.metadata(job.volume, edition, job.wording)
    yield Piece(name, f"reports/{edition.name}", impression.placed, metadata, impression.problems)


def _cases(job: Job, edition: Edition, impression: Impression) -> Iterator[Piece]:
    """Give every case, with a cover that is printed in the clothes of the volume."""
    volume, placed = job.volume, {one.chapter.name: one for one in impression.placed}
    pages = {case.slug: offprints.pages_of(placed[case.slug]) for case in volume.placed}
    covers = [offprints.cover(impression.composer, case, pages[case.slug]) for case in volume.placed]
    with job.console.progress(edition.title) as announce:
        printed = impression.press.alone(covers, announce)
    for case, front, sheet in zip(volume.placed, covers, printed, strict=True):
        whole = offprints.gathered(front, sheet, placed[case.slug])
        problems = [problem for problem in impression.problems if problem.file == case.file]
        problems += proofing.proof(whole[:1], volume)
        metadata = offprints.metadata(volume, case, edition, job.wording, whole)
        path, report = f"{edition.name}/{volume.slug}-{case.slug}", f"reports/{edition.name}/{case.slug}"
        yield Piece(path, report, whole, metadata, tuple(problems))


def _fitted(job: Job, edition: Edition, one: Placed) -> Placed:
    """Give a chapter with its pictures as the edition wants them, from the store where they were made so before."""
    if not edition.pictures or not any(name.lower().endswith(PICTURES) for name in one.chapter.files):
        return one
    key, store = digest(one.printed.pdf, repr(edition.pictures).encode(), program().encode()), job.store
    printed = store.get(key)
    if printed is None:
        printed = finishing.fitted(one.printed, edition.pictures.resolution, edition.pictures.quality)
        store.put(key, printed)
    return replace(one, printed=printed)


# --- Bind and prove ---


def make(job: Job, edition: Edition, piece: Piece) -> bytes:
    """Finish → stamp → bind: one file."""
    placed, metadata, design = [_fitted(job, edition, one) for one in piece.placed], piece.metadata, job.design
    profile = design.files[f"styles/profiles/{edition.profile}"] if edition.profile else None
    labels, cover = stamping.numberings(placed), job.wording.words["cover"]
    shell = stamping.stamp(metadata, PRODUCER, labels, cover, profile)
    fonts = design.typefaces(job.volume.matter.theme).values()
    book = binding.bind(shell, placed, fonts, metadata.date if edition.data else None)
    return linearized(book) if edition.linearized else book


def prove(job: Job, edition: Edition, piece: Piece, book: bytes, folder: Path) -> list[Problem]:
    """Preflight a file; put the report of both gates into the folder, and give what they found."""
    words, texts, path = job.wording.words, job.wording.texts, folder / piece.file
    file = File(book, piece.metadata, job.design.families(job.volume.matter.theme), _order(job, edition))
    verdicts, facts = preflight.inspect(file), preflight.facts(file)
    problems = [*piece.problems, *preflight.problems(verdicts, piece.placed, path.relative_to(job.root).as_posix())]
    if edition.budget:
        sheet = f"styles/editions/{edition.name}.yaml"
        problems += weighing.over_budget(book, piece.placed, edition.budget, edition.title, sheet)
    report = reporting.report(path.name, book, piece.metadata, verdicts, facts, problems, words)
    shown = thumbnails(file, (fault for verdict in verdicts for fault in verdict.findings)) if file.order else ()
    papers = reporting.as_json(report), reporting.as_html(report, job.design.templates, words, texts, shown)
    deliver_report(papers, folder / piece.report, report["passed"])
    return problems


def _delivered(job: Job, edition: Edition, piece: Piece, register: Register) -> manifest.Entry:
    """Put one file in place, unless the one that lies there is the same; say what the gates found once."""
    key = _key(job, edition, piece)
    if entry := register.standing(piece.file, key):
        _say(job, piece.problems)
        return entry
    book = make(job, edition, piece)
    _say(job, prove(job, edition, piece, book, job.folder))
    deliver(book, job.folder / piece.file)
    entry = _entry(job, edition, piece, book)
    register.enter(key, entry)
    return entry


def _say(job: Job, problems: Sequence[Problem]) -> None:
    """Stop at what is severe; what several files have in common is said once."""
    job.console.stop_at([problem for problem in problems if problem.severe or problem not in job.said])
    job.said.update(problems)


def _entry(job: Job, edition: Edition, piece: Piece, book: bytes) -> manifest.Entry:
    said = piece.metadata
    return manifest.Entry(
        file=piece.file,
        edition=edition.name,
        title=said.title,
        authors=said.authors,
        language=said.language,
        identifiers=said.identifiers,
        pages=piece.pages,
        bytes=len(book),
        size=job.wording.size(len(book)),
        sha256=hashlib.sha256(book).hexdigest(),
        standards=tuple(reporting.CLAIMS[claim] for claim in edition.claims),
        checked=f"{piece.report}.html",
    )


def _key(job: Job, edition: Edition, piece: Piece) -> str:
    """Digest all that a file and its report are made from."""
    design, wording = job.design, job.wording
    told = repr((edition, job.printer, piece.metadata, piece.problems, wording.words, wording.texts))
    page = design.templates["_report.html"].encode()
    chapters = (repr((one.chapter.name, one.start, one.blanks, one.chapter.attachments)) for one in piece.placed)
    profile = design.files.get(f"styles/profiles/{edition.profile}", b"")
    fonts = design.typefaces(job.volume.matter.theme).values()
    pages = (one.printed.pdf for one in piece.placed)
    return digest(program().encode(), told.encode(), page, *(one.encode() for one in chapters), *pages, profile, *fonts)


@cache
def program() -> str:
    """Digest what turns printed chapters into files: this program and the libraries that it hands them to."""
    room = Path(__file__).parent
    packages = ("pikepdf", "pypdf", "uharfbuzz", "pillow", "jinja2", "fonttools")
    modules = (file.read_bytes() for file in sorted(room.rglob("*.py")))
    return digest(*modules, *(f"{name} {version(name)}".encode() for name in packages))


def _order(job: Job, edition: Edition) -> Order | None:
    """Say for which printer an edition is made, where it is made for one."""
    if job.printer is None or "pdf/x-4" not in edition.claims:
        return None
    return Order(job.printer, job.design.files[f"styles/profiles/{job.printer.profile}"])
