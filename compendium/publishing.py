"""A volume → its editions in their places: what `build` and `watch` do once the content has passed its gate.

Data flows one way: compose → print (→ separate, for a press) → stamp → bind → proof → preflight → deliver.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import binding, checking, composing, figures, preflight, proofing, proving, reporting, stamping
from .chapters import Chapter, Metadata, Placed, Printed
from .console import Console
from .delivering import deliver, deliver_report
from .despatch import Despatch
from .despatch.ticket import Goods
from .errors import Faults, Problem, did_you_mean
from .model import Design, Volume
from .preflight.prepress.order import Order
from .preflight.prepress.thumbnails import thumbnails
from .preflight.sheets import File
from .press import Press, ledger
from .press.ledger import Ledger
from .press.store import Store
from .printers import Printer
from .printing import PRODUCER, Typesetter
from .proving import Terms
from .reading.printers import read_separations
from .records import Edition
from .separating import Separator
from .separating.inks import Inks
from .separating.sheets import Sheet
from .wording import Wording
from .workers import Workers


class Workshop:
    """What stays at hand from one build to the next: processes, what was printed, and what was sewn."""

    def __init__(self, root: Path, workers: Workers) -> None:
        self.root, self.workers, self.bench = root, workers, binding.Bench()
        self.store = Store(root / "output" / ".press")
        self._ledgers: dict[str, Ledger] = {}

    def ledger(self, volume: Volume, edition: Edition) -> Ledger:
        """Give what the last build of an edition found out."""
        name = f"{volume.slug}-{edition.name}"
        return self._ledgers.get(name) or ledger.read(self.store.folder / f"{name}.json")

    def remember(self, volume: Volume, edition: Edition, made: Ledger) -> None:
        """Keep what this build of an edition found out, and the store within its bound."""
        name = f"{volume.slug}-{edition.name}"
        self._ledgers[name] = made
        ledger.write(made, self.store.folder / f"{name}.json")
        self.store.trim()


@dataclass(frozen=True, slots=True)
class Job:
    """A volume that has passed its gate, and what its editions are made in and with; `printer` where one is named."""

    shop: Workshop
    volume: Volume
    wording: Wording
    design: Design
    console: Console
    printer: Printer | None = None

    @property
    def root(self) -> Path:
        """Give the project's folder."""
        return self.shop.root


