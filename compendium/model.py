"""The book as frozen values: no reading, no writing, no layout.

Keys of the case files and of `volume.yaml` have the names that the fields have here.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

# --- What a volume and its cases are made of -------------------------------------------------------------


class Value(BaseModel):
    """A frozen record of an editor's file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValueError("is empty")
    return text


def _as_text(value: Any) -> Any:
    """Take a year or a date that YAML has already understood back to text."""
    return str(value) if isinstance(value, (int, datetime.date)) and not isinstance(value, bool) else value


def _some_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise ValueError("is no date; write 2011, 2011-09 or 2011-09-05")
    datetime.date.fromisoformat((text + "-01-01")[:10])
    return text


def _period(value: Any) -> Any:
    match = re.fullmatch(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?", str(value))
    if not match:
        raise ValueError('is no period; write "2008–2015" or "2011"')
    return int(match[1]), int(match[2] or match[1])


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"]+", text):
        raise ValueError("is no web address; it begins with http:// or https://")
    return text


Text = Annotated[str, AfterValidator(_one_line)]
SomeDate = Annotated[str, BeforeValidator(_as_text), AfterValidator(_some_date)]
Address = Annotated[str, AfterValidator(_address)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
# A list in YAML, a tuple here: frozen.
T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]


class Source(Value):
    """A public source of a case, cited as `[@id]`."""

    id: Key
    url: Address
    read: datetime.date
    title: Text | None = None
    date: SomeDate | None = None


class Cost(Value):
    """A sum and what it covers, or an honest word that a sum is not recorded."""

    amount: float | int | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    covers: Text | None = None
    source: Key | None = None
    not_recorded: Text | None = None

    @model_validator(mode="after")
    def _one_of_two_forms(self) -> Cost:
        sum_given = all(value is not None for value in (self.amount, self.currency, self.covers))
        if sum_given == (self.not_recorded is not None):
            raise ValueError('needs either "amount", "currency" and "covers", or "not_recorded"')
        return self


class Picture(Value):
    """A picture file of a case, with what must be known before it may be printed."""

    file: FileName
    alt: Text
    credit: Text
    rights: Text
    consent: Text | None = None


class Chart(Value):
    """A chart as an author asks for it: a closed vocabulary over a CSV file of the case."""

    id: Key
    type: Literal["line", "bar", "dot", "slope", "multiples"]
    data: FileName
    x: Text
    y: Text
    series: Text | None = None
    unit: Text
    title: Text
    source: Text
    alt: Text
    break_after: Annotated[Text | None, BeforeValidator(_as_text), Field(alias="break")] = None


class FieldRule(Value):
    """A further field that a volume asks of its cases, printed in the opener's panel or nowhere."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    type: Literal["text", "number", "date", "list", "link"]
    label: Text
    required: bool = False
    printed: Literal["panel", "nowhere"] = "panel"


class SectionRule(Value):
    """A section that the volume's cases have, in this order."""

    key: Key
    title: Text
    required: bool = True


class Kind(Value):
    """A kind of case and what the volume means by it."""

    title: Text
    meaning: Text


class CountryName(Value):
    """A country's name as the volume uses it, and today's where it differs."""

    name: Text
    today: Text | None = None


class Publisher(Value):
    """Who publishes: the name to print and the folder of `layouts/publishers/` with its texts."""

    name: Text
    place: Text | None = None
    texts: Key


class Identifiers(Value):
    """The numbers under which a volume is known."""

    isbn: Text | None = None
    eisbn: Text | None = None
    issn: Text | None = None
    doi: Text | None = None
    symbol: Text | None = None


class Part(Value):
    """A part of the book: its title, a few words on what it holds, and its cases in order."""

    title: Text
    intro: Text | None = None
    cases: Many[Key]


class Held(Value):
    """A case that stays out of the book for now, and why."""

    case: Key
    reason: Text


@dataclass(frozen=True, slots=True)
class Node:
    """A located piece of text: a paragraph, a citation, a table cell, a chart.

    `line` and `column` count from 1 in the file; `attrs` are the piece's own; leaves carry `text`.
    """

    kind: str
    line: int
    column: int = 0
    text: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Give the piece itself and all pieces in it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def part(self, kind: str) -> tuple[Node, ...]:
        """Give what its part of that kind holds (a table's `caption`, a chart's `origin`), or nothing."""
        return next((child.children for child in self.children if child.kind == kind), ())

    @property
    def words(self) -> str:
        """Give its text alone, as one would read it aloud."""
        if self.kind in ("softbreak", "hardbreak"):
            return " "
        return self.text + "".join(child.words for child in self.children if child.kind not in ("cite", "note"))


