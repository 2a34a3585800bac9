"""The hooks on WeasyPrint's private ways: the names of all are here, so that one test can say which moved.

The engine marks every text for itself, tags running heads like text, and makes a new element wherever a page ends.
Here its stream and its tag writer are replaced while a document is written: what `structure` found is marked, the
rest is an artifact, and the tree is written as `structure` has it.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pydyf
import weasyprint.pdf
from fontTools.ttLib import TTFont
from weasyprint import Document, Page
from weasyprint.pdf.stream import Stream

from .sorts import Numbers, shows_text
from .structure import Structure
from .tags import Hotspot, Piece, Tag

LEANS_ON: Mapping[str, str] = {
    "weasyprint.pdf.generate_pdf": "626343ef25c3",
    "weasyprint.pdf.tags.add_tags": "f0e74575b0ba",
    "weasyprint.pdf.anchors.add_links": "262e8b9b2998",
    "weasyprint.pdf.anchors.resolve_links": "f95937bb4e4f",
    "weasyprint.pdf.fonts.build_fonts_dictionary": "fc551bef35d0",
    "weasyprint.pdf.fonts.Font": "1888854798bf",
    "weasyprint.pdf.stream.Stream": "624257224db6",
    "weasyprint.draw.draw_inline_level": "068162a401d0",
    "weasyprint.draw.draw_block_level": "3de9ec3ad4aa",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e",
    "weasyprint.document.Page": "69061840d66b",
    "weasyprint.anchors.gather_anchors": "373f8c676f27",
    "weasyprint.layout.absolute.AbsolutePlaceholder": "336e26c56311",
    "weasyprint.formatting_structure.build.element_to_box": "2d0a37e45b7f",
    "weasyprint.formatting_structure.build.marker_to_box": "b471a3133517",
    "weasyprint.text.line_break.split_first_line": "39ad1016863c",
    # `sorts` takes folios out, draws their signs, and those of the numbers in a text:
    "weasyprint.layout.page.make_margin_boxes": "4a2d2e301eb3",
    "weasyprint.draw.text.draw_text": "ebaf96239c6c",
    # `breaking` mends where lines break:
    "weasyprint.layout.inline.split_text_box": "8c564329599e",
    "weasyprint.layout.inline.split_inline_box": "3a0cb7ca7e34",
    "weasyprint.text.line_break.can_break_text": "4f3fb5ef1c23",
    # `keeping` mends where notes stand:
    "weasyprint.layout.block._linebox_layout": "e07bbe000974",
    "weasyprint.layout.block.remove_placeholders": "ce16d97a1caa",
    "weasyprint.layout.LayoutContext": "211f859ff4e2",
    # `sides` turns pages round (and asks any style for a custom property, as `hastening` does for others):
    "weasyprint.formatting_structure.boxes.PageBox": "8d44dc3f384a",
    # `measuring` reads the boxes:
    "weasyprint.formatting_structure.boxes.LineBox": "1a068a4d0ed8",
    "weasyprint.formatting_structure.boxes.TextBox": "7fcb818c71c2",
    "weasyprint.formatting_structure.boxes.MarginBox": "79a17d1578a5",
    "weasyprint.formatting_structure.boxes.FootnoteAreaBox": "44d2d15f921a",
    "weasyprint.text.line_break.create_layout": "6587192cc0ab",
    "weasyprint.text.line_break.line_size": "03fa04fd51fc",
}
"""Every private name that this module, `structure`, `sorts`, `sides`, `naming`, `breaking`, `keeping` and `measuring`
lean on, with the first letters of its source's SHA-256."""

SOFT_HYPHEN = "\xad"
PRINTED = 4
"""The flag of a link that PDF/A asks for (ISO 19005-3, 6.3.2)."""
_LAST_GLYPH = re.compile(rb"^\[(.*<[0-9a-f]*)([0-9a-f]{4})>([^<>]*)\] TJ$", re.DOTALL)


def write(document: Document, numbers: Numbers | None = None) -> bytes:
    """Write a document with whole tags; with the page numbers in its text marked, where they are asked for."""
    structure = Structure(document.pages)

    def stream(*args: Any, **kwargs: Any) -> Stream:
        return _TaggedStream(structure, numbers, *args, **kwargs)

    def tags(pdf: Any, document: Document, _: object, __: object) -> None:
        _TagWriter(pdf, document, structure).write()

    with _replaced(Stream=stream, add_tags=tags):
        return bytes(document.write_pdf(pdf_tags=True, finisher=_trim))


def _trim(_: Document, pdf: Any) -> None:
    """Show each page as it will be cut: what bleeds lies beyond, painted, and a file for the press brings it back."""
    for page in pdf.objects:
        if isinstance(page, pydyf.Dictionary) and page.get("Type") == "/Page":
            page["MediaBox"] = page["BleedBox"] = page["TrimBox"]


