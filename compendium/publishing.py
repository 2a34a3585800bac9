"""A volume → its editions in their places: what `build` and `watch` do once the content has passed its gate.

Data flows one way: compose → print → stamp → bind → proof → preflight → deliver.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from . import binding, checking, composing, figures, preflight, proofing, reporting, stamping
from .chapters import Metadata, Placed
from .console import Console
from .delivering import deliver, deliver_report
from .errors import Problem
from .model import Design, Volume
from .preflight.sheets import File
from .press import Press, ledger
from .press.store import Store
from .press.workers import Workers
from .printers import Printer
from .printing import PRODUCER, Typesetter
from .records import Edition
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Job:
    """A volume that has passed its gate, and what its editions are made with; `printer` where one is named."""

    root: Path
    volume: Volume
    wording: Wording
    design: Design
    console: Console
    workers: Workers
    printer: Printer | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An edition that has been made: bytes, what it says of itself, where its chapters stand, which were printed."""

    book: bytes
    metadata: Metadata
    placed: tuple[Placed, ...]
    printed: tuple[str, ...]


def publish(job: Job, edition: Edition) -> None:
    """Make one edition, and put it in place when its gates have passed."""
    started = time.monotonic()
    job.console.stop_at(checking.check_statuses(job.volume, [edition]))
    made, path = make(job, edition), _path(job, edition, "")
    job.console.stop_at(prove(job, edition, made, path))
    deliver(made.book, path)
    pages = sum(one.blanks + one.printed.pages for one in made.placed)
    job.console.made(path.relative_to(job.root), pages, len(made.book), time.monotonic() - started)


def rush(job: Job, edition: Edition, saved: list[str]) -> None:
    """Make one edition after a save, and put it in place below `watch/` at once; the gates speak afterwards."""
    started = time.monotonic()
    made, path = make(job, edition), _path(job, edition, "watch")
    deliver(made.book, path)
    job.console.rebuilt(saved, made.printed, time.monotonic() - started)
    job.console.stop_at(checking.check_statuses(job.volume, [edition]) + prove(job, edition, made, path))


def make(job: Job, edition: Edition) -> Made:
    """Compose → print → stamp → bind: one edition."""
    volume, design, words = job.volume, job.design, job.wording.words
    figures.use_fonts(job.root / "styles", volume.matter.theme)
    composer = composing.Composer(volume, job.wording, design)
    clothes = design.clothes(volume.matter.theme, edition.name)
    fonts = design.typefaces(volume.matter.theme)
    typesetter = Typesetter(design.sheets, clothes, fonts, edition.tagged)
    store = Store(job.root / "output" / ".press")
    kept = store.folder / f"{volume.slug}-{edition.name}.json"
    with job.console.progress(edition.title) as announce:
        press = Press(typesetter, store, ledger.read(kept), job.workers.lend, announce)
        placed = press.run(composer.compose)
    ledger.write(press.ledger, kept)
    store.trim()
    job.console.why(press.printed, store.damaged)
    metadata = composing.metadata(volume, edition, job.wording)
    profile = design.files[f"styles/profiles/{edition.profile}"] if edition.profile else None
    shell = stamping.stamp(metadata, PRODUCER, stamping.numberings(placed), words["cover"], profile)
    book = binding.bind(shell, placed, fonts, metadata.date if edition.data else None)
    return Made(book, metadata, placed, tuple(press.printed))


def prove(job: Job, edition: Edition, made: Made, path: Path) -> list[Problem]:
    """Proof the pages and preflight the file; put the report of both beside it, and give what they found."""
    words, texts = job.wording.words, job.wording.texts
    file = File(made.book, made.metadata, job.design.families(job.volume.matter.theme))
    verdicts, facts = preflight.inspect(file), preflight.facts(file)
    problems = proofing.proof(made.placed, job.volume)
    problems += preflight.problems(verdicts, made.placed, path.relative_to(job.root).as_posix())
    report = reporting.report(path.name, made.book, made.metadata, verdicts, facts, problems, words)
    papers = reporting.as_json(report), reporting.as_html(report, job.design.templates, words, texts)
    deliver_report(papers, path.parent / "reports" / edition.name, report["passed"])
    return problems


def _path(job: Job, edition: Edition, folder: str) -> Path:
    return job.root / "output" / job.volume.slug / folder / f"{job.volume.slug}-{edition.name}.pdf"
