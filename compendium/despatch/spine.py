"""How wide the back of a book is, and what may stand on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from compendium.printers import Printer

FOLD = 2.0
"""How far, in mm, the fold may lie from where it belongs: what is read keeps clear of it, and nothing ends there."""
INK = 0.93
"""From the foot of a descender to the head of an ascender, as a part of the type's size."""
WIDE = 0.58
"""A letter on average, bold and wide, as a part of the type's size."""
ALONG = 0.75
"""The part of the height that words may take: the rest is white at head and foot, and between title and publisher."""
LEAST, MOST = 6.0, 18.0
"""Points. Below, letters in white fill with ink; above, the title is the poster's and not the spine's."""


@dataclass(frozen=True, slots=True)
class Spine:
    """The spine: its width in mm, and the size of the letters on it in points; 0 where they find no room."""

    width: float
    type: float


def spine(pages: int, title: str, publisher: str, height: float, printer: Printer) -> Spine:
    """Measure the spine of a book of so many pages, padding included; `height` is that of its trim in mm."""
    width = thickness(pages, printer)
    return Spine(width, _type(width, title, publisher, height) if width >= printer.spine_text else 0)


def thickness(pages: int, printer: Printer) -> float:
    """Give the width of a spine in mm, in whole tenths: the leaves, and the cover on both sides.

    A stapled book has none.
    """
    if printer.binding == "saddle-stitched":
        return 0
    exact = math.ceil(pages / 2) * printer.caliper + 2 * printer.cover_caliper
    return math.ceil(round(exact * 10, 6)) / 10


def _type(width: float, title: str, publisher: str, height: float) -> float:
    """Give the largest letters that keep clear of both folds and of both ends; 0 where they would be too small."""
    across = (width - 2 * FOLD) / INK
    along = ALONG * height / (WIDE * (len(title) + len(publisher) + 6))
    size = math.floor(10 * min(across * 72 / 25.4, along * 72 / 25.4, MOST)) / 10
    return size if size >= LEAST else 0