FLOATS = ("chart", "picture", "table")
"""The kinds of pieces that are numbered, captioned and referred to."""


def walk(blocks: Iterable[Node]) -> Iterator[Node]:
    """Give every piece of a text, in reading order."""
    for block in blocks:
        yield from block.walk()


@dataclass(frozen=True, slots=True)
class Data:
    """A CSV file of a case: its columns and rows as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture file: its bytes, its true format, and its size in pixels."""

    content: bytes
    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A Markdown text: its title where it has one, its pieces, its acronyms, and its file."""

    file: str
    title: str
    blocks: tuple[Node, ...]
    acronyms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a case, under the key that the volume gives it."""

    key: str
    title: str
    line: int
    blocks: tuple[Node, ...]


class CaseMatter(Value):
    """The front matter of a case file."""

    title: Text
    country: Text
    region: Key | None = None
    kind: Key
    themes: Many[Key]
    constraints: Many[Key] = ()
    period: Annotated[tuple[int, int], BeforeValidator(_period)]
    partners: Many[Text] = ()
    offices: Many[Text]
    authors: Many[Text]
    cost: Many[Cost]
    summary: Text
    image: Picture | None = None
    sources: Many[Source]
    status: Literal["proposed", "in-review", "edited", "approved"]
    approved_by: Text | None = None
    approved_on: datetime.date | None = None
    updated: datetime.date
    fields: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its front matter, its sections, and the files beside it."""

    slug: str
    file: str
    matter: CaseMatter
    sections: tuple[Section, ...]
    acronyms: Mapping[str, str]
    data: Mapping[str, Data]
    images: Mapping[str, Image]
    places: Mapping[tuple[str | int, ...], tuple[int, int]]

    @property
    def blocks(self) -> Iterator[Node]:
        """Give every piece of the body, in reading order."""
        return walk(block for section in self.sections for block in section.blocks)


class VolumeMatter(Value):
    """What `volume.yaml` says."""

    title: Text
    subtitle: Text | None = None
    number: int | Text | None = None
    version: Annotated[Text, BeforeValidator(_as_text)]
    date: datetime.date
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    publisher: Publisher
    authors: Many[Text]
    about: Text
    keywords: Many[Text]
    licence: Text
    identifiers: Identifiers = Identifiers()
    printer: Key | None = None
    notice: Text | None = None
    kinds: Annotated[Mapping[Key, Kind], Field(min_length=1)]
    themes: Mapping[Key, Text]
    constraints: Mapping[Key, Text] = {}
    regions: Mapping[Key, Text] = {}
    countries: Mapping[str, CountryName] = {}
    sections: Annotated[Many[SectionRule], Field(min_length=1)]
    fields: Many[FieldRule] = ()
    front: Many[Text]
    parts: Many[Part]
    back: Many[Text]
    held: Many[Held] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume: what it says of itself, its cases and its prose, and a digest of all its sources."""

    slug: str
    file: str
    matter: VolumeMatter
    cases: Mapping[str, Case]
    prose: Mapping[str, Prose]
    places: Mapping[tuple[str | int, ...], tuple[int, int]]
    digest: str

    @property
    def placed(self) -> tuple[Case, ...]:
        """Give the cases that are in the book, in its order."""
        return tuple(self.cases[slug] for part in self.matter.parts for slug in part.cases if slug in self.cases)


# --- What the book is made with --------------------------------------------------------------------------


class Edition(Value):
    """An edition as data: `styles/editions/<name>.yaml`."""

    name: Key
    title: Text
    tagged: bool
    statuses: Many[Text]


@dataclass(frozen=True, slots=True)
class Design:
    """The design: its files as bytes (paths relative to the project), how chapters open, how charts look,
    and the names of the font families."""

    files: Mapping[str, bytes]
    openings: Mapping[str, list[str]]
    look: Mapping[str, Any]
    families: tuple[str, ...]

    def text(self, path: str) -> str:
        """Give one file as text."""
        return self.files[path].decode("utf-8")

    @property
    def sheets(self) -> dict[str, bytes]:
        """Give the stylesheets."""
        return {path: content for path, content in self.files.items() if path.endswith(".css")}

    @property
    def templates(self) -> dict[str, str]:
        """Give the templates by their names."""
        return {p.removeprefix("layouts/"): self.text(p) for p in self.files if p.endswith(".html")}


# --- What travels from stage to stage --------------------------------------------------------------------

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
