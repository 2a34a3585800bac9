"""What stands on the printed pages of a chapter, as plain values: lines of text and boxes, read off the layout.

Lengths are points; places are counted from the upper left of the trimmed page.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

Zone: TypeAlias = Literal["flow", "note", "margin", "apart"]
"""Where a line stands: in the running text, in the notes at the foot, in a margin box (a running head, a folio), or
apart, where the stylesheet floats or puts it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left, its width and its height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Give its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Give its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Block:
    """An element of the chapter that is set as a block: a heading, a paragraph, a list item, a cell, a picture.

    `number` is its place among the elements of the chapter and `parent` the block that holds it (-1: none). `source`
    is its own text in the chapter's HTML, without that of blocks inside; of a margin box, which has none, "".
    `hyphens` are the fewest letters of a word that may be divided, before and after the hyphen; None: none may.
    `keeps` says that the style forbids a break between it and what follows.
    """

    number: int
    parent: int
    tag: str
    id: str
    classes: tuple[str, ...]
    source: str
    language: str
    hyphens: tuple[int, int, int] | None
    keeps: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    `text` is what stands in it of the block's source, without generated words and with the hyphen at its end;
    `measure` the width that it has, from `start`, and `spread` how many times its word spaces are the font's own.
    `last`: the text ends here, or is broken by its author. `hyphenated`: the hyphen at its end is the engine's.
    `repeated`: of a table head that is set again. `seen` is False where the style hides the line or cuts it off.
    `links` are the anchors that it leads to, `calls` the notes (blocks) that it calls.
    """

    block: int
    zone: Zone
    column: int
    box: Box
    baseline: float
    text: str
    start: float
    measure: float
    spread: float
    last: bool
    hyphenated: bool
    repeated: bool
    seen: bool
    links: tuple[str, ...]
    calls: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size, its text area, its lines in the order of the text, and the boxes of its blocks.

    `foot` is where its notes begin, or else its text area ends. `asked` is the block for which the page was begun
    because a style or a hint asked for it; None: the page before was full.
    """

    width: float
    height: float
    area: Box
    foot: float
    asked: int | None
    lines: tuple[Line, ...]
    boxes: Mapping[int, Box]


@dataclass(frozen=True, slots=True)
class Record:
    """The pages of a chapter, and its blocks by their numbers, in the order of the text."""

    pages: tuple[Page, ...]
    blocks: Mapping[int, Block]


NOTHING = Record((), {})


@cache
def _adapter() -> TypeAdapter[Record]:
    return TypeAdapter(Record)


def packed(record: Record) -> bytes:
    """Pack a record to be kept: it is read once, when the page gate looks at it, and weighs more than its pages."""
    return zlib.compress(_adapter().dump_json(record), 1)


def unpacked(content: bytes) -> Record:
    """Unpack a record; of nothing, an empty one."""
    return _adapter().validate_json(zlib.decompress(content)) if content else NOTHING
