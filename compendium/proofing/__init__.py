"""The page gate: what was printed → problems, each at the place of the text that it comes from.

The rules are in `proofing.breaks`, `proofing.lines` and `proofing.words`; what the engine itself said joins them here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, takewhile
from typing import NamedTuple

from compendium.chapters import Folio, Placed
from compendium.errors import Problem
from compendium.model import FLOATS, Node, Volume, walk
from compendium.pages import Block, unpacked
from compendium.printing import SHEETS_SAY
from compendium.prose import float_id

from . import breaks, lines, words
from .galley import Finding, Galley

_GLYPH = re.compile(r'unsupported by fonts: "(.+)" \(U\+')
_PICTURE = re.compile(r"Failed to load image at '[^']*/([^'/]+)'")
_ANCHOR = re.compile(r"No anchor #(\S+) for internal URI reference")

Rule = Callable[[Galley], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    words.missing_words,
    words.notes_astray,
    words.far_figures,
    lines.text_outside,
    lines.text_upon_text,
    lines.wide_tables,
    lines.overfull_lines,
    lines.loose_lines,
    breaks.heads_without_rows,
    breaks.headings_at_the_foot,
    breaks.widows_and_orphans,
    breaks.holes,
    breaks.lines_off_the_grid,
)
RULES_OF_CASES: tuple[Rule, ...] = (*RULES, breaks.short_ends)


class Remark(NamedTuple):
    """What was found on the pages of a chapter, and the blocks around it, by which its place in the text is known."""

    finding: Finding
    blocks: tuple[Block, ...]


def proof(
    placed: Sequence[Placed], remarks: Sequence[Iterable[Remark]], volume: Volume, beyond: Collection[str] = ()
) -> list[Problem]:
    """Say everything that is wrong with the printed chapters; `remarks` is what was found on the pages of each.

    Anchors `beyond` the file are those of its volume, to which nothing leads from here.
    """
    pages = [problem for one, found in zip(placed, remarks, strict=True) for problem in page_faults(one, found, volume)]
    return engine_warnings(placed, volume) + dead_links(placed, beyond) + pages


def look_over(record: bytes, is_case: bool) -> tuple[Remark, ...]:
    """Hold the pages of a chapter, as they were recorded, against the rules."""
    galley = Galley(unpacked(record))
    found = (finding for rule in (RULES_OF_CASES if is_case else RULES) for finding in rule(galley))
    return tuple(Remark(finding, tuple(galley.around(finding.block))) for finding in found)


def page_faults(one: Placed, remarks: Iterable[Remark], volume: Volume) -> Iterator[Problem]:
    """Say what was found on the pages of a chapter: page, chapter and, where it can be found, the source line."""
    name = one.chapter.name
    for found, blocks in remarks:
        label = Folio(one.start.matter, one.start.number + found.page).words
        line, column = _place(blocks, name, volume)
        what = f"Page {label} ({name}): {found.what}"
        yield Problem(one.chapter.origin, line, column, what, found.cure, found.severe)


def engine_warnings(placed: Sequence[Placed], volume: Volume) -> list[Problem]:
    """Turn every warning of the engine into a problem: a book that was printed with one is not put in place."""
    return [
        _problem(one.chapter.name, one.chapter.origin, warning, volume)
        for one in placed
        for warning in one.printed.warnings
    ]


def dead_links(placed: Sequence[Placed], beyond: Collection[str]) -> list[Problem]:
    """Find references to anchors that no chapter has."""
    known = {*beyond} | {anchor for one in placed for anchor in one.printed.anchors}
    found = ((one, target) for one in placed for target in re.findall(r'href="#([^"]+)"', one.chapter.html))
    return [
        Problem(one.chapter.origin, 0, 0, f'A link of "{one.chapter.name}" leads to "{target}", which is not printed.')
        for one, target in found
        if target not in known
    ]


def _problem(chapter: str, file: str, warning: str, volume: Volume) -> Problem:
    if warning.startswith(SHEETS_SAY):
        return Problem("styles/book.css", 0, 0, warning.removeprefix(SHEETS_SAY))
    if match := _GLYPH.search(warning):
        what = f'The book\'s fonts have no sign "{match[1]}" (U+{ord(match[1][0]):04X}).'
        line, column = _find(_nodes(chapter, volume), match[1])
        return Problem(file, line, column, what, "Write it otherwise, or add a font that has it to styles/fonts/.")
    if match := _PICTURE.search(warning):
        place = next((n for n in _nodes(chapter, volume) if match[1] in str(n.attrs.get("src", ""))), None)
        what = f'The picture "{match[1]}" cannot be printed.'
        line, column = (place.line, place.column) if place else (0, 0)
        return Problem(file, line, column, what, "Save it again as JPEG or PNG.")
    return Problem(file, 0, 0, f'While printing "{chapter}": {warning}')


def _nodes(chapter: str, volume: Volume) -> Iterable[Node]:
    if case := volume.cases.get(chapter):
        return chain((section.heading for section in case.sections), case.blocks)
    return walk(volume.prose[chapter].blocks) if chapter in volume.prose else ()


def _find(nodes: Iterable[Node], sign: str) -> tuple[int, int]:
    """Find the paragraph that holds a sign."""
    return next(
        ((n.line, n.column + max(n.text.find(sign), 0)) for n in nodes if sign in n.text or sign in str(dict(n.attrs))),
        (0, 0),
    )


_FEWEST_LETTERS = 16
"""So many letters at the beginning tell one paragraph from another."""


def _place(blocks: Iterable[Block], chapter: str, volume: Volume) -> tuple[int, int]:
    """Find the piece of a text that the first of these blocks was made of: by its id, or else by its first words."""
    nodes = list(_nodes(chapter, volume))
    for block in blocks:
        own = [n for n in nodes if n.kind in FLOATS and block.id == f"{chapter}--{float_id(n)}"]
        if own := own or _same_words(block, nodes):
            return own[0].line, own[0].column
    return 0, 0


def _same_words(block: Block, nodes: Iterable[Node]) -> list[Node]:
    """Give the piece whose words begin like a block's; numbers of sources are of the block alone, so letters count.

    A short text must be the whole piece: better no line than that of another paragraph.
    """
    letters = _letters(block.source)
    pieces = [(_letters(node.words), node) for node in nodes if node.children or node.kind == "heading"]
    if len(letters) < _FEWEST_LETTERS:
        return [node for words, node in pieces if words == letters != ""][:1]
    longest = max((_shared(letters, words) for words, _ in pieces), default=0)
    return [node for words, node in pieces if _shared(letters, words) == longest >= _FEWEST_LETTERS][:1]


def _shared(one: str, other: str) -> int:
    """Count the letters that two texts share at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())
