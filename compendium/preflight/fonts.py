"""Rules of the file gate about fonts: embedded, complete, with the right widths and letters (ISO 14289-1, 7.21)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Stream

from .sheets import File, Finding

_FORBIDDEN = {"\0", "\ufeff", "\ufffe"}
_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the file: the codes that its pages use, and the first of these pages."""

    obj: Any
    codes: frozenset[int]
    page: int

    @property
    def name(self) -> str:
        """Give its name without the tag of its subset."""
        return str(self.obj.get("/BaseFont", "/?"))[1:].rpartition("+")[2]

    @property
    def program(self) -> Any:
        """Give the embedded font file, or None."""
        descriptor = self.below.get("/FontDescriptor", Dictionary())
        return next((descriptor[key] for key in _FILES if key in descriptor), None)

    @property
    def below(self) -> Any:
        """Give the font that holds the glyphs."""
        return self.obj.DescendantFonts[0] if self.obj.get("/Subtype") == Name.Type0 else self.obj


def fonts(file: File) -> list[Font]:
    """Gather the fonts that the pages use."""
    return [Font(used.font, frozenset(used.codes), used.page) for used in file.used.values()]


def embedded(file: File) -> Iterator[Finding]:
    """Every font travels with the file (ISO 14289-1, 7.21.4.1; ISO 19005-3, 6.2.11.4)."""
    yield from ((font.page, f"The font {font.name} is not embedded.") for font in fonts(file) if font.program is None)


def house(file: File) -> Iterator[Finding]:
    """Every font is one of the design's (house rule)."""
    yield from foreign(file, fonts(file))


def foreign(file: File, used: Iterable[Font]) -> Iterator[Finding]:
    """Find fonts that are none of the design's."""
    for font in used:
        if not font.name.replace("-", "").replace(",", "").startswith(file.families):
            yield font.page, f"The font {font.name} is not one of styles/fonts/."


def spelled(file: File) -> Iterator[Finding]:
    """Every used glyph says which letters it stands for (ISO 14289-1, 7.21.7; ISO 19005-3, 6.2.11.7)."""
    for font in fonts(file):
        if lost := font.codes - set(_letters(font)):
            yield font.page, f"{len(lost)} glyphs of the font {font.name} do not say what letters they are."


def letters(file: File) -> Iterator[Finding]:
    """No glyph stands for U+0000, U+FEFF or U+FFFE (ISO 14289-1, 7.21.7)."""
    for font in fonts(file):
        if any(_letters(font).get(code) in _FORBIDDEN for code in font.codes):
            yield font.page, f"A glyph of the font {font.name} stands for a sign that is none."


def public(file: File) -> Iterator[Finding]:
    """No glyph stands for a sign of the private use areas, which nobody else can read (house rule)."""
    for font in fonts(file):
        used = "".join(_letters(font).get(code, "") for code in font.codes)
        if any("\ue000" <= sign <= "\uf8ff" or ord(sign) >= 0xF0000 for sign in used):
            yield font.page, f"A glyph of the font {font.name} stands for a sign of private use."


def present(file: File) -> Iterator[Finding]:
    """No text shows the sign for a missing glyph, and every used glyph is in the file (ISO 14289-1, 7.21.8)."""
    for font in fonts(file):
        widths = _program_widths(font)
        if 0 in font.codes and font.obj.get("/Subtype") == Name.Type0:
            yield font.page, f"A sign is missing from the font {font.name}."
        if widths and not all(code < len(widths) for code in font.codes):
            yield font.page, f"A used glyph is not in the embedded font {font.name}."


def measured(file: File) -> Iterator[Finding]:
    """The widths in the file are those of the font, to a thousandth (ISO 14289-1, 7.21.5; ISO 19005-3, 6.2.11.5)."""
    for font in fonts(file):
        told, real = _told_widths(font), _program_widths(font)
        standard = float(font.below.get("/DW", 1000))
        known = [code for code in font.codes if code < len(real)]
        if wrong := [code for code in known if abs(told.get(code, standard) - real[code]) > 1]:
            yield font.page, f"{len(wrong)} widths of the font {font.name} are wrong."


def mapped(file: File) -> Iterator[Finding]:
    """Codes lead to glyphs by a map that is in the file or known to all (ISO 14289-1, 7.21.3)."""
    for font in fonts(file):
        if font.obj.get("/Subtype") != Name.Type0:
            continue
        encoding = font.obj.get("/Encoding")
        if not isinstance(encoding, Stream) and encoding not in (Name("/Identity-H"), Name("/Identity-V")):
            yield font.page, f"The font {font.name} has an encoding that is not in the file."
        if font.below.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in font.below:
            yield font.page, f"The font {font.name} does not say which glyph a code is."


def _letters(font: Font) -> dict[int, str]:
    stream = font.obj.get("/ToUnicode")
    return _character_map(stream.read_bytes()) if isinstance(stream, Stream) else {}


@cache
def _character_map(source: bytes) -> dict[int, str]:
    """Read a ToUnicode map (ISO 32000-1, 9.10.3): code → letters."""
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return found


@cache
def _widths_of(program: bytes) -> tuple[float, ...]:
    """Read the widths of a TrueType font's glyphs, in thousandths of its size; nothing where it cannot be read."""
    try:
        font = TTFont(io.BytesIO(program), lazy=True)
        unit = 1000 / font["head"].unitsPerEm
        return tuple(font["hmtx"][name][0] * unit for name in font.getGlyphOrder())
    except (TTLibError, KeyError):
        return ()


def _program_widths(font: Font) -> tuple[float, ...]:
    is_plain = font.below.get("/Subtype") == Name.CIDFontType2 and isinstance(font.program, Stream)
    return _widths_of(font.program.read_bytes()) if is_plain else ()


def _told_widths(font: Font) -> dict[int, float]:
    """Read the widths of a composite font (ISO 32000-1, 9.7.4.3)."""
    entries, found, at = list(font.below.get("/W", Array())), {}, 0
    while at < len(entries):
        first, after = int(entries[at]), entries[at + 1]
        if isinstance(after, Array):
            found.update({first + n: float(width) for n, width in enumerate(after)})
            at += 2
        else:
            found.update({code: float(entries[at + 2]) for code in range(first, int(after) + 1)})
            at += 3
    return found


RULES = {
    "ua-7.21.4.1-embedded": embedded,
    "book-fonts": house,
    "ua-7.21.7-letters": spelled,
    "ua-7.21.7-signs": letters,
    "ua-private-use": public,
    "ua-7.21.8-missing": present,
    "ua-7.21.5-widths": measured,
    "ua-7.21.3-maps": mapped,
}
