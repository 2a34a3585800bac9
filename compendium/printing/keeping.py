"""A mend of how the engine keeps notes with their calls."""

from __future__ import annotations

from functools import wraps
from typing import Any

from weasyprint.layout import block

_layout = block._linebox_layout


def mend() -> None:
    """Let a paragraph go to the next page, where the engine would send the notes of this page there to make room."""
    block._linebox_layout = _keeping_notes


@wraps(_layout)
def _keeping_notes(
    context: Any, box: Any, index: int, child: Any, lines: list[Any], page_is_empty: bool, *more: Any
) -> tuple[Any, ...]:
    """Lay out the lines of a paragraph, as the engine does, or none where that would part notes from their calls.

    The engine wants two lines of a paragraph at the foot of a page, and gives up notes for the second one, though it
    could break before the paragraph: `footnote-policy` is asked for the notes of the line alone (css-gcpm-3, 2.6).
    """
    stand, sent_on = context.current_page_footnotes.copy(), context.reported_footnotes.copy()
    laid_out: tuple[Any, ...] = _layout(context, box, index, child, lines, page_is_empty, *more)
    if page_is_empty or context.reported_footnotes == sent_on:
        return laid_out
    absolute_boxes, fixed_boxes, *_ = more
    block.remove_placeholders(context, lines, absolute_boxes, fixed_boxes)
    context.current_page_footnotes, context.reported_footnotes = stand, sent_on
    context._update_footnote_area()
    _, _, resume_at, position_y, new_footnotes, max_lines = laid_out
    return True, False, resume_at, position_y, new_footnotes, max_lines
