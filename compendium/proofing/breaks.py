"""The rules of breaks: what a page, or a column, may begin and end with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from compendium.pages import Line, Page

from .galley import HEADINGS, Finding, Frame, Galley, opening

FEWEST_LINES = 5
"""A last page of a case has at least so many."""
LARGEST_HOLE = 0.25
"""So much of a page's text area may be empty before a break that nobody asked for."""
LEVEL = 0.5
"""Points by which the lines of facing pages may stand apart."""
HINT = "place-next-page"
PICTURES = ("img", "svg")


def widows_and_orphans(galley: Galley) -> Iterator[Finding]:
    """Find single lines of a paragraph of three or more, alone at the head or the foot of a page or column."""
    for number, pieces in galley.texts.items():
        if sum(len(lines) for _, lines in pieces) < 3 or galley.inside(number, "thead"):
            continue
        for (frame, lines), (after, rest) in pairwise(pieces):
            words = opening(galley.blocks[number].source)
            cure = 'Write {keep="together"} above it, or {set="tighter"} or {set="looser"}.'
            if len(lines) == 1:
                what = f'the first line of "{words}" stands alone at the foot of the {_place(frame, after)}.'
                yield Finding(frame.page, number, what, cure, _is_page(frame, after))
            if len(rest) == 1 and (after, rest) == pieces[-1]:
                what = f'the last line of "{words}" stands alone at the head of the {_place(frame, after)}.'
                yield Finding(after.page, number, what, cure, _is_page(frame, after))


def headings_at_the_foot(galley: Galley) -> Iterator[Finding]:
    """Find headings with less than two lines below them, and whatever else a break parts from what it belongs to."""
    for frame, after in pairwise(galley.frames):
        number = _parted(galley, frame, after)
        if number is not None:
            block = galley.blocks[number]
            kind = "the heading " if block.tag in HEADINGS else ""
            where = f"stands at the foot of the {_place(frame, after)}, without what follows it."
            what = f'{kind}"{opening(block.source)}" {where}'
            yield Finding(frame.page, number, what, 'Write {place="next page"} above it.', _is_page(frame, after))


def _parted(galley: Galley, frame: Frame, after: Frame) -> int | None:
    """Give the first of the blocks that stay behind at the foot of a frame."""
    keepers = [n for n, line in enumerate(frame.lines) if galley.leads(line)]
    if not keepers or _shows_after(galley, frame, frame.lines[keepers[-1]].block):
        return None
    last, below = frame.lines[keepers[-1]], frame.lines[keepers[-1] + 1 :]
    if after.page == frame.page and last.column != frame.lines[-1].column:
        return None  # it stands above the columns
    rows = len({line.baseline for line in below})
    wanted = 2 if galley.blocks[last.block].tag in HEADINGS else 1
    if rows >= wanted or (rows and _is_whole(galley, frame, after)):
        return None
    return galley.begin(frame, keepers[-1])


def _is_whole(galley: Galley, frame: Frame, after: Frame) -> bool:
    """Tell whether a text ends with its frame: the next one begins by a wish, or with a heading."""
    wished = after.page != frame.page and galley.pages[after.page].asked is not None
    first = galley.blocks.get(after.lines[0].block)
    return wished or (first is not None and first.tag in HEADINGS)


def _shows_after(galley: Galley, frame: Frame, number: int) -> bool:
    """Tell whether a picture follows a block on its page: it has no lines, and is something to stand above."""
    boxes = galley.pages[frame.page].boxes
    return any(other > number and _is_picture(galley, other) for other in boxes)


def heads_without_rows(galley: Galley) -> Iterator[Finding]:
    """Find table heads with no row below them on their page."""
    for number, page in enumerate(galley.pages):
        filled = [line.block for line in page.lines] + [block for block in page.boxes if _is_picture(galley, block)]
        for head in (block for block in page.boxes if galley.blocks[block].tag == "thead"):
            table = galley.blocks[head].parent
            if _has_rows(galley, table, galley.blocks) and not _has_rows(galley, table, filled):
                words = opening(
                    " ".join(b.source for b in galley.blocks.values() if _stands_in(galley, b.number, head))
                )
                what = f'the head of the table "{words.strip()}" has no row below it.'
                yield Finding(number, table, what, 'Write {place="next page"} above the table.', True)


def _has_rows(galley: Galley, table: int, blocks: Iterable[int]) -> bool:
    """Tell whether one of these blocks stands in a row of the table, and not in its head."""
    return any(
        _stands_in(galley, block, table) and galley.inside(block, "tr") and not galley.inside(block, "thead")
        for block in blocks
    )


def _stands_in(galley: Galley, block: int, outer: int) -> bool:
    return any(around.number == outer for around in galley.around(block))


