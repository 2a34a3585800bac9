"""A chapter that leaves its book: what would lead to other chapters leads nowhere, and becomes plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf


def loosen(pdf: Pdf, anchors: Collection[str]) -> None:
    """Take out the links that wait for anchors other than these; their words stay, and are called Span."""
    parents = dict(_parents(pdf))
    for page in pdf.pages:
        links = list(page.obj.get("/Annots", Array()))
        loose = [link for link in links if (name := _waits_for(link)) and name not in anchors]
        for link in loose:
            if "/StructParent" in link:
                _untie(parents.pop(int(link.StructParent)), link)
        if loose:
            gone = {link.objgen for link in loose}
            page.obj.Annots = Array([link for link in links if link.objgen not in gone])
    _renumber(pdf, parents)


def _waits_for(link: Any) -> str:
    """Give the anchor of another chapter that a link waits for, or nothing."""
    address = str(link.get("/A", Dictionary()).get("/URI", ""))
    return address[1:] if address.startswith("#") else ""


def _untie(element: Any, link: Any) -> None:
    """Take an annotation out of its element; one without any is a link no more (ISO 32000-1, 14.8.4.4.2)."""
    kids = element.K if isinstance(element.K, Array) else Array([element.K])
    element.K = Array([kid for kid in kids if not _is_of(kid, link)])
    if not any(isinstance(kid, Dictionary) and "/Obj" in kid for kid in element.K):
        element.S = Name.Span


def _is_of(kid: Any, link: Any) -> bool:
    return isinstance(kid, Dictionary) and "/Obj" in kid and bool(kid.Obj.objgen == link.objgen)


def _parents(pdf: Pdf) -> Iterator[tuple[int, Any]]:
    """Give the pairs of the parent tree (ISO 32000-1, 14.7.4.4)."""
    pairs = list(pdf.Root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary()).get("/Nums", Array()))
    yield from ((int(key), parents) for key, parents in zip(pairs[::2], pairs[1::2], strict=True))


def _renumber(pdf: Pdf, parents: dict[int, Any]) -> None:
    """Close the gaps in the keys of the parent tree."""
    if not parents:
        return
    keys = {key: number for number, key in enumerate(sorted(parents))}
    pairs = chain.from_iterable((number, parents[key]) for key, number in keys.items())
    pdf.Root.StructTreeRoot.ParentTree.Nums = Array(list(pairs))
    for page in pdf.pages:
        if "/StructParents" in page.obj:
            page.obj.StructParents = keys[int(page.obj.StructParents)]
        for link in page.obj.get("/Annots", Array()):
            if "/StructParent" in link:
                link.StructParent = keys[int(link.StructParent)]
