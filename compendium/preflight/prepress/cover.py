"""Rules of the press about covers, whose spread is folded at the spine, and about words near edges."""

from __future__ import annotations

from collections.abc import Iterator

from compendium.pages import Box
from compendium.preflight.sheets import File, Finding

from .impressions import Impression, Painted
from .telling import MM, is_printed, told, touches

TOLERANCE = 2.0
"""Millimetres by which a fold may be off."""
BESIDE_SPINE = 1.0
"""Millimetres that words on the spine keep from the folds."""
_LONG = 10.0
"""Millimetres along the fold from which on an edge is one that would show."""


def spread(file: File) -> Iterator[Finding]:
    """A cover is one page, and back and front are equally wide (house rule)."""
    if file.order is None or file.order.spine is None:
        return
    left, right = file.order.spine
    if len(file.pdf.pages) != 1:
        yield None, f"The cover has {len(file.pdf.pages)} pages; back, spine and front are printed as one."
    if abs(left - (file.outlines[0][0].width / MM - right)) > 0.1:
        yield 0, "Back and front of the cover are not equally wide, so that the spine is not in its place."


def folds(file: File) -> Iterator[Finding]:
    """No area or picture ends at a fold: the fold may be off by 2 mm (house rule)."""
    spine = file.order.spine if file.order else None

    def stops(one: Painted, page: Impression) -> str | None:
        if not spine or one.kind == "text" or not is_printed(one) or one.box.height < _LONG * MM:
            return None
        for fold in spine:
            for edge in (one.box.x, one.box.right):
                if abs(edge - fold * MM) < TOLERANCE * MM and touches(one.box, page.trim):
                    return f"An edge lies {abs(edge / MM - fold):.1f} mm from the fold of the spine."
        return None

    yield from told(file, stops, "Let it go on across the fold, or keep it away: the binder may be off by 2 mm.")


def safe(file: File) -> Iterator[Finding]:
    """Words keep away from trim and folds (printer's rule)."""
    if file.order is None:
        return
    zone, spine = file.order.printer.safe_zone, file.order.spine

    def near(one: Painted, page: Impression) -> str | None:
        if one.kind != "text" or not is_printed(one) or not touches(one.box, page.trim):
            return None
        left, right, beside = _panel(one.box, page.trim, spine, zone)
        sides = min(one.box.x - left, right - one.box.right) - beside * MM
        ends = min(one.box.y, page.trim.height - one.box.bottom) - zone * MM
        short = -min(sides, ends) / MM
        return f"Words come {short:.1f} mm too near to the trim or a fold." if short > 0.1 else None

    yield from told(file, near, f"Move them in, or set them smaller: {zone:g} mm are to be kept free.")


def _panel(box: Box, trim: Box, spine: tuple[float, float] | None, zone: float) -> tuple[float, float, float]:
    """Give the left and right end, in points, of the panel on which something stands, and the room beside it."""
    if spine is None:
        return 0, trim.width, zone
    left, right, middle = spine[0] * MM, spine[1] * MM, box.x + box.width / 2
    if middle < left:
        return 0, left, zone
    return (left, right, BESIDE_SPINE) if middle < right else (right, trim.width, zone)


RULES = {"cover-spread": spread, "cover-folds": folds, "printer-safe-zone": safe}
