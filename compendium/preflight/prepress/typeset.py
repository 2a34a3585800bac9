"""How text is set and how far it goes, while a page is read (ISO 32000-1, 9.3 and 9.4)."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Matrix, Name, String


@dataclass(frozen=True, slots=True)
class Font:
    """A font as it is used: how many bytes a code has, the widths of its signs by their codes, and of all others.

    Widths are thousandths of its size.
    """

    obj: Any
    length: int
    widths: Mapping[int, float]
    standard: float

    def width(self, shown: bytes) -> float:
        """Give the width of a string."""
        codes = struct.unpack(f">{len(shown) // 2}H", shown[: len(shown) // 2 * 2]) if self.length == 2 else shown
        return sum([self.widths.get(code, self.standard) for code in codes])


NO_FONT = Font(None, 1, {}, 0)
_UNSEEN = (3, 7)
_UPRIGHT = Matrix()


@dataclass(slots=True)
class Type:
    """The state of text: its font and size, in units of the text, its spaces, and where the next sign stands."""

    font: Font = NO_FONT
    size: float = 0
    stretch: float = 1
    letter_space: float = 0
    word_space: float = 0
    leading: float = 0
    rise: float = 0
    mode: int = 0
    matrix: Matrix = _UPRIGHT
    line: Matrix = _UPRIGHT

    @property
    def is_seen(self) -> bool:
        """Tell whether it is painted at all."""
        return self.mode not in _UNSEEN

    def begin(self, matrix: Matrix = _UPRIGHT) -> None:
        """Begin a text, or a line of it, at a place of its own."""
        self.matrix = self.line = matrix

    def move(self, x: float, y: float) -> None:
        """Begin a line at a distance from the last."""
        self.begin(Matrix(1, 0, 0, 1, x, y) @ self.line)

    def next_line(self) -> None:
        """Begin the next line."""
        self.move(0, -self.leading)

    def show(self, parts: Sequence[Any]) -> float:
        """Set strings, with numbers that draw them together; give how wide they are."""
        shown = b"".join([bytes(part) for part in parts if isinstance(part, String)])
        drawn = sum([float(part) for part in parts if not isinstance(part, String)])
        signs = len(shown) // self.font.length
        spaces = shown.count(b" ") if self.font.length == 1 else 0
        width = (self.font.width(shown) - drawn) / 1000 * self.size
        width = (width + signs * self.letter_space + spaces * self.word_space) * self.stretch
        self.matrix = Matrix(1, 0, 0, 1, width, 0) @ self.matrix
        return width


def font_of(obj: Any) -> Font:
    """Read a font: composite (ISO 32000-1, 9.7.4.3) or simple (9.6.2)."""
    if obj.get("/Subtype") != Name.Type0:
        first = int(obj.get("/FirstChar", 0))
        return Font(obj, 1, {first + n: float(width) for n, width in enumerate(obj.get("/Widths", ()))}, 500)
    below = obj.DescendantFonts[0]
    entries, found, at = list(below.get("/W", Array())), dict[int, float](), 0
    while at < len(entries):
        start, after = int(entries[at]), entries[at + 1]
        is_list = isinstance(after, Array)
        listed = list(after) if is_list else [entries[at + 2]] * (int(after) + 1 - start)
        found.update({start + n: float(width) for n, width in enumerate(listed)})
        at += 2 if is_list else 3
    return Font(obj, 2, found, float(below.get("/DW", 1000)))
