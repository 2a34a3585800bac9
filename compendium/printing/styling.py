"""A mend that makes the engine faster: the styles of a chapter are those of the chapter before.

The engine computes a style once for all elements of a document that have the same rules and parents. Here documents
follow each other in the same clothes, so a style with all that was found out of it is kept for the next of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import itemgetter
from typing import Any

from weasyprint.css import Style, StyleFor

MOST_STYLES = 2_000
"""How many styles are remembered, some twenty megabytes: those of several chapters."""
_BENT = ("overflow", "display", "white_space", "position", "anchor")
"""What the engine may set in a style while it builds and lays out boxes, by what else stands in the document."""
_SETS = (
    *("font_style", "font_stretch", "font_weight", "font_size", "font_kerning", "font_variant_ligatures"),
    *("font_variant_position", "font_variant_caps", "font_variant_numeric", "font_variant_alternates"),
    *("font_variant_east_asian", "font_feature_settings", "font_variation_settings", "font_language_override"),
    *("lang", "direction"),
)
"""What the engine asks of a style, besides its family and whether it is underlined, before it sets a text."""
_set_by = itemgetter(*_SETS)


def face(style: Any) -> tuple[Any, ...]:
    """Give what a style has that shapes letters; drawings bring their families as lists."""
    about: dict[str, Any] = vars(style)
    if "face" not in about:
        about["face"] = tuple(style["font_family"]), style["text_decoration_line"] == "none", _set_by(style)
    known: tuple[Any, ...] = about["face"]
    return known


class _Wardrobe:
    """The styles that documents with the same fonts have had, and those that the document at work has from them."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}
        self.sizes = _Sizes()
        self.worn: set[int] = set()

    def begin(self, styles: StyleFor) -> None:
        """Let a document wear what is known; nothing of it, where a style was computed from the size of a page."""
        if self.sizes.asked or len(self.known) > MOST_STYLES:
            self.known, self.sizes = {}, _Sizes()
        self.sizes.update(styles.initial_page_sizes)
        self.worn, styles.initial_page_sizes = set(), self.sizes

    def take(self, key: Any) -> Any:
        """Give a style that is known, as it was before the last document bent it."""
        style = self.known.get(key)
        if style is not None and id(style) not in self.worn:
            self.worn.add(id(style))
            _straighten(style)
        return style


class _Sizes(dict[str, Any]):
    """The sizes of a document's first page, which knows whether a style has asked for one of them."""

    asked = False

    def __getitem__(self, name: str) -> Any:
        """Give a size, and remember that it was asked for."""
        self.asked = True
        return super().__getitem__(name)


def _straighten(style: Style | None) -> None:
    """Forget what the engine may have set in a style and in those of the anonymous boxes in it."""
    while style is not None:
        for name in _BENT:
            style.pop(name, None)
        style = vars(style).get("anonymous_style")


def _sharing(compute: Callable[..., None]) -> Callable[..., None]:
    """Take the style of an element from the documents before, where its rules and its parent's style are the same."""

    @wraps(compute)
    def shared(self: StyleFor, element: Any, parent: Any, root: Any = None, *more: Any, **named: Any) -> None:
        wardrobe = vars(self.font_config).setdefault("wardrobe", _Wardrobe())
        if element is root and not named.get("pseudo_type"):
            wardrobe.begin(self)
        cascaded, computed = self.get_cascaded_styles(), self.get_computed_styles()
        place = element, named.get("pseudo_type")
        above = None if parent is None else computed[parent, None]
        rules = (
            (name, _told(value), *weight[:2], *weight[2]) for name, (value, weight) in cascaded.get(place, {}).items()
        )
        key = id(above), place[1], named.get("base_url"), *rules
        style = wardrobe.take(key)
        if style is None:
            compute(self, element, parent, root, *more, **named)
            style = wardrobe.known[key] = computed[place]
            wardrobe.worn.add(id(style))
            return
        computed[place] = style
        if named.get("target_collector") and style["anchor"]:
            named["target_collector"].collect_anchor(style["anchor"])

    return shared


def _told(value: Any) -> Any:
    """Tell the values of rules apart: those that stand in sheets by being the same ones, which last as the sheets do;
    what is made anew from the attributes of each element, by its letters."""
    if isinstance(value, str) or (type(value) is tuple and all(isinstance(part, str) for part in value)):
        return value
    return id(value)


MENDS: tuple[tuple[Any, str, Any], ...] = ((StyleFor, "set_computed_styles", _sharing(StyleFor.set_computed_styles)),)
"""Where the part of the engine lives, its name, and the mended part; the engine's own is its `__wrapped__`."""
