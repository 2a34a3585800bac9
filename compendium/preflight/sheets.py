"""A finished file, read once for all rules of the file gate: its metadata, the content of its pages, its tag tree."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from pikepdf import Array, DataDecodingError, Dictionary, Name, Pdf, PdfError, Stream

from compendium.chapters import Metadata
from compendium.pages import Box

from . import contents
from .contents import Content
from .prepress.impressions import Impression
from .prepress.order import Order
from .prepress.painted import impressions, outlines


class Fault(NamedTuple):
    """What is wrong: on which page (from 0; None: the file as a whole), a sentence, and what to do.

    `place` is given in millimetres from the upper left of the trimmed page. What is not `severe` stops nothing.
    """

    page: int | None
    what: str
    cure: str = ""
    place: tuple[float, float] | None = None
    severe: bool = True


Finding: TypeAlias = tuple[int | None, str] | Fault
"""What a rule gives: a fault, or no more of it than page and sentence."""

AT_A_TIME = 20_000
"""Objects of a large file that are in memory together."""

Mark: TypeAlias = tuple[int | None, int]
"""A marked piece of content: index of its page, and its number there (ISO 32000-1, 14.7.4.2)."""


@dataclass(eq=False, slots=True)
class Element:
    """A structure element; `links` are the object numbers of its annotations."""

    obj: Any
    type: str
    above: Element | None
    page: int | None
    kids: list[Element] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)

    def attribute(self, owner: str, key: str) -> Any:
        """Give an attribute (ISO 32000-1, 14.7.5), or None."""
        found = self.obj.get("/A", Array())
        for attributes in found if isinstance(found, Array) else [found]:
            if isinstance(attributes, Dictionary) and attributes.get("/O") == owner and key in attributes:
                return attributes[key]
        return None

    def walk(self) -> Iterator[Element]:
        """Give itself and all below, in reading order."""
        yield self
        for kid in self.kids:
            yield from kid.walk()


class Used(NamedTuple):
    """A font that is used: on which page first, and the codes that pages show of it."""

    font: Any
    page: int
    codes: set[int]


class File:
    """A finished file, and what it should be; `order`: what the print shop asks of it."""

    def __init__(
        self, content: bytes, metadata: Metadata, families: tuple[str, ...] = (), order: Order | None = None
    ) -> None:
        self.content, self.metadata, self.families, self.order = content, metadata, families, order

    @cached_property
    def pdf(self) -> Pdf:
        """Open it."""
        return Pdf.open(io.BytesIO(self.content))

    @property
    def root(self) -> Any:
        """Give its catalogue."""
        return self.pdf.Root

    def unreadable(self) -> list[str]:
        """Read all of it, and say what cannot be read."""
        return list(self.pdf.check_pdf_syntax())

    @cached_property
    def xmp(self) -> Mapping[str, Any]:
        """Give the metadata packet, or nothing where it is missing or broken."""
        try:
            packet = self.pdf.open_metadata(strict=True)
            return packet if len(packet) else {}
        except Exception:  # whatever is wrong with it, the rules about it will say so
            return {}

    @cached_property
    def numbers(self) -> dict[tuple[int, int], int]:
        """Give the index of every page by its object."""
        return {page.obj.objgen: index for index, page in enumerate(self.pdf.pages)}

    @cached_property
    def streams(self) -> list[bytes]:
        """Give the operators of every page, with the glyphs of a line in one string: 20 times fewer things to read."""
        return [contents.operators(page.obj) for page in self.pdf.pages]

    @cached_property
    def contents(self) -> list[Content]:
        """Read what stands on every page."""
        return [contents.read(page.obj, stream) for page, stream in zip(self.pdf.pages, self.streams, strict=True)]

    @cached_property
    def used(self) -> Mapping[tuple[int, int], Used]:
        """Give every font that the pages use."""
        found: dict[tuple[int, int], Used] = {}
        for page, content in enumerate(self.contents):
            for key, codes in content.codes.items():
                found.setdefault(key, Used(content.fonts[key], page, set())).codes.update(codes)
        return found

    def used_codes(self, pages: Iterable[int]) -> dict[str, str]:
        """Give the codes that some pages use of every font, by the name that they have for it: written as in a text,
        in four hexadecimal figures each."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in pages:
            codes = self.contents[number].codes
            for name, font in self.pdf.pages[number].obj.get("/Resources", Dictionary()).get("/Font", {}).items():
                found[name] |= codes.get(font.objgen, set())
        return {name: "".join(f"{code:04x}" for code in sorted(codes)) for name, codes in found.items() if codes}

    @cached_property
    def targets(self) -> list[tuple[int, str]]:
        """Give the destinations to which links lead, each with the page of the link; "" is nowhere."""
        links = ((page, note) for page, note in self.annotations if note.get("/Subtype") == Name.Link)
        found = ((page, _target(link)) for page, link in links)
        return list(dict.fromkeys((page, name) for page, name in found if name is not None))

    @cached_property
    def impressions(self) -> list[Impression]:
        """Read every page as the press sees it."""
        return impressions(self.pdf)

    @cached_property
    def outlines(self) -> list[tuple[Box, Box, Box]]:
        """Give trim, bleed and media box of every page; what stands on it is not read."""
        return [outlines(page) for page in self.pdf.pages]

    @cached_property
    def inked(self) -> list[tuple[Any, int]]:
        """Give every font whose signs are printed, with its first page."""
        found: dict[tuple[int, int], tuple[Any, int]] = {}
        for page, impression in enumerate(self.impressions):
            for one in impression.painted:
                if one.kind == "text" and one.thing is not None:
                    found.setdefault(one.thing.objgen, (one.thing, page))
        return list(found.values())

    @cached_property
    def annotations(self) -> list[tuple[int, Any]]:
        """Give every annotation with the index of its page."""
        return [(n, note) for n, page in enumerate(self.pdf.pages) for note in page.obj.get("/Annots", Array())]

    @cached_property
    def head(self) -> Any:
        """Give the head of the tag tree, or None."""
        kids = self.root.get("/StructTreeRoot", Dictionary()).get("/K")
        kid = kids[0] if isinstance(kids, Array) and len(kids) else kids
        return kid if isinstance(kid, Dictionary) else None

    @cached_property
    def elements(self) -> list[Element]:
        """Give every structure element, in reading order."""
        return list(self._element(self.head, None, None).walk()) if self.head is not None else []

    @cached_property
    def owners(self) -> dict[Mark, Element]:
        """Give the element that holds a mark."""
        return {mark: element for element in self.elements for mark in element.marks}

    @cached_property
    def parents(self) -> dict[int, Any]:
        """Give the parent tree (ISO 32000-1, 14.7.4.4): key → elements of a page, or element of a link."""
        return dict(flat(self.root.get("/StructTreeRoot", Dictionary()).get("/ParentTree"), "/Nums"))

    @cached_property
    def destinations(self) -> dict[str, Any]:
        """Give the named destinations."""
        tree = self.root.get("/Names", Dictionary()).get("/Dests")
        return {str(name): place for name, place in flat(tree, "/Names")}

    @cached_property
    def attachments(self) -> list[Any]:
        """Give the files inside (ISO 32000-1, 7.11.4)."""
        tree = self.root.get("/Names", Dictionary()).get("/EmbeddedFiles")
        return [specification for _, specification in flat(tree, "/Names")]

    def _element(self, obj: Any, above: Element | None, page: int | None) -> Element:
        page = self.numbers.get(obj.Pg.objgen, -1) if "/Pg" in obj else page
        element = Element(obj, str(obj.get("/S", "/"))[1:], above, page)
        kids = obj.get("/K", Array())
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, int):
                element.marks.append((page, int(kid)))
            elif kid.get("/Type") == Name.MCR:
                element.marks.append((self.numbers.get(kid.Pg.objgen, -1) if "/Pg" in kid else page, int(kid.MCID)))
            elif kid.get("/Type") == Name.OBJR:
                element.links.append(kid.Obj.objgen)
            else:
                element.kids.append(self._element(kid, element, page))
        return element


