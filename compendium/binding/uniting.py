"""The chapters' descriptions of one font → one: each chapter names the glyphs that it uses, the book has each once.

The engine keeps the numbers of glyphs and writes them into the text (ISO 32000-1, 9.7.4), so one subset of all glyphs
that the book uses serves every chapter. The chapters therefore name the file of a font where others embed a subset.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import uharfbuzz
from pikepdf import Dictionary, Pdf
from uharfbuzz import SubsetFlags

from .objects import Section, compressed, section

COMPOSITE, OBJECTS = 3, 6
"""A font is described by so many objects; this one of them, counted from 0, is what pages name."""
_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_UNUSED = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"JSTF")
_FIXED_PITCH = 1


@dataclass(frozen=True, slots=True)
class Fount:
    """A font as a chapter uses it: its name there, the file that it is, how it is described, and of its glyphs the
    widths and the words that they stand for, in pairs, which all chapters share."""

    key: str
    file: str
    name: bytes
    family: bytes
    flags: int
    ascent: int
    descent: int
    widths: tuple[tuple[int, int], ...]
    words: tuple[tuple[int, bytes], ...]


def founts(source: Pdf) -> dict[int, Fount]:
    """Read the fonts of a chapter that name their file, by the numbers of their objects."""
    fonts = source.pages[0].obj.get("/Resources", Dictionary()).get("/Font", Dictionary())
    found = ((font.objgen[0], _fount(key, font)) for key, font in fonts.items())
    return {number: fount for number, fount in found if fount}


def _fount(key: str, font: Any) -> Fount | None:
    below = font.DescendantFonts[0]
    descriptor = below.FontDescriptor
    file = descriptor.FontFile2.read_bytes() if "/FontFile2" in descriptor else b"\0"
    if b"\0" in file:
        return None
    return Fount(
        key=key,
        file=file.decode(),
        name=font.BaseFont.unparse(),
        family=descriptor.FontFamily.unparse(),
        flags=int(descriptor.Flags) & ~_FIXED_PITCH,
        ascent=int(descriptor.Ascent),
        descent=int(descriptor.Descent),
        widths=_widths(below),
        words=tuple(_shared((int(glyph, 16), word)) for glyph, word in _PAIR.findall(font.ToUnicode.read_bytes())),
    )


@lru_cache(maxsize=1 << 17)
def _shared(pair: tuple[int, Any]) -> tuple[int, Any]:
    """Give the one pair that stands for all its likes: a chapter has thousands, and nearly all of them have others."""
    return pair


def _widths(font: Any) -> tuple[tuple[int, int], ...]:
    """Read the widths of glyphs (ISO 32000-1, 9.7.4.3), in the form in which the engine writes them."""
    pairs = [*font.W]
    return tuple(
        _shared((int(first) + n, int(width)))
        for first, widths in zip(pairs[::2], pairs[1::2], strict=True)
        for n, width in enumerate(widths)
    )


@dataclass(slots=True)
class Union:
    """What the founts of several chapters say together."""

    fount: Fount
    widths: dict[int, int] = field(default_factory=dict)
    words: dict[int, bytes] = field(default_factory=dict)

    def takes(self, fount: Fount) -> bool:
        """Take a fount in, unless it reads a glyph as other words."""
        if any(self.words.get(glyph, word) != word for glyph, word in fount.words):
            return False
        self.words.update(fount.words)
        self.widths.update(fount.widths)
        return True


def unite(chapters: Iterable[Sequence[Fount]]) -> tuple[list[Union], list[tuple[int, ...]]]:
    """Unite the founts of all chapters: give the unions, and for each chapter which of them are its fonts."""
    unions: list[Union] = []
    known: dict[tuple[str, str], list[int]] = defaultdict(list)
    dressed = []
    for chapter in chapters:
        dressed.append(tuple(_union(fount, unions, known[fount.key, fount.file]) for fount in chapter))
    return unions, dressed


def _union(fount: Fount, unions: list[Union], known: list[int]) -> int:
    """Find the union that takes a fount in, or begin one; give its number."""
    for number in known:
        if unions[number].takes(fount):
            return number
    known.append(len(unions))
    unions.append(Union(fount))
    unions[-1].takes(fount)
    return known[-1]


def cast(union: Union, first: int, fonts: Mapping[str, bytes]) -> Section:
    """Write a font, from the number `first` on; its composite font has the number `first + COMPOSITE`."""
    fount = union.fount
    named = (fount.name, fount.family, fount.flags, fount.ascent, fount.descent)
    return _cast(
        first, named, tuple(sorted(union.widths.items())), tuple(sorted(union.words.items())), fonts[fount.file]
    )


@lru_cache(maxsize=64)
def _cast(
    first: int,
    named: tuple[bytes, bytes, int, int, int],
    widths: tuple[tuple[int, int], ...],
    words: tuple[tuple[int, bytes], ...],
    file: bytes,
) -> Section:
    name, family, flags, ascent, descent = named
    broad = max((width for _, width in widths), default=0)
    if len(widths) > 1 and len({width for _, width in widths}) == 1:
        flags |= _FIXED_PITCH
    composite = first + COMPOSITE
    box = (descent, broad, ascent)
    things = [
        _COMPOSITE % (name, composite + 1, first),
        _BELOW % (name, composite + 2, b" ".join(_runs(widths))),
        _DESCRIPTOR % (ascent, ascent, descent, flags, *box, family, first + 1, name),
    ]
    font = _subset(file, tuple(glyph for glyph, _ in words))
    streams = [compressed(_character_map(words)), compressed(font, b"/Length1 %d " % len(font))]
    return section(first, streams, things)


_COMPOSITE = (
    b"<< /BaseFont %b /DescendantFonts [ %d 0 R ] /Encoding /Identity-H /Subtype /Type0 /ToUnicode %d 0 R "
    b"/Type /Font >>"
)
_BELOW = (
    b"<< /BaseFont %b /CIDSystemInfo << /Ordering (Identity) /Registry (Adobe) /Supplement 0 >> /CIDToGIDMap /Identity "
    b"/FontDescriptor %d 0 R /Subtype /CIDFontType2 /Type /Font /W [ %b ] >>"
)
_DESCRIPTOR = (
    b"<< /Ascent %d /CapHeight %d /Descent %d /Flags %d /FontBBox [ 0 %d %d %d ] /FontFamily %b /FontFile2 %d 0 R "
    b"/FontName %b /ItalicAngle 0 /StemH 80 /StemV 80 /Type /FontDescriptor >>"
)


def _runs(widths: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """Write widths run by run of glyphs that follow each other (ISO 32000-1, 9.7.4.3)."""
    runs: list[tuple[int, list[int]]] = []
    for glyph, width in widths:
        if not runs or glyph != runs[-1][0] + len(runs[-1][1]):
            runs.append((glyph, []))
        runs[-1][1].append(width)
    yield from (b"%d [ %b ]" % (first, b" ".join(b"%d" % width for width in run)) for first, run in runs)


def _character_map(words: Iterable[tuple[int, bytes]]) -> bytes:
    """Write which words the glyphs stand for (ISO 32000-1, 9.10.3): at most 100 in a block."""
    lines = [b"<%04x> <%b>" % pair for pair in words]
    blocks = [lines[n : n + 100] for n in range(0, len(lines), 100)]
    body = b"\n".join(b"%d beginbfchar\n%b\nendbfchar" % (len(block), b"\n".join(block)) for block in blocks)
    return _MAP % body


_MAP = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo
<< /Registry (Adobe)
/Ordering (UCS)
/Supplement 0
>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
%b
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


@lru_cache(maxsize=64)
def _subset(original: bytes, glyphs: tuple[int, ...]) -> bytes:
    """Cut a font down to some glyphs, which keep their numbers."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _UNUSED)
    wanted.flags = SubsetFlags.RETAIN_GIDS | SubsetFlags.NO_HINTING | SubsetFlags.DESUBROUTINIZE
    return bytes(uharfbuzz.subset(uharfbuzz.Face(original), wanted).blob.data)
