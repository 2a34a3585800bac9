"""Mends that make the engine faster. They change no byte of what it prints, which a test holds.

The engine's ways are those of one document that is laid out once. Here a process prints chapter after chapter with the
same styles and faces, and the chapter at which an editor works again and again. So what depends on nothing but the
style of a text, or on that and the text, is found out once for each set of fonts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from operator import itemgetter
from types import ModuleType
from typing import Any

from weasyprint import layout
from weasyprint.css import ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.formatting_structure.boxes import Box
from weasyprint.layout import inline, preferred
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, gobject, pango
from weasyprint.text.line_break import Layout

from . import breaking, drawing, styling
from .styling import face

LEANS_ON: Mapping[str, str] = {
    "weasyprint.text.line_break.Layout": "681b737d1ba5",
    "weasyprint.text.line_break.split_first_line": "39ad1016863c",
    "weasyprint.text.line_break.first_line_metrics": "55ec5d0b58b2",
    "weasyprint.text.line_break.strut": "b57885b70dd0",
    "weasyprint.text.line_break.character_ratio": "c508b0ec8c10",
    "weasyprint.text.line_break._font_style_cache_key": "d6b09d54b825",
    "weasyprint.text.fonts.font_features": "e35741064c06",
    "weasyprint.text.fonts.get_font_description": "85734b8947b9",
    "weasyprint.draw.text.draw_text": "ebaf96239c6c",
    "weasyprint.draw.text.draw_first_line": "1bb8eae6d88e",
    "weasyprint.css.ComputedStyle": "4ff0512c0af1",
    "weasyprint.css.AnonymousStyle": "414bbf41061e",
    "weasyprint.layout.percent.resolve_percentages": "71673078096f",
    "weasyprint.layout.percent.resolve_one_percentage": "4cfaa9ad134e",
    "weasyprint.layout.percent.percentage": "ebe404ccd9da",
    "weasyprint.formatting_structure.boxes.Box": "ff6d62300baf",
    "weasyprint.svg.text.text": "67a30c3e181b",
    "weasyprint.layout.percent.adjust_box_sizing": "88f3351db028",
    # `styling` keeps styles:
    "weasyprint.css.StyleFor": "dac5a1326168",
    "weasyprint.css.Style": "d3fe87424e31",
    "weasyprint.css.units.to_pixels": "d4c682c60e1a",
    "weasyprint.formatting_structure.build.build_formatting_structure": "cec02c484447",
    "weasyprint.formatting_structure.build.set_viewport_overflow": "9caeb8889669",
    "weasyprint.formatting_structure.build.content_to_boxes": "a4b18a5a0b50",
    "weasyprint.layout.page.set_page_type_computed_styles": "4e68b396b35c",
    "weasyprint.layout.page.make_page": "656f183328e8",
    # `drawing` writes texts again:
    "weasyprint.text.fonts.get_pango_font_key": "74cbeff1fac3",
}
"""Every private name that this module, `styling` and `drawing` lean on, with the first letters of its source's SHA-256;
`element_to_box`, `marker_to_box`, `LayoutContext`, `Stream` and `Font` stand in the list of `tagging`."""

MOST_LINES = 20_000
"""How many lines are remembered, some twenty megabytes: those of a hundred pages."""

_BREAKS = (
    *("word_spacing", "letter_spacing", "overflow_wrap", "tab_size", "white_space", "word_break"),
    *("hyphens", "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphenate_character"),
)
"""What the engine asks of a style, besides its face, when it looks for the end of a line."""
_broken_by = itemgetter(*_BREAKS)

ffi.cdef("PangoLayout * pango_layout_copy (PangoLayout *src);")


def mend() -> None:
    """Let the engine find out once what stays the same."""
    for home, name, mended in MENDS:
        setattr(home, name, mended)


def _remembering(split: Callable[..., Any]) -> Callable[..., Any]:
    """Remember the first line of each text in each style and width.

    Columns are laid out again for every height that is tried, cells and flexible boxes once to be measured and once to
    be placed; and what an editor has not changed is what was laid out before her edit.
    """
    shelf = f"lines of {split.__module__}"

    @wraps(split)
    def known(text: str, style: Any, context: Any, width: Any, spacing: Any, *more: Any, **named: Any) -> Any:
        lines = vars(style.font_config).setdefault(shelf, {})
        key = text, width, spacing, more, *named.items(), face(style), _broken_by(style)
        if key not in lines:
            if len(lines) == MOST_LINES:
                lines.clear()
            lines[key] = split(text, style, context, width, spacing, *more, **named)
        line, *measures = lines[key]
        return _copied(line), *measures

    return known


def _copied(line: Any) -> Any:
    """Copy what the engine knows of a line: it changes when it is drawn."""
    copy = object.__new__(Layout)
    vars(copy).update(vars(line))
    return copy


def _copying(setup: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Begin a text as a copy of the first one that was set in the same face.

    The engine makes context, description of the font and list of features anew for each text, when it looks for the
    end of its line and again when it draws it.
    """

    @wraps(setup)
    def copied(self: Any, style: Any) -> None:
        faces, key = vars(style.font_config).setdefault("faces", {}), face(style)
        if key not in faces:
            setup(first := object.__new__(Layout), style)
            faces[key] = first
            del first.style
        vars(self).update(vars(faces[key]))
        self.style = style
        self.layout = ffi.gc(pango.pango_layout_copy(faces[key].layout), gobject.g_object_unref)

    return copied


