"""What stands beside the text stands outside on either side of a spread.

The engine knows a page's side where its margins are, and not where a block is. So a design lays such blocks out for a
right-hand page, and says that they are mirrored on a left-hand one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import Page
from weasyprint.formatting_structure.boxes import PageBox
from weasyprint.layout.absolute import AbsolutePlaceholder

ON_VERSO = "__on_verso"
"""The engine's name of `--on-verso`, which stylesheets set to `mirrored`, or for another design to `same`."""


def turned(page: Page) -> Page:
    """Give a page as its side asks for: on a verso, blocks `--on-verso: mirrored` change sides of the text area.

    A block is moved as a whole, and reads as before.
    """
    sheet: PageBox = page._page_box
    if sheet.page_type.side != "left":
        return page
    around = 2 * sheet.content_box_x() + sheet.width
    mirrored = [*_mirrored(sheet)]
    for box in mirrored:
        box.translate(around - 2 * box.border_box_x() - box.border_width())
    return Page(sheet) if mirrored else page  # which reads off anew where links and anchors are


def _mirrored(box: Any) -> Iterator[Any]:
    """Find the outermost blocks that are mirrored; what is in them inherits the word, and moves along."""
    for placed in getattr(box, "children", ()):
        child = placed._box if isinstance(placed, AbsolutePlaceholder) else placed
        words = child.style[ON_VERSO] if child.element is not None else ()
        if any(getattr(token, "value", "") == "mirrored" for token in words or ()):
            yield child
        else:
            yield from _mirrored(child)