@dataclass(frozen=True, slots=True)
class Made:
    """An edition that has been made: bytes, what it says of itself, where its chapters stand, which were printed.

    `despatch` makes what goes to the print shop beside it; `folds` are those of a cover, in mm from its left.
    """

    book: bytes
    metadata: Metadata
    placed: tuple[Placed, ...]
    printed: tuple[str, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
    despatch: Despatch | None = None
    folds: tuple[float, float] | None = None


def publish(job: Job, edition: Edition) -> None:
    """Make one edition, and put it in place when its gates have passed."""
    started = time.monotonic()
    job.console.stop_at(checking.check_statuses(job.volume, [edition]))
    made, path = make(job, edition), _path(job, edition, "")
    job.shop.remember(job.volume, edition, made.ledger)
    papers, problems = _papers(job, edition, made, path) if made.despatch else ({}, [])
    job.console.stop_at(prove(job, edition, made, path) + problems)
    deliver(made.book, path)
    for paper, content in papers.items():
        deliver(content, paper)
    pages = sum(one.blanks + one.printed.pages for one in made.placed)
    job.console.made(path.relative_to(job.root), pages, len(made.book), time.monotonic() - started)


def rush(job: Job, edition: Edition, saved: list[str]) -> None:
    """Make one edition after a save, and put it in place below `watch/` at once; the gates speak afterwards."""
    started = time.monotonic()
    made, path = make(job, edition), _path(job, edition, "watch")
    deliver(made.book, path)
    job.console.rebuilt(saved, made.printed, time.monotonic() - started)
    job.shop.remember(job.volume, edition, made.ledger)
    job.console.stop_at(checking.check_statuses(job.volume, [edition]) + prove(job, edition, made, path))


def make(job: Job, edition: Edition) -> Made:
    """Compose → print (→ separate) → stamp → bind: one edition."""
    separator = _separator(job) if edition.for_press else None
    volume, design = job.volume, job.design
    figures.use_fonts(job.root / "styles", volume.matter.theme)
    composer = composing.Composer(volume, job.wording, design)
    clothes = design.clothes(volume.matter.theme, edition.name)
    fonts = design.typefaces(volume.matter.theme)
    typesetter = Typesetter(design.sheets, clothes, fonts)
    shop = job.shop
    with job.console.progress(edition.title) as announce:
        press = Press(typesetter, shop.store, shop.ledger(volume, edition), shop.workers.lend, announce)
        placed = press.run(composer.compose)
    if separator and job.printer:
        placed = separator.book(placed, design.openings["outside"], job.printer.page_multiple)
    job.console.why(press.printed, shop.store.damaged)
    metadata = composing.metadata(volume, edition, job.wording)
    book = _bound(job, edition, placed, metadata)
    despatch = None
    if separator and job.printer:
        despatch = _despatch(job, job.printer, press, separator, composer, placed, metadata)
    return Made(book, metadata, placed, tuple(press.printed), press.ledger, despatch)


def _bound(job: Job, edition: Edition, placed: Sequence[Placed], metadata: Metadata) -> bytes:
    labels, cover = stamping.numberings(placed), job.wording.words["cover"]
    shell = stamping.stamp(metadata, PRODUCER, labels, cover, _intent(job, edition))
    fonts = job.design.typefaces(job.volume.matter.theme)
    return binding.bind(shell, placed, fonts, metadata.date if edition.data else None, job.shop.bench)


def _despatch(
    job: Job,
    printer: Printer,
    press: Press,
    separator: Separator,
    composer: composing.Composer,
    placed: Sequence[Placed],
    metadata: Metadata,
) -> Despatch:
    """Give what makes the papers that go to a print shop with these pages."""

    def typeset(chapter: Chapter) -> Printed:
        return press.alone([chapter], lambda *_: None)[0]

    fonts = job.design.typefaces(job.volume.matter.theme)
    profile = _profile(job, printer.profile)
    return Despatch(composer, printer, profile, fonts, placed, metadata, PRODUCER, typeset, separator.chapter)


def _papers(job: Job, edition: Edition, made: Made, path: Path) -> tuple[dict[Path, bytes], list[Problem]]:
    """Make what goes to the print shop beside the pages, by its places, and give what the gates found in it."""
    assert made.despatch  # noqa: S101  # for mypy: who calls has looked
    despatch = made.despatch
    placed, metadata = despatch.cover()
    cover = Made(_bound(job, edition, [placed], metadata), metadata, (placed,), folds=despatch.folds)
    beside = path.with_name(f"{job.volume.slug}-cover.pdf")
    problems = prove(job, edition, cover, beside)
    goods = [Goods(path.name, made.book, despatch.pages, "print"), Goods(beside.name, cover.book, 1, "cover")]
    said, ticket = despatch.ticket(goods)
    papers = {beside: cover.book, path.with_name(f"{path.stem}-ticket.json"): said}
    papers[path.with_name(f"{path.stem}-ticket.pdf")] = ticket
    papers[path.with_name(f"{path.stem}-proof.pdf")] = despatch.proof(made.book, cover.book)
    return papers, problems


def _intent(job: Job, edition: Edition) -> stamping.Intent | None:
    """Say what the colours of an edition mean: its own profile's, or the printer's."""
    if edition.for_press and job.printer:
        return stamping.Intent(_profile(job, job.printer.profile), job.printer.condition)
    return stamping.Intent(_profile(job, edition.profile)) if edition.profile else None


def _separator(job: Job) -> Separator:
    """Give what separates the pages for the volume's printer."""
    if not job.printer:
        what, cure = "The volume names no printer, and this edition needs one.", did_you_mean("", job.design.printers)
        raise Faults([Problem(job.volume.file, 0, 0, what, f'Write a line "printer: ". {cure}')])
    known = read_separations(job.design, job.volume.matter.theme)
    inks = Inks(_profile(job, job.printer.profile), job.printer.ink_limit, known)
    return Separator(inks, Sheet.of(job.printer), job.shop.store)


def _profile(job: Job, name: str) -> bytes:
    return job.design.files[f"styles/profiles/{name}"]


def prove(job: Job, edition: Edition, made: Made, path: Path) -> list[Problem]:
    """Proof the pages and preflight the file; put the report of both beside it, and give what they found."""
    words, texts = job.wording.words, job.wording.texts
    terms, order = _terms(job, edition, made), _order(job, edition, made)
    file = File(made.book, made.metadata, terms.families, order)
    if order:  # a press asks about whole files
        verdicts, facts, remarks = proving.prove_whole(file, made.placed, terms)
    else:
        verdicts, facts, remarks = proving.prove(file, made.placed, terms, job.shop.store, job.shop.workers)
    shown = thumbnails(file, (fault for verdict in verdicts for fault in verdict.findings)) if order else ()
    problems = proofing.proof(made.placed, remarks, job.volume)
    problems += preflight.problems(verdicts, made.placed, path.relative_to(job.root).as_posix())
    report = reporting.report(path.name, made.book, made.metadata, verdicts, facts, problems, words)
    papers = reporting.as_json(report), reporting.as_html(report, job.design.templates, words, texts, shown)
    deliver_report(papers, path.parent / "reports" / made.metadata.edition, report["passed"])
    return problems


def _terms(job: Job, edition: Edition, made: Made) -> Terms:
    theme = job.volume.matter.theme
    return Terms(
        claims=tuple(edition.claims),
        families=job.design.families(theme),
        intent=_intent(job, edition),
        fonts=job.design.typefaces(theme),
        dated=made.metadata.date if edition.data else None,
        cases=frozenset(job.volume.cases),
    )


def _order(job: Job, edition: Edition, made: Made) -> Order | None:
    """Say for which printer an edition is made, where it is made for one."""
    if job.printer is None or not edition.for_press:
        return None
    return Order(job.printer, _profile(job, job.printer.profile), made.folds)


def _path(job: Job, edition: Edition, folder: str) -> Path:
    return job.root / "output" / job.volume.slug / folder / f"{job.volume.slug}-{edition.name}.pdf"
