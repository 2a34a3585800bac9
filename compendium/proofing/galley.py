"""A chapter's record as the rules of the page gate look at it: frame by frame, text by text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from compendium.pages import Block, Line, Record

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CAPTIONS = ("caption", "figcaption")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found: on which page (from 0), at which block (-1: none of the text), and its cure."""

    page: int
    block: int
    what: str
    cure: str
    severe: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The running text of a page, or of one of its columns, from its head to its foot."""

    page: int
    lines: tuple[Line, ...]


class Galley:
    """The record of a chapter, with what stands before and after what."""

    def __init__(self, record: Record) -> None:
        self.pages, self.blocks = record.pages, record.blocks

    @cached_property
    def frames(self) -> list[Frame]:
        """Give the frames that hold running text, in its order: a new one begins where the text goes up again."""
        found: list[tuple[int, list[Line]]] = []
        for number, page in enumerate(self.pages):
            for line in page.lines:
                if line.zone == "flow" and not line.repeated:
                    if not found or found[-1][0] != number or _goes_up(found[-1][1][-1], line):
                        found.append((number, []))
                    found[-1][1].append(line)
        return [Frame(page, tuple(lines)) for page, lines in found]

    @cached_property
    def texts(self) -> dict[int, list[tuple[Frame, list[Line]]]]:
        """Give the lines of every block of the running text, in the pieces into which frames break them."""
        found: dict[int, list[tuple[Frame, list[Line]]]] = defaultdict(list)
        for frame in self.frames:
            pieces: dict[int, list[Line]] = defaultdict(list)
            for line in frame.lines:
                pieces[line.block].append(line)
            for block, lines in pieces.items():
                found[block].append((frame, lines))
        return {block: pieces for block, pieces in found.items() if block in self.blocks}

    @cached_property
    def first_pages(self) -> dict[int, int]:
        """Give the page on which every block begins."""
        found: dict[int, int] = {}
        for number, page in enumerate(self.pages):
            for block in page.boxes:
                found.setdefault(block, number)
        return found

    def around(self, number: int) -> Iterator[Block]:
        """Give a block and the blocks that hold it, from the inside."""
        while number in self.blocks:
            yield self.blocks[number]
            number = self.blocks[number].parent

    def inside(self, number: int, *tags: str) -> Block | None:
        """Give the nearest block of these kinds that a block is, or stands in."""
        return next((block for block in self.around(number) if block.tag in tags), None)

    def leads(self, line: Line) -> bool:
        """Tell whether a line is of a heading, a caption, or whatever else must stay with what follows it."""
        block = self.blocks.get(line.block)
        return block is not None and (block.keeps or block.tag in (*HEADINGS, *CAPTIONS))

    def begin(self, frame: Frame, index: int) -> int:
        """Give the block with which a text begins: that of the line, or the first of the headings right above it."""
        while index and self.leads(frame.lines[index - 1]):
            index -= 1
        return frame.lines[index].block


def _goes_up(before: Line, line: Line) -> bool:
    return before.column != line.column and line.box.y <= before.box.y


def opening(text: str, letters: int = 40) -> str:
    """Give the first words of a text, to know it by; page numbers, which are noughts here, as dots."""
    text = re.sub(r"(?<![\w.,])0+(?![\w.,])", "…", text)
    if len(text) <= letters:
        return text
    return text[:letters].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
