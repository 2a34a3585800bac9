"""A printed chapter → a signature: its objects as they stand in the book, under the numbers of its place there.

Numbers are all that ties a chapter to its place: of its objects, of its pages, of the keys in the parent tree. So a
chapter is gathered once, with gaps for the numbers, and is sewn in again by filling them.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from compendium.chapters import Attachment, Folio, Number, Printed, Slot, numeral

from . import objects
from .objects import Bundle, Section, Text
from .uniting import Fount, founts

SAVE, PAGES, TREE, DOCUMENT = 1, 3, 4, 5
"""Numbers of the book's own objects to which chapters lead: a stream that saves the state of a page, the page tree,
the tag tree and its Document."""

_MARK = re.compile(rb"%(\d+)\n[^%]*\n%\n")
"""The place of a number, as `Number.marked` marks it."""
_TAGS = (b"/Type /Annot", b"/Type /StructElem")
_ABOVE, _HUNG, _FONTS = -1, -2, -3
"""Gaps for what others have: the element above the chapter's, elements that hang in it, its fonts (-3, -4 …)."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a chapter brings, numbered from 0: its streams, then one for each page with numbers in its text, one for
    each of its folios, and two that hold what is no stream: one the node of its pages, the blank before it, and
    `things`, the other `tags`: elements and links, which lie apart since who turns pages need not read them.

    `contents` are those of pages with numbers, packed: they are set for each place anew.
    `boxes` are those of its first page, `pages` and `tops` its pages and topmost elements, whose type is `kind`.
    `leaves` are its leaves of the book's trees of names and numbers, each with what it begins with; `files` the data
    of its charts.
    """

    streams: tuple[Text, ...]
    things: Bundle
    tags: Bundle
    contents: tuple[bytes, ...]
    numbers: tuple[Number, ...]
    folios: tuple[Slot, ...]
    founts: tuple[Fount, ...]
    pages: tuple[int, ...]
    boxes: bytes
    kind: str
    tops: tuple[int, ...]
    leaves: Mapping[str, tuple[bytes, int]]
    files: Mapping[str, int]

    @property
    def node(self) -> int:
        """Give the number of the node of its pages, which the blank's follows."""
        return len(self.streams) + len(self.contents) + len(self.folios) + (2 if self.tags.count else 1)

    @property
    def count(self) -> int:
        """Count its objects."""
        return self.node + 2 + self.things.count + self.tags.count


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chapter is sewn in: its first number and folio, the blanks before it, the page numbers in its text, the
    element that it hangs in, the elements that hang in it, and the numbers of its fonts."""

    base: int
    start: Folio
    blanks: int
    numbers: tuple[str, ...]
    above: int
    hung: tuple[int, ...]
    fonts: tuple[int, ...]


def sew(one: Gathered, place: Place) -> Section:
    """Write a chapter's objects for its place in the book."""
    hung = b" ".join(b"%d 0 R" % number for number in place.hung)
    numbers = [*range(place.base, place.base + one.count), *reversed(place.fonts), hung, place.above]
    streams = [(thing.filled(numbers), thing.data or b"") for thing in one.streams]
    for content in one.contents:
        streams.append(objects.compressed(_numbered(content, one.numbers, place.numbers)))
    for slot in one.folios:
        folio = Folio(place.start.matter, place.start.number + slot.page)
        streams.append(objects.compressed(_drawn(slot, numeral(folio.number, slot.numerals)).encode()))
    things, tags = [*_node(one, place), *one.things.filled(numbers)], one.tags.filled(numbers)
    return objects.section(place.base, streams, *filter(None, (things, tags)))


def _node(one: Gathered, place: Place) -> Iterator[bytes]:
    """Write the node of a chapter's pages, and the blank before them: a page without content."""
    node = place.base + one.node
    pages = [*[node + 1] * place.blanks, *(place.base + page for page in one.pages)]
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    yield b"<< /Count %d /Kids [ %b ] /Parent %d 0 R /Type /Pages >>" % (len(pages), kids, PAGES)
    yield b"<< %b/Parent %d 0 R /Resources << >> /Type /Page >>" % (one.boxes, node)


def _numbered(content: bytes, numbers: Sequence[Number], words: Sequence[str]) -> bytes:
    """Set the numbers in the text of a page: every second piece of it is the place of one among `numbers`."""
    pieces = _MARK.split(zlib.decompress(content))
    for at in range(1, len(pieces), 2):
        place = int(pieces[at])
        pieces[at] = "".join(numbers[place].figures[sign] for sign in words[place]).encode()
    return b"".join(pieces)