@contextmanager
def _replaced(**names: Any) -> Iterator[None]:
    """Let the engine's writer use other parts while a document is written."""
    own = {name: getattr(weasyprint.pdf, name) for name in names}
    try:
        for name, part in names.items():
            setattr(weasyprint.pdf, name, part)
        yield
    finally:
        for name, part in own.items():
            setattr(weasyprint.pdf, name, part)


def link_notes(pages: Sequence[Page]) -> None:
    """Link every call to its note and every note back to its call."""
    for page in pages:
        for box in page._page_box.descendants():
            kind = str(getattr(box, "element_tag", None)).partition("::")[2]
            name = box.element.get("id") if kind in ("footnote-call", "footnote-marker") else None
            if name and not hasattr(box, "text"):
                x, y, width, height = box.hit_area()
                place = (x, y, x + width, y + height)
                page.links.append(("internal", name if kind == "footnote-call" else f"{name}--call", place, box))
                if kind == "footnote-call":
                    page.anchors[f"{name}--call"] = place


class _TaggedStream(Stream):  # type: ignore[misc]  # WeasyPrint brings no types
    """A page's content: marks what `structure` found, keeps pictures sharp, ends lines as their source does."""

    def __init__(self, structure: Structure, numbers: Numbers | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.structure, self.numbers = structure, numbers
        self.piece: Piece | None = None

    def add_image(self, image: Any, interpolate: bool, ratio: float) -> str:
        """Never ask viewers to smooth a picture, which PDF/A forbids (ISO 19005-3, 6.2.8)."""
        return str(super().add_image(image, False, ratio))

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        """Mark a text or picture with its number on the page, or as an artifact (ISO 32000-1, 14.8.2.2)."""
        piece = self.structure.pieces.get(box)
        if piece is None:
            running = pydyf.Dictionary({"Type": "/Pagination"}) if box in self.structure.running else None
            self.begin_marked_content("Artifact", running)
            yield
        else:
            piece.mcid, self._tags[box] = len(self._tags), piece
            piece.properties = pydyf.Dictionary({"MCID": piece.mcid})
            self.begin_marked_content("Span" if piece.text else "Figure", piece.properties)
            self.piece, start = piece, len(self.stream)
            yield
            self.piece = None
            if self.numbers and piece.text:
                self.numbers.mark(self, start, box, piece.page)
            self._end_line(piece, start)
        self.end_marked_content()

    def show_text(self, text: str) -> None:
        """Remember the glyphs of a text, with their font."""
        if self.piece and self._current_font:
            self.piece.shown.append((self._current_font[0], text))
        super().show_text(text)

    def _end_line(self, piece: Piece, start: int) -> None:
        """Make the hyphen of a broken word a soft one, or let a space follow a line (ISO 32000-1, 14.8.2.2.3)."""
        at = next((n for n in range(len(self.stream) - 1, start - 1, -1) if shows_text(self.stream[n])), None)
        if at is None:
            return
        if piece.hyphen and (match := _LAST_GLYPH.match(self.stream[at])):
            soft = pydyf.Dictionary({"ActualText": pydyf.String(SOFT_HYPHEN)})
            hyphen = b"[<" + match[2] + b">" + match[3] + b"] TJ"
            rest = [b"[" + match[1] + b">] TJ"] if match[1] != b"<" else []
            self.stream[at : at + 1] = [*rest, b"/Span", soft, b"BDC", hyphen, b"EMC"]
        elif piece.spaced and (space := self._space(piece)):
            self.stream[at] = self.stream[at].removesuffix(b"] TJ") + f"<{space:04x}>] TJ".encode()

    def _space(self, piece: Piece) -> int:
        """Give the glyph of the space in the font of a text's end, and let the font travel with it."""
        font = next(font for font in self._fonts.values() if font.hash == piece.shown[-1][0])
        if font.hash not in _SPACES:
            file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
            name = file.getBestCmap().get(0x20)
            width = file["hmtx"][name][0] * 1000 / file["head"].unitsPerEm if name else 0
            _SPACES[font.hash] = (file.getGlyphID(name) if name else 0, round(width))
        glyph, width = _SPACES[font.hash]
        if glyph:
            font.to_unicode.setdefault(glyph, " ")
            font.widths.setdefault(glyph, width)
        return glyph


_SPACES: dict[str, tuple[int, int]] = {}
"""Font → the glyph and width of its space."""


class _TagWriter:
    """Writes a tag tree into the engine's file (ISO 32000-1, 14.7)."""

    def __init__(self, pdf: Any, document: Document, structure: Structure) -> None:
        self.pdf, self.structure, self.pages = pdf, structure, document.pages
        self.parents: list[dict[int, bytes]] = [{} for _ in document.pages]
        self.annotations: list[bytes] = []
        self.spellings = _spellings(document.fonts.values())

    def write(self) -> None:
        """Write the tree, what ties pages and links to it, and what the catalogue says of it."""
        root = self._object({"Type": "/StructTreeRoot"})
        top = self._element(self.structure.document, root)
        root["K"] = pydyf.Array([top.reference])
        root["ParentTree"] = self._parent_tree().reference
        self.pdf.catalog["StructTreeRoot"] = root.reference
        self.pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})

    def _object(self, entries: Mapping[str, Any]) -> Any:
        self.pdf.add_object(made := pydyf.Dictionary(entries))
        return made

    def _parent_tree(self) -> Any:
        numbers = pydyf.Array()
        for number, owners in enumerate(self.parents):
            numbers.extend((number, pydyf.Array([owners[mcid] for mcid in sorted(owners)])))
        for number, owner in enumerate(self.annotations, len(self.parents)):
            numbers.extend((number, owner))
        return self._object({"Nums": numbers})

    def _element(self, tag: Tag, above: Any) -> Any:
        made = self._object({"Type": "/StructElem", "S": f"/{tag.type}", "P": above.reference})
        if tag is not self.structure.document:
            made["Pg"] = self.pdf.page_references[tag.page]
        texts = {"ID": tag.id, "Lang": tag.lang, "Alt": tag.alt, "E": tag.expansion}
        made.update({key: pydyf.String(text) for key, text in texts.items() if text})
        if attributes := [_attributes(owner, values) for owner, values in tag.attributes.items() if values]:
            made["A"] = attributes[0] if len(attributes) == 1 else pydyf.Array(attributes)
        made["K"] = pydyf.Array([kid for each in tag.kids if (kid := self._kid(each, tag, made)) is not None])
        return made

    def _kid(self, kid: Tag | Piece | Hotspot, tag: Tag, made: Any) -> Any:
        if isinstance(kid, Tag):
            return self._element(kid, made).reference
        if isinstance(kid, Hotspot):
            return self._link(kid, tag, made)
        if kid.mcid is None:
            return None
        self._spell(kid)
        self.parents[kid.page][kid.mcid] = made.reference
        if kid.page == tag.page:
            return kid.mcid
        return pydyf.Dictionary({"Type": "/MCR", "Pg": self.pdf.page_references[kid.page], "MCID": kid.mcid})

    def _link(self, spot: Hotspot, tag: Tag, made: Any) -> Any:
        """Tie a link to its element, and describe it in words (ISO 14289-1, 7.18.5)."""
        annotation = spot.box.link_annotation
        if annotation is None:
            return None
        annotation["Contents"] = pydyf.String(_description(tag))
        annotation["F"] = PRINTED
        annotation["StructParent"] = len(self.parents) + len(self.annotations)
        self.annotations.append(made.reference)
        page = self.pdf.page_references[spot.page]
        return pydyf.Dictionary({"Type": "/OBJR", "Pg": page, "Obj": annotation.reference})

    def _spell(self, piece: Piece) -> None:
        """Say a text's letters where its glyphs say others: small capitals stand for large and small letters."""
        if not piece.text or _runs_left(piece.text):
            return
        shown = "".join(self.spellings[font].get(code, "") for font, text in piece.shown for code in _codes(text))
        if _letters(shown) != _letters(piece.text + piece.hyphen):
            text = piece.text + (SOFT_HYPHEN if piece.hyphen else " " if piece.spaced else "")
            piece.properties["ActualText"] = pydyf.String(text)


