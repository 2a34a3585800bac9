"""Rules of the file gate about pages and what leads from one to another: links, outline, labels (ISO 14289-1, 7.18)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name

from .sheets import Element, File, Finding, flat

LOWEST_LINK = 2.0
"""Points that a link is at least high and wide."""
_PRINTED, _HIDDEN = 4, 1 | 2 | 32 | 256


def boxes(file: File) -> Iterator[Finding]:
    """All pages are trimmed alike (house rule)."""
    sizes = {tuple(round(float(side), 1) for side in page.trimbox) for page in file.pdf.pages}
    if len(sizes) != 1:
        yield None, f"The pages have {len(sizes)} trim sizes."


def labels(file: File) -> Iterator[Finding]:
    """Every page has its own label (ISO 32000-1, 12.4.2; house rule)."""
    found = [page.label for page in file.pdf.pages]
    if "/PageLabels" not in file.root or len(set(found)) != len(found):
        yield None, "Two pages have the same label."


def outline(file: File) -> Iterator[Finding]:
    """Every bookmark has words and leads to a page (ISO 32000-1, 12.3.3; house rule)."""
    marks = list(_bookmarks(file.root.get("/Outlines", Dictionary()).get("/First")))
    if not marks:
        yield None, "The file has no bookmarks."
    for mark in marks:
        place = mark.get("/Dest")
        leads = isinstance(place, Array) and len(place) and place[0].objgen in file.numbers
        if not str(mark.get("/Title", "")).strip() or not leads or "/A" in mark:
            yield None, f"The bookmark {str(mark.get('/Title', ''))!r} has no words, or leads nowhere."


def _bookmarks(mark: Any) -> Iterator[Any]:
    while mark is not None:
        yield mark
        yield from _bookmarks(mark.get("/First"))
        mark = mark.get("/Next")


def opening(file: File) -> Iterator[Finding]:
    """The file opens with its outline shown (house rule)."""
    if file.root.get("/PageMode") != Name.UseOutlines:
        yield None, "The outline is closed when the file opens."


def names(file: File) -> Iterator[Finding]:
    """The named destinations are in order, each once, and lead to pages (ISO 32000-1, 7.9.6 and 12.3.2)."""
    found = [bytes(name) for name, _ in flat(file.root.get("/Names", Dictionary()).get("/Dests"), "/Names")]
    if found != sorted(set(found)):
        yield None, "The named destinations are not in order, or stand twice."
    for name, place in file.destinations.items():
        if place[0].objgen not in file.numbers:
            yield None, f"The destination {name!r} leads to no page."


def targets(file: File) -> Iterator[Finding]:
    """Every link leads somewhere (ISO 32000-1, 12.5.6.5; house rule)."""
    for page, name in file.targets:
        if name not in file.destinations:
            yield page, f"A link leads to {name!r}, which is nowhere." if name else "A link leads nowhere."


def reach(file: File) -> Iterator[Finding]:
    """Every link is high and wide enough to be hit (house rule)."""
    for page, link in _links(file):
        left, bottom, right, top = (float(side) for side in link.Rect)
        if min(abs(right - left), abs(top - bottom)) < LOWEST_LINK:
            yield page, f"A link is only {abs(right - left):.0f} by {abs(top - bottom):.0f} points large."


def kinds(file: File) -> Iterator[Finding]:
    """Nothing but links lies on the pages (ISO 14289-1, 7.18.1; house rule)."""
    yield from ((page, f"An annotation {note.get('/Subtype')} lies on the page.") for page, note in _others(file))


def tab_order(file: File) -> Iterator[Finding]:
    """The tabulator goes through a page's links in the order of the tags (ISO 14289-1, 7.18.3)."""
    for page in sorted({page for page, _ in file.annotations}):
        if file.pdf.pages[page].obj.get("/Tabs") != Name.S:
            yield page, "The tabulator does not follow the tags."


def tagged_links(file: File) -> Iterator[Finding]:
    """Every link belongs to an element Link, and leads back to it (ISO 14289-1, 7.18.5)."""
    homes = _homes(file)
    for page, link in _links(file):
        home = homes.get(link.objgen)
        if home is None or home.type != "Link":
            yield page, "A link belongs to no element Link."
        elif (back := file.parents.get(int(link.get("/StructParent", -1)))) is None or back.objgen != home.obj.objgen:
            yield page, "A link does not lead back to its element."


def described(file: File) -> Iterator[Finding]:
    """Every link says in words where it leads (ISO 14289-1, 7.18.5)."""
    for page, link in _links(file):
        if not str(link.get("/Contents", "")).strip():
            yield page, "A link does not say where it leads."


def in_words(file: File) -> Iterator[Finding]:
    """A link's description is more than its address (house rule)."""
    for page, link in _links(file):
        words = str(link.get("/Contents", ""))
        if words and words in (str(link.get("/Dest", "")), str(link.get("/A", Dictionary()).get("/URI", ""))):
            yield page, f"A link is described by its address alone: {words}"


def not_nested(file: File) -> Iterator[Finding]:
    """No link lies inside another (house rule)."""
    for element in file.elements:
        above = element.above
        while element.type == "Link" and above:
            if above.type == "Link":
                yield element.page, "A link lies inside another."
            above = above.above


def flags(file: File) -> Iterator[Finding]:
    """Every link is printed and not hidden (ISO 19005-3, 6.3.2)."""
    for page, link in _links(file):
        flag = int(link.get("/F", 0))
        if not flag & _PRINTED or flag & _HIDDEN:
            yield page, f"A link has the flags {flag}."


def _links(file: File) -> list[tuple[int, Any]]:
    return [(page, note) for page, note in file.annotations if note.get("/Subtype") == Name.Link]


def _others(file: File) -> list[tuple[int, Any]]:
    return [(page, note) for page, note in file.annotations if note.get("/Subtype") != Name.Link]


def _homes(file: File) -> dict[tuple[int, int], Element]:
    return {link: element for element in file.elements for link in element.links}


RULES = {
    "book-boxes": boxes,
    "book-labels": labels,
    "book-outline": outline,
    "book-opening": opening,
    "book-destinations": names,
    "book-targets": targets,
    "book-reach": reach,
    "ua-7.18.1-annotations": kinds,
    "ua-7.18.3-tab-order": tab_order,
    "ua-7.18.5-link-element": tagged_links,
    "ua-7.18.5-link-description": described,
    "ua-link-words": in_words,
    "ua-link-nesting": not_nested,
    "a-6.3.2-flags": flags,
}
