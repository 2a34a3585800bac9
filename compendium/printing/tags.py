"""The tag tree of a chapter as values, and what is done to it when all pages are in: captions, spaces, hyphens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

Box = Any
"""A box of the engine, which brings no types."""

INLINE = {"Span", "Link", "Reference", "Lbl", "Code", "Quote"}
KEPT_EMPTY = {"TD", "TH"}
"""Without them a table's columns would shift."""
_AROUND = 24
"""Letters on either side of a line's end by which it is looked up in its source."""


@dataclass(eq=False, slots=True)
class Piece:
    """A text or picture on a page; the end of its line may carry a soft hyphen or stand for a space."""

    box: Box
    page: int
    line: Box = None
    block: Tag | None = None
    mcid: int | None = None
    spaced: bool = False
    hyphen: str = ""
    shown: list[tuple[str, str]] = field(default_factory=list)
    properties: Any = None

    @property
    def text(self) -> str:
        """Give its words as the source has them."""
        return str(getattr(self.box, "text", "")).removesuffix(self.hyphen)


@dataclass(eq=False, slots=True)
class Hotspot:
    """A box that is a link: one for every piece of a line."""

    box: Box
    page: int


@dataclass(eq=False, slots=True)
class Tag:
    """A structure element; `kids` in reading order."""

    type: str
    element: Any
    above: Tag | None
    page: int
    kids: list[Tag | Piece | Hotspot] = field(default_factory=list)
    id: str = ""
    lang: str = ""
    alt: str = ""
    expansion: str = ""
    attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, type: str, element: Any, page: int) -> Tag:
        """Hang a new element below this one."""
        self.kids.append(tag := Tag(type, element, self, page))
        return tag

    def walk(self) -> Iterator[Tag | Piece | Hotspot]:
        """Give everything below, in reading order."""
        for kid in self.kids:
            yield kid
            if isinstance(kid, Tag):
                yield from kid.walk()

    @property
    def pieces(self) -> Iterator[Piece]:
        """Give the texts and pictures below, in reading order."""
        return (kid for kid in self.walk() if isinstance(kid, Piece))

    @property
    def text(self) -> str:
        """Give its words."""
        words = "".join(piece.text + " " * piece.spaced for piece in self.pieces)
        return " ".join(words.replace("\xad", "").split())

    def inside(self, type: str) -> int:
        """Count the elements of a type that it stands in."""
        return (self.above.inside(type) + (self.above.type == type)) if self.above else 0


def put_captions_first(tag: Tag) -> None:
    """Make a caption the first child of its table, or of the picture beside it (ISO 32000-1, table 333)."""
    for kid in [kid for kid in tag.kids if isinstance(kid, Tag)]:
        put_captions_first(kid)
    captions = [kid for kid in tag.kids if isinstance(kid, Tag) and kid.type == "Caption"]
    pictures = [kid for kid in tag.kids if isinstance(kid, Tag) and kid.type == "Figure"]
    home = tag if tag.type == "Table" else pictures[0] if len(pictures) == 1 else None
    if home and captions:
        tag.kids = [kid for kid in tag.kids if kid not in captions]
        home.kids[:0] = captions
        for caption in captions:
            caption.above = home


def prune(tag: Tag) -> None:
    """Take out what holds nothing."""
    for kid in [kid for kid in tag.kids if isinstance(kid, Tag)]:
        prune(kid)
        if not kid.kids and kid.type not in KEPT_EMPTY:
            tag.kids.remove(kid)


def space_lines(document: Tag) -> None:
    """Find the ends of lines that stand for a space (ISO 32000-1, 14.8.2.5), and those that break a word."""
    texts = [piece for piece in document.pieces if piece.line is not None]
    blocks: dict[Tag | None, list[Piece]] = {}
    for piece in texts:
        blocks.setdefault(piece.block, []).append(piece)
    for block, pieces in blocks.items():
        source = "".join(block.element.itertext()) if block is not None and block.element is not None else ""
        lines = [list(line) for _, line in groupby(pieces, lambda piece: id(piece.line))]
        for before, after in pairwise(lines):
            _end_line(before, after, " ".join(source.replace("\xad", "").split()))


def _end_line(before: list[Piece], after: list[Piece], source: str) -> None:
    """Look up in the source what stands between two lines: a space, the inside of a word, or (after a dash) nothing."""
    last, hyphen = before[-1], before[-1].box.style["hyphenate_character"]
    end, start = (_words(line) for line in (before, after))
    if last.line.element is after[0].line.element:
        if end.endswith(hyphen) and end[:-1][-_AROUND:] + start[:_AROUND] in source:
            last.hyphen = hyphen
            return
        if end[-_AROUND:] + start[:_AROUND] in source:
            return
    last.spaced = True


def _words(line: list[Piece]) -> str:
    """Give a line's words without the letters of its notes, which the source does not have."""
    words = "".join(piece.text for piece in line if not piece.box.element_tag.endswith("::footnote-call"))
    return words.replace("\xad", "")
