"""What stands on a page: the operators of its content stream, read for what is marked, and with which glyphs."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

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


def operators(page: Any) -> bytes:
    """Give the operators of a page, with the glyphs of a line in one string: 20 times fewer things to read."""
    parts = page.get("/Contents", Array())
    whole = b"\n".join(part.read_bytes() for part in (parts if isinstance(parts, Array) else [parts]))
    return _LINE.sub(lambda line: _MOVES.sub(b"", line[0]), whole)


def read(page: Any, stream: bytes) -> Content:
    """Read what stands on a page, by its operators."""
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
        self.content.codes.setdefault(self.font.objgen, set()).update(codes(shown, code_length(self.font)))


def code_length(font: Any) -> int:
    """Give how many bytes a code of a font has."""
    return 2 if font.get("/Subtype") == Name.Type0 else 1


def codes(shown: bytes, length: int) -> Iterable[int]:
    """Take a string apart into its codes, of one byte or two each."""
    whole = len(shown) // length
    return struct.unpack(f">{whole}H", shown[: whole * 2]) if length == 2 else shown
