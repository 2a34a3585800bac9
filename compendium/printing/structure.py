"""Laid-out pages → the tag tree as values: one tag per element of the source, however many pages it spans.

A box belongs to the tag of its element; boxes of one element on several pages, and boxes that the engine makes
without an element, therefore fall together by themselves. What has no place in the tree is an artifact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from typing import Any

from weasyprint import Page
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from .tags import INLINE, Box, Hotspot, Piece, Tag, prune, put_captions_first, space_lines

TYPES = {
    element: type
    for type, elements in {
        "Sect": ("main", "section", "aside"),
        "Art": ("article",),
        "Div": ("figure",),
        "TOC": ("nav",),
        "BlockQuote": ("blockquote",),
        "P": ("p", "pre", "address"),
        "Caption": ("figcaption", "caption"),
        "L": ("ul", "ol"),
        "LI": ("li",),
        "Figure": ("img", "{http://www.w3.org/2000/svg}svg"),
        "Table": ("table",),
        "THead": ("thead",),
        "TBody": ("tbody",),
        "TFoot": ("tfoot",),
        "TR": ("tr",),
        "TH": ("th",),
        "TD": ("td",),
        "Link": ("a",),
        "Span": ("abbr",),
        "Code": ("code",),
        "Quote": ("q",),
    }.items()
    for element in elements
}
"""HTML element → structure type (ISO 32000-1, 14.8.4); the others give their content to the element around them.
An attribute `data-tag` names another type."""

_NUMBERINGS = {
    "decimal": "Decimal",
    "upper-roman": "UpperRoman",
    "lower-roman": "LowerRoman",
    "upper-alpha": "UpperAlpha",
    "lower-alpha": "LowerAlpha",
    "circle": "Circle",
    "square": "Square",
    "none": "None",
}
_SCOPES = {"col": "Column", "row": "Row", "colgroup": "Column", "rowgroup": "Row"}


class Structure:
    """The tag tree of laid-out pages, and the boxes that repeat on every page."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.document = Tag("Document", None, None, 0)
        self.running: set[Box] = set()
        self.tags: dict[tuple[Any, str], Tag] = {}
        self.chapter, self.numbers, self.level = "", count(1), 0
        for number, page in enumerate(pages):
            self.links = {link[3] for link in page.links}
            self.height = page.height
            self._visit(page._page_box, self.document, number, None)
        put_captions_first(self.document)
        prune(self.document)
        self.pieces = {piece.box: piece for piece in self.document.pieces}
        space_lines(self.document)

    def _visit(self, box: Box, above: Tag, page: int, line: Box) -> None:
        """Sort a box and all in it into the tree."""
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        tag = self._tag(box, above, page)
        if tag is None:
            self.running.update(box.descendants())
            return
        if box in self.links:
            tag.kids.append(Hotspot(box, page))
        if isinstance(box, boxes.ReplacedBox):
            tag.kids.append(Piece(box, page))
        elif isinstance(box, boxes.TextBox):
            self._add_text(box, tag, page, line)
        for child in getattr(box, "children", ()):
            self._visit(child, tag, page, box if isinstance(box, boxes.LineBox) else line)

    def _add_text(self, box: Box, tag: Tag, page: int, line: Box) -> None:
        if box.text.strip():
            block = tag
            while block.type in INLINE and block.above:
                block = block.above
            tag.kids.append(Piece(box, page, line, block))
        elif tag.kids and (before := list(tag.pieces)):
            before[-1].spaced = True  # the engine does not draw a space that stands alone

    def _tag(self, box: Box, above: Tag, page: int) -> Tag | None:
        """Find the tag of a box, or make it; None for what repeats or decorates."""
        if isinstance(box, boxes.MarginBox) or box.is_leader:
            return None
        if box.element is None:
            return above
        pseudo = (box.element_tag or "").partition("::")[2]
        known = self.tags.get((box.element, pseudo))
        if known:
            repeated = isinstance(box, boxes.TableRowGroupBox) and box.is_header and known.page != page
            return None if repeated else known
        tag = self._new(box, pseudo, above, page)
        if tag is not None and tag is not above:
            self.tags[box.element, pseudo] = tag
        return tag

    def _new(self, box: Box, pseudo: str, above: Tag, page: int) -> Tag | None:
        element = box.element
        if pseudo in _PSEUDO:
            return _PSEUDO[pseudo](self, element, above, page)
        if pseudo:
            return above
        type = element.get("data-tag") or TYPES.get(element.tag, "")
        if re.fullmatch("h[1-6]", str(element.tag)):
            type = self._heading(int(element.tag[1]) + above.inside("Art") + (above.type == "Art"))
        if type == "Figure" and not _alt(element):
            return None
        if type and above is self.document:
            self.chapter, self.numbers = str(element.get("id") or ""), count(1)
            self.level = int(element.get("data-level") or type == "Art")  # an Art stands below the heading of its part
        language = element.get("lang", "") if above is not self.document else ""
        if not type and not language:
            return above
        tag = self._hang(type or "Span", element, above, page)
        tag.lang = language
        self._describe(tag, box)
        return tag

    def _heading(self, wanted: int) -> str:
        """Give a heading its level, at most one below the last (ISO 14289-1, 7.4.2), whatever size its author chose."""
        self.level = min(6, wanted, self.level + 1)
        return f"H{self.level}"

    def _hang(self, type: str, element: Any, above: Tag, page: int) -> Tag:
        """Hang an element where its kind belongs (ISO 32000-1, tables 333 to 338)."""
        if above.type == "TOC" and type in ("Sect", "Div"):
            type = "TOC"
        if above.type == "TOC" and type == "Link":
            above = above.add("TOCI", element, page).add("Reference", element, page)
        if type == "LI":
            return above.add("LI", element, page).add("LBody", element, page)
        return above.add(type, element, page)

    def _describe(self, tag: Tag, box: Box) -> None:
        """Add what its type needs: alternate text, expansion, numbering, scope, spans, an id."""
        element = tag.element
        if tag.type == "Figure":
            tag.alt, tag.id = _alt(element), _figure_id(tag)
            tag.attributes["Layout"] = {"BBox": self._rectangle(box)}
        elif tag.type == "Span":
            tag.expansion = element.get("title", "")
        elif tag.type == "L":
            tag.attributes["List"] = {"ListNumbering": "/" + _numbering(box)}
        elif tag.type in ("TH", "TD"):
            tag.attributes["Table"] = _cell(tag, box)
            tag.id = f"{self.chapter}--head.{next(self.numbers)}" if tag.type == "TH" else ""

    def _rectangle(self, box: Box) -> list[float]:
        """Give a box's place on the page in points from its lower left (ISO 32000-1, table 343)."""
        x, y = box.content_box_x() * 0.75, (self.height - box.content_box_y()) * 0.75
        return [round(side, 2) for side in (x, y - box.height * 0.75, x + box.width * 0.75, y)]

    def _call(self, element: Any, above: Tag, page: int) -> Tag:
        """Make the reference to a note, and directly after it the note's own place."""
        link = above.add("Reference", element, page).add("Link", element, page)
        if (element, "") not in self.tags:
            self.tags[element, ""] = note = above.add("Note", element, page)
            note.id = element.get("id") or f"{self.chapter}--note.{next(self.numbers)}"
        return link

    def _note_label(self, element: Any, above: Tag, page: int) -> Tag:
        return above.add("Lbl", element, page).add("Link", element, page)

    def _marker(self, element: Any, above: Tag, page: int) -> Tag:
        """Make an item's label, before its body."""
        item = above.above or above
        label = Tag("Lbl", element, item, page)
        item.kids.insert(0, label)
        return label


_PSEUDO = {
    "footnote-call": Structure._call,
    "footnote-marker": Structure._note_label,
    "marker": Structure._marker,
}


def _alt(element: Any) -> str:
    title = element.find("{http://www.w3.org/2000/svg}title")
    return str((title.text if title is not None else element.get("alt")) or "").strip()


def _figure_id(tag: Tag) -> str:
    around = tag.above.element if tag.above is not None else None
    return "" if around is None or around.tag != "figure" else str(around.get("id") or "")


def _numbering(box: Box) -> str:
    style = next((child.style["list_style_type"] for child in box.children), box.style["list_style_type"])
    return _NUMBERINGS.get(style, "Disc") if isinstance(style, str) else "Disc"


def _cell(tag: Tag, box: Box) -> dict[str, Any]:
    spans = {key: n for key, n in (("ColSpan", box.colspan), ("RowSpan", box.rowspan)) if n != 1}
    return {"Scope": "/" + _SCOPES.get(tag.element.get("scope"), "Column"), **spans} if tag.type == "TH" else spans
