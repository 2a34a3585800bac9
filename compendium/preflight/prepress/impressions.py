"""A page as the press sees it: its boxes, and every object with its place, its colour and its size.

Lengths are points; places are counted from the upper left of the trimmed page. Where something is clipped, or bounded
by curves, the rectangle round it stands for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Literal, TypeAlias

from pikepdf import Rectangle

from compendium.pages import Box

from .colours import Colour

Kind: TypeAlias = Literal["text", "fill", "stroke", "picture", "shading"]
Path: TypeAlias = Sequence[Sequence[tuple[float, float]]]
"""The points of the parts of a path; where it is curved, those that bound it."""

_STRAIGHT = 5
"""Points that a part has at most, to be taken for a straight rule."""
_FRAMES = 8
"""Parts that a path has at most, to be looked through for frames."""
_NOTHING = 0.01
"""Points below which the side of a frame is not there: engines draw borders as boxes in boxes of the same width."""


@dataclass(frozen=True, slots=True)
class Painted:
    """Something that a page paints.

    `size` is the size of type, the width of a line, the thickness of a filled rule (infinite where it is none), or
    the pixels per inch of a picture; `thing` is the font or the picture. What is `masking` gives its form to others
    and is not printed itself.
    """

    kind: Kind
    box: Box
    colour: Colour
    size: float = math.inf
    overprints: bool = False
    masking: bool = False
    thing: Any = None


@dataclass(slots=True)
class Impression:
    """A page: its boxes, what is painted, in this order, and the states and groups of transparency that it uses.

    `pictures` are the names that its resources have for pictures, by their objects.
    """

    trim: Box
    bleed: Box
    media: Box
    painted: list[Painted]
    states: list[Any]
    groups: list[Any]
    pictures: dict[tuple[int, int], str] = field(default_factory=dict)


def boxed(rectangle: Rectangle) -> Box:
    """Give a rectangle of the file as a box."""
    return Box(rectangle.llx, rectangle.lly, rectangle.width, rectangle.height)


def around(path: Path) -> Box:
    """Give the box round a path."""
    xs, ys = zip(*(point for part in path for point in part), strict=True)
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def common(one: Box, other: Box) -> Box:
    """Give what two boxes share; where they share nothing, its width or height is negative."""
    x, y = max(one.x, other.x), max(one.y, other.y)
    return Box(x, y, min(one.right, other.right) - x, min(one.bottom, other.bottom) - y)


def grown(box: Box, by: float) -> Box:
    """Give a box that is larger on every side."""
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)


def thickness(path: Path, curved: bool, clip: Box) -> float:
    """Give how thick the thinnest rule of a filled path is, as far as it is seen, where it is made of straight ones.

    One box inside another is a frame, as borders are drawn, and its rules are what lies between the two.
    """
    if curved or any(len(part) > _STRAIGHT for part in path):
        return math.inf
    boxes = [common(around([part]), clip) for part in path]
    if len(boxes) == 1:
        return min(boxes[0].width, boxes[0].height)
    rules = [min(box.width, box.height) for box in boxes]
    if len(boxes) <= _FRAMES:
        rules += [gap for inner, outer in permutations(boxes, 2) for gap in _between(inner, outer)]
    return min((rule for rule in rules if rule > _NOTHING), default=math.inf)


def _between(inner: Box, outer: Box) -> tuple[float, ...]:
    """Give the widths of a frame; nothing where the boxes are none."""
    gaps = inner.x - outer.x, inner.y - outer.y, outer.right - inner.right, outer.bottom - inner.bottom
    return gaps if min(gaps) >= 0 else ()
