"""Objects of a PDF as text: read with gaps where numbers stand, written under other numbers (ISO 32000-1, 7.3 to 7.5).

qpdf writes whole files anew. A book that is bound after every save must not cost what it weighs: so each chapter is
written once, as a section of the file, and put in as it is.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pikepdf import Dictionary, Pdf, Stream

_ENTRY = struct.Struct(">BIH")
"""Where an object is found (ISO 32000-1, 7.5.8.3): nowhere (0), in the file (1), in an object stream (2)."""
_FREE = _ENTRY.pack(0, 0, 65_535)
_TOKEN = re.compile(rb"\((?:[^\\()]|\\.)*\)|(/StructParents? |\bkey )(\d+)|(\d+) 0 R", re.DOTALL)
"""A string, which stays; a key of the parent tree, in the tree itself after "key"; a reference. As qpdf writes them."""


@dataclass(frozen=True, slots=True)
class Text:
    """An object as a format for numbers; its gaps, each by the number that stood there (a key in brackets); its data
    where it is a stream."""

    form: bytes
    gaps: tuple[Any, ...]
    data: bytes | None = None

    def renumbered(self, numbers: Mapping[Any, int]) -> Text:
        """Know the gaps by other numbers; keys keep theirs."""
        return replace(self, gaps=tuple([gap[0] if isinstance(gap, tuple) else numbers[gap] for gap in self.gaps]))

    def filled(self, numbers: Sequence[Any] | Mapping[Any, int]) -> bytes:
        """Write the object with what these numbers say for its gaps."""
        return self.form % tuple([numbers[gap] for gap in self.gaps])


@dataclass(frozen=True, slots=True)
class Bundle:
    """Objects that are no streams as one format, a line each, packed: a book of thousands of pages has half a million
    of them."""

    packed: bytes
    gaps: array[int]
    count: int

    @classmethod
    def of(cls, things: Sequence[Text]) -> Bundle:
        """Bundle objects; no line ends inside one, as qpdf writes them."""
        form = b"\n".join(thing.form for thing in things)
        return cls(zlib.compress(form, 1), array("i", [gap for thing in things for gap in thing.gaps]), len(things))

    def filled(self, numbers: Sequence[Any]) -> list[bytes]:
        """Write the objects with what these numbers say for their gaps."""
        written = zlib.decompress(self.packed) % tuple([numbers[gap] for gap in self.gaps])
        return written.split(b"\n") if self.count else []


def text(written: bytes, beyond: Mapping[int, bytes], data: bytes | None = None) -> Text:
    """Take the numbers out of an object; `beyond` has the formats of references that lead out of it."""
    gaps: list[Any] = []

    def gap(token: re.Match[bytes]) -> bytes:
        if token[2]:
            gaps.append((int(token[2]),))
            return token[1].removeprefix(b"key ") + b"%d"
        if not token[3]:
            return token[0]
        form = beyond.get(number := int(token[3]), b"%d 0 R")
        if b"%" in form:
            gaps.append(number)
        return form

    return Text(_TOKEN.sub(gap, written.replace(b"%", b"%%")), tuple(gaps), data)


def read(source: Pdf, roots: Iterable[int], beyond: Mapping[int, bytes]) -> dict[int, Text]:
    """Read objects and all that they lead to, but for what lies `beyond`."""
    found: dict[int, Text] = {}
    ahead = list(roots)
    for number in ahead:
        if number not in found:
            thing = source.get_object((number, 0))
            data = thing.read_raw_bytes() if isinstance(thing, Stream) else None
            found[number] = text(_written(thing), beyond, data)
            ahead += [gap for gap in found[number].gaps if isinstance(gap, int) and gap not in beyond]
    return found


def _written(thing: Any) -> bytes:
    """Write an object, or the dictionary of a stream, without the resource lists that hold nothing: the engine writes
    them, and PDF/A checkers stumble over them."""
    dictionary = thing.stream_dict if isinstance(thing, Stream) else thing
    written = bytes(dictionary.unparse(resolved=True))
    if b"/Pattern << >>" in written or b"/Shading << >>" in written:
        resources = dictionary.get("/Resources", dictionary)
        for key in ("/Pattern", "/Shading"):
            if isinstance(resources.get(key), Dictionary) and not len(resources[key]):
                del resources[key]
        written = bytes(dictionary.unparse(resolved=True))
    return written


def compressed(data: bytes, entries: bytes = b"") -> tuple[bytes, bytes]:
    """Compress a stream: give its dictionary, which has these entries too, and its data."""
    packed = zlib.compress(data)
    return b"<< %b/Filter /FlateDecode /Length %d >>" % (entries, len(packed)), packed


@dataclass(frozen=True, slots=True)
class Section:
    """Objects of a file, written, from the number `first` on: where its streams begin, and how the others are found."""

    first: int
    content: bytes
    offsets: tuple[int, ...]
    entries: bytes
    digest: bytes

    @property
    def after(self) -> int:
        """Give the number after its last."""
        return self.first + len(self.offsets) + len(self.entries) // _ENTRY.size


def section(first: int, streams: Sequence[tuple[bytes, bytes]], *groups: Sequence[bytes]) -> Section:
    """Write streams (dictionary, data) from the number `first` on, then one for each group of other objects, which
    holds it, then the numbers of those objects."""
    content, offsets, entries = bytearray(), list[int](), list[bytes]()
    holder = first + len(streams)
    number = holder + len(groups)
    written = [*streams]
    for holding, things in enumerate(groups, holder):
        written.append(_held(number, things))
        entries += [_ENTRY.pack(2, holding, n) for n in range(len(things))]
        number += len(things)
    for number, stream in enumerate(written, first):
        offsets.append(len(content))
        content += _stream(number, stream)
    return Section(first, bytes(content), tuple(offsets), b"".join(entries), hashlib.sha256(content).digest())


def _stream(number: int, stream: tuple[bytes, bytes]) -> bytes:
    return b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, *stream)


def _held(first: int, things: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Write the stream that holds objects, numbered from `first` on (ISO 32000-1, 7.5.7)."""
    index, at = [], 0
    for number, thing in enumerate(things, first):
        index.append(b"%d %d" % (number, at))
        at += len(thing) + 1
    head = b" ".join(index) + b"\n"
    entries = b"/Type /ObjStm /N %d /First %d " % (len(things), len(head))
    return compressed(head + b"\n".join(things), entries)


def file(version: str, sections: Sequence[Section], root: int, info: int) -> bytes:
    """Put a file together from sections, in the order of their numbers; say which objects are its catalogue and Info.

    Its identifier is a digest of what it holds; numbers that nothing has are free (ISO 32000-1, 7.5.8).
    """
    head = b"%%PDF-%b\n%%\xbf\xf7\xa2\xfe\n" % version.encode()
    parts, entries, at, number = [head], [_FREE], len(head), 1
    for one in sections:
        entries.append(_FREE * (one.first - number))
        entries += [_ENTRY.pack(1, at + offset, 0) for offset in one.offsets]
        entries.append(one.entries)
        parts.append(one.content)
        at, number = at + len(one.content), one.after
    entries.append(_ENTRY.pack(1, at, 0))
    identity = hashlib.md5(b"".join(one.digest for one in sections), usedforsecurity=False).hexdigest().encode()
    trailer = b"/Type /XRef /Size %d /W [ 1 4 2 ] /Root %d 0 R /Info %d 0 R /ID [ <%b> <%b> ] "
    table = compressed(b"".join(entries), trailer % (number + 1, root, info, identity, identity))
    return b"".join([*parts, _stream(number, table), b"startxref\n%d\n%%%%EOF\n" % at])
