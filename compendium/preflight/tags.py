"""Rules of the file gate about the tag tree: whole, tied to the pages both ways, of standard types (ISO 14289-1)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name

from .sheets import File, Finding, keys

STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "P"),
    *("H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead"),
    *("TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB"),
    *("RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form", "Private"),
}
"""ISO 32000-1, 14.8.4."""
_LONGEST = 32_767
_TEXTS = ("/ActualText", "/Alt", "/E", "/ID", "/Lang", "/T")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{2,8})*")


def marked(file: File) -> Iterator[Finding]:
    """The file says that it is tagged (ISO 14289-1, 6.2; ISO 19005-3, 6.7.2)."""
    if file.root.get("/MarkInfo", Dictionary()).get("/Marked", False) is not True:
        yield None, "The file does not say that it is tagged."


def suspects(file: File) -> Iterator[Finding]:
    """The tags are not called doubtful (ISO 14289-1, 7.1)."""
    if file.root.get("/MarkInfo", Dictionary()).get("/Suspects", False) is True:
        yield None, "The file calls its own tags doubtful."


def tree(file: File) -> Iterator[Finding]:
    """There is a tag tree, under one Document (ISO 14289-1, 7.1; ISO 19005-3, 6.7.3)."""
    top = file.head
    if top is None or top.get("/S") != Name.Document or not len(top.get("/K", Array())):
        yield None, "The file has no tag tree under one Document."


def joined(file: File) -> Iterator[Finding]:
    """Every text hangs in the Document, or in a part, and leads back to it (ISO 32000-1, table 323)."""
    parts = [kid for kid in _kids(file.head) if kid.get("/S") == Name.Part]
    for over in [file.head, *parts]:
        for kid in _kids(over):
            if kid.get("/S") == Name.Art and over.get("/S") != Name.Part and parts:
                yield None, "A case hangs in no part of the book."
            if "/P" not in kid or kid.P.objgen != over.objgen:
                yield None, "A text does not lead back to the part of the book that it is in."
    ties = list(keys(file.root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary()), "/Nums"))
    if ties != sorted(set(ties)):
        yield None, "The keys of pages and links are not in order, or one stands twice."


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", Array()) if element is not None else Array()
    return [kid for kid in kids if isinstance(kid, Dictionary) and "/S" in kid] if isinstance(kids, Array) else []


def nothing_loose(file: File) -> Iterator[Finding]:
    """Everything on a page is tagged or an artifact (ISO 14289-1, 7.1)."""
    for page, content in enumerate(file.contents):
        if content.loose:
            yield page, f"{content.loose} things on the page are neither tagged nor artifacts."


def nothing_mixed(file: File) -> Iterator[Finding]:
    """No artifact lies in tagged content, and no tagged content in an artifact (ISO 14289-1, 7.1)."""
    for page, content in enumerate(file.contents):
        if content.mixed:
            yield page, f"{content.mixed} times tagged content and artifacts lie in each other."


def marks_once(file: File) -> Iterator[Finding]:
    """Every number of marked content is given once on its page (ISO 32000-1, 14.7.4.2)."""
    for page, content in enumerate(file.contents):
        if len(content.marks) != len(set(content.marks)):
            yield page, "Two pieces of the page have the same number."


def marks_owned(file: File) -> Iterator[Finding]:
    """Every piece of marked content is heard: one element holds it (ISO 14289-1, 7.1)."""
    held = Counter(mark for element in file.elements for mark in element.marks)
    for page, content in enumerate(file.contents):
        if lost := [mark for mark in content.marks if held[page, mark] != 1]:
            yield page, f"{len(lost)} pieces of the page are in no element, or in two."


def marks_exist(file: File) -> Iterator[Finding]:
    """No element holds content that is not there (ISO 32000-1, 14.7.4.2)."""
    there = {(page, mark) for page, content in enumerate(file.contents) for mark in content.marks}
    for element in file.elements:
        if any(mark not in there for mark in element.marks):
            yield element.page, f"An element {element.type} holds content that is not there."


def tied(file: File) -> Iterator[Finding]:
    """Every page leads from its content back to the elements (ISO 32000-1, 14.7.4.4)."""
    for page, content in enumerate(file.contents):
        ties: Any = file.parents.get(int(file.pdf.pages[page].obj.get("/StructParents", -1)))
        homes = [(mark, file.owners.get((page, mark))) for mark in content.marks]
        if homes and not isinstance(ties, Array):
            yield page, "The page is not tied to the tag tree."
        elif any(home and (mark >= len(ties) or ties[mark].objgen != home.obj.objgen) for mark, home in homes):
            yield page, "The page is tied to other elements than those that hold its content."


def parents(file: File) -> Iterator[Finding]:
    """Every element leads back to the one that it is in, and to a page of the file (ISO 32000-1, table 323)."""
    for element in file.elements:
        above = element.above.obj if element.above else file.root.StructTreeRoot
        if "/P" not in element.obj or element.obj.P.objgen != above.objgen:
            yield element.page, f"An element {element.type} does not lead back to the one that it is in."
        if element.page == -1:
            yield None, f"An element {element.type} names a page that is not there."


def types(file: File) -> Iterator[Finding]:
    """Every element is of a standard type (ISO 14289-1, 7.1)."""
    for element in file.elements:
        if element.type not in STANDARD:
            yield element.page, f"There is no type {element.type}."


def meaning(file: File) -> Iterator[Finding]:
    """No element hides its meaning: no NonStruct, no Private, no map of roles (house rule)."""
    if "/RoleMap" in file.root.get("/StructTreeRoot", Dictionary()):
        yield None, "The tag tree has a map of roles."
    for element in file.elements:
        if element.type in ("NonStruct", "Private"):
            yield element.page, f"An element is {element.type}."


def long_texts(file: File) -> Iterator[Finding]:
    """No text of a tag is longer than 32,767 bytes (ISO 19005-3, 6.1.13)."""
    for element in file.elements:
        if any(len(bytes(element.obj[key])) > _LONGEST for key in _TEXTS if key in element.obj):
            yield element.page, f"A text of an element {element.type} is too long."


def languages(file: File) -> Iterator[Finding]:
    """Languages are named as BCP 47 has it (ISO 14289-1, 7.2)."""
    found = ((element.page, str(element.obj.Lang)) for element in file.elements if "/Lang" in element.obj)
    yield from ((page, f"There is no language {tag!r}.") for page, tag in found if not _LANGUAGE.fullmatch(tag))


def unique_ids(file: File) -> Iterator[Finding]:
    """No two elements have the same id (ISO 32000-1, table 323)."""
    ids = Counter(bytes(element.obj.ID) for element in file.elements if "/ID" in element.obj)
    for element in file.elements:
        if "/ID" in element.obj and ids[bytes(element.obj.ID)] > 1:
            yield element.page, f"The id {str(element.obj.ID)!r} stands twice."


def listed_ids(file: File) -> Iterator[Finding]:
    """Elements with an id are listed (ISO 32000-1, table 322)."""
    known = set(_listed(file))
    if lost := [element for element in file.elements if "/ID" in element.obj and bytes(element.obj.ID) not in known]:
        yield lost[0].page, f"{len(lost)} elements with an id are not listed."


def ids_in_order(file: File) -> Iterator[Finding]:
    """The list of ids is in order, each once (ISO 32000-1, 7.9.6)."""
    if _listed(file) != sorted(set(_listed(file))):
        yield None, "The list of ids is not in order, or names one twice."


def _listed(file: File) -> list[bytes]:
    return [
        bytes(id) for id in keys(file.root.get("/StructTreeRoot", Dictionary()).get("/IDTree", Dictionary()), "/Names")
    ]


RULES = {
    "ua-6.2-marked": marked,
    "ua-7.1-suspects": suspects,
    "ua-7.1-tree": tree,
    "ua-7.1-tagged": nothing_loose,
    "ua-7.1-mixed": nothing_mixed,
    "ua-marks-once": marks_once,
    "ua-7.1-heard": marks_owned,
    "ua-marks-exist": marks_exist,
    "ua-parent-tree": tied,
    "ua-parents": parents,
    "ua-7.1-types": types,
    "ua-meaning": meaning,
    "a-6.1.13-texts": long_texts,
    "ua-7.2-languages": languages,
    "ua-ids-unique": unique_ids,
    "ua-ids-listed": listed_ids,
    "ua-ids-order": ids_in_order,
    "ua-joined": joined,
}
