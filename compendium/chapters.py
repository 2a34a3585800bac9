"""What travels from stage to stage: chapters, their places in the book, and what the finished file says of itself."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .pages import NOTHING, Record

Matter: TypeAlias = Literal["cover", "front", "body"]
"""Which numbering a page belongs to: none (cover), roman (front) or arabic (body and back)."""

Opening: TypeAlias = Literal["recto", "verso", "next"]
"""On which page a chapter opens: a right-hand page, a left-hand page, or simply the next one."""


@dataclass(frozen=True, slots=True)
class Folio:
    """A page of the book: its numbering and its number in it, from 1."""

    matter: Matter
    number: int

    @property
    def side(self) -> Literal["recto", "verso"]:
        """Tell a right-hand page from a left-hand one: every numbering begins on a recto."""
        return "recto" if self.number % 2 else "verso"


PageMap: TypeAlias = Mapping[str, Folio]
"""Anchor → the page on which it stands. The name of a chapter is an anchor too."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the book: the data of the figure with that anchor; `about` says what it holds."""

    name: str
    content: bytes
    about: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is printed by itself: its HTML, the files it shows, and where its text comes from.

    `origin` is the file to name when something is wrong with it, `attachments` the data of its charts.
    """

    name: str
    matter: Matter
    opens: Opening
    html: str
    files: Mapping[str, bytes]
    origin: str
    attachments: tuple[Attachment, ...] = ()

    @property
    def digest(self) -> str:
        """Give a SHA-256 over its HTML and its files: same digest, same pages."""
        content = hashlib.sha256(self.html.encode())
        for name, file in sorted(self.files.items()):
            content.update(name.encode() + hashlib.sha256(file).digest())
        return content.hexdigest()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A line of the outline: its level from 1, and its place in points from the page's lower left."""

    level: int
    title: str
    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed chapter: PDF bytes, number of pages, anchors (id → page from 0), outline, the engine's warnings,
    and the record of its lines and boxes."""

    pdf: bytes
    pages: int
    anchors: Mapping[str, int]
    bookmarks: tuple[Bookmark, ...]
    warnings: tuple[str, ...]
    record: Record = NOTHING


@dataclass(frozen=True, slots=True)
class Placed:
    """A printed chapter at its place in the book; `blanks` white pages stand before it."""

    chapter: Chapter
    printed: Printed
    start: Folio
    blanks: int


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
