"""Mends that make the engine faster: what a box has from its style alone is found out once for the style."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any

from weasyprint import layout
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure.boxes import Box, LineBox
from weasyprint.layout import background, inline


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


_ROOMS = [
    room for room in vars(layout).values() if isinstance(room, ModuleType) and hasattr(room, "resolve_percentages")
]
MENDS: tuple[tuple[Any, str, Any], ...] = (
    (Box, "is_in_normal_flow", _flowing(Box.is_in_normal_flow)),
    (background, "layout_box_backgrounds", _bare(background.layout_box_backgrounds)),
    (inline, "avoid_collisions", _unhindered(inline.avoid_collisions)),
    *((room, "resolve_percentages", _resolving(room.resolve_percentages)) for room in _ROOMS),
)
"""Where each part of the engine lives, its name, and the mended part; the engine's own is its `__wrapped__`."""
