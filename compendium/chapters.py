"""What travels from stage to stage: chapters, their places in the book, and what the finished file says of itself."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias


def digest(*contents: bytes) -> str:
    """Give one SHA-256 over several contents."""
    whole = hashlib.sha256()
    for content in contents:
        whole.update(hashlib.sha256(content).digest())
    return whole.hexdigest()


Matter: TypeAlias = Literal["cover", "front", "body"]
"""Which numbering a page belongs to: none (cover), roman (front) or arabic (body and back)."""


@dataclass(frozen=True, slots=True)
class Folio:
    """A page of the book: its numbering and its number in it, from 1."""

    matter: Matter
    number: int


PageMap: TypeAlias = Mapping[str, Folio]
"""Anchor → the page on which it stands. The name of a chapter is an anchor too."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is printed by itself: its HTML, the files it shows, and where its text comes from.

    `recto`: it opens on a right-hand page. `origin`: the file to name when something is wrong with it.
    """

    name: str
    matter: Matter
    recto: bool
    html: str
    files: Mapping[str, bytes]
    origin: str


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
    """A printed chapter: PDF bytes, number of pages, anchors (id → page from 0), outline, the engine's warnings."""

    pdf: bytes
    pages: int
    anchors: Mapping[str, int]
    bookmarks: tuple[Bookmark, ...]
    warnings: tuple[str, ...]


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
