"""Rules of the press about pages: their boxes, what bleeds, marks, and how many there are (ISO 32000-1, 14.11.2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from compendium.pages import Box
from compendium.preflight.sheets import File, Finding

from .impressions import Impression, Painted
from .telling import MM, SLACK, is_printed, told, touches


def boxes(file: File) -> Iterator[Finding]:
    """Every page has a trim box, inside a bleed box, inside its media box; none is cropped or turned (ISO 15930-7)."""
    for number, page in enumerate(file.pdf.pages):
        own, (trim, bleed, media) = page.obj, file.outlines[number]
        if "/TrimBox" not in own or "/ArtBox" in own:
            yield number, "The page does not say where it is trimmed, or says it twice."
        if "/BleedBox" not in own:
            yield number, "The page does not say how far it bleeds."
        if not all(_holds(outer, inner) for outer, inner in pairwise((media, bleed, trim))):
            yield number, "Trim, bleed and media box do not lie one inside the other."
        if [float(side) for side in page.cropbox] != [float(side) for side in page.mediabox]:
            yield number, "The page is cropped for the screen."
        if int(own.get("/Rotate", 0)) or float(own.get("/UserUnit", 1)) != 1:
            yield number, "The page is turned or scaled."


def equal(file: File) -> Iterator[Finding]:
    """All pages have the same boxes (house rule)."""
    for number, one in enumerate(file.outlines):
        if not all(_is_same(*pair) for pair in zip(file.outlines[0], one, strict=True)):
            yield number, "The boxes of the page are not those of the first."


def bleed(file: File) -> Iterator[Finding]:
    """There is as much room for bleed on every side as the printer asks (printer's rule)."""
    asked = file.order.printer.bleed if file.order else 0
    for number, (trim, bleed, _) in enumerate(file.outlines):
        room = min(_over(bleed, trim))
        if room < asked * MM - SLACK:
            yield number, f"The bleed is {room / MM:.1f} mm wide; {asked:g} mm are asked."


def bled(file: File) -> Iterator[Finding]:
    """What reaches the trim goes on to the end of the bleed (house rule)."""
    yield from told(file, _stops_short, "Let it go on beyond the trim, or keep it away from there.")


def _stops_short(one: Painted, page: Impression) -> str | None:
    """Tell where something ends at the trim, or a little before or after it; words may be cut by nobody."""
    if not is_printed(one) or not touches(one.box, page.trim):
        return None
    sides = zip(_SIDES, _over(one.box, page.trim), _over(page.bleed, page.trim), strict=True)
    for side, over, out in sides:
        if -MM / 2 < over < out - SLACK:
            where = f"{over / MM:.1f} mm beyond" if over > SLACK else "at"
            return f"{_NAMES[one.kind]} ends {where} the {side} edge of the trimmed page, and white would show there."
    return None


def marks(file: File) -> Iterator[Finding]:
    """Nothing stands outside the bleed but marks of all plates, where the printer takes them (printer's rule)."""
    takes = file.order is not None and file.order.printer.marks

    def stray(one: Painted, page: Impression) -> str | None:
        if not is_printed(one) or touches(one.box, _inset(page.bleed)):
            return None
        if takes and one.colour.spaces[0] == "Separation All":
            return None
        return (
            "A mark stands outside the bleed; the printer takes none." if not takes else "A mark is not on all plates."
        )

    yield from told(file, stray, "Leave it out, or draw it in the colour of registration.")


def all_plates(file: File) -> Iterator[Finding]:
    """The colour of registration is used for marks alone (ISO 32000-1, 8.6.6.4; house rule)."""

    def inside(one: Painted, page: Impression) -> str | None:
        found = "Separation All" in one.colour.spaces and is_printed(one) and touches(one.box, _inset(page.bleed))
        return "Something on the page is printed in full in every ink." if found else None

    yield from told(file, inside, "Give it a colour of the edition.")


def count(file: File) -> Iterator[Finding]:
    """The pages fill whole sections of paper (printer's rule)."""
    if file.order and not file.order.spine and len(file.pdf.pages) % file.order.printer.page_multiple:
        yield None, f"{len(file.pdf.pages)} pages are no multiple of {file.order.printer.page_multiple}."


_SIDES = ("left", "upper", "right", "lower")
_NAMES = {"text": "Text", "fill": "An area", "stroke": "A line", "picture": "A picture", "shading": "A shade"}


def _is_same(one: Box, other: Box) -> bool:
    return max(abs(side) for side in _over(one, other)) < SLACK


def _over(one: Box, other: Box) -> tuple[float, float, float, float]:
    """Tell how far a box goes beyond another, on its left, upper, right and lower side."""
    return other.x - one.x, other.y - one.y, one.right - other.right, one.bottom - other.bottom


def _holds(outer: Box, inner: Box) -> bool:
    return min(_over(outer, inner)) > -SLACK


def _inset(box: Box) -> Box:
    return Box(box.x + SLACK, box.y + SLACK, box.width - 2 * SLACK, box.height - 2 * SLACK)


RULES = {
    "x-boxes": boxes,
    "printer-equal-boxes": equal,
    "printer-bleed": bleed,
    "printer-bled": bled,
    "printer-marks": marks,
    "printer-registration": all_plates,
    "printer-pages": count,
}
