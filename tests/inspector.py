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
        self._marked: dict[int, dict[int, str]] = {}

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
        pairs = pikepdf.NameTree(self.pike.Root.Names.Dests).items()
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

    # --- What a screen reader asks ---

    def marked(self, index: int) -> dict[int, str]:
        """Give the words of a page by the number of their mark (ISO 32000-1, 14.7.4.2), soft hyphens as such."""
        if index not in self._marked:
            self._marked[index] = dict(_marked(self.pike, self.pike.pages[index]))
        return self._marked[index]

    def reading(self, element: Any = None, page: int = -1) -> str:
        """Give the words below an element as they are read aloud: its line ends as spaces, its hyphenation undone."""
        element = self.pike.Root.StructTreeRoot.K[0] if element is None else element
        words = "".join(self._words(element, page))
        return " ".join(words.replace("\xad", "").split())

    def _words(self, element: Any, page: int) -> Iterator[str]:
        page = self._pages[element.Pg.objgen] if "/Pg" in element else page
        for kid in _kids(element):
            if isinstance(kid, int):
                yield self.marked(page).get(kid, "")
            elif "/MCID" in kid:
                yield self.marked(self._pages[kid.Pg.objgen]).get(int(kid.MCID), "")
            elif "/S" in kid:
                yield from self._words(kid, page)

    @cached_property
    def _pages(self) -> dict[Any, int]:
        return {page.objgen: index for index, page in enumerate(self.pike.pages)}

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Give the headings with their levels."""
        found = (element for element in self.elements if re.fullmatch("/H[1-6]", str(element.S)))
        return [(int(str(element.S)[2:]), self.reading(element)) for element in found]

    @cached_property
    def elements(self) -> list[Any]:
        """Give the structure elements in reading order."""
        return list(_elements(self.pike.Root.StructTreeRoot.K[0]))

    @cached_property
    def descriptions(self) -> list[str]:
        """Give what every link says of itself."""
        return [str(link.Contents) for page in self.pike.pages for link in page.obj.get("/Annots", [])]

    def tag_text(self, element: Any = None, depth: int = 0) -> str:
        """Give the tag tree as text, without page numbers: types, what is told beside the text, and the text."""
        element = self.pike.Root.StructTreeRoot.K[0] if element is None else element
        told = [f" {key}={str(element[f'/{key}'])!r}" for key in ("Lang", "Alt", "E") if f"/{key}" in element]
        lines = [f"{'  ' * depth}{str(element.S)[1:]}{''.join(told)}"]
        run: list[str] = []
        page = self._pages[element.Pg.objgen] if "/Pg" in element else -1
        for kid in [*(kid for kid in _kids(element) if isinstance(kid, int) or "/Obj" not in kid), None]:
            if isinstance(kid, int):
                run.append(self.marked(page).get(kid, ""))
            elif kid is not None and "/MCID" in kid:
                run.append(self.marked(self._pages[kid.Pg.objgen]).get(int(kid.MCID), ""))
            else:
                words = " ".join("".join(run).replace("\xad", "").split())
                lines += [f"{'  ' * (depth + 1)}| {words}"] if words else []
                run = []
                if kid is not None and "/S" in kid:
                    lines.append(self.tag_text(kid, depth + 1))
        return "\n".join(lines)

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


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _marked(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[tuple[int, str]]:
    """Read the marked content of a page as a screen reader does: by ToUnicode, or by what stands in its stead."""
    found: dict[int, str] = {}
    maps: dict[str, dict[int, str]] = {}
    stack: list[tuple[int | None, str | None]] = [(None, None)]
    font = ""
    for step in pikepdf.parse_content_stream(page, "BMC BDC EMC Tf Tj TJ"):
        operator, operands = str(step.operator), step.operands
        if operator in ("BMC", "BDC"):
            told: Any = operands[1] if operator == "BDC" else {}
            mark = int(told["/MCID"]) if "/MCID" in told else stack[-1][0]
            mark = None if str(operands[0]) == "/Artifact" else mark
            instead = str(told["/ActualText"]) if "/ActualText" in told else None
            if instead is not None and mark is not None and stack[-1][1] is None:
                found[mark] = found.get(mark, "") + instead
            stack.append((mark, stack[-1][1] if instead is None else instead))
        elif operator == "EMC":
            stack.pop()
        elif operator == "Tf":
            font = str(operands[0])
            if font not in maps:
                maps[font] = _to_unicode(page.Resources.Font[font].ToUnicode.read_bytes())
        elif stack[-1][0] is not None and stack[-1][1] is None:
            strings = operands[0] if operator == "TJ" else operands
            codes = b"".join(bytes(one) for one in strings if isinstance(one, pikepdf.String))
            pairs = (int.from_bytes(codes[n : n + 2], "big") for n in range(0, len(codes), 2))
            found[stack[-1][0]] = found.get(stack[-1][0], "") + "".join(maps[font].get(code, "") for code in pairs)
    yield from found.items()


def _to_unicode(stream: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]*)>", stream)
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _plain(text: str) -> str:
    text = re.sub(r"[\u2010\ufffe\u0002-]\r?\n", "", text.replace("\ufffe", "\u2010\n"))
    return " ".join(text.split())
