"""The files of an edition → in their places: what `build` and `watch` do once the content has passed its gate.

Each is made, held against its gates, and delivered with its report; what would come out the same stands.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import checking, composing, manifest, preflight, proofing, proving, reporting, weighing
from .chapters import digest
from .delivering import deliver, deliver_report
from .despatch import Despatch
from .despatch.ticket import Goods
from .engine import program
from .errors import Problem
from .making import Job, Piece, cut, despatched, finished, for_press, impress, intent, make
from .preflight.prepress.order import Order
from .preflight.prepress.thumbnails import thumbnails
from .preflight.sheets import File
from .printing import picture_name
from .proving import Terms
from .records import Edition
from .register import Register, Standing
from .workers import undisturbed


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that waits to be put in place: the digest of all that it is made from, its bytes (None: it lies there
    already), and what the gates found."""

    piece: Piece
    key: str
    book: bytes | None
    problems: Sequence[Problem]


def publish(job: Job, edition: Edition) -> None:
    """Make the files of one edition, and put them in place when all have passed their gates."""
    started = time.monotonic()
    job.console.stop_at(checking.check_statuses(job.volume, [edition]))
    register = Register(job.shop.store.folder / f"{job.volume.slug}-files.json", job.folder)
    pieces, despatch, _ = _pieces(job, edition)
    ready = [_ready(job, edition, piece, register) for piece in pieces]
    _say(job, list(dict.fromkeys(problem for one in ready for problem in one.problems)))
    papers = _papers(job, despatch, ready) if despatch else {}
    entries = [_delivered(job, edition, one, register) for one in ready]
    for path, content in papers.items():
        deliver(content, path)
    register.strike(edition.name, {entry.file for entry in entries})
    register.write()
    job.shop.store.trim()
    whole = composing.metadata(job.volume, edition, job.wording)
    deliver(manifest.written(whole, job.volume.matter.version, register.entries), job.folder / "manifest.json")
    told = entries if edition.each == "case" else entries[:1]
    where = (job.folder / told[0].file).relative_to(job.root)
    size, pages = sum(entry.bytes for entry in told), sum(entry.pages for entry in told)
    job.console.made(where if told == entries[:1] else where.parent, len(told), pages, size, time.monotonic() - started)


def rush(job: Job, edition: Edition, saved: list[str]) -> None:
    """Make one edition after a save, and put it in place below `watch/` at once; the gates speak afterwards."""
    started, folder = time.monotonic(), job.folder / "watch"
    with undisturbed():  # what is left over is cleared away when the book lies in its place
        pieces, _, printed = _pieces(job, edition)
        placed = [_placed(job, edition, one, folder) for one in pieces]
        job.console.rebuilt(saved, printed, time.monotonic() - started)
    for piece, book in placed:
        problems = prove(job, edition, piece, book, folder)
        job.shop.store.trim()
        if not saved:
            impress(job, edition).press.rehearse([one.chapter for one in piece.placed])
        job.console.stop_at(checking.check_statuses(job.volume, [edition]) + problems)


def _placed(job: Job, edition: Edition, one: Piece, folder: Path) -> tuple[Piece, bytes]:
    """Make one file, and put it in place before any gate has spoken."""
    piece = finished(job, edition, one)
    book = make(job, edition, piece)
    deliver(book, folder / piece.file, lasting=False)  # after a failure of the power `watch` makes it anew
    return piece, book


def _pieces(job: Job, edition: Edition) -> tuple[Iterator[Piece], Despatch | None, Sequence[str]]:
    """Give what becomes a file each, what makes the papers for a print shop, and the chapters that were printed."""
    impression = impress(job, edition)
    if not edition.for_press:
        return cut(job, edition, impression), None, impression.printed
    despatch = despatched(job, edition, impression)
    return for_press(job, edition, despatch), despatch, impression.printed


def _ready(job: Job, edition: Edition, piece: Piece, register: Register) -> Ready:
    """Make one file and hold it against its gates, unless the one that lies there would come out the same."""
    key = _key(job, edition, piece)
    if standing := register.standing(piece.file, key):
        return Ready(piece, key, None, standing.problems)
    piece = finished(job, edition, piece)
    book = make(job, edition, piece)
    return Ready(piece, key, book, prove(job, edition, piece, book, job.folder))


