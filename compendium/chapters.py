"""What travels from stage to stage: chapters, their places in the book, and what the finished file says of itself."""

from __future__ import annotations

import datetime
import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast


def digest(*contents: bytes) -> str:
    """Give one SHA-256 over several contents."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


Matter: TypeAlias = Literal["cover", "front", "body"]
"""Which numbering a page belongs to: none (cover), roman (front) or arabic (body and back)."""

Opening: TypeAlias = Literal["recto", "verso", "next"]
"""On which page a chapter opens: a right-hand page, a left-hand page, or simply the next one."""


Side: TypeAlias = Literal["recto", "verso"]
"""A right-hand or a left-hand page."""


@dataclass(frozen=True, slots=True)
class Folio:
    """A page of the book: its numbering and its number in it, from 1."""

    matter: Matter
    number: int

    @property
    def side(self) -> Side:
        """Tell its side: every numbering begins on a recto."""
        return "recto" if self.number % 2 else "verso"

    @property
    def words(self) -> str:
        """Give the number as it is printed: roman in the front matter, arabic in the body."""
        return numeral(self.number, "lower-roman" if self.matter == "front" else "decimal")


DIGITS = "0123456789"
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


UNKNOWN = "000"
"""Stands for a page number that is not known yet, as wide as most are."""


def numeral(number: int, numerals: str) -> str:
    """Write a number in `decimal` or `lower-roman` numerals, as the stylesheets call them."""
    if numerals == "decimal":
        return str(number)
    words = ""
    for value, letters in _ROMAN:
        words += letters * (number // value)
        number %= value
    return words


PageMap: TypeAlias = Mapping[str, Folio]
"""Anchor → the page on which it stands. The name of a chapter is an anchor too."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the book: the data of the figure with that anchor; `about` says what it holds."""

    name: str
    content: bytes
    about: str
    anchor: str


class Drawing(ABC):
    """A picture that is drawn where it is printed, and only there: a dataclass that holds all on which it depends."""

    @abstractmethod
    def drawn(self, fonts: Path) -> bytes:
        """Draw it, as SVG, with the fonts in a folder."""

    @cached_property
    def digest(self) -> str:
        """Digest what it holds."""
        values = (getattr(self, one.name) for one in fields(cast(Any, self)))
        parts = (value if isinstance(value, bytes) else repr(value).encode() for value in values)
        return digest(type(self).__name__.encode(), *parts)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is printed by itself: its HTML, the files it shows, and where its text comes from.

    `origin` is the file to name when something is wrong with it, `attachments` the data of its charts. A later take of
    a long page names the chapter that it `follows`.
    """

    name: str
    matter: Matter
    opens: Opening
    html: str
    files: Mapping[str, bytes | Drawing]
    origin: str
    attachments: tuple[Attachment, ...] = ()
    follows: str = ""

    @property
    def digests(self) -> dict[str, str]:
        """Digest the files, by their names."""
        files = sorted(self.files.items())
        return {name: file.digest if isinstance(file, Drawing) else digest(file) for name, file in files}


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline: its level from 1, and its place in points from the page's lower left."""

    level: int
    title: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sort:
    """One sign of a folio: how it is written in a text-showing operator, and its width in the engine's pixels."""

    written: str
    width: float


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a page's folio: how it is numbered, and the sorts for it.

    `page` counts from 0. `before` and `after` are the operators round the sorts; they set them from `left`. A number
    has `share` of its width to the left of `point`. Both are in the engine's pixels; `matrix` takes those to points
    (ISO 32000-1, 8.3.4).
    """

    page: int
    numerals: str
    left: float
    point: float
    share: float
    matrix: tuple[float, float, float, float, float, float]
    before: str
    after: str
    sorts: Mapping[str, Sort]


@dataclass(frozen=True, slots=True)
class Number:
    """A page number in a chapter's text: on which of its pages it stands, from 0; the anchor whose page it is; the
    figures to set it with, as a text-showing operator has them, all of one width."""

    page: int
    anchor: str
    figures: Mapping[str, str]

    @staticmethod
    def marked(place: int, noughts: bytes) -> bytes:
        """Mark, in a page's content, the noughts that keep the place of a chapter's number: between two comments."""
        return b"%%%d\n%b\n%%\n" % (place, noughts)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed chapter: PDF bytes, number of pages, anchors (id → page from 0), outline, the engine's warnings, the
    record of its lines and boxes (`pages.packed`), the slots of the folios, and the numbers in its text.

    The binder sets folios and numbers, and embeds the fonts, of which the chapter names the files.
    """

    pdf: bytes
    pages: int
    anchors: Mapping[str, int]
    bookmarks: tuple[Bookmark, ...]
    warnings: tuple[str, ...]
    record: bytes = b""
    folios: tuple[Slot, ...] = ()
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A printed chapter at its place in the book; `blanks` white pages stand before it, `numbers` in its text."""

    chapter: Chapter
    printed: Printed
    start: Folio
    blanks: int
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a finished file says of itself, in Info and XMP alike."""

    title: str
    authors: tuple[str, ...]
    subject: str
    keywords: tuple[str, ...]
    language: str
    publisher: str
    identifiers: tuple[str, ...]
    rights: str
    date: datetime.date
    digest: str
    edition: str
    claims: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    """What it is a part of, where it is one: title and numbers of the volume."""
