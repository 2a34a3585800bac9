"""A finished file, read once for all rules of the file gate: its metadata, the content of its pages, its tag tree."""

from __future__ import annotations

import io
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from compendium.chapters import Metadata

from .prepress.impressions import Impression
from .prepress.order import Order
from .prepress.painted import impressions


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

Mark: TypeAlias = tuple[int | None, int]
"""A marked piece of content: index of its page, and its number there (ISO 32000-1, 14.7.4.2)."""

_PAINTING = {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Tj", "TJ", "'", '"', "INLINE IMAGE"}
_SHOWING = {"Tj", "TJ", "'", '"'}
_WATCHED = " ".join(
    [*sorted(_PAINTING - {"INLINE IMAGE"}), "BI", "ID", "EI", "BMC", "BDC", "EMC", "Tf", "q", "Q", "Do"]
)


_LINE = re.compile(rb"\[(?:<(?:[0-9a-fA-F]{2})*>|-?\d{1,5}(?:\.\d{1,9})?|\s)*\]\s*TJ")
_MOVES = re.compile(rb">[-\d.\s]*<")


@dataclass(slots=True)
class Content:
    """What stands on a page: its marks, how much is neither marked nor an artifact, or both; fonts with used codes."""

    marks: list[int] = field(default_factory=list)
    loose: int = 0
    mixed: int = 0
    codes: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    fonts: dict[tuple[int, int], Any] = field(default_factory=dict)


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


class File:
    """A finished file, and what it should be; `order`: what the print shop asks of it."""

    def __init__(
        self, content: bytes, metadata: Metadata, families: tuple[str, ...] = (), order: Order | None = None
    ) -> None:
        self.content, self.metadata, self.families, self.order = content, metadata, families, order
        self.pdf = Pdf.open(io.BytesIO(content))
        self.root = self.pdf.Root

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
        return [_LINE.sub(lambda line: _MOVES.sub(b"", line[0]), _stream(page.obj)) for page in self.pdf.pages]

    @cached_property
    def contents(self) -> list[Content]:
        """Read what stands on every page."""
        return [_content(page.obj, stream) for page, stream in zip(self.pdf.pages, self.streams, strict=True)]

    def used_codes(self, pages: Iterable[int]) -> dict[str, tuple[int, ...]]:
        """Give the codes that some pages use of every font, by the name that they have for it."""
        found: dict[str, set[int]] = defaultdict(set)
        for number in pages:
            codes = self.contents[number].codes
            for name, font in self.pdf.pages[number].obj.get("/Resources", Dictionary()).get("/Font", {}).items():
                found[name] |= codes.get(font.objgen, set())
        return {name: tuple(sorted(codes)) for name, codes in found.items() if codes}

    @cached_property
    def impressions(self) -> list[Impression]:
        """Read every page as the press sees it."""
        return impressions(self.pdf)

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
    def destinations(self) -> dict[bytes, Any]:
        """Give the named destinations."""
        tree = self.root.get("/Names", Dictionary()).get("/Dests")
        return {bytes(name): place for name, place in flat(tree, "/Names")}

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
    its first page."""

    def __init__(self, file: File, codes: Mapping[int, Mapping[str, Iterable[int]]]) -> None:
        super().__init__(file.content, file.metadata, file.families)
        self.codes = codes

    @cached_property
    def streams(self) -> list[bytes]:
        """Give no operators."""
        return [b""] * len(self.pdf.pages)

    @cached_property
    def contents(self) -> list[Content]:
        """Give the codes of each chapter's fonts, as if its first page showed them all."""
        return [_fonts(page.obj, self.codes.get(number, {})) for number, page in enumerate(self.pdf.pages)]

    @property
    def elements(self) -> list[Element]:
        """Refuse: who asks for the elements asks about chapters."""
        raise TypeError("The elements of a bound book are looked at chapter by chapter.")


def _fonts(page: Any, codes: Mapping[str, Iterable[int]]) -> Content:
    fonts = {name: page.Resources.Font[name] for name in codes}
    return Content(
        codes={font.objgen: set(codes[name]) for name, font in fonts.items()},
        fonts={font.objgen: font for font in fonts.values()},
    )


def flat(tree: Any, leaves: str) -> Iterator[tuple[Any, Any]]:
    """Give the pairs of a name or number tree (ISO 32000-1, 7.9.6), or nothing where there is none."""
    if tree is None:
        return
    for kid in tree.get("/Kids", Array()):
        yield from flat(kid, leaves)
    pairs = list(tree.get(leaves, Array()))
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        yield (int(key) if leaves == "/Nums" else key), value


def _stream(page: Any) -> bytes:
    parts = page.get("/Contents", Array())
    return b"\n".join(part.read_bytes() for part in (parts if isinstance(parts, Array) else [parts]))


def _content(page: Any, stream: bytes) -> Content:
    content = Content()
    with Pdf.new() as scratch:
        _Reader(content).read(scratch.make_stream(stream), page.get("/Resources", Dictionary()), "")
    return content


class _Reader:
    """Reads a stream of operators: what is marked ("T"), an artifact ("A"), or neither ("")."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.font: Any = None

    def read(self, stream: Any, resources: Any, around: str) -> None:
        """Read a page or a form; `around` says in what it is drawn."""
        open_marks, fonts = [around], []
        for instruction in pikepdf.parse_content_stream(stream, _WATCHED):
            operands, name = instruction.operands, str(instruction.operator)
            if name in ("BMC", "BDC"):
                open_marks.append(self._begin(operands, resources, open_marks[-1]))
            elif name == "EMC" and len(open_marks) > 1:
                open_marks.pop()
            elif name == "q":
                fonts.append(self.font)
            elif name == "Q" and fonts:
                self.font = fonts.pop()
            elif name == "Tf":
                self.font = resources.get("/Font", Dictionary()).get(str(operands[0]))
            elif name == "Do":
                self._draw(resources.get("/XObject", Dictionary()).get(str(operands[0])), resources, open_marks[-1])
            elif name in _PAINTING:
                self.content.loose += not open_marks[-1]
                if name in _SHOWING:
                    self._show(operands)

    def _begin(self, operands: Any, resources: Any, around: str) -> str:
        properties = operands[1] if len(operands) > 1 else Dictionary()
        if isinstance(properties, Name):
            properties = resources.get("/Properties", Dictionary()).get(str(properties), Dictionary())
        if "/MCID" in properties:
            self.content.marks.append(int(properties.MCID))
        kind = "A" if operands[0] == Name.Artifact else "T" if "/MCID" in properties else ""
        self.content.mixed += bool(kind and around and kind != around)
        return kind or around

    def _draw(self, thing: Any, resources: Any, around: str) -> None:
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Form:
            self.read(thing, thing.get("/Resources", resources), around)
        else:
            self.content.loose += not around

    def _show(self, operands: Any) -> None:
        if self.font is None:
            return
        parts = operands[-1] if isinstance(operands[-1], Array) else [operands[-1]]
        shown = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
        self.content.fonts[self.font.objgen] = self.font
        self.content.codes.setdefault(self.font.objgen, set()).update(_codes(shown, code_length(self.font)))


def code_length(font: Any) -> int:
    """Give how many bytes a code of a font has."""
    return 2 if font.get("/Subtype") == Name.Type0 else 1


def _codes(shown: bytes, length: int) -> Iterable[int]:
    whole = len(shown) // length
    return struct.unpack(f">{whole}H", shown[: whole * 2]) if length == 2 else shown