def _drawn(slot: Slot, number: str) -> str:
    """Draw a page's number after its text, as an artifact of the page (ISO 32000-1, 14.8.2.2)."""
    sorts = [slot.sorts[sign] for sign in number]
    at = slot.point - slot.share * sum(sort.width for sort in sorts) - slot.left
    matrix = " ".join(f"{entry:.6f}" for entry in slot.matrix)
    folio = f"{slot.before}{''.join(sort.written for sort in sorts)}{slot.after}"
    return f"Q\n/Artifact <</Type /Pagination>> BDC\nq {matrix} cm\n1 0 0 1 {at:.6f} 0 cm\n{folio}\nQ\nEMC"


def gather(
    printed: Printed, attachments: Sequence[Attachment], dated: datetime.date | None, followed: bool = False
) -> Gathered:
    """Read what a printed chapter brings, which later takes may follow; with a date, the data of its charts too, as of
    that day."""
    with Pdf.open(io.BytesIO(printed.pdf)) as source:
        files = _attach(source, attachments, dated) if dated else {}
        _mend_links(source)
        return _Gathering(source, printed, files, followed).gathered()


def _mend_links(source: Pdf) -> None:
    """Turn the addresses `#anchor`, which wait in links that left the chapter, into destinations."""
    for page in source.pages:
        for link in page.obj.get("/Annots", Array()):
            action = link.get("/A")
            address = str(action.URI) if action is not None and "/URI" in action else ""
            if address.startswith("#"):
                del link["/A"]
                link.Dest = String(address[1:])


def _attach(source: Pdf, attachments: Sequence[Attachment], dated: datetime.date) -> dict[str, int]:
    """Tie the data of the charts to their figures (ISO 19005-3, 6.8); give the numbers of the files."""
    if not attachments:
        return {}
    elements = (thing for thing in source.objects if isinstance(thing, Dictionary) and thing.get("/S") == Name.Figure)
    figures = {bytes(element.ID): element for element in elements if "/ID" in element}
    files = {}
    for file in attachments:
        specification = source.make_indirect(_specification(source, file, dated))
        files[file.name] = specification.objgen[0]
        if figure := figures.get(file.anchor.encode()):
            figure.AF = Array([specification])
    return files


def _specification(source: Pdf, file: Attachment, dated: datetime.date) -> Dictionary:
    content = pikepdf.Stream(source, file.content)
    content.Type, content.Subtype = Name.EmbeddedFile, Name("/text/csv")
    checksum = hashlib.md5(file.content, usedforsecurity=False).digest()
    moment = dated.strftime("D:%Y%m%d000000Z")
    content.Params = Dictionary(Size=len(file.content), ModDate=moment, CheckSum=String(checksum))
    return Dictionary(
        Type=Name.Filespec,
        F=file.name,
        UF=file.name,
        Desc=file.about,
        AFRelationship=Name.Data,
        EF=Dictionary(F=content, UF=content),
    )


