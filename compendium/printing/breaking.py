"""A mend of how the engine breaks lines."""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline
from weasyprint.text.line_break import can_break_text, split_first_line


def mend() -> None:
    """Let the engine break lines as it means to."""
    inline.split_first_line = split
    inline.can_break_text = _can_break


def split(text: str, style: Any, context: Any, width: float | None, *more: Any, **named: Any) -> Any:
    """Give the first line of a text, as the engine does, also where only its last space reaches over the edge.

    The engine takes such a text for one that is too wide, and breaks it after its first word.
    """
    line = split_first_line(text, style, context, width, *more, **named)
    _, length, resumes, *_ = line
    if resumes is None or not text.endswith(" ") or " " in text.encode()[:length].decode().rstrip():
        return line
    bare = split_first_line(text.rstrip(" "), style, context, width, *more, **named)
    return line if bare[2] is not None or bare[3] > width else split_first_line(text, style, context, None, *more)


def _can_break(text: str, language: str | None) -> bool:
    """Tell whether a line may end within a text, as the engine does, but not before the raised number after "0.5.".

    The engine looks at the two letters at a seam alone, while what stands before them matters (UAX 14, LB25).
    """
    return can_break_text(text, language) and not (len(text) == 2 and text[0] in ".,:;" and text[1].isdigit())
