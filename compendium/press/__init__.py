"""Decides which chapters are fresh, which must be printed, and where, until the page map stands still: every number
that the book prints is then the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from compendium.chapters import UNKNOWN, Chapter, PageMap, Placed, Printed, Side, digest
from compendium.engine import engine
from compendium.errors import CompendiumError
from compendium.printing import Typesetter
from compendium.workers import Lend, nobody

from .hands import Hands, Job
from .ledger import Inputs, Ledger, reasons, without_numbers
from .places import expected, page_map, places, sides, waiting
from .store import Store

MOST_PASSES = 8
Announce = Callable[[str, int, int], None]
"""Hears the chapter that is done, its number, and how many there are."""


class Press:
    """Prints a book in one edition's clothes: in this process, or side by side on an executor that `lend` gives.

    `ledger` is what the last build found out; afterwards it is what this one did. `printed` says of each chapter
    that was printed why.
    """

    def __init__(
        self,
        typesetter: Typesetter,
        store: Store,
        ledger: Ledger,
        lend: Lend,
        announce: Announce,
    ) -> None:
        self.typesetter, self.store, self.ledger, self.lend, self.announce = typesetter, store, ledger, lend, announce
        self.printed: dict[str, tuple[str, ...]] = {}
        self._last = ledger
        self._known: dict[str, Printed] = {}

    def run(self, compose: Callable[[PageMap], Sequence[Chapter]]) -> tuple[Placed, ...]:
        """Print a book.

        Each pass prints the chapters whose text or side is new. Whose length was known begins on the side that it has
        if no chapter gets longer or shorter; the next pass mends what that got wrong.
        """
        if not self.ledger.pages:
            self.ledger = Ledger(expected(compose({})))
        for _ in range(MOST_PASSES):
            before = self.ledger
            placed = self._one_pass(compose(before.pages))
            if (self.ledger.pages, self.ledger.lengths) == (before.pages, before.lengths):
                return placed
        raise CompendiumError(
            f"The page numbers do not come to rest after {MOST_PASSES} passes: a line that holds a page number breaks "
            "now one way, now the other. Change a word near a reference, and build again."
        )

    def alone(self, chapters: Sequence[Chapter], announce: Announce) -> list[Printed]:
        """Print chapters that stand outside the book, each beginning on a recto."""
        self.announce = announce
        found = self._fetch(chapters, lambda: ((chapter, "recto") for chapter in chapters))
        printed = {chapter.name: one for chapter, _, one in found}
        return [printed[chapter.name] for chapter in chapters]

    def rehearse(self, chapters: Sequence[Chapter]) -> None:
        """Print a chapter with a chart for nothing: this process then has at hand all that the first edit needs."""
        chapter = min(chapters, key=lambda chapter: (not chapter.attachments, len(chapter.html)))
        hands = Hands(self.typesetter, nobody)
        hands.give((chapter, "recto"), 0)
        hands.take(0)

    def _one_pass(self, chapters: Sequence[Chapter]) -> tuple[Placed, ...]:
        """Print what is not known yet, and give every chapter the place that it then has."""
        foreseen = {**self.ledger.lengths}
        inputs: dict[str, Inputs] = {}
        printed: dict[str, Printed] = {}
        for chapter, one, found in self._fetch(chapters, lambda: sides(chapters, foreseen)):
            inputs[chapter.name], printed[chapter.name] = one, found
            foreseen.setdefault(chapter.name, found.pages)
        lengths = {chapter.name: printed[chapter.name].pages for chapter in chapters}
        placed = [
            Placed(chapter, printed[chapter.name], *place)
            for chapter, place in zip(chapters, places(chapters, lengths), strict=True)
        ]
        pages = page_map(placed)
        self.ledger = Ledger(pages, lengths, {chapter.name: inputs[chapter.name] for chapter in chapters})
        return tuple(replace(one, numbers=_numbers(one.printed, pages)) for one in placed)

    def _fetch(
        self, chapters: Sequence[Chapter], known: Callable[[], Iterable[Job]]
    ) -> Iterator[tuple[Chapter, Inputs, Printed]]:
        """Take chapters from the store, or print them, as soon as it is `known` on which sides they begin."""
        ahead, urgency = {chapter.name: len(chapter.html) for chapter in chapters}, waiting(chapters)
        before, self._known = self._known, {}
        hands, inputs = Hands(self.typesetter, self.lend), dict[str, Inputs]()
        while ahead or hands.busy:
            ready = [(chapter, side) for chapter, side in known() if chapter.name in ahead]
            for chapter, side in ready:
                del ahead[chapter.name]
                one = inputs[chapter.name] = self._inputs(chapter, side)
                if kept := before.get(one.key) or self.store.get(one.key, Printed):
                    self._known[one.key] = kept
                    yield chapter, one, kept
                else:
                    self._say_why(chapter, one)
                    hands.give((chapter, side), urgency[chapter.name])
            if not ready:
                chapter, printed = hands.take(sum(ahead.values()))
                one = inputs[chapter.name]
                self.announce(chapter.name, len(inputs) - hands.busy, len(chapters))
                self.store.put(one.key, printed)
                self._known[one.key] = printed
                yield chapter, one, printed

    def _say_why(self, chapter: Chapter, inputs: Inputs) -> None:
        why = reasons(inputs, self._last.inputs.get(chapter.name))
        self.printed.setdefault(chapter.name, why or ("what was kept of it is gone",))

    def _inputs(self, chapter: Chapter, side: Side) -> Inputs:
        html, text = _digests(chapter.html)
        return Inputs(engine(), self.typesetter.clothes, self.typesetter.typefaces, html, text, chapter.digests, side)


@lru_cache(maxsize=2_048)
def _digests(html: str) -> tuple[str, str]:
    """Digest a text, and what it is without page numbers: who watches asks for those of the same texts again."""
    return digest(html.encode()), digest(without_numbers(html).encode())


def _numbers(printed: Printed, pages: PageMap) -> tuple[str, ...]:
    """Give the page numbers in a chapter's text."""
    return tuple(pages[one.anchor].words if one.anchor in pages else UNKNOWN for one in printed.numbers)
