"""Printed chapters + the bound book → the word of the gates, at the cost of what changed.

What a rule asks of pages, links and tags inside a chapter does not depend on where the chapter is bound: its numbers
alone are other ones there. So chapters that no gate has seen yet are bound by themselves and held against those rules;
what passes is known by its key from then on. The bound file is held against the rules of the whole.
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from . import binding, preflight, proofing, stamping
from .chapters import Metadata, Placed, digest
from .engine import program
from .preflight import Facts, Verdict
from .preflight.prepress.order import Order
from .preflight.sheets import Bound, File
from .press.store import Store
from .printing import PRODUCER
from .proofing import Remark
from .workers import Workers

MOST_PAGES = 60
"""So many pages, or one chapter, are bound together to be looked over."""
MANY_PAGES = 1_000
"""From so many on, processes do not wait with what they hold from printing, or from looking over, for what is next."""
SECONDS_A_PAGE = 0.03
"""How long that takes, at the least."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What chapters are held against: the claims, colours and fonts of an edition, the day of its data; which of them
    are cases; what a print shop asks, where they go to one."""

    claims: tuple[str, ...]
    families: tuple[str, ...]
    intent: stamping.Intent | None
    fonts: Mapping[str, bytes]
    dated: datetime.date | None
    cases: frozenset[str]
    order: Order | None = None

    def keys(self, placed: Iterable[Placed]) -> Iterator[str]:
        """Digest, chapter by chapter, what the gates see."""
        fonts = chain.from_iterable((name.encode(), font) for name, font in sorted(self.fonts.items()))
        order = self.order  # its pictures are named in the pages already
        asked = (order.printer, order.spine) if order else None
        said = repr((program(), self.claims, self.families, self.dated, asked)).encode()
        profiles = (one.profile if one else b"" for one in (self.intent, order))
        terms = digest(said, *profiles, *fonts).encode()
        for one in placed:
            kind = b"case" if one.chapter.name in self.cases else b"chapter"
            files = (file.content for file in one.chapter.attachments)
            yield digest(terms, kind, one.printed.pdf, one.printed.record, *files)

    @property
    def metadata(self) -> Metadata:
        """Give what a file of some chapters says of itself: nothing of the book's."""
        date = self.dated or datetime.date(1970, 1, 1)
        return Metadata("Chapters", (), "", (), "en", "", (), "", date, "", "", self.claims)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a chapter that the gates have seen: what was found on its pages; the words for its pictures, and
    where its links lead, with their pages from 0; the codes that it uses of every font."""

    remarks: tuple[Remark, ...]
    alternates: tuple[tuple[int, str], ...]
    targets: tuple[tuple[int, str], ...]
    codes: Mapping[str, str]


class Word(NamedTuple):
    """The word of the gates: the verdicts on the file, what it tells, and what was found on each chapter's pages."""

    verdicts: tuple[Verdict, ...]
    facts: Facts
    remarks: list[tuple[Remark, ...]]


def prove(
    book: bytes, metadata: Metadata, placed: Sequence[Placed], terms: Terms, store: Store, workers: Workers
) -> Word:
    """Hold the chapters that no gate has seen against the rules of chapters, and a bound book against the others."""
    keys = list(terms.keys(placed))
    kept = {key: one for key in keys if (one := store.get(key, Seen))}
    unseen = [chapter for key, chapter in zip(keys, placed, strict=True) if key not in kept]
    verdicts: list[Verdict] = []
    for group, (found, looks) in _looks(terms, unseen, workers):
        fresh = dict(zip(terms.keys(group), looks, strict=True))
        if not any(verdict.findings for verdict in found):
            for key, look in fresh.items():
                store.put(key, look)
        verdicts += [_moved(verdict, group, placed) for verdict in found]
        kept |= fresh
    seen = [(start, kept[key]) for start, key in zip(_starts(placed), keys, strict=True)]
    codes = {start: one.codes for start, one in seen}
    targets = [(start + page, name) for start, one in seen for page, name in one.targets]
    bound = Bound(book, metadata, terms.families, codes, targets, terms.order)
    verdicts += preflight.inspect(bound, preflight.OF_THE_WHOLE)
    pictures = tuple((start + page, words) for start, one in seen for page, words in one.alternates)
    facts = Facts(preflight.labels(bound), pictures)
    return Word(preflight.joined(verdicts), facts, [one.remarks for _, one in seen])


