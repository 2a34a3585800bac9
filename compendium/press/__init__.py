"""Decides which chapters are fresh, which must be printed, and where, until the page map stands still: every number
that the book prints is then the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from contextlib import suppress

from compendium.chapters import Chapter, Folio, Opening, PageMap, Placed, Printed, Side, digest
from compendium.engine import engine
from compendium.errors import CompendiumError, Faults, Problem
from compendium.printing import Typesetter
from compendium.workers import Lend, undisturbed

from .ledger import Inputs, Ledger, reasons, without_numbers
from .store import Store

MOST_PASSES = 8
A_SECOND = 75_000
"""Characters of HTML that one process prints in it."""
Job = tuple[Chapter, Side]
"""A chapter to be printed, and the side on which it begins."""
Announce = Callable[[str, int, int], None]
"""Hears the chapter that has been printed, its number, and how many are printed together."""


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

        Each pass prints, all at once, the chapters whose text or side is new, for the sides that they are on if
        no chapter gets longer or shorter; the next one mends what that got wrong.
        """
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
        return self._fetch(chapters, [self._inputs(chapter, "recto") for chapter in chapters])

    def _one_pass(self, chapters: Sequence[Chapter]) -> tuple[Placed, ...]:
        """Print what is not known yet for the places expected, and give every chapter the place that it then has."""
        expected = _places(chapters, self.ledger.lengths)
        inputs = [self._inputs(chapter, start.side) for chapter, (start, _) in zip(chapters, expected, strict=True)]
        printed = self._fetch(chapters, inputs)
        lengths = {chapter.name: one.pages for chapter, one in zip(chapters, printed, strict=True)}
        places = _places(chapters, lengths)
        placed = tuple(
            Placed(chapter, one, *place) for chapter, one, place in zip(chapters, printed, places, strict=True)
        )
        self.ledger = Ledger(page_map(placed), lengths, dict(zip(lengths, inputs, strict=True)))
        return placed

    def _fetch(self, chapters: Sequence[Chapter], inputs: Sequence[Inputs]) -> list[Printed]:
        """Take the chapters from the store, and print those that it does not have."""
        wanted = {one.key: (chapter, one) for chapter, one in zip(chapters, inputs, strict=True)}
        kept = {key: self._known.get(key) or self.store.get(key, Printed) for key in wanted}
        missing = {key: wanted[key] for key, printed in kept.items() if not printed}
        for chapter, one in missing.values():
            why = reasons(one, self._last.inputs.get(chapter.name))
            self.printed.setdefault(chapter.name, why or ("what was kept of it is gone",))
        self._known = {key: printed for key, printed in kept.items() if printed}
        self._known |= self._print({key: (chapter, one.side) for key, (chapter, one) in missing.items()})
        return [self._known[one.key] for one in inputs]

    def _inputs(self, chapter: Chapter, side: Side) -> Inputs:
        files = {name: digest(content) for name, content in sorted(chapter.files.items())}
        html, text = digest(chapter.html.encode()), digest(without_numbers(chapter.html).encode())
        return Inputs(engine(), self.typesetter.clothes, self.typesetter.typefaces, html, text, files, side)

    def _print(self, jobs: Mapping[str, Job]) -> dict[str, Printed]:
        """Print chapters at their places, side by side where there are several, and keep them."""
        printed: dict[str, Printed] = {}
        work = sum(len(chapter.html) for chapter, _ in jobs.values()) / A_SECOND
        executor = self.lend(work) if len(jobs) > 1 else None
        results = _side_by_side(executor, self.typesetter, jobs) if executor else _one_by_one(self.typesetter, jobs)
        for number, (key, one) in enumerate(results, 1):
            self.announce(jobs[key][0].name, number, len(jobs))
            self.store.put(key, one)
            printed[key] = one
        return printed


def page_map(placed: Sequence[Placed]) -> dict[str, Folio]:
    """Read off where every anchor stands."""
    return {
        anchor: Folio(one.start.matter, one.start.number + page)
        for one in placed
        for anchor, page in one.printed.anchors.items()
    }


def _places(chapters: Sequence[Chapter], lengths: Mapping[str, int]) -> Iterator[tuple[Folio, int]]:
    """Give each chapter's first page and the blanks before it; every numbering begins on a right-hand page.

    A chapter of which no length is known is taken to have one page.
    """
    page = 0
    last: Folio | None = None
    for chapter in chapters:
        goes_on = last is not None and last.matter == chapter.matter
        blanks = _blanks(page, chapter.opens if goes_on else "recto")
        start = Folio(chapter.matter, last.number + 1 + blanks if last and goes_on else 1)
        yield start, blanks
        length = lengths.get(chapter.name, 1)
        page += blanks + length
        last = Folio(chapter.matter, start.number + length - 1)


def _one_by_one(typesetter: Typesetter, jobs: Mapping[str, Job]) -> Iterator[tuple[str, Printed]]:
    for key, (chapter, side) in jobs.items():
        yield key, _printed(typesetter, chapter, side)


def _side_by_side(executor: Executor, typesetter: Typesetter, jobs: Mapping[str, Job]) -> Iterator[tuple[str, Printed]]:
    """Print on an executor, the longest texts first; what a lost worker leaves behind is printed here."""
    longest = sorted(jobs, key=lambda key: len(jobs[key][0].html), reverse=True)
    running: dict[Future[Printed], str] = {}
    with suppress(BrokenExecutor):  # a worker may be lost while others are still being given their work
        for key in longest:
            running[executor.submit(_printed, typesetter, *jobs[key])] = key
    for future in as_completed(running):
        key = running[future]
        try:
            yield key, future.result()
        except BrokenExecutor:
            yield key, _printed(typesetter, *jobs[key])
    for key in longest[len(running) :]:
        yield key, _printed(typesetter, *jobs[key])


def _printed(typesetter: Typesetter, chapter: Chapter, side: Side) -> Printed:
    """Print a chapter; where the engine itself breaks down, say on which."""
    try:
        with undisturbed():
            return typesetter.print(chapter, side)
    except OSError:
        raise  # the machine's fault, not the text's
    except Exception as fault:
        what = f"The engine broke down on this text ({type(fault).__name__}: {fault})."
        cure = "Take out the last thing that was changed, and build again."
        raise Faults([Problem(chapter.origin, 0, 0, what, cure)]) from fault


def _blanks(pages: int, opens: Opening) -> int:
    """Count the white pages that a chapter needs before it when the book has that many pages already."""
    return {"recto": pages % 2, "verso": 1 - pages % 2, "next": 0}[opens]