class _Gathering:
    """Reads a chapter from its pages and its tags to whatever they lead to, and numbers what it finds."""

    def __init__(self, source: Pdf, printed: Printed, files: Mapping[str, int], followed: bool) -> None:
        self.source, self.printed, self.files, self.followed = source, printed, files, followed
        self.pages = [page.obj.objgen[0] for page in source.pages]
        self.elements = source.Root.get("/StructTreeRoot", Dictionary(K=[Dictionary(K=[])])).K[0]
        self.tops = [top.objgen[0] for top in self.elements.K]
        self.fonts = founts(source)
        self.gaps = {self.elements.objgen[0]: _ABOVE} | {font: _FONTS - n for n, font in enumerate(self.fonts)}
        self.beyond = dict.fromkeys([source.Root.Pages.objgen[0], *self.gaps], b"%d 0 R")
        self.contents: dict[int, bytes] = {}
        self.slots = self._make_room()
        self.found = objects.read(source, [*self.pages, *self.tops, *files.values()], self.beyond)

    def _make_room(self) -> list[int]:
        """Leave room for what is not known yet: numbers in the text of a page, the folio after it, cases that hang in a
        part, takes in the first one."""
        save, slots = self.source.make_indirect(Name.Save), []
        self.beyond[save.objgen[0]] = b"%d 0 R" % SAVE
        for number in sorted({number.page for number in self.printed.numbers}):
            page, room = self.source.pages[number].obj, self.source.make_indirect(Name.Numbers)
            self.contents[room.objgen[0]] = zlib.compress(page.Contents.read_bytes(), 1)
            page.Contents = room
        for slot in self.printed.folios:
            page, room = self.source.pages[slot.page].obj, self.source.make_indirect(Name.Folio)
            page.Contents = Array([save, page.Contents, room])
            slots.append(room.objgen[0])
        slots = [*self.contents, *slots]
        self.beyond |= dict.fromkeys(slots, b"%d 0 R")
        if self.tops and (self.followed or Name.Part == self.elements.K[-1].S):
            self.elements.K[-1].K.append(hung := self.source.make_indirect(Name.Hung))
            self.gaps[hung.objgen[0]], self.beyond[hung.objgen[0]] = _HUNG, b"%b"
        return slots

    def gathered(self) -> Gathered:
        """Number all that was found."""
        leaves = {"dests": self._dests(), "ids": self._ids(), "keys": self._keys()}
        nodes = {name: objects.text(written, self.beyond) for name, (_, written) in leaves.items() if written}
        found: dict[int | str, Text] = dict([*self.found.items(), *nodes.items()])
        streams = [name for name, thing in found.items() if thing.data is not None]
        others = [name for name, thing in found.items() if thing.data is None]
        tags = [name for name in others if name not in self.tops and any(kind in found[name].form for kind in _TAGS)]
        apart = set(tags)
        things = [name for name in others if name not in apart]
        holders = ["holder", "holder of tags"] if tags else ["holder"]
        order = [*streams, *self.slots, *holders, self.source.Root.Pages.objgen[0], "blank", *things, *tags]
        numbers = {name: n for n, name in enumerate(order)} | self.gaps
        return Gathered(
            streams=tuple(found[name].renumbered(numbers) for name in streams),
            things=Bundle.of([found[name].renumbered(numbers) for name in things]),
            tags=Bundle.of([found[name].renumbered(numbers) for name in tags]),
            contents=tuple(self.contents.values()),
            numbers=self.printed.numbers,
            folios=self.printed.folios,
            founts=tuple(self.fonts.values()),
            pages=tuple(numbers[page] for page in self.pages),
            boxes=self._boxes(),
            kind=str(self.elements.K[0].S) if self.tops else "",
            tops=tuple(numbers[top] for top in self.tops),
            leaves={name: (first, numbers[name]) for name, (first, written) in leaves.items() if written},
            files={name: numbers[file] for name, file in self.files.items()},
        )

    def _boxes(self) -> bytes:
        page = self.source.pages[0].obj
        boxes = Dictionary({key: page[key] for key in ("/MediaBox", "/BleedBox", "/TrimBox") if key in page})
        return bytes(boxes.unparse()).removeprefix(b"<< ").removesuffix(b">>")

    def _dests(self) -> tuple[bytes, bytes]:
        """Write the chapter's leaf of the tree of destinations (ISO 32000-1, 7.9.6)."""
        names = self.source.Root.get("/Names", Dictionary()).get("/Dests", Dictionary()).get("/Names", Array())
        pairs = list(names)
        return _leaf({bytes(name): place.unparse() for name, place in zip(pairs[::2], pairs[1::2], strict=True)})

    def _ids(self) -> tuple[bytes, bytes]:
        """Write its leaf of the tree of elements with an id (ISO 32000-1, table 322)."""
        named = (number for number, thing in self.found.items() if b"/ID " in thing.form)
        elements = ((number, self.source.get_object((number, 0))) for number in named)
        return _leaf({bytes(e.ID): b"%d 0 R" % number for number, e in elements if e.get("/Type") == Name.StructElem})

    def _keys(self) -> tuple[bytes, bytes]:
        """Write its leaf of the parent tree (ISO 32000-1, 7.9.7 and 14.7.4.4)."""
        tree = self.source.Root.get("/StructTreeRoot", Dictionary()).get("/ParentTree", Dictionary())
        pairs = list(tree.get("/Nums", Array()))
        if not pairs:
            return b"", b""
        numbers = (
            b"key %d %b" % (key, parents.unparse()) for key, parents in zip(pairs[::2], pairs[1::2], strict=True)
        )
        limits = b"key %d key %d" % (pairs[0], pairs[-2])
        return b"", b"<< /Limits [ %b ] /Nums [ %b ] >>" % (limits, b" ".join(numbers))


def _leaf(names: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    """Write a leaf of a name tree, and tell the name with which it begins; nothing where there are no names."""
    if not names:
        return b"", b""
    pairs = sorted(names.items())
    limits = b"%b %b" % (String(pairs[0][0]).unparse(), String(pairs[-1][0]).unparse())
    flat = chain.from_iterable((String(name).unparse(), place) for name, place in pairs)
    return pairs[0][0], b"<< /Limits [ %b ] /Names [ %b ] >>" % (limits, b" ".join(flat))
