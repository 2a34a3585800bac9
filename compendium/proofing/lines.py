"""The rules of lines: neither too loose nor too full, and nothing where it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pyphen

from compendium.pages import Block, Line, Page

from .galley import Finding, Galley, opening

WIDEST_SPACE = 2.0
"""A word space of a justified line is at most so many times the font's own."""
SHORTEST_LINE = 0.65
"""A ragged line fills so much of its measure, unless the next word can neither come up nor be divided."""
WIDE_LETTERS = 1.25
"""The letters of a word may be so much wider than those of its line."""
UPON = 4.0
"""Points by which lines reach into each other at least where one stands upon the other."""
SPARE = 0.75
"""Points by which a line may be wider than its measure, as rounding makes it."""
_WORD = re.compile(r"\W*([^\W\d_]+)")


def loose_lines(galley: Galley) -> Iterator[Finding]:
    """Find justified lines with wide gaps, and ragged ones before a word that would have fitted, whole or divided."""
    for number, pieces in galley.texts.items():
        lines = [(frame.page, line) for frame, some in pieces for line in some]
        block = galley.blocks[number]
        wide = [(page, line) for page, line in lines if line.spread > WIDEST_SPACE]
        if wide:
            page, line = max(wide, key=lambda found: found[1].spread)
            what = f'the word spaces of "{opening(line.text)}" are {line.spread:.1f} times as wide as they should be.'
            cure = 'Write {set="tighter"} or {set="looser"} above the paragraph, or change a word.'
            yield Finding(page, number, what, cure, False)
        for (page, line), (_, after) in pairwise(lines):
            if word := _would_fit(line, after, block):
                what = f'the line "{opening(line.text)}" is short, though "{word}" would have fitted.'
                cure = 'Write {set="tighter"} or {set="looser"} above it, or &shy; where the word may be divided.'
                yield Finding(page, number, what, cure, False)


def _would_fit(line: Line, after: Line, block: Block) -> str:
    """Give what begins the next line: a word, whole or divided, that would have fitted into this one."""
    room = line.measure - line.box.width
    if line.last or line.spread != 1 or not after.text or room <= (1 - SHORTEST_LINE) * line.measure:
        return ""
    letters = room * len(after.text) / after.box.width
    whole, _, _ = after.text.partition(" ")
    return whole if WIDE_LETTERS * (len(whole) + 2) <= letters else _divided(after.text, block, letters)


def _divided(text: str, block: Block, room: float) -> str:
    """Give the first word of a text, if it may be divided where there is room for so many letters."""
    match = _WORD.match(text)
    fewest, before, behind = block.hyphens or (0, 0, 0)
    if not match or block.hyphens is None or len(match[1]) < fewest:
        return ""
    parts = (n for n in _divisions(match[1], block.language) if before <= n <= len(match[1]) - behind)
    return match[1] if any(match.start(1) + n + 2 <= room for n in parts) else ""


def _divisions(word: str, language: str) -> list[int]:
    """Give after how many letters a word may be divided."""
    known = pyphen.language_fallback(language) if language else None
    return list(_dictionary(known).positions(word)) if known else []


@cache
def _dictionary(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language)


def overfull_lines(galley: Galley) -> Iterator[Finding]:
    """Find lines that are wider than their measure; of running heads and folios, which repeat, the first."""
    heads = 0
    for number, page in enumerate(galley.pages):
        for line in page.lines:
            if not line.text or line.repeated or not _is_overfull(line):
                continue
            over = f"is {line.box.width - line.measure:.0f} points too wide for its {_place(galley, line)}."
            cure = "Shorten it, or write &shy; or a space where its longest word may be broken."
            heads += line.zone == "margin"
            if line.zone == "margin":
                cure = "Shorten it, or give it more room in the stylesheet."
            if line.zone != "margin" or heads == 1:
                yield Finding(number, line.block, f'the line "{opening(line.text)}" {over}', cure, True)


def _is_overfull(line: Line) -> bool:
    return line.box.width > line.measure + SPARE


def _place(galley: Galley, line: Line) -> str:
    if line.zone == "margin":
        return "margin"
    return "cell" if galley.inside(line.block, "td", "th") else "measure"


def wide_tables(galley: Galley) -> Iterator[Finding]:
    """Find tables that are wider than what they stand in."""
    for number, page in enumerate(galley.pages):
        for block, over in _too_wide(galley, page).items():
            what, cure = f"the table is {over:.0f} points too wide.", "Take a column out, or shorten its longest words."
            yield Finding(number, block, what, cure, True)


def _too_wide(galley: Galley, page: Page) -> dict[int, float]:
    """Give the tables of a page's text that are too wide, and by how much."""
    flow = {b.number for line in page.lines if line.zone == "flow" for b in galley.around(line.block)}
    tables = (block for block in page.boxes if galley.blocks[block].tag == "table" and block in flow)
    over = {t: page.boxes[t].right - page.boxes[galley.blocks[t].parent].right for t in tables}
    return {table: points for table, points in over.items() if points > SPARE}


def text_outside(galley: Galley) -> Iterator[Finding]:
    """Find text outside the page, its text area or the box that holds it; what other rules say is not said again."""
    for number, page in enumerate(galley.pages):
        wide = _too_wide(galley, page)
        out: dict[int, tuple[str, str]] = {}
        for line in page.lines:
            known = not line.seen or _is_overfull(line) or any(b.number in wide for b in galley.around(line.block))
            if line.text and not known and (where := _outside(galley, page, line)):
                out.setdefault(line.block, (opening(line.text), where))
        for block, (words, where) in out.items():
            yield Finding(number, block, f'"{words}" stands outside the {where}.', "Shorten it, or divide it.", True)


def text_upon_text(galley: Galley) -> Iterator[Finding]:
    """Find lines that stand upon others: a caption upon the panel, a list upon what stands above it."""
    for number, page in enumerate(galley.pages):
        lines = sorted(
            (line for line in page.lines if line.text and line.seen and not _is_overfull(line)),
            key=lambda line: line.box.y,
        )
        open_lines: list[Line] = []
        said: set[int] = set()
        for line in lines:
            open_lines = [other for other in open_lines if other.box.bottom - UPON > line.box.y]
            under = next((other for other in open_lines if _stands_upon(galley, line, other)), None)
            if under is not None and line.block not in said:
                said.add(line.block)
                what = f'"{opening(line.text)}" stands upon "{opening(under.text)}".'
                yield Finding(number, line.block, what, "Shorten it, or move it to another place.", True)
            open_lines.append(line)


def _stands_upon(galley: Galley, line: Line, other: Line) -> bool:
    """Tell whether two lines take the same room; neither holds the other, as a line holds the blocks in it."""
    across = min(line.box.right, other.box.right) - max(line.box.x, other.box.x)
    if across <= SPARE or line.block == other.block:
        return False
    around = ({block.number for block in galley.around(one.block)} for one in (line, other))
    return not any(one.block in blocks for one, blocks in zip((other, line), around, strict=True))


def _outside(galley: Galley, page: Page, line: Line) -> str:
    """Say outside of what a line stands, or nothing."""
    box = line.box
    if min(box.x, box.y) < -SPARE or box.right > page.width + SPARE or box.bottom > page.height + SPARE:
        return "page"
    if line.zone in ("flow", "note") and (line.baseline > page.area.bottom + SPARE or line.baseline < page.area.y):
        return "text area"
    holders = (page.boxes[b.number] for b in galley.around(line.block) if b.number in page.boxes)
    if line.zone == "flow" and any(line.baseline > holder.bottom + SPARE for holder in holders):
        return "box that holds it"
    return ""
