"""Mends that make the engine faster. They change no byte of what it prints, which a test holds.

The engine's ways are those of one document that is laid out once. Here a process prints chapter after chapter with the
same styles and faces, and the chapter at which an editor works again and again. So what depends on nothing but the
style of a text, or on that and the text, is found out once for each set of fonts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from operator import itemgetter
from types import ModuleType
from typing import Any

from tinyhtml5 import inputstream
from weasyprint import layout
from weasyprint.css import ComputedStyle, computed_values, units
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import Box, LineBox
from weasyprint.layout import background, inline, preferred
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
    "weasyprint.layout.percent.resolve_radii_percentages": "4980b3798c67",
    "weasyprint.layout.background.layout_box_backgrounds": "617a870678c8",
    "weasyprint.layout.float.avoid_collisions": "5fc7793c573a",
    "weasyprint.draw.color.get_color": "8196bf0c7ddc",
    "tinyhtml5.inputstream.HTMLUnicodeInputStream": "10c90dbbdab8",
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


def _leading(strut: Callable[[Any], tuple[float, float]]) -> Callable[[Any], tuple[float, float]]:
    """Find out once how high the lines of a style are."""

    @wraps(strut)
    def led(style: Any) -> tuple[float, float]:
        about: dict[str, Any] = vars(style)
        if "strut" not in about:
            about["strut"] = strut(style)
        known: tuple[float, float] = about["strut"]
        return known

    return led


def _unhindered(avoid: Callable[..., Any]) -> Callable[..., Any]:
    """Give lines beside which nothing floats their width."""

    @wraps(avoid)
    def free(context: Any, box: Any, containing_block: Any, outer: bool = True) -> Any:
        leftwards = containing_block.style["direction"] != "ltr"
        if leftwards or not outer or context.excluded_shapes or not isinstance(box, LineBox):
            return avoid(context, box, containing_block, outer)
        left = containing_block.content_box_x()
        return left, box.position_y, left + containing_block.width - left

    return free


def _bare(lay_out: Callable[..., None]) -> Callable[..., None]:
    """Pass over the boxes whose styles put nothing behind their contents."""

    @wraps(lay_out)
    def laid_out(page: Any, box: Any, get_image: Any, layout_children: bool = True, style: Any = None) -> None:
        if style is not None or box is page or _is_painted(box.style):
            lay_out(page, box, get_image, layout_children, style)
            return
        box = getattr(box, "_box", box)  # what was positioned has left a placeholder
        vars(box).update(_UNROUNDED)
        for child in box.all_children() if layout_children else ():
            laid_out(page, child, get_image)
        box.background = None

    return laid_out


def _is_painted(style: Any) -> bool:
    """Tell whether a style paints, frames, masks or rounds its boxes."""
    about: dict[str, Any] = vars(style)
    if "painted" not in about:
        images = [style["border_image_source"], style["mask_border_source"], *style["background_image"]]
        about["painted"] = bool(
            any(source[0] != "none" for source in images)
            or style["box_shadow"]
            or get_color(style, "background_color").alpha
            or any((0, "px") not in style[radius] for radius in _UNROUNDED)
        )
    known: bool = about["painted"]
    return known


_UNROUNDED = {f"border_{corner}_radius": (0, 0) for corner in ("top_left", "top_right", "bottom_right", "bottom_left")}


class _Searches(dict[Any, Any]):
    """The patterns by which the reader of HTML finds the end of a text: it means to keep them, and keeps none."""

    __wrapped__ = inputstream.characters_until_regex

    def __missing__(self, key: tuple[Any, bool]) -> Any:
        """Make a pattern, as the reader does, and keep it."""
        signs = "".join(f"\\x{ord(sign):02x}" for sign in key[0])
        self[key] = made = re.compile(f"[{signs if key[1] else f'^{signs}'}]+")
        return made


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
    (background, "layout_box_backgrounds", _bare(background.layout_box_backgrounds)),
    (inputstream, "characters_until_regex", _Searches()),
    *((room, "strut", _leading(line_break.strut)) for room in (line_break, inline, units, computed_values)),
    (inline, "avoid_collisions", _unhindered(inline.avoid_collisions)),
    *((room, "resolve_percentages", _resolving(room.resolve_percentages)) for room in _ROOMS),
)
"""Where each part of the engine lives, its name, and the mended part; the engine's own is its `__wrapped__`."""