def _papers(job: Job, despatch: Despatch, ready: Sequence[Ready]) -> dict[Path, bytes]:
    """Make the papers that go to the print shop with pages and cover, by their places, unless they lie there."""
    stem = job.folder / ready[0].piece.path
    paths = [stem.with_name(f"{stem.name}{ending}") for ending in ("-ticket.json", "-ticket.pdf", "-proof.pdf")]
    if not any(one.book for one in ready) and all(path.is_file() for path in paths):
        return {}
    pages, cover = (one.book or (job.folder / one.piece.file).read_bytes() for one in ready)
    names = [one.piece.file for one in ready]
    goods = [Goods(names[0], pages, despatch.pages, "print"), Goods(names[1], cover, 1, "cover")]
    return dict(zip(paths, (*despatch.ticket(goods), despatch.proof(pages, cover)), strict=True))


def _delivered(job: Job, edition: Edition, ready: Ready, register: Register) -> manifest.Entry:
    """Put one file in place, and give its entry."""
    if ready.book is None and (standing := register.standing(ready.piece.file, ready.key)):
        return standing.entry
    book = ready.book or b""
    deliver(book, job.folder / ready.piece.file)
    entry = _entry(job, edition, ready.piece, book)
    register.enter(Standing(ready.key, entry, tuple(ready.problems)))
    return entry


def prove(job: Job, edition: Edition, piece: Piece, book: bytes, folder: Path) -> list[Problem]:
    """Proof the pages and preflight the file; put the report of both into the folder, and give what they found."""
    words, texts, path = job.wording.words, job.wording.texts, folder / piece.file
    terms, shop = _terms(job, edition, piece), job.shop
    verdicts, facts, remarks = proving.prove(book, piece.metadata, piece.placed, terms, shop.store, shop.workers)
    file = File(book, piece.metadata, terms.families, terms.order)
    shown = thumbnails(file, (fault for verdict in verdicts for fault in verdict.findings))
    problems = proofing.proof(piece.placed, remarks, job.volume, piece.beyond)
    problems += preflight.problems(verdicts, piece.placed, path.relative_to(job.root).as_posix())
    problems += _overweight(edition, piece, book)
    report = reporting.report(path.name, book, piece.metadata, verdicts, facts, problems, words)
    papers = reporting.as_json(report), reporting.as_html(report, job.design.templates, words, texts, shown)
    deliver_report(papers, folder / piece.report, report["passed"])
    return problems


def _terms(job: Job, edition: Edition, piece: Piece) -> Terms:
    theme = job.volume.matter.theme
    return Terms(
        claims=tuple(edition.claims),
        families=job.design.families(theme),
        intent=intent(job, edition),
        fonts=job.design.typefaces(theme),
        dated=piece.metadata.date if edition.data else None,
        cases=frozenset(job.volume.cases),
        order=_order(job, edition, piece),
    )


def _overweight(edition: Edition, piece: Piece, book: bytes) -> list[Problem]:
    if not edition.budget:
        return []
    sheet = f"styles/editions/{edition.name}.yaml"
    return weighing.over_budget(book, piece.placed, edition.budget, edition.title, sheet)


def _order(job: Job, edition: Edition, piece: Piece) -> Order | None:
    """Say for which printer an edition is made, where it is made for one."""
    if job.printer is None or not edition.for_press:
        return None
    pictures = {picture_name(file): file for one in piece.placed for file in one.chapter.files}
    return Order(job.printer, job.profile(job.printer.profile), piece.folds, pictures)


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
    told = (edition, job.printer, piece.folds, piece.metadata, wording.words, wording.texts)
    chapters = [(one.chapter.name, one.start, one.blanks, one.chapter.attachments) for one in piece.placed]
    profiles = [edition.profile, *([job.printer.profile] if job.printer else [])]
    papers = [design.files[path] for path in sorted(design.files) if path.endswith((".html", ".css"))]
    reports = [text for name, text in sorted(design.templates.items()) if name.startswith("_report")]
    return digest(
        *(text.encode() for text in (program(), repr((told, chapters)), *reports)),
        *(one.printed.pdf for one in piece.placed),
        *design.typefaces(job.volume.matter.theme).values(),
        *(job.profile(name) for name in profiles if name),
        *(papers if edition.for_press else ()),  # the job ticket and the frame of the soft proof are made anew with it
    )
