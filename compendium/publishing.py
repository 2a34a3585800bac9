"""The files of an edition → in their places: what `build` and `watch` do once the content has passed its gate.

Each is made, held against its gates, and delivered with its report; what would come out the same stands.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from . import checking, composing, manifest, preflight, reporting, weighing
from .chapters import digest
from .delivering import deliver, deliver_report
from .errors import Problem
from .making import Job, Piece, cut, impress, make, program
from .preflight.prepress.order import Order
from .preflight.prepress.thumbnails import thumbnails
from .preflight.sheets import File
from .records import Edition
from .register import Register


def publish(job: Job, edition: Edition) -> None:
    """Make the files of one edition, and put each in place when its gates have passed."""
    started = time.monotonic()
    job.console.stop_at(checking.check_statuses(job.volume, [edition]))
    register = Register(job.store.folder / f"{job.volume.slug}-files.json", job.folder)
    pieces = cut(job, edition, impress(job, edition))
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
    started, folder = time.monotonic(), job.folder / "watch"
    impression = impress(job, edition)
    for piece in cut(job, edition, impression):
        book = make(job, edition, piece)
        deliver(book, folder / piece.file)
        job.console.rebuilt(saved, impression.printed, time.monotonic() - started)
        problems = prove(job, edition, piece, book, folder)
        job.console.stop_at(checking.check_statuses(job.volume, [edition]) + problems)


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


def _order(job: Job, edition: Edition) -> Order | None:
    """Say for which printer an edition is made, where it is made for one."""
    if job.printer is None or not edition.for_press:
        return None
    return Order(job.printer, job.profile(job.printer.profile))


def _delivered(job: Job, edition: Edition, piece: Piece, register: Register) -> manifest.Entry:
    """Put one file in place, unless the one that lies there would come out the same."""
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
    told = (edition, job.printer, piece.metadata, piece.problems, wording.words, wording.texts)
    chapters = [(one.chapter.name, one.start, one.blanks, one.chapter.attachments) for one in piece.placed]
    profile = design.files.get(f"styles/profiles/{edition.profile}", b"")
    return digest(
        *(text.encode() for text in (program(), repr((told, chapters)), design.templates["_report.html"])),
        *(one.printed.pdf for one in piece.placed),
        *design.typefaces(job.volume.matter.theme).values(),
        profile,
    )
