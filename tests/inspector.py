"""Answers a reader's questions about a finished PDF, with other eyes than those that made it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf
import pypdfium2
from pypdf import PdfReader


@dataclass(frozen=True)
class Link:
    """A link: the label of its page, the words under it, where it leads (a label or an address), and the name there."""

    page: str
    words: str
    target: str
    target_index: int
    name: str = ""


class Inspector:
    """A finished PDF."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pike = pikepdf.open(io.BytesIO(content))
        self.reader = PdfReader(io.BytesIO(content))
        self.pdfium = pypdfium2.PdfDocument(content)

    def __len__(self) -> int:
        return len(self.pike.pages)

    @cached_property
    def labels(self) -> list[str]:
        """Give the label of every page."""
        return [str(page.label) for page in self.pike.pages]

    @cached_property
    def texts(self) -> list[str]:
        """Give the text of every page, hyphenation undone, in one line."""
        return [_plain(page.get_textpage().get_text_range()) for page in self.pdfium]

    def text(self, label: str) -> str:
        """Give the text of the page with this label."""
        return self.texts[self.labels.index(label)]

    def find(self, words: str) -> list[str]:
        """Give the labels of the pages that hold these words."""
        return [label for label, text in zip(self.labels, self.texts, strict=True) if words in text]

    @cached_property
    def outline(self) -> list[tuple[int, str, str]]:
        """Give the outline as (level, title, label of the page)."""
        return list(self._outline(self.reader.outline, 1))

    def _outline(self, items: list[Any], level: int) -> Iterator[tuple[int, str, str]]:
        for item in items:
            if isinstance(item, list):
                yield from self._outline(item, level + 1)
            else:
                page = self.reader.get_destination_page_number(item)
                yield level, str(item.title), self.labels[page] if page is not None else ""

    @cached_property
    def destinations(self) -> dict[str, int]:
        """Give the named destinations: name → index of the page."""
        pages: dict[Any, int] = {page.objgen: n for n, page in enumerate(self.pike.pages)}
        flat = list(self.pike.Root.Names.Dests.Names)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        return {str(name): pages[place[0].objgen] for name, place in pairs}

    def pages_of(self, chapter: str) -> range:
        """Give the indexes of the pages of a chapter: from its opening to that of the next; none where it is not."""
        first = self.destinations.get(chapter, len(self))
        opened = (page for name, page in self.destinations.items() if "--" not in name and page > first)
        return range(first, min(opened, default=len(self)))

    @cached_property
    def links(self) -> list[Link]:
        """Give all links, in the order of the pages."""
        return [link for n in range(len(self)) for link in self._links(n)]

    def _links(self, index: int) -> Iterator[Link]:
        words = self.pdfium[index].get_textpage()
        for annotation in self.pike.pages[index].obj.get("/Annots", []):
            left, bottom, right, top = (float(side) for side in annotation.Rect)
            text = _plain(words.get_text_bounded(left, min(bottom, top), right, max(bottom, top)))
            if "/Dest" in annotation:
                target = self.destinations[str(annotation.Dest)]
                yield Link(self.labels[index], text, self.labels[target], target, str(annotation.Dest))
            else:
                yield Link(self.labels[index], text, str(annotation.A.URI), -1)

    @cached_property
    def info(self) -> dict[str, str]:
        """Give the document information."""
        return {str(key): str(value) for key, value in self.pike.docinfo.items()}

    @cached_property
    def xmp(self) -> str:
        """Give the XMP packet."""
        return self.pike.Root.Metadata.read_bytes().decode()

    @cached_property
    def fonts(self) -> set[str]:
        """Give the names of the embedded fonts, without their subset tags."""
        found = (o for o in self.pike.objects if isinstance(o, pikepdf.Dictionary) and o.get("/FontFile2") is not None)
        return {str(font.FontName).partition("+")[2] for font in found}

    @cached_property
    def sizes(self) -> set[tuple[float, ...]]:
        """Give the trim sizes in millimetres."""
        boxes = ([float(side) for side in page.trimbox] for page in self.pike.pages)
        return {(round((b[2] - b[0]) / 72 * 25.4, 1), round((b[3] - b[1]) / 72 * 25.4, 1)) for b in boxes}

    @cached_property
    def tags(self) -> list[str]:
        """Give the tag tree, top to bottom, as structure types."""
        return [str(element.S)[1:] for element in _elements(self.pike.Root.StructTreeRoot.K[0])]

    def image(self, index: int, scale: float = 0.4) -> bytes:
        """Draw a page in grey, small."""
        return bytes(self.pdfium[index].render(scale=scale, grayscale=True).to_pil().tobytes())

    def projection(self) -> str:
        """Give the whole book as text: each page with its first and last words, and the outline.

        The digest of the sources is left out, so that an edit does not touch the last page. The words come in the
        order in which they were drawn, which does not hang on a hundredth of a point.
        """
        drawn = (re.sub(r"[0-9a-f]{16,}[0-9a-f ]*", "… ", _plain(page.extract_text())) for page in self.reader.pages)
        lines = [f"{label:>8}  {text[:48]} … {text[-32:]}" for label, text in zip(self.labels, drawn, strict=True)]
        lines += ["", *(f"{'  ' * level}{title} → {label}" for level, title, label in self.outline)]
        return "\n".join(lines) + "\n"


def _elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _elements(kid)


def _plain(text: str) -> str:
    text = re.sub(r"[\u2010\ufffe\u0002-]\r?\n", "", text.replace("\ufffe", "\u2010\n"))
    return " ".join(text.split())