def _is_picture(galley: Galley, block: int) -> bool:
    return galley.blocks[block].tag in PICTURES


def holes(galley: Galley) -> Iterator[Finding]:
    """Find pages that are empty by more than a quarter before a break that nobody, or only a hint, asked for."""
    for number, (page, after) in enumerate(pairwise(galley.pages)):
        empty = page.foot - _bottom(galley, page)
        if empty <= LARGEST_HOLE * page.area.height:
            continue
        share = f"{100 * empty / page.area.height:.0f} per cent of the page stay empty"
        if after.asked is None:
            block = _first_on(galley, number + 1)
            what = f"{share}, because what follows does not fit."
            cure = "Put it behind the text that follows it, or a paragraph or two earlier."
            yield Finding(number, block, what, cure, False)
        elif HINT in galley.blocks[after.asked].classes:
            what = f"{share}, because of a hint."
            yield Finding(number, after.asked, what, 'Take {place="next page"} out, or put it at another place.', False)


def _bottom(galley: Galley, page: Page) -> float:
    """Give where the last line or picture of the text ends."""
    lines = (line.box.bottom for line in page.lines if line.zone in ("flow", "apart"))
    pictures = (box.bottom for number, box in page.boxes.items() if _is_picture(galley, number))
    return max(chain(lines, pictures), default=page.area.y)


def _first_on(galley: Galley, page: int) -> int:
    """Give the outermost block that begins with the page; sections are too large to be moved."""
    begins = [number for number in galley.pages[page].boxes if galley.first_pages[number] == page]
    return next((number for number in sorted(begins) if galley.blocks[number].tag not in ("section", "main")), -1)


def lines_off_the_grid(galley: Galley) -> Iterator[Finding]:
    """Find the first full page whose first or last line of running text stands off those of the page that faces it.

    Facing pages have their text areas in common: their lines stand level where each is whole lines below the head.
    """
    for frame in galley.frames:
        page = galley.pages[frame.page]
        text = [line for line in frame.lines if _is_running(galley, line)]
        if not text or frame.lines[-1] is not text[-1] or page.area.bottom - text[-1].box.bottom >= text[-1].box.height:
            continue
        for line in (text[0], text[-1]):
            off = (line.box.y - page.area.y + line.box.height / 2) % line.box.height - line.box.height / 2
            if abs(off) > LEVEL:
                what = f'the line "{opening(line.text)}" stands {abs(off):.1f} points off that of the facing page.'
                yield Finding(frame.page, line.block, what, "Let the stylesheet give all above it whole lines.", False)
                return


def _is_running(galley: Galley, line: Line) -> bool:
    """Tell a line of the running text from those of headings, tables, figures, boxes and columns."""
    tags = {block.tag for block in galley.around(line.block)}
    return not line.column and bool(tags & {"p", "li"}) and not tags & {"table", "figure", "aside", "header"}


def short_ends(galley: Galley) -> Iterator[Finding]:
    """Find a last page with a few lines of text only, and the paragraph that would most easily give one up."""
    if len(galley.pages) < 2:
        return
    page, last = galley.pages[-1], len(galley.pages) - 1
    rows = len({line.baseline for line in page.lines if line.zone != "margin" and not _is_source(galley, line)})
    filled = _bottom(galley, page) - page.area.y > page.area.height / 2
    if rows < FEWEST_LINES and not filled and not any(_is_picture(galley, number) for number in page.boxes):
        what = f"the last page of the case has {_lines(rows)}{' only' if rows else ''}, its sources apart."
        cure = 'Write {set="tighter"} above paragraphs whose last line is short, this one first, or {keep="together"} '
        cure += 'or {place="next page"} above the last one.'
        yield Finding(last, _easiest(galley), what, cure, False)


def _is_source(galley: Galley, line: Line) -> bool:
    return any("sources" in block.classes for block in galley.around(line.block))


def _easiest(galley: Galley) -> int:
    """Give the paragraph whose last line is shortest for its length."""
    lines = {n: [line for _, some in pieces for line in some] for n, pieces in galley.texts.items()}
    long = {n: some for n, some in lines.items() if len(some) > 2 and galley.blocks[n].tag in ("p", "li")}
    return min(long, key=lambda number: (long[number][-1].box.width / len(long[number]), number), default=-1)


def _place(frame: Frame, after: Frame) -> str:
    return "page" if _is_page(frame, after) else "column"


def _is_page(frame: Frame, after: Frame) -> bool:
    """Tell a break between pages from one between columns, over which the reader's eye passes."""
    return frame.page != after.page


def _lines(number: int) -> str:
    return "one line" if number == 1 else f"{number or 'no'} lines"
