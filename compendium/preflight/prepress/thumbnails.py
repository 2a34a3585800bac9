"""Small pictures of the pages on which something was found, with the places marked, for the report."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pikepdf import Rectangle

from compendium.pictures import on_paper
from compendium.preflight.sheets import Fault, File

from .ghostscript import Drawn, NotDrawn, look
from .telling import MM

RESOLUTION = 36
"""Pixels per inch: a page is as wide as half a column of the report."""
MOST = 40
"""Pages that are shown at the most; the report names all."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A fault of a page, and where it is, in per cent of the picture from its left and top, if it has a place."""

    left: float
    top: float
    fault: Fault


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A page (from 0), its picture as an address that holds it whole, and its spots."""

    page: int
    picture: str
    spots: tuple[Spot, ...]


def thumbnails(file: File, faults: Iterable[Fault]) -> tuple[Thumbnail, ...]:
    """Draw the pages of a file for a press that have faults, as on paper; none where they cannot be drawn."""
    if file.order is None:
        return ()
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        if fault.page is not None and 0 <= fault.page < len(file.pdf.pages):
            found.setdefault(fault.page, []).append(fault)
    pages, profile = sorted(found)[:MOST], file.order.profile
    try:
        pictures = look(file.content, pages, RESOLUTION, lambda _, image: _address(on_paper(image, profile)))
    except NotDrawn:
        return ()
    return tuple(
        Thumbnail(page, picture, _spots(file, page, found[page])) for page, picture in zip(pages, pictures, strict=True)
    )


def _spots(file: File, page: int, faults: Sequence[Fault]) -> tuple[Spot, ...]:
    # The boxes alone are looked at: what stands on the page may be too broken.
    trim, media = (Rectangle(box) for box in (file.pdf.pages[page].trimbox, file.pdf.pages[page].mediabox))
    spots = []
    for fault in faults:
        left, top = fault.place or (0.0, 0.0)
        across = _share(left * MM + trim.llx - media.llx, media.width)
        spots.append(Spot(across, _share(top * MM + media.ury - trim.ury, media.height), fault))
    return tuple(spots)


def _share(place: float, length: float) -> float:
    """Give a place as per cent of a length, as far as it lies on it."""
    return round(min(100.0, max(0.0, place / length * 100)), 1)


def _address(image: Drawn) -> str:
    picture = io.BytesIO()
    image.save(picture, "JPEG", quality=70, optimize=True)
    return f"data:image/jpeg;base64,{base64.b64encode(picture.getvalue()).decode()}"
