"""One chapter → its pages. Pure: bytes in, bytes out; no file, no network, no clock.

The only module that knows WeasyPrint, and the only place where its private ways are worked around.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from hashlib import md5
from mimetypes import guess_type
from multiprocessing.util import Finalize
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from weasyprint import CSS, HTML, Document, __version__
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from compendium import pictures
from compendium.chapters import Bookmark, Chapter, Drawing, Printed, Side, digest
from compendium.pages import packed

from . import breaking, hastening, keeping, sides, tagging
from .measuring import measure
from .naming import fonts_named
from .sorts import Folios, Numbers

BASE = "https://book.invalid/"
"""Addresses in a chapter are relative to this name, which exists nowhere (RFC 2606), so that bytes never depend on
the folder in which the project lies."""

PRODUCER = f"WeasyPrint {__version__}"
POINTS_PER_PIXEL = 0.75
Files = tuple[tuple[str, bytes], ...]
"""Files with their names, in order: what can be a key."""
Link = tuple[str, str, Any, Any]
"""A link as the engine keeps it: kind, target, rectangle, box."""
breaking.mend()
keeping.mend()
hastening.mend()

SHEETS_SAY = "In the stylesheets: "
"""Begins what the engine says of the design, not of a chapter."""


def picture_name(path: str) -> str:
    """Give the name that the engine has for a picture file in the resources of a page, but for the sign at its end."""
    return f"/i{md5(f'{BASE}{path}'.encode(), usedforsecurity=False).hexdigest()}"


class Shelf(URLFetcher):  # type: ignore[misc]  # WeasyPrint brings no types
    """The one door to files: serves what the chapter brought along, and nothing else; pictures as bare pixels."""

    def __init__(self, files: Mapping[str, bytes | Drawing], fonts: Path) -> None:
        super().__init__(allowed_protocols=())
        self.files, self.fonts = files, fonts

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Give a file of the chapter or of the design; anything else is refused."""
        path = url.removeprefix(BASE)
        if path not in self.files:
            raise ValueError(f"{path} does not belong to the book")
        kind = guess_type(path)[0] or "application/octet-stream"
        file = self.files[path]
        content = file.drawn(self.fonts) if isinstance(file, Drawing) else file
        plain = pictures.plain(content) if kind in ("image/jpeg", "image/png") else content
        return URLFetcherResponse(url, plain, {"Content-Type": kind})


@lru_cache(maxsize=4)
def _forme(styles: Files, sheets: tuple[str, ...], fonts: Files) -> tuple[FontConfiguration, list[CSS], list[str]]:
    """Read fonts and stylesheets once for all chapters of a process, with what the engine says of them."""
    folder = _laid_out(fonts)
    known, shelf = FontConfiguration(), Shelf(dict(styles), folder)
    with _Listening() as heard:
        read = [CSS(url=BASE + sheet, url_fetcher=shelf, font_config=known) for sheet in sheets]
    return known, read, [SHEETS_SAY + warning for warning in heard.warnings]


@lru_cache(maxsize=4)
def _laid_out(fonts: Files) -> Path:
    """Let the engine know these fonts and no others: it takes them from a folder, which goes with the process."""
    folder = mkdtemp(prefix="compendium-fonts-")
    Finalize(None, rmtree, [folder, True], exitpriority=0)  # `atexit` is not heard where others print side by side
    for name, content in fonts:
        Path(folder, name).write_bytes(content)
    settings = Path(folder, "fonts.conf")
    settings.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>", "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(settings)
    return Path(folder)


@lru_cache(maxsize=4)
def _names(fonts: Files) -> dict[bytes, str]:
    return {content: name for name, content in fonts}


