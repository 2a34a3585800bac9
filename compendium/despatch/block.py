"""The book block: the pages between the covers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from compendium.chapters import Placed


def block(placed: Sequence[Placed], outside: Collection[str]) -> tuple[Placed, ...]:
    """Take the cover off a book: leave out the chapters `outside` it, at its front and at its back.

    All others keep their numbers and their sides, for every numbering begins on a recto; the blank behind the cover
    goes with it.
    """
    inside = list(placed)
    while inside and inside[0].chapter.name in outside:
        inside.pop(0)
    while inside and inside[-1].chapter.name in outside:
        inside.pop()
    return (replace(inside[0], blanks=0), *inside[1:]) if inside else ()
