"""Page numbers are set last: a chapter is printed without them, and brings along the sorts to set any number with.

So the pages of a chapter depend on the side on which it begins, and on no page of the book: not on its own, and not on
those that it names. A sort is one sign as the engine itself draws it at the number's place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import weasyprint.draw
from weasyprint import Document
from weasyprint.formatting_structure.boxes import MarginBox, TextBox
from weasyprint.text import line_break

from compendium.chapters import DIGITS, Number, Slot, Sort

_SIGNS = {"decimal": DIGITS, "lower-roman": "ivxlc"}
_SHARES = {"right": 1.0, "end": 1.0, "center": 0.5}
"""How much of a folio lies to the left of the point at which it is aligned."""


class Folios:
    """The folios of a document's pages: taken out of the layout, and known as slots once the document is written."""

    def __init__(self, document: Document) -> None:
        self._slots: dict[int, Slot] = {}
        for number, page in enumerate(document.pages):
            for box in [*_folios(page._page_box)]:
                page._page_box.children = [child for child in page._page_box.children if child is not box]
                page.paint = self._painting(page, number, box)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Give the slots, in the order of the pages."""
        return tuple(self._slots[number] for number in sorted(self._slots))

    def _painting(self, page: Any, number: int, box: Any) -> Any:
        """Let a page be painted, and then its sorts on a sheet that is not printed: so their glyphs are embedded."""
        paint = page.paint

        def painting(stream: Any, scale: float = 1) -> None:
            paint(stream, scale)
            self._slots[number] = _slot(stream, number, box, scale, page.height)

        return painting


class Numbers:
    """The page numbers that a document's text names: found while it is painted, each marked in its page's content.

    Their place is kept by noughts. Every figure is made as wide as these, so that the words round them stay.
    """

    def __init__(self) -> None:
        self.found: list[Number] = []
        self._sorts: dict[int, tuple[Any, dict[str, str]]] = {}

    def mark(self, stream: Any, start: int, text: Any, page: int) -> None:
        """Mark the number that `text`, drawn from `start` on in a page's content, keeps the place of."""
        anchor = text.element.get("data-page")
        if anchor is None or text.text.strip("0"):
            return
        for at in range(start, len(stream.stream)):
            if shows_text(stream.stream[at]):
                written = stream.stream[at].removeprefix(b"[").removesuffix(b"] TJ")
                stream.stream[at] = b"[%b] TJ" % Number.marked(len(self.found), written)
                self.found.append(Number(page, anchor, self._figures(stream, text)))
                return

    def _figures(self, stream: Any, text: Any) -> dict[str, str]:
        """Draw each figure as it is drawn at this place, or was at another of the same style."""
        style, sorts = self._sorts.get(id(text.style), (text.style, {}))
        if not sorts:
            drawn = {sign: _drawn(stream, text, sign) for sign in DIGITS}
            _, nought = drawn["0"]
            for sign, ((_, written, _), width) in drawn.items():
                # What is moved to the left counts, in thousandths of the size (ISO 32000-1, 9.4.3).
                wider = round((width - nought) / style["font_size"] * 1000)
                sorts[sign] = f"{written} {wider} " if wider else written
            self._sorts[id(style)] = style, sorts
        return sorts


def shows_text(operation: Any) -> bool:
    """Tell whether an operation of a stream shows a text (ISO 32000-1, 9.4.3)."""
    return isinstance(operation, bytes) and operation.endswith(b"] TJ")


def _folios(page_box: Any) -> Iterator[Any]:
    """Find the margin boxes that hold the page's number and nothing else."""
    return (box for box in page_box.children if isinstance(box, MarginBox) and _numerals(box))


def _numerals(box: Any) -> str:
    """Name the numerals of a folio; nothing for any other margin box."""
    content = box.style["content"]
    if len(content) == 1 and content[0][0] == "counter()" and content[0][1][0] == "page":
        return str(content[0][1][1])
    return ""


def _slot(stream: Any, number: int, box: Any, scale: float, height: float) -> Slot:
    text = next(inside for inside in box.descendants() if isinstance(inside, TextBox))
    # Where the folio finds no room, the engine begins it at the left.
    share = _SHARES.get(text.style["text_align_all"], 0.0) if text.width <= box.width else 0.0
    drawn = {sign: _drawn(stream, text, sign) for sign in _SIGNS[_numerals(box)]}
    before, _, after = next(iter(drawn.values()))[0]
    return Slot(
        page=number,
        numerals=_numerals(box),
        left=text.position_x,
        point=text.position_x + share * text.width,
        share=share,
        matrix=(scale, 0, 0, -scale, 0, height * scale),
        before=before,
        after=after,
        sorts={sign: Sort(parts[1], width) for sign, (parts, width) in drawn.items()},
    )


def _drawn(stream: Any, text: Any, sign: str) -> tuple[tuple[str, str, str], float]:
    """Draw one sign where the folio stands, on a sheet of its own: what is round the sign, the sign, its width."""
    sheet, box = stream.clone(tags=None), text.copy()
    box.pango_layout, _, _, width, *_ = line_break.split_first_line(sign, text.style, None, None, 0)
    box.text = sign
    weasyprint.draw.draw_text(sheet, box, 0, "clip", "none")
    drawn = "\n".join(piece.decode("ascii") if isinstance(piece, bytes) else str(piece) for piece in sheet.stream)
    before, bracket, rest = drawn.partition("[")
    written, end, after = rest.partition("]")
    return (before + bracket, written, end + after), width
