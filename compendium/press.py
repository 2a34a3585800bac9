"""Prints chapters until the page map stands still: every number that the book prints is then the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from .chapters import Chapter, Folio, Opening, PageMap, Placed, Printed
from .errors import CompendiumError, Faults, Problem

MOST_PASSES = 8


def run(
    compose: Callable[[PageMap], Sequence[Chapter]],
    print_chapter: Callable[[Chapter, Folio], Printed],
    announce: Callable[[str, int, int], None],
) -> tuple[Placed, ...]:
    """Print a book; `announce` hears the chapter being printed, its number and the number of chapters.

    In each pass only the chapters are printed whose text or first page is not that of an earlier one.
    """
    pages: PageMap = {}
    known: dict[tuple[str, Folio], Printed] = {}
    for _ in range(MOST_PASSES):
        placed = tuple(_one_pass(compose(pages), print_chapter, known, announce))
        known = {(p.chapter.digest, p.start): p.printed for p in placed}
        if (found := page_map(placed)) == pages:
            return placed
        pages = found
    raise CompendiumError(
        f"The page numbers do not come to rest after {MOST_PASSES} passes: a line that holds a page number breaks now "
        "one way, now the other. Change a word near a reference, and build again."
    )


def page_map(placed: Sequence[Placed]) -> dict[str, Folio]:
    """Read off where every anchor stands."""
    return {
        anchor: Folio(one.start.matter, one.start.number + page)
        for one in placed
        for anchor, page in one.printed.anchors.items()
    }


def _printed(print_chapter: Callable[[Chapter, Folio], Printed], chapter: Chapter, start: Folio) -> Printed:
    """Print a chapter; where the engine itself breaks down, say on which."""
    try:
        return print_chapter(chapter, start)
    except OSError:
        raise  # the machine's fault, not the text's
    except Exception as fault:
        what = f"The engine broke down on this text ({type(fault).__name__}: {fault})."
        cure = "Take out the last thing that was changed, and build again."
        raise Faults([Problem(chapter.origin, 0, 0, what, cure)]) from fault


def _one_pass(
    chapters: Sequence[Chapter],
    print_chapter: Callable[[Chapter, Folio], Printed],
    known: Mapping[tuple[str, Folio], Printed],
    announce: Callable[[str, int, int], None],
) -> Iterator[Placed]:
    """Print the chapters one after the other; every numbering begins on a right-hand page."""
    page, last = 0, None
    for number, chapter in enumerate(chapters, 1):
        announce(chapter.name, number, len(chapters))
        goes_on = last is not None and last.matter == chapter.matter
        blanks = _blanks(page, chapter.opens if goes_on else "recto")
        start = Folio(chapter.matter, last.number + 1 + blanks if last and goes_on else 1)
        printed = known.get((chapter.digest, start)) or _printed(print_chapter, chapter, start)
        yield Placed(chapter, printed, start, blanks)
        page += blanks + printed.pages
        last = Folio(chapter.matter, start.number + printed.pages - 1)


def _blanks(pages: int, opens: Opening) -> int:
    """Count the white pages that a chapter needs before it when the book has that many pages already."""
    return {"recto": pages % 2, "verso": 1 - pages % 2, "next": 0}[opens]
