"""Printed chapter → the chapter as an edition wants it: what is not layout and yet differs from edition to edition.

Chapters are printed once for all editions that look alike. What only one of them wants is done to its own copy here,
before it is bound: the pages stay as they were laid out.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Pdf

from compendium.chapters import Printed

from . import excerpts, pictures

Change = Callable[[Pdf], Any]


def fitted(printed: Printed, resolution: int, quality: int) -> Printed:
    """Give a chapter whose pictures have at most `resolution` pixels to the inch, photographs in that JPEG quality."""
    return _changed(printed, lambda pdf: pictures.fit(pdf, resolution, quality))


def excerpt(printed: Printed, anchors: Collection[str]) -> Printed:
    """Give a chapter that stands without the book: its links to other anchors are plain words, its outline begins at
    the first level."""
    highest = min((mark.level for mark in printed.bookmarks), default=1)
    marks = (replace(mark, level=mark.level - highest + 1) for mark in printed.bookmarks)
    loosened = _changed(printed, lambda pdf: excerpts.loosen(pdf, anchors))
    return replace(loosened, bookmarks=tuple(marks))


def _changed(printed: Printed, change: Change) -> Printed:
    changed = io.BytesIO()
    with Pdf.open(io.BytesIO(printed.pdf)) as pdf:
        change(pdf)
        pdf.save(changed, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return replace(printed, pdf=changed.getvalue())
