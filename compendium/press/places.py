"""Where chapters stand in the book, and where they will: their first pages, their sides, and the pages of anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from compendium.chapters import Chapter, Folio, Opening, PageMap, Placed, Side

A_PAGE = 1_900
"""Letters that fill about a page, with the tables and figures that stand among them."""


def places(chapters: Sequence[Chapter], lengths: Mapping[str, int]) -> Iterator[tuple[Folio, int]]:
    """Give each chapter's first page and the blanks before it; every numbering begins on a right-hand page."""
    page, number, matter = 0, 0, None
    for chapter, opening in _openings(chapters):
        blanks = _blanks(page, opening)
        number = number + blanks if chapter.matter == matter else 0
        yield Folio(chapter.matter, number + 1), blanks
        page += blanks + lengths[chapter.name]
        number += lengths[chapter.name]
        matter = chapter.matter


def sides(chapters: Sequence[Chapter], lengths: Mapping[str, int]) -> Iterator[tuple[Chapter, Side]]:
    """Give the chapters of which the side is known on which they begin: by how they open, or since it is known how
    long those before them are."""
    side: Side | None = None
    for chapter, opening in _openings(chapters):
        side = side if opening == "next" else opening
        if side:
            yield chapter, side
            side = _after(side, lengths[chapter.name]) if chapter.name in lengths else None


def waiting(chapters: Sequence[Chapter]) -> dict[str, int]:
    """Say how much text each chapter holds with those whose sides wait for its length, in characters."""
    held, waits = dict[str, int](), 0
    for chapter, opening in reversed(_openings(chapters)):
        held[chapter.name] = len(chapter.html) + waits
        waits = held[chapter.name] if opening == "next" else 0
    return held


def page_map(placed: Sequence[Placed]) -> dict[str, Folio]:
    """Read off where every anchor stands."""
    return {
        anchor: Folio(one.start.matter, one.start.number + page)
        for one in placed
        for anchor, page in one.printed.anchors.items()
    }


def expected(chapters: Sequence[Chapter]) -> PageMap:
    """Guess where every anchor will stand, by the lengths of the texts.

    All that counts is how many figures its page number has; where that is wrong, the number's chapter is printed again.
    """
    lengths = {chapter.name: max(1, round(len(re.sub("<[^>]*>", "", chapter.html)) / A_PAGE)) for chapter in chapters}
    return {
        anchor[1]: Folio(start.matter, start.number + anchor.start() * lengths[chapter.name] // len(chapter.html))
        for chapter, (start, _) in zip(chapters, places(chapters, lengths), strict=True)
        for anchor in re.finditer(r' id="([^"]+)"', chapter.html)
    }


def _openings(chapters: Sequence[Chapter]) -> list[tuple[Chapter, Opening]]:
    """Give every chapter with how it opens: where a numbering begins, on a right-hand page."""
    before = [None, *(chapter.matter for chapter in chapters)]
    return [
        (chapter, chapter.opens if chapter.matter == matter else "recto")
        for chapter, matter in zip(chapters, before, strict=False)
    ]


def _after(side: Side, pages: int) -> Side:
    return side if pages % 2 == 0 else "verso" if side == "recto" else "recto"


def _blanks(pages: int, opens: Opening) -> int:
    """Count the white pages that a chapter needs before it when the book has that many pages already."""
    return {"recto": pages % 2, "verso": 1 - pages % 2, "next": 0}[opens]
