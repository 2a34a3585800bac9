"""Rules of the press about what is fine: lines, letters, pictures."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Stream

from compendium.preflight.sheets import File, Finding

from .impressions import Impression, Painted
from .order import Order
from .telling import SLACK, is_printed, told

LINE_ART = 600
"""Pixels per inch that a picture of black and white needs: its edges are not softened by greys."""
_LARGER = "Print it smaller, or take a picture of more pixels."
"""What to do about a picture."""


def lines(file: File) -> Iterator[Finding]:
    """No line is finer than the press can hold (printer's rule)."""
    if file.order is None:
        return
    finest = file.order.printer.line_width

    def fine(one: Painted, _: Impression) -> str | None:
        if one.kind not in ("stroke", "fill") or not is_printed(one) or one.size >= finest - 0.005:
            return None
        return f"A line is {one.size:.2f} pt wide; the printer holds {finest:g} pt."

    yield from told(file, fine, "Draw it wider.")


def letters(file: File) -> Iterator[Finding]:
    """No letters are smaller than the press can hold (printer's rule)."""
    if file.order is None:
        return
    least = file.order.printer.type_size

    def small(one: Painted, _: Impression) -> str | None:
        is_small = one.kind == "text" and is_printed(one) and one.size < least - 0.05
        return f"Letters are {one.size:.1f} pt high; the printer holds {least:g} pt." if is_small else None

    yield from told(file, small, "Set them larger.")


def least_resolution(file: File) -> Iterator[Finding]:
    """No picture has fewer pixels than the printer takes, at the size at which it is printed (printer's rule)."""
    if file.order is None:
        return
    order, least = file.order, file.order.printer.resolution.least

    def coarse(one: Painted, page: Impression) -> str | None:
        return _coarse(one, page, max(least, LINE_ART) if _is_line_art(one) else least, order)

    yield from told(file, coarse, _LARGER)


def good_resolution(file: File) -> Iterator[Finding]:
    """Every picture has as many pixels as the printer wishes (printer's rule)."""
    if file.order is None:
        return
    order, asked = file.order, file.order.printer.resolution

    def soft(one: Painted, page: Impression) -> str | None:
        return _coarse(one, page, asked.good, order) if one.size >= asked.least and not _is_line_art(one) else None

    yield from told(file, soft, _LARGER, severe=False)


def _coarse(one: Painted, page: Impression, asked: int, order: Order) -> str | None:
    if one.kind != "picture" or one.masking or one.size >= asked - SLACK:
        return None
    called = page.pictures.get(one.thing.objgen, "")[:-1] if isinstance(one.thing, Stream) else ""
    name = order.pictures.get(called, "A picture")
    return f"{name} ({_pixels(one)}) has {one.size:.0f} pixels per inch here; {asked} are asked."


def _pixels(one: Painted) -> str:
    if isinstance(one.thing, Stream):
        return f"{int(one.thing.Width)} × {int(one.thing.Height)} pixels"
    return f"{one.thing.width} × {one.thing.height} pixels"


def _is_line_art(one: Painted) -> bool:
    return isinstance(one.thing, Stream) and int(one.thing.get("/BitsPerComponent", 8)) == 1


RULES = {
    "printer-lines": lines,
    "printer-letters": letters,
    "printer-least-resolution": least_resolution,
    "printer-good-resolution": good_resolution,
}
