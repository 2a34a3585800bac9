"""Maps as SVG: coastlines, lakes, dots and names.

Coastlines and lakes, and nothing that states have drawn: no border, no filled country. Pure functions of their
arguments: the same places, look and coast make the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from string import ascii_uppercase
from xml.sax.saxutils import escape

from .cartography import Line, Point, View, area, around, coast, middle, world
from .engraving import path, svg
from .labelling import LEADING, Box, Label, placed

SPANS = (3, 5, 8, 11, 15, 20, 26, 34, 45, 60, 80)
"""Widths that the map of a region may have, in degrees of a great circle."""
KNOWN = 26
"""The narrowest of them at which a region is known by its coast, with a share of water of `WATER`."""
WATER = (0.15, 0.85)
MERIDIAN = 11
"""In the middle of the world map: its edge then runs through the Bering Strait and cuts no country."""


@dataclass(frozen=True, slots=True)
class Look:
    """What maps take from the design: the section `maps` of `styles/charts.yaml`; lengths in CSS pixels."""

    font: str
    ink: str
    size: float
    dot: float
    mark: str
    land: str
    shore: str
    water: str
    overview: tuple[float, float]
    locator: tuple[float, float]
    cover: tuple[float, float]
    cover_globe: str
    cover_line: str
    cover_mark: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A place to mark: its name on the map ("" for none), and how: `dot`, `minor` (smaller) or `ring` (open)."""

    longitude: float
    latitude: float
    name: str = ""
    sign: str = "dot"

    @property
    def point(self) -> Point:
        """Give where it lies, in degrees."""
        return self.longitude, self.latitude


@lru_cache(maxsize=512)
def locator(dots: tuple[Dot, ...], look: Look, coastline: bytes) -> bytes:
    """Draw where a case happened: its surroundings; or, where its places lie all over it, the world.

    In a world as wide as a column no name finds room: it shows the dots alone.
    """
    if near := region(dots, look.locator, coastline):
        return _map(near, dots, look, coastline, leaders=True)
    return _map(globe(dots, look.locator[0]), [replace(dot, name="") for dot in dots], look, coastline)


@lru_cache(maxsize=8)
def overview(dots: tuple[Dot, ...], look: Look, coastline: bytes) -> list[tuple[bytes, list[str]]]:
    """Draw where all cases happened, then every part of that map in which names found no room once more, larger.

    Each map comes with the names that are on it; the first with all.
    """
    view = region(dots, look.overview, coastline) or globe(dots, look.overview[0])
    # What takes half of the map would hardly be larger in one of its own.
    frames = [frame for frame in _crowds(view, dots, look) if frame.right - frame.left < view.width / 2]
    crowds = [[dot for dot in dots if frame.holds(*view.at(*dot.point))] for frame in frames]
    shown = [replace(dot, name="") if any(dot in crowd for crowd in crowds) else dot for dot in dots]
    letters = ascii_uppercase if len(frames) > 1 else " "
    framed = [*zip(frames, letters, strict=False)]
    drawn = [(_map(view, shown, look, coastline, leaders=True, frames=framed), _names(dots))]
    for crowd, (_, letter) in zip(crowds, framed, strict=False):
        detail = _detail(crowd, look) or view
        drawn.append((_map(detail, crowd, look, coastline, leaders=True, corner=letter), _names(crowd)))
    return drawn


def _names(dots: Iterable[Dot]) -> list[str]:
    return [dot.name for dot in dots if dot.name]


def region(dots: Sequence[Dot], size: tuple[float, float], coastline: bytes) -> View | None:
    """Give the closest view of all dots that readers know by its coast, else the widest; None where none holds them."""
    views = [view for span, view in _views(dots, size) if span >= KNOWN]
    known = (view for view in views if WATER[0] < share_of_water(view, coastline) < WATER[1])
    return next(known, views[-1] if views else None)


def _detail(dots: Sequence[Dot], look: Look) -> View | None:
    """Give the widest view in which all dots have their names beside them, else the closest."""
    views = [view for _, view in _views(dots, look.overview)]
    return next((view for view in reversed(views) if not _crowds(view, dots, look)), views[0] if views else None)


def _views(dots: Sequence[Dot], size: tuple[float, float]) -> Iterator[tuple[int, View]]:
    """Give the views that hold all dots, the closest first, each with its width in degrees."""
    width, height = (10 * side for side in size)
    centre = middle([dot.point for dot in dots])
    for span in SPANS:
        view = around(*centre, span, width, height)
        if all(view.holds(view.at(*dot.point), 0.08 * height) for dot in dots):
            yield span, view


def share_of_water(view: View, coastline: bytes) -> float:
    """Give the part of a view that is sea or lake."""
    rings = coast(coastline)
    land, lakes = (abs(sum(map(area, view.seen(rings[layer])))) for layer in ("land", "lakes"))
    return 1 - (land - lakes) / view.paper


def globe(dots: Iterable[Dot], width: float) -> View:
    """Give the inhabited world, and the polar lands where a place lies there."""
    latitudes = [dot.latitude for dot in dots]
    south, north = min([-56.0, *(lat - 4 for lat in latitudes)]), max([78.0, *(lat + 4 for lat in latitudes)])
    return world(10 * width, MERIDIAN, max(-90.0, south), min(90.0, north))


