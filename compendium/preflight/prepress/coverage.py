"""The rule of the press about ink: how much lies on one spot, all four together, as Ghostscript draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import cast

from compendium.preflight.sheets import Fault, File, Finding

from .ghostscript import Drawn, NotDrawn, look
from .impressions import Impression
from .telling import MM

RESOLUTION = 50
"""Pixels per inch at which ink is measured: a pixel is half a millimetre."""
SMALLEST = 1.0
"""Square millimetres up to which too much ink dries all the same."""
_PIXELS = RESOLUTION / 72
"""Pixels in a point."""
_ROUNDING = 1.0
"""Per cent by which a sum of four inks, each in steps of 1/255, may be off."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The most ink of a page in per cent, where it lies, in mm, and on how many mm² there is more than is allowed."""

    most: float
    place: tuple[float, float]
    above: float


def coverage(file: File) -> Iterator[Finding]:
    """No spot gets more ink than the paper bears (printer's rule)."""
    if file.order is None:
        return
    limit = file.order.printer.ink_limit
    pages = range(len(file.impressions))
    try:
        measured = look(
            file.content, pages, RESOLUTION, lambda page, image: measure(image, file.impressions[page], limit)
        )
    except NotDrawn as why:
        yield Fault(None, f"The ink was not checked: {why}", "Install Ghostscript, which measures it, and build again.")
        return
    for page, ink in enumerate(measured):
        if ink.above >= SMALLEST:
            what = f"Up to {ink.most:.0f} % of ink lie on {ink.above:.0f} mm²; the printer allows {limit} %."
            yield Fault(page, what, "Make the colour lighter, or the picture through the printer's profile.", ink.place)


def measure(image: Drawn, page: Impression, limit: float) -> Coverage:
    """Measure the ink of a page that is drawn, as far as it bleeds."""
    left, top = page.bleed.x - page.media.x, page.bleed.y - page.media.y
    right, bottom = left + page.bleed.width, top + page.bleed.height
    begin, end = (ceil(left * _PIXELS), ceil(top * _PIXELS)), (int(right * _PIXELS), int(bottom * _PIXELS))
    bled = image.crop((*begin, *end))
    # Pillow's types do not know that a picture of four bands has no colours of one.
    colours = cast("list[tuple[int, tuple[int, ...]]]", bled.getcolors(bled.width * bled.height) or [])
    sums = [(sum(inks) / 2.55, count, inks) for count, inks in colours]
    most, _, inks = max(sums, key=lambda one: (one[0], one[2]))
    at = _first(bled, bytes(inks))
    place = at % bled.width / _PIXELS + page.bleed.x, at // bled.width / _PIXELS + page.bleed.y
    above = sum(count for ink, count, _ in sums if ink > limit + _ROUNDING)
    return Coverage(most, (place[0] / MM, place[1] / MM), above / (_PIXELS * MM) ** 2)


def _first(image: Drawn, inks: bytes) -> int:
    """Give the number of the first pixel of a colour."""
    pixels, at = image.tobytes(), -1
    while (at := pixels.index(inks, at + 1)) % 4:
        pass
    return at // 4


RULES = {"printer-ink": coverage}