class Bound(File):
    """A bound book whose chapters have been seen: `codes` are those that a chapter uses of its fonts, by the index of
    its first page, `targets` where the links of all chapters lead."""

    def __init__(
        self,
        content: bytes,
        metadata: Metadata,
        families: tuple[str, ...],
        codes: Mapping[int, Mapping[str, str]],
        targets: list[tuple[int, str]],
        order: Order | None = None,
    ) -> None:
        super().__init__(content, metadata, families, order)
        self.codes, self.targets = codes, targets

    @cached_property
    def used(self) -> Mapping[tuple[int, int], Used]:
        """Give every font that the chapters use, as if the first page of each showed all that it shows of it."""
        found: dict[tuple[int, int], Used] = {}
        for page, codes in self.codes.items():
            fonts: Any = self.pdf.pages[page].obj.Resources.Font if codes else {}
            for name, written in codes.items():
                one = found.setdefault(fonts[name].objgen, Used(fonts[name], page, set()))
                one.codes.update(contents.codes(bytes.fromhex(written), 2))
        return found

    @property
    def inked(self) -> list[tuple[Any, int]]:
        """Give every font that the chapters use."""
        return [(used.font, used.page) for used in self.used.values()]

    def unreadable(self) -> list[str]:
        """Read all of it, and say what cannot be read: some thousand objects at a time, from the file opened anew, for
        all of them would fill the memory. What is drawn on pages was read chapter by chapter."""
        found, first, last = list[str](), 0, 1
        while first < last:
            with Pdf.open(io.BytesIO(self.content), inherit_page_attributes=False) as pdf:
                last = int(pdf.trailer.Size)
                found += _unreadable(pdf, range(first, min(first + AT_A_TIME, last)))
            first += AT_A_TIME
        if self.pdf.is_linearized:
            self.pdf.check_linearization(io.StringIO())
            found += self.pdf.get_warnings()
        return found

    @property
    def annotations(self) -> list[tuple[int, Any]]:
        """Refuse: who asks for links asks about chapters."""
        raise TypeError("The links of a bound book are looked at chapter by chapter.")

    @property
    def contents(self) -> list[Content]:
        """Refuse: who asks for what stands on pages asks about chapters."""
        raise TypeError("The pages of a bound book are looked at chapter by chapter.")

    @property
    def impressions(self) -> list[Impression]:
        """Refuse: who asks for what is printed asks about chapters."""
        raise TypeError("The pages of a bound book are looked at chapter by chapter.")

    @property
    def elements(self) -> list[Element]:
        """Refuse: who asks for the elements asks about chapters."""
        raise TypeError("The elements of a bound book are looked at chapter by chapter.")