def _crowds(view: View, dots: Sequence[Dot], look: Look) -> list[Box]:
    """Frame the parts of a map in which dots cover each other or their names find no room."""
    points, frames = [view.at(*dot.point) for dot in dots], list[Box]()
    named_points = [point for dot, point in zip(dots, points, strict=True) if dot.name]
    covering = {n for n, point in enumerate(points) if dots[n].name and _covered(point, named_points, look)}
    while True:
        free = [not any(frame.holds(*point) for frame in frames) for point in points]
        shown = [replace(dot, name=dot.name if out else "") for dot, out in zip(dots, free, strict=True)]
        named = _labels(view, shown, look, frames)
        lost = [points[n] for n, dot in enumerate(shown) if dot.name and (n not in named or n in covering)]
        if not lost:
            return frames
        for point in lost:
            others = (other for other in points if other != point)
            nearest = min(others, key=lambda other: math.dist(other, point), default=point)
            frames = _joined(frames, Box(*point, *point).with_(Box(*nearest, *nearest)).grown(12 * look.dot))


def _covered(point: Point, points: Sequence[Point], look: Look) -> bool:
    """Tell whether a dot would lie half over another; dots on one spot do so on any map."""
    return any(0 < math.dist(point, other) < 1.4 * _radius(look, "dot") for other in points)


NEAR = 200
"""Frames closer than this, in tenths of a pixel, become one."""


def _joined(frames: Sequence[Box], frame: Box) -> list[Box]:
    """Add a frame to others; frames that meet become one."""
    for other in frames:
        if other.meets(frame.grown(NEAR)):
            return _joined([kept for kept in frames if kept is not other], frame.with_(other))
    return [*frames, frame]


def _labels(
    view: View, dots: Sequence[Dot], look: Look, taken: Sequence[Box] = (), leaders: bool = False
) -> dict[int, Label]:
    named = [(view.at(*dot.point), dot.name) for dot in dots]
    high = 10 * look.size * LEADING
    full = [replace(frame, top=frame.top - high) for frame in taken]  # with room for a letter
    paper = Box(0, 0, view.width, view.height)
    return placed(named, _radius(look, "dot"), 10 * look.size, paper, full, leaders)


def _radius(look: Look, sign: str) -> float:
    return 5 * look.dot * {"dot": 1, "minor": 0.6, "ring": 1.4}[sign]


# --- SVG ---


def _map(
    view: View,
    dots: Sequence[Dot],
    look: Look,
    coastline: bytes,
    leaders: bool = False,
    frames: Sequence[tuple[Box, str]] = (),
    corner: str = "",
) -> bytes:
    """Draw land, lakes, frames, dots and names, the last on top."""
    labels = _labels(view, dots, look, [frame for frame, _ in frames], leaders)
    rings = coast(coastline)
    shapes = [
        _area(view.shapes(rings["land"]), look.land, look.shore),
        _area(view.shapes(rings["lakes"]), look.water, look.shore),
        *(_frame(frame, letter, look) for frame, letter in frames),
        *(_leader(label.leader, look) for label in labels.values() if label.leader),
        *(_dot(dot, view, look) for dot in dots),
        *(_name(label, look) for _, label in sorted(labels.items())),
        _words(corner, 40, 10 * look.size, "start", look) if corner.strip() else "",
    ]
    return svg(view.width, view.height, shapes)


def _area(shapes: Iterable[Line], fill: str, stroke: str) -> str:
    drawn = "".join(path(shape) + "z" for shape in shapes)
    line = f'stroke="{stroke}" stroke-width="4" stroke-linejoin="round"'
    return f'<path fill="{fill}" fill-rule="evenodd" {line} d="{drawn}"/>' if drawn else ""


def _dot(dot: Dot, view: View, look: Look) -> str:
    x, y = view.at(*dot.point)
    at, radius = f'cx="{x:.0f}" cy="{y:.0f}"', _radius(look, dot.sign)
    if dot.sign == "ring":
        return f'<circle {at} r="{radius:.0f}" fill="none" stroke="{look.mark}" stroke-width="9"/>'
    ground = f'<circle {at} r="{radius + 6:.0f}" fill="{look.water}"/>'
    return f'{ground}<circle {at} r="{radius:.0f}" fill="{look.mark}"/>'


def _name(label: Label, look: Look) -> str:
    box, size = label.box, 10 * look.size
    x = {"start": box.left, "end": box.right, "middle": (box.left + box.right) / 2}[label.anchor]
    lines = enumerate(label.lines)
    return "".join(_words(line, x, box.top + size * (0.9 + LEADING * n), label.anchor, look) for n, line in lines)


def _words(words: str, x: float, y: float, anchor: str, look: Look) -> str:
    font = f'font-family="{escape(look.font)}" font-size="{10 * look.size:g}" font-weight="600" fill="{look.ink}"'
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" {font}>{escape(words)}</text>'


def _leader(line: tuple[Point, Point], look: Look) -> str:
    return f'<path d="{path(line)}" stroke="{look.ink}" stroke-width="4" fill="none"/>'


def _frame(frame: Box, letter: str, look: Look) -> str:
    size = f'width="{frame.right - frame.left:.0f}" height="{frame.bottom - frame.top:.0f}"'
    place = f'x="{frame.left:.0f}" y="{frame.top:.0f}" {size}'
    words = _words(letter, frame.left, frame.top - 2 * look.size, "start", look) if letter.strip() else ""
    return f'<rect {place} fill="none" stroke="{look.ink}" stroke-width="5"/>{words}'