def _telling(key: Callable[..., str]) -> Callable[..., Any]:
    """Tell styles apart by their values, which the engine spells out each time that it asks for a line's height."""

    @wraps(key)
    def told(style: Any, include_size: bool = False) -> Any:
        return face(style), style["line_height"] if include_size else None

    return told


def _taking(missing: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """Take what no rule says from the parent, or from the initial values, without asking what rules could say."""

    @wraps(missing)
    def taken(self: Any, key: str) -> Any:
        parent, said = self.parent_style, self.cascaded
        if parent is None or key not in _PLAIN or key in said or not said.keys().isdisjoint(_LOGICAL.get(key, ())):
            return missing(self, key)
        value = self[key] = parent[key] if key in INHERITED else INITIAL_VALUES[key]
        return value

    return taken


_LOGICAL = {
    key: {of(block="ttb", inline=direction) for direction in ("ltr", "rtl")} for key, of in PHYSICAL_FUNCTIONS.items()
}
"""The names without left and right under which a rule may mean a property, in either direction."""
_PLAIN = {
    key
    for key in INITIAL_VALUES
    if (key in INHERITED or key not in INITIAL_NOT_COMPUTED)
    and key not in ("position", "float", "display", "page")
    and not key.startswith("text_decoration_")
}
"""Properties whose value, where no rule says one, is simply the parent's or the initial one."""


def _resolving(resolve: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Find out once how wide the edges of a style are where nothing in it is a share of what is around it."""

    @wraps(resolve)
    def resolved(box: Any, containing_block: Any) -> None:
        style = vars(box.style)
        used = style.get("used")
        if used:
            vars(box).update(used)
            return
        resolve(box, containing_block)
        if used is None:
            style["used"] = {name: getattr(box, name) for name in _USED} if _fixed(box.style) else {}

    return resolved


_MAY_BE_SHARES = (
    *(f"{edge}_{side}" for edge in ("margin", "padding") for side in ("top", "right", "bottom", "left")),
    *(f"{bound}{size}" for bound in ("", "min_", "max_") for size in ("width", "height")),
)
_USED = (*_MAY_BE_SHARES, *(f"border_{side}_width" for side in ("top", "right", "bottom", "left")))


def _fixed(style: Any) -> bool:
    values = (style[name] for name in _MAY_BE_SHARES)
    return style["border_collapse"] != "collapse" and all(
        value == "auto" or getattr(value, "unit", None) == "px" for value in values
    )


def _flowing(asked: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Answer for nearly all boxes by two values, where the engine asks five questions of each again and again."""

    @wraps(asked)
    def flowing(self: Any) -> bool:
        style = self.style
        return (style["float"] == "none" and style["position"] == "static") or asked(self)

    return flowing


_ROOMS = [
    room for room in vars(layout).values() if isinstance(room, ModuleType) and hasattr(room, "resolve_percentages")
]
MENDS: tuple[tuple[Any, str, Any], ...] = (
    *styling.MENDS,
    *drawing.MENDS,
    (inline, "split_first_line", _remembering(breaking.split)),
    (preferred, "split_first_line", _remembering(preferred.split_first_line)),
    (line_break, "split_first_line", _remembering(line_break.split_first_line)),
    (Layout, "setup", _copying(Layout.setup)),
    (line_break, "_font_style_cache_key", _telling(line_break._font_style_cache_key)),
    (ComputedStyle, "__missing__", _taking(ComputedStyle.__missing__)),
    (Box, "is_in_normal_flow", _flowing(Box.is_in_normal_flow)),
    *((room, "resolve_percentages", _resolving(room.resolve_percentages)) for room in _ROOMS),
)
"""Where each part of the engine lives, its name, and the mended part; the engine's own is its `__wrapped__`."""
