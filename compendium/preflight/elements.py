"""Rules of the file gate about single elements: headings, lists, tables, pictures, notes (ISO 14289-1, 7.2 to 7.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .sheets import Element, File, Finding

_HOLDS = {
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
}
"""What an element may hold (ISO 32000-1, tables 333, 336 and 337)."""
_LIES_IN = {
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TFoot": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
    "Caption": {"Table", "Figure", "L", "TOC"},
}


def headings(file: File) -> Iterator[Finding]:
    """Headings go down one level at a time (ISO 14289-1, 7.4.2)."""
    last = 0
    for element in file.elements:
        if element.type == "Art":
            last = 1  # the heading of its part
        if element.type == "Div" and element.above is file.elements[0]:
            last = 6  # a take apart from those before it
        if match := re.fullmatch("H([1-6])", element.type):
            if int(match[1]) > last + 1:
                yield element.page, f"A heading of level {match[1]} follows one of level {last}."
            last = int(match[1])


def heading_words(file: File) -> Iterator[Finding]:
    """No heading is empty (house rule)."""
    for element in file.elements:
        if re.fullmatch("H[1-6]?", element.type) and not any(below.marks for below in element.walk()):
            yield element.page, "A heading has no words."


def one_kind_of_headings(file: File) -> Iterator[Finding]:
    """Headings are all numbered by level (ISO 14289-1, 7.4.4)."""
    yield from ((element.page, "A heading has no level.") for element in file.elements if element.type == "H")


def holding(file: File) -> Iterator[Finding]:
    """Tables, lists and contents hold what they may hold (ISO 14289-1, 7.2)."""
    for element in file.elements:
        allowed = _HOLDS.get(element.type)
        if allowed is not None and (element.marks or any(kid.type not in allowed for kid in element.kids)):
            yield element.page, f"A {element.type} holds what it may not hold."


def lying(file: File) -> Iterator[Finding]:
    """Rows, cells, items and captions lie where they belong (ISO 14289-1, 7.2)."""
    for element in file.elements:
        allowed, above = _LIES_IN.get(element.type), element.above.type if element.above else ""
        if allowed is not None and above not in allowed:
            yield element.page, f"A {element.type} lies in a {above}."


def captions(file: File) -> Iterator[Finding]:
    """A caption comes first in its table or figure, and alone (ISO 32000-1, table 333)."""
    for element in file.elements:
        kinds = [kid.type for kid in element.kids]
        first = kinds[:1] == ["Caption"] and not isinstance(element.obj.K[0], int)
        if "Caption" in kinds and (kinds.count("Caption") > 1 or not first):
            yield element.page, f"The caption of a {element.type} does not come first."


def bodies(file: File) -> Iterator[Finding]:
    """A table with a head has a body too, and one of each (ISO 14289-1, 7.2)."""
    for element in file.elements:
        kinds = [kid.type for kid in element.kids] if element.type == "Table" else []
        if ("THead" in kinds and "TBody" not in kinds) or kinds.count("THead") > 1 or kinds.count("TFoot") > 1:
            yield element.page, "A table has a head without a body, or two heads."


def heads(file: File) -> Iterator[Finding]:
    """Every table has head cells, and each says what it is the head of (ISO 14289-1, 7.5)."""
    for element in file.elements:
        cells = list(element.walk()) if element.type == "Table" else []
        if cells and not any(cell.type == "TH" for cell in cells):
            yield element.page, "A table has no heads."
        if any(cell.type == "TH" and cell.attribute("/Table", "/Scope") is None for cell in cells):
            yield element.page, "A head of a table does not say whether it heads a row or a column."


def head_ids(file: File) -> Iterator[Finding]:
    """Every head cell has an id (ISO 32000-1, 14.8.5.7; house rule)."""
    for element in file.elements:
        if element.type == "TH" and "/ID" not in element.obj:
            yield element.page, "A head of a table has no id."


def grid(file: File) -> Iterator[Finding]:
    """All rows of a table are as wide as each other (ISO 14289-1, 7.2)."""
    for element in file.elements:
        if element.type == "Table" and len(set(_widths(element))) > 1:
            yield element.page, "The rows of a table are not of one width."


def _widths(table: Element) -> list[int]:
    """Count the columns of every row, with those that cells of earlier rows reach into."""
    widths, reaching = [], [0] * 200
    for row in (element for element in table.walk() if element.type == "TR"):
        width = sum(1 for left in reaching if left)
        reaching = [max(0, left - 1) for left in reaching]
        for cell in row.kids:
            across, down = (int(cell.attribute("/Table", key) or 1) for key in ("/ColSpan", "/RowSpan"))
            width += across
            free = [n for n, left in enumerate(reaching) if not left][:across] if down > 1 else []
            for n in free:
                reaching[n] = down - 1
        widths.append(width)
    return widths


def numbering(file: File) -> Iterator[Finding]:
    """Every list says how it is numbered (ISO 32000-1, 14.8.5.5)."""
    for element in file.elements:
        if element.type == "L" and element.attribute("/List", "/ListNumbering") is None:
            yield element.page, "A list does not say how it is numbered."


def alternates(file: File) -> Iterator[Finding]:
    """Every picture is told in words (ISO 14289-1, 7.3)."""
    for element in file.elements:
        if element.type in ("Figure", "Formula") and not str(element.obj.get("/Alt", "")).strip():
            yield element.page, "A picture is not told in words."


def places(file: File) -> Iterator[Finding]:
    """Every picture says where it lies, on its page (ISO 14289-1, 7.3; ISO 32000-1, table 343)."""
    for element in file.elements:
        if element.type == "Figure":
            box = [float(side) for side in element.attribute("/Layout", "/BBox") or ()]
            page = [float(side) for side in file.pdf.pages[element.page or 0].mediabox]
            if not box or not _within(box, page):
                yield element.page, "A picture does not say where it lies, or lies outside its page."


def _within(box: list[float], page: list[float]) -> bool:
    left, bottom, right, top = box
    return page[0] - 1 <= left < right <= page[2] + 1 and page[1] - 1 <= bottom < top <= page[3] + 1


def notes(file: File) -> Iterator[Finding]:
    """Every note has an id (ISO 14289-1, 7.9)."""
    for element in file.elements:
        if element.type == "Note" and not bytes(element.obj.get("/ID", b"")):
            yield element.page, "A note has no id."


def calls(file: File) -> Iterator[Finding]:
    """Every note follows its call, and a link leads from one to the other and back (house rule)."""
    for element in file.elements:
        if element.type == "Note" and element.above:
            at = element.above.kids.index(element)
            called = at > 0 and element.above.kids[at - 1].type == "Reference"
            links = any(below.links for below in element.walk())
            if not called or not links or not any(below.links for below in element.above.kids[at - 1].walk()):
                yield element.page, "A note does not follow its call, or they do not lead to each other."


def expansions(file: File) -> Iterator[Finding]:
    """No acronym has an empty expansion (ISO 14289-1, 7.2; house rule)."""
    for element in file.elements:
        if "/E" in element.obj and not str(element.obj.E).strip():
            yield element.page, "An acronym has an empty expansion."


RULES = {
    "ua-7.4.2-headings": headings,
    "ua-heading-words": heading_words,
    "ua-7.4.4-levels": one_kind_of_headings,
    "ua-7.2-holding": holding,
    "ua-7.2-lying": lying,
    "ua-captions": captions,
    "ua-7.2-bodies": bodies,
    "ua-7.5-heads": heads,
    "ua-head-ids": head_ids,
    "ua-7.2-grid": grid,
    "ua-list-numbering": numbering,
    "ua-7.3-alternates": alternates,
    "ua-7.3-places": places,
    "ua-7.9-notes": notes,
    "ua-note-calls": calls,
    "ua-expansions": expansions,
}
