"""The book as frozen values: what was read, and what it is made with. No reading, no writing, no layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import Any, NamedTuple

from .records import CaseMatter, VolumeMatter

NOTHING: Mapping[str, Any] = {}
"""The attributes of a piece that has none: of hundreds of thousands in a volume, nearly all."""


class Node(NamedTuple):
    """A located piece of text: a paragraph, a citation, a table cell, a chart.

    `line` and `column` count from 1 in the file; `attrs` are the piece's own; leaves carry `text`.
    """

    kind: str
    line: int
    column: int = 0
    text: str = ""
    attrs: Mapping[str, Any] = NOTHING
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Give the piece itself and all pieces in it, in reading order."""
        return walk((self,))

    def growing(self, children: tuple[Node, ...]) -> Node:
        """Give the piece with these pieces in it: itself, where they are its own."""
        same = len(children) == len(self.children) and all(map(is_, children, self.children))
        return self if same else self._replace(children=children)

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
    ahead = [*blocks][::-1]
    while ahead:
        node = ahead.pop()
        yield node
        if node.children:
            ahead.extend(node.children[::-1])


Path = tuple[str | int, ...]
Spot = tuple[int, int]
"""A place in a file: line and column, from 1. (A `Place` is one on the map.)"""


def _meanings(definitions: Iterable[Node]) -> dict[str, str]:
    return {node.attrs["short"]: node.text for node in definitions}


@dataclass(frozen=True, slots=True)
class Data:
    """A CSV file of a case: its columns and rows as text, and where each cell of each row begins."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spots: tuple[tuple[Spot, ...], ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture file: its bytes, its true format, and its size in pixels."""

    content: bytes
    format: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A Markdown text: its title where it has one, its pieces, where it explains acronyms, its file and lines."""

    file: str
    title: str
    blocks: tuple[Node, ...]
    definitions: tuple[Node, ...]
    lines: tuple[str, ...]

    @property
    def acronyms(self) -> Mapping[str, str]:
        """Give what its acronyms mean."""
        return _meanings(self.definitions)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a case, under the key that the volume gives it."""

    key: str
    title: str
    line: int
    blocks: tuple[Node, ...]
    attrs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def heading(self) -> Node:
        """Give its heading as a piece of the text."""
        return Node("heading", self.line, 1, self.title, self.attrs)


@dataclass(frozen=True, slots=True)
class Case:
    """A case: its front matter, its sections, and the files beside it.

    `unread` are the paths of the front matter that could not be understood (they are blank in `matter`), and
    `broken` the files whose fault has been said.
    """

    slug: str
    file: str
    matter: CaseMatter
    sections: tuple[Section, ...]
    definitions: tuple[Node, ...]
    data: Mapping[str, Data]
    images: Mapping[str, Image]
    spots: Mapping[Path, Spot]
    lines: tuple[str, ...]
    unread: frozenset[Path] = frozenset()
    broken: frozenset[str] = frozenset()

    @property
    def acronyms(self) -> Mapping[str, str]:
        """Give what its acronyms mean."""
        return _meanings(self.definitions)

    @property
    def blocks(self) -> Iterator[Node]:
        """Give every piece of the body, in reading order."""
        return walk(block for section in self.sections for block in section.blocks)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a volume asks of its texts: what `volume.yaml` says (blank where it is `unread`), the words of its language,
    and the names of the cases beside it."""

    matter: VolumeMatter
    unread: frozenset[Path]
    words: Mapping[str, Any]
    slugs: tuple[str, ...]

    @property
    def quotes(self) -> tuple[str, ...]:
        """Give the four quotation marks of the language."""
        return tuple(self.words["quotes"])

    def is_held(self, slug: str) -> bool:
        """Tell whether a case stays out of the book."""
        held = any(slug == one.case for one in self.matter.held)
        return held and not any(slug in part.cases for part in self.matter.parts)


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume: what it says of itself, its cases and its prose, and a digest of all its sources.

    `unread` are the paths of `volume.yaml` that could not be understood; they are blank in `matter`.
    """

    slug: str
    file: str
    matter: VolumeMatter
    cases: Mapping[str, Case]
    prose: Mapping[str, Prose]
    spots: Mapping[Path, Spot]
    digest: str
    unread: frozenset[Path] = frozenset()

    @property
    def placed(self) -> tuple[Case, ...]:
        """Give the cases that are in the book, in its order."""
        return tuple(self.cases[slug] for part in self.matter.parts for slug in part.cases if slug in self.cases)


@dataclass(frozen=True, slots=True)
class Design:
    """The design: its files as bytes (paths relative to the project), how chapters open, how charts look
    (by theme; under "" without one), and the fonts by their paths below `styles/`."""

    files: Mapping[str, bytes]
    openings: Mapping[str, list[str]]
    looks: Mapping[str, Mapping[str, Any]]
    fonts: Mapping[str, bytes]

    def text(self, path: str) -> str:
        """Give one file as text."""
        return self.files[path].decode("utf-8")

    @property
    def themes(self) -> list[str]:
        """Name the themes."""
        return [name for name in self.looks if name]

    @property
    def printers(self) -> list[str]:
        """Name the printers."""
        return [path.split("/")[2].removesuffix(".yaml") for path in self.files if path.startswith("styles/printers/")]

    def look(self, theme: str | None) -> dict[str, Any]:
        """Say how charts look: as always, and where the theme says otherwise, as it says."""
        usual, own = self.looks[""], self.looks[theme or ""]
        return {**usual, **own, "maps": {**usual["maps"], **own.get("maps", {})}}

    def typefaces(self, theme: str | None) -> dict[str, bytes]:
        """Give the fonts of a book by their file names: the design's, and its theme's."""
        folders = ("fonts/", f"themes/{theme}/fonts/")
        return {path.rpartition("/")[2]: font for path, font in self.fonts.items() if path.startswith(folders)}

    def families(self, theme: str | None) -> tuple[str, ...]:
        """Name the font families of a book."""
        return tuple(sorted({name.partition("-")[0] for name in self.typefaces(theme)}))

    def clothes(self, theme: str | None, edition: str) -> tuple[str, ...]:
        """Name the stylesheets of a book, the more particular ones last; editions without one share their pages."""
        asked = ("styles/book.css", f"styles/themes/{theme}/theme.css", f"styles/editions/{edition}.css")
        return tuple(sheet for sheet in asked if sheet in self.files)

    @property
    def sheets(self) -> dict[str, bytes]:
        """Give the stylesheets."""
        return {path: content for path, content in self.files.items() if path.endswith(".css")}

    def worn(self, clothes: tuple[str, ...]) -> dict[str, bytes]:
        """Give the stylesheets on which a book in these clothes hangs: not those of other editions."""
        return {p: sheet for p, sheet in self.sheets.items() if p in clothes or not p.startswith("styles/editions/")}

    @property
    def listed_pages(self) -> list[str]:
        """Name the pages that a volume may list in its front and back matter: the templates with no other use."""
        names = (template.removesuffix(".html") for template in self.templates)
        used = ("case", "frame", "offprint", "part", "prose", "spread", "ticket")
        return [name for name in names if name not in used and not name.startswith("_")]

    @property
    def templates(self) -> dict[str, str]:
        """Give the templates by their names."""
        return {p.removeprefix("layouts/"): self.text(p) for p in self.files if p.endswith(".html")}