def _attributes(owner: str, values: Mapping[str, Any]) -> Any:
    listed = {key: pydyf.Array(value) if isinstance(value, list) else value for key, value in values.items()}
    return pydyf.Dictionary({"O": f"/{owner}", **listed})


def _description(tag: Tag) -> str:
    """Say in words where a link leads: what its author says of it, else its text."""
    element, kind = tag.element, tag.above.type if tag.above else ""
    if kind == "Reference" and element.get("data-call"):
        return f"{element.get('data-call')} {tag.text}"
    if kind == "Lbl" and element.get("data-back"):
        return str(element.get("data-back"))
    return str(element.get("aria-label") or element.get("title") or tag.text)


def _runs_left(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def _codes(text: str) -> Iterator[str]:
    """Give the glyphs of a shown text, each as it is written: with four figures."""
    for run in re.findall("<([0-9a-f]+)>", text):
        yield from (run[n : n + 4] for n in range(0, len(run), 4))


def _spellings(fonts: Any) -> dict[str, dict[str, str]]:
    """Give what the glyphs of every font will say: font → glyph, as it is written → text."""
    found: dict[str, dict[str, str]] = {}
    for font in fonts:
        known = found.setdefault(font.hash, {})
        known.update((f"{glyph:04x}", text) for glyph, text in font.to_unicode.items())
    return found


def _letters(text: str) -> str:
    return "".join(text.split()).replace(SOFT_HYPHEN, "").replace("\u200b", "")