class Typesetter:
    """Prints chapters in the clothes of their editions; travels to other processes, and machines, by pickling.

    Everything that shapes a page besides the chapter and the engine is in it: stylesheets and fonts, by their names.
    """

    def __init__(self, styles: Mapping[str, bytes], sheets: tuple[str, ...], fonts: Mapping[str, bytes]) -> None:
        self.styles, self.fonts = tuple(sorted(styles.items())), tuple(sorted(fonts.items()))
        self.sheets = sheets

    @cached_property
    def clothes(self) -> str:
        """Digest the stylesheets."""
        return digest(repr((self.styles, self.sheets)).encode())

    @cached_property
    def typefaces(self) -> str:
        """Digest the fonts."""
        return digest(*(part for name, content in self.fonts for part in (name.encode(), content)))

    @property
    def _forme(self) -> tuple[FontConfiguration, list[CSS], list[str]]:
        return _forme(self.styles, self.sheets, self.fonts)

    def lay_out(self, chapter: Chapter, first: int) -> Document:
        """Lay a chapter out on its pages, the first of which has the number `first`."""
        fonts, sheets, _ = self._forme
        opening = CSS(string=_opening(first))
        html = HTML(string=chapter.html, base_url=BASE, url_fetcher=Shelf(chapter.files, _laid_out(self.fonts)))
        document = html.render(font_config=fonts, stylesheets=[*sheets, opening])
        document.pages = [sides.turned(page) for page in document.pages]
        for page in document.pages:
            page.links = list(_outermost(page.links))
        tagging.link_notes(document.pages)
        for page in document.pages:
            page.links = [_within_reach(link) for link in page.links]
        return document

    def print(self, chapter: Chapter, side: Side) -> Printed:
        """Print a chapter that begins on a right-hand or a left-hand page.

        Links that leave it wait, as addresses `#anchor`, for the binder; so do folios, and page numbers in the text.
        """
        _, _, said = self._forme
        with _Listening() as heard:
            document = self.lay_out(chapter, 1 if side == "recto" else 2)
            folios, numbers = Folios(document), Numbers()
            anchors = {name: n for n, page in reversed([*enumerate(document.pages)]) for name in page.anchors}
            for page in document.pages:
                page.links = [_waiting(link, anchors) for link in page.links]
            with fonts_named(_names(self.fonts)):
                pdf = tagging.write(document, numbers)
            record = packed(measure(document.pages))
        bookmarks, warnings = tuple(_bookmarks(document)), (*said, *heard.warnings)
        return Printed(
            pdf, len(document.pages), anchors, bookmarks, warnings, record, folios.slots, tuple(numbers.found)
        )

    def write(self, document: Document) -> bytes:
        """Write a laid-out document, with whole tags."""
        return tagging.write(document)


def _opening(first: int) -> str:
    side = "recto" if first % 2 else "verso"
    return f"@page :first {{ counter-reset: page {first} }} html {{ break-before: {side} }}"


def _outermost(links: Iterable[Link]) -> Iterator[Link]:
    """Keep one link for each piece of a line: the engine makes one more for every box inside, outside its Link tag."""
    inside: set[int] = set()
    for link in links:
        if id(link[3]) not in inside:
            inside |= {id(box) for box in link[3].descendants()}
            yield link


def _within_reach(link: Link) -> Link:
    """Make a link as high as its letters: one that takes no room in its line, as a raised number, has no height."""
    kind, target, (left, top, right, bottom), box = link
    short = box.style["font_size"] - (bottom - top)
    if short <= 0:
        return link
    return kind, target, (left, top - short / 2, right, bottom + short / 2), box


def _waiting(link: Link, anchors: Mapping[str, int]) -> Link:
    kind, target, rectangle, box = link
    if kind == "internal" and target not in anchors:
        return "external", f"#{target}", rectangle, box
    return link


def _bookmarks(document: Document) -> list[Bookmark]:
    return [
        Bookmark(level, title, number, x * POINTS_PER_PIXEL, (page.height - y) * POINTS_PER_PIXEL)
        for number, page in enumerate(document.pages)
        for level, title, (x, y), _ in page.bookmarks
    ]


class _Listening(logging.Handler):
    """Collects what the engine says while it works, each sentence once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a sentence."""
        if (sentence := record.getMessage()) not in self.warnings:
            self.warnings.append(sentence)

    def __enter__(self) -> _Listening:
        logging.getLogger("weasyprint").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)