def _unreadable(pdf: Pdf, numbers: Iterable[int]) -> Iterator[str]:
    """Read some objects, and say what cannot be read; photographs are packed in a way of their own."""
    for number in numbers:
        thing = pdf.get_object((number, 0))
        if isinstance(thing, Stream) and thing.get("/Filter") != Name.DCTDecode:
            try:
                thing.read_bytes()
            except (PdfError, DataDecodingError) as fault:
                yield f"object {number}: {fault}"
    yield from pdf.get_warnings()


def _target(link: Any) -> str | None:
    """Give the destination to which a link leads: "" for nowhere, None where it leads out of the file."""
    if "/Dest" in link:
        return str(link.Dest)
    return "" if str(link.get("/A", Dictionary()).get("/URI", "#")).startswith("#") else None


def flat(tree: Any, leaves: str) -> Iterator[tuple[Any, Any]]:
    """Give the pairs of a name or number tree (ISO 32000-1, 7.9.6), or nothing where there is none."""
    if tree is None:
        return
    for kid in tree.get("/Kids", Array()):
        yield from flat(kid, leaves)
    pairs = list(tree.get(leaves, Array()))
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        yield (int(key) if leaves == "/Nums" else key), value


def keys(tree: Any, leaves: str) -> Iterator[Any]:
    """Give the keys of a name or number tree; to what they lead is not read."""
    for kid in tree.get("/Kids", Array()):
        yield from keys(kid, leaves)
    pairs = tree.get(leaves, Array())
    yield from (pairs[n] for n in range(0, len(pairs), 2))
