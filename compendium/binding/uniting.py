"""The chapters' descriptions of one font → one: each chapter brings its own subset, the book needs each sign once.

The engine keeps the numbers of glyphs in its subsets and writes them into the text (ISO 32000-1, 9.7.4), so a larger
subset of the same font can stand in for each smaller one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pikepdf
import uharfbuzz
from pikepdf import Array, Dictionary, Pdf
from uharfbuzz import SubsetFlags

_PAIR = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_UNUSED = (b"BASE", b"DSIG", b"GDEF", b"GPOS", b"GSUB", b"JSTF")


@dataclass(slots=True)
class _Union:
    """What several descriptions of a font say together: widths and words of glyphs, and where they are used."""

    first: pikepdf.Object
    widths: dict[int, int] = field(default_factory=dict)
    words: dict[int, bytes] = field(default_factory=dict)
    used: list[pikepdf.Object] = field(default_factory=list)


def unite(book: Pdf, fonts: Iterable[bytes]) -> None:
    """Give every font of a bound book one description; `fonts` are the font files of the design."""
    originals = {_name(font): font for font in fonts}
    for key, unions in _unions(book).items():
        for union in unions:
            original = originals.get(_name(bytes(_descriptor(union.first).FontFile2.read_bytes())))
            if len(union.used) > 1 and original:
                _rewrite(book, union, original)
                for dictionary in union.used:
                    dictionary[key] = union.first


def _unions(book: Pdf) -> Mapping[str, list[_Union]]:
    """Gather the descriptions of each font; two that read one glyph as different words stay apart."""
    unions: dict[str, list[_Union]] = defaultdict(list)
    for dictionary in _dictionaries(book):
        for key, font in dictionary.items():
            words = {int(glyph, 16): word for glyph, word in _PAIR.findall(font.ToUnicode.read_bytes())}
            union = next((one for one in unions[key] if _agree(one.words, words)), None)
            if union is None:
                unions[key].append(union := _Union(font))
            union.words |= words
            union.widths |= _widths(font)
            union.used.append(dictionary)
    return unions


def _dictionaries(book: Pdf) -> Iterator[pikepdf.Object]:
    """Give the font dictionaries of all pages, each once: the pages of a chapter share theirs."""
    seen = set()
    for page in book.pages:
        fonts = page.obj.get("/Resources", Dictionary()).get("/Font")
        if fonts is not None and fonts.objgen not in seen:
            seen.add(fonts.objgen)
            yield fonts


def _agree(known: Mapping[int, bytes], words: Mapping[int, bytes]) -> bool:
    return all(known.get(glyph, word) == word for glyph, word in words.items())


def _widths(font: pikepdf.Object) -> dict[int, int]:
    """Read the widths of glyphs (ISO 32000-1, 9.7.4.3), in the form in which the engine writes them."""
    pairs = [*font.DescendantFonts[0].W]
    return {
        int(first) + n: int(width)
        for first, widths in zip(pairs[::2], pairs[1::2], strict=True)
        for n, width in enumerate(widths)
    }


def _descriptor(font: pikepdf.Object) -> pikepdf.Object:
    return font.DescendantFonts[0].FontDescriptor


def _rewrite(book: Pdf, union: _Union, original: bytes) -> None:
    """Write the union into the first of the descriptions."""
    font = _subset(original, tuple(sorted(union.words)))
    _descriptor(union.first).FontFile2 = book.make_stream(font, Length1=len(font))
    runs: list[tuple[int, list[int]]] = []
    for glyph, width in sorted(union.widths.items()):
        if not runs or glyph != runs[-1][0] + len(runs[-1][1]):
            runs.append((glyph, []))
        runs[-1][1].append(width)
    union.first.DescendantFonts[0].W = Array([part for first, widths in runs for part in (first, Array(widths))])
    union.first.ToUnicode = book.make_stream(_character_map(union.words))


def _character_map(words: Mapping[int, bytes]) -> bytes:
    """Write which words the glyphs stand for (ISO 32000-1, 9.10.3): at most 100 in a block."""
    lines = [b"<%04x> <%b>" % (glyph, word) for glyph, word in sorted(words.items())]
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
def _name(font: bytes) -> str:
    """Read the PostScript name of a font, which its subsets keep."""
    return str(uharfbuzz.Face(font).get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME))


@lru_cache(maxsize=64)
def _subset(original: bytes, glyphs: tuple[int, ...]) -> bytes:
    """Cut a font down to some glyphs, which keep their numbers."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _UNUSED)
    wanted.flags = SubsetFlags.RETAIN_GIDS | SubsetFlags.NO_HINTING | SubsetFlags.DESUBROUTINIZE
    return bytes(uharfbuzz.subset(uharfbuzz.Face(original), wanted).blob.data)
