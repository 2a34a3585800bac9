"""A bound file → the same, in the order in which it is read: its first page shows while the rest is on its way."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Pdf


def linearized(book: bytes) -> bytes:
    """Linearize a file (ISO 32000-1, annex F). The same bytes give the same bytes.

    Object streams stay as they were bound: without them, or where bookmarks share one with other objects, the tables of
    hints come out such that readers warn of them.
    """
    written = io.BytesIO()
    with Pdf.open(io.BytesIO(book)) as pdf:
        as_bound = pikepdf.ObjectStreamMode.preserve
        pdf.save(written, linearize=True, deterministic_id=True, object_stream_mode=as_bound)
    return written.getvalue()
