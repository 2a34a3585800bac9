"""What the engine said while printing → problems, each at the place of the case file that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .chapters import Placed
from .errors import Problem
from .model import Node, Volume, walk
from .printing import SHEETS_SAY

_GLYPH = re.compile(r'unsupported by fonts: "(.+)" \(U\+')
_PICTURE = re.compile(r"Failed to load image at '[^']*/([^'/]+)'")
_ANCHOR = re.compile(r"No anchor #(\S+) for internal URI reference")


def engine_warnings(placed: Sequence[Placed], volume: Volume) -> list[Problem]:
    """Turn every warning of the engine into a problem: a book that was printed with one is not put in place."""
    return [
        _problem(one.chapter.name, one.chapter.origin, warning, volume)
        for one in placed
        for warning in one.printed.warnings
    ]


def dead_links(placed: Sequence[Placed], volume: Volume) -> list[Problem]:
    """Find references to anchors that no chapter has."""
    known = {anchor for one in placed for anchor in one.printed.anchors}
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
    if chapter in volume.cases:
        return volume.cases[chapter].blocks
    return walk(volume.prose[chapter].blocks) if chapter in volume.prose else ()


def _find(nodes: Iterable[Node], sign: str) -> tuple[int, int]:
    """Find the paragraph that holds a sign."""
    return next(
        ((n.line, n.column + max(n.text.find(sign), 0)) for n in nodes if sign in n.text or sign in str(dict(n.attrs))),
        (0, 0),
    )