def look_over(terms: Terms, group: Sequence[Placed]) -> tuple[tuple[Verdict, ...], list[Seen]]:
    """Bind some chapters by themselves, hold them against the rules of chapters; give what is to be kept of each."""
    labels = stamping.numberings(group)
    shell = stamping.stamp(terms.metadata, PRODUCER, labels, "", terms.intent)
    file = File(binding.bind(shell, group, terms.fonts, terms.dated), terms.metadata, terms.families, terms.order)
    verdicts = preflight.inspect(file, preflight.OF_CHAPTERS)
    pictures = preflight.alternates(file)
    seen = []
    for one, start in zip(group, _starts(group), strict=True):
        pages = range(start, start + one.printed.pages)
        seen.append(
            Seen(
                remarks=proofing.look_over(one.printed.record, one.chapter.name in terms.cases),
                alternates=tuple((page - start, words) for page, words in pictures if page in pages),
                targets=tuple((page - start, name) for page, name in file.targets if page in pages),
                codes=file.used_codes(pages),
            )
        )
    return verdicts, seen


def _starts(placed: Sequence[Placed]) -> list[int]:
    """Give the index of each chapter's first page."""
    starts, page = [], 0
    for one in placed:
        starts.append(page + one.blanks)
        page = starts[-1] + one.printed.pages
    return starts


def _groups(placed: Sequence[Placed], processes: int) -> list[list[Placed]]:
    """Deal chapters out to groups: the longest first, each to the group that has the fewest pages."""
    pages = sum(one.printed.pages for one in placed)
    groups: list[list[Placed]] = [[] for _ in range(min(len(placed), max(processes, -(-pages // MOST_PAGES))))]
    ahead = [(0, number) for number in range(len(groups))]
    for one in sorted(placed, key=lambda one: -one.printed.pages):
        filled, number = heapq.heappop(ahead)
        groups[number].append(replace(one, chapter=replace(one.chapter, files={})))
        heapq.heappush(ahead, (filled + one.printed.pages, number))
    return groups


def _looks(
    terms: Terms, placed: Sequence[Placed], workers: Workers
) -> Iterator[tuple[Sequence[Placed], tuple[tuple[Verdict, ...], list[Seen]]]]:
    """Look chapters over, side by side where there are many; what a lost process leaves behind is done here."""
    pages = sum(one.printed.pages for one in placed)
    if pages > MANY_PAGES:
        workers.dismiss()
    executor = workers.lend(pages * SECONDS_A_PAGE) if len(placed) > 1 else None
    groups = _groups(placed, workers.processes if executor else 1)
    futures = [executor.submit(look_over, terms, group) if executor else None for group in groups]
    for group, future in zip(groups, futures, strict=True):
        try:
            yield group, future.result() if future else look_over(terms, group)
        except BrokenExecutor:
            yield group, look_over(terms, group)
    if pages > MANY_PAGES:
        workers.dismiss()


def _moved(verdict: Verdict, group: Sequence[Placed], placed: Sequence[Placed]) -> Verdict:
    """Name the pages of the book where those of a group were named."""
    starts = dict(zip((one.chapter.name for one in placed), _starts(placed), strict=True))
    pages = {
        start + page: starts[one.chapter.name] + page
        for one, start in zip(group, _starts(group), strict=True)
        for page in range(one.printed.pages)
    }
    findings = (
        fault._replace(page=pages.get(fault.page) if fault.page is not None else None) for fault in verdict.findings
    )
    return replace(verdict, findings=tuple(findings))
