"""How a page lies on the sheet: its boxes, and the marks by which it is cut. Lengths are points."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf

from compendium.printers import Printer

_POINTS = 72 / 25.4
"""Points in a millimetre."""
_GAP, _MARK = 1 * _POINTS, 5 * _POINTS
"""How far crop marks keep from the bleed, and how long they are."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The bleed that a page is given, and how thick its crop marks are, if it has any."""

    bleed: float
    marks: float

    @classmethod
    def of(cls, printer: Printer) -> Sheet:
        """Lay pages as a print shop asks."""
        return cls(printer.bleed * _POINTS, max(printer.line_width, 0.25) if printer.marks else 0)

    def lay(self, pdf: Pdf, page: Page) -> None:
        """Give a page its boxes (ISO 32000-1, 14.11.2), and marks outside its bleed where they are wanted."""
        trim = [float(side) for side in page.trimbox]
        page.TrimBox = Array(trim)
        page.BleedBox = Array(_wider(trim, self.bleed))
        page.MediaBox = Array(_wider(trim, self.bleed + (_GAP + _MARK if self.marks else 0)))
        if self.marks:
            page.Resources.ColorSpace = Dictionary(Registration=_registration())
            drawn = b"q\n%b\nQ\n%b" % (page.Contents.read_bytes(), self._crop_marks(trim))
            page.Contents = pdf.make_stream(drawn)

    def blank(self, like: Page) -> bytes:
        """Make a file of one white page of the size of another."""
        with Pdf.new() as pdf:
            page = pdf.add_blank_page()
            page.TrimBox = Array([float(side) for side in like.trimbox])
            page.Resources = Dictionary()
            self.lay(pdf, page)
            file = io.BytesIO()
            pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return file.getvalue()

    def _crop_marks(self, trim: Sequence[float]) -> bytes:
        """Draw eight lines towards the corners of the trim, in the colour of all plates."""
        near, far = self.bleed + _GAP, self.bleed + _GAP + _MARK
        left, bottom, right, top = trim
        beside = ((left - near, left - far), (right + near, right + far))
        above = ((bottom - near, bottom - far), (top + near, top + far))
        flat = [(begin, y, end, y) for y in (bottom, top) for begin, end in beside]
        tall = [(x, begin, x, end) for x in (left, right) for begin, end in above]
        lines = b"\n".join(b"%.4f %.4f m %.4f %.4f l S" % line for line in (*flat, *tall))
        return b"q\n/Registration CS 1 SCN %g w\n%b\nQ" % (self.marks, lines)


def _wider(box: Sequence[float], by: float) -> list[float]:
    left, bottom, right, top = box
    return [round(side, 6) for side in (left - by, bottom - by, right + by, top + by)]


def _registration() -> Array:
    """Name the colour that comes out on every plate (ISO 32000-1, 8.6.6.4)."""
    all_inks = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * 4), C1=Array([1] * 4), N=1)
    return Array([Name.Separation, Name.All, Name.DeviceCMYK, all_inks])
