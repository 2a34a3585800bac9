"""Where on paper a point of the globe lies: coastlines, two projections, clipping, simplifying. Pure geometry.

Longitudes and latitudes are in degrees, x runs right and y runs down as in SVG; projections give units of the globe's
radius, views give tenths of a CSS pixel (1/960 inch), the resolution of everything that is drawn.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Line: TypeAlias = list[Point]
Projection: TypeAlias = Callable[[float, float], Point]

STEP = 2.0
"""Degrees after which a straight edge gets another point, so that it bends as the projection does."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed coastline or lakeshore in degrees, with its bounds; longitudes may pass 180, no ring is cut there."""

    points: tuple[Point, ...]
    west: float
    east: float
    south: float
    north: float


@lru_cache(maxsize=2)
def coast(content: bytes) -> dict[str, tuple[Ring, ...]]:
    """Read the rings of `land` and `lakes`: each a list x, y, dx, dy, dx, dy … in hundredths of a degree."""
    return {layer: tuple(_ring(deltas) for deltas in rings) for layer, rings in json.loads(content).items()}


def _ring(deltas: Sequence[int]) -> Ring:
    x = y = 0
    points = []
    for dx, dy in zip(deltas[::2], deltas[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x / 100, y / 100))
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Ring(tuple(points), min(xs), max(xs), min(ys), max(ys))


# --- Projections ---


def equal_earth(middle: float) -> Projection:
    """Give the whole globe with true areas, `middle` being the upright meridian.

    Šavrič, Patterson, Jenny: The Equal Earth map projection, IJGIS 33 (2019), doi:10.1080/13658816.2018.1504949.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796

    def project(longitude: float, latitude: float) -> Point:
        t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
        t2, t6 = t * t, t**6
        slope = 9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1
        x = 2 * math.sqrt(3) * math.radians(longitude - middle) * math.cos(t) / (3 * slope)
        return x, -t * (a4 * t6 * t2 + a3 * t6 + a2 * t2 + a1)

    return project


def azimuthal(longitude: float, latitude: float) -> Projection:
    """Give the surroundings of a point with true areas: Lambert's azimuthal equal-area projection.

    Snyder: Map Projections, a Working Manual, USGS Professional Paper 1395 (1987), equations 22-4, 22-5 and 24-2.
    """
    sin0, cos0 = math.sin(math.radians(latitude)), math.cos(math.radians(latitude))

    def project(other: float, north: float) -> Point:
        turn, rise = math.radians(other - longitude), math.radians(north)
        sin1, cos1 = math.sin(rise), math.cos(rise)
        closeness = 1 + sin0 * sin1 + cos0 * cos1 * math.cos(turn)
        scale = math.sqrt(2 / max(closeness, 1e-9))
        return scale * cos1 * math.sin(turn), -scale * (cos0 * sin1 - sin0 * cos1 * math.cos(turn))

    return project


# --- Views ---

MARGIN = 60.0
"""Shapes reach this far beyond the paper, so that cut edges are not seen."""
SMALLEST = 60.0
"""Rings of a smaller area (in square tenths of a pixel) are left out."""


@dataclass(frozen=True)
class View:
    """A rectangle of paper through which a projection is seen.

    `left` and `top` are its corner in the projection's units, `scale` tenths of a pixel per unit, `width` and `height`
    tenths of a pixel; `window` bounds what can be seen in degrees: west, east, south, north.
    """

    projection: Projection
    left: float
    top: float
    scale: float
    width: float
    height: float
    window: tuple[float, float, float, float]

    def at(self, longitude: float, latitude: float) -> Point:
        """Give the place of a point on paper; its longitude is turned to the window's side of the globe."""
        return self.on_paper(_turned(longitude, self.window[0]), latitude)

    @property
    def paper(self) -> float:
        """Give the area on which shapes are given."""
        return (self.width + 2 * MARGIN) * (self.height + 2 * MARGIN)

    def holds(self, point: Point, margin: float = 0) -> bool:
        """Tell whether a point on paper lies inside, at least `margin` from the edge."""
        return margin <= point[0] <= self.width - margin and margin <= point[1] <= self.height - margin

    def shapes(self, rings: Iterable[Ring]) -> Iterator[Line]:
        """Give rings as they are seen, simplified to what print can show."""
        for seen in self.seen(rings):
            if abs(area(seen)) > SMALLEST and len(plain := _closed_simplified(seen)) > 2:
                yield plain

    def seen(self, rings: Iterable[Ring]) -> Iterator[Line]:
        """Give rings on paper, cut a little outside the view."""
        for piece in _in_window(rings, self.window):
            seen = [self.on_paper(*point) for point in bent(piece)]
            seen = _cut_box(seen, -MARGIN, self.width + MARGIN, -MARGIN, self.height + MARGIN)
            if len(seen) > 2:
                yield seen

    def on_paper(self, longitude: float, latitude: float) -> Point:
        """Give the place of a point whose longitude lies in the window."""
        x, y = self.projection(longitude, latitude)
        return (x - self.left) * self.scale, (y - self.top) * self.scale


def _turned(longitude: float, west: float) -> float:
    return west + (longitude - west) % 360


def world(width: float, middle: float, south: float, north: float) -> View:
    """Give the globe between two latitudes; its height follows from the width."""
    projection = equal_earth(middle)
    top, bottom = projection(middle, north)[1], projection(middle, south)[1]
    right = projection(middle + 180, min(max(0.0, south), north))[0]
    scale = width / right / 2
    height = math.ceil((bottom - top) * scale)  # rounded, the southernmost place might lie outside
    return View(projection, -right, top, scale, width, height, (middle - 180, middle + 180, -90, 90))


def around(longitude: float, latitude: float, span: float, width: float, height: float) -> View:
    """Give the surroundings of a point; `span` is the view's width in degrees of a great circle, at most 80."""
    across = 4 * math.sin(math.radians(span) / 4)  # the chord that Lambert's projection makes of half the span, twice
    scale = width / across
    reach = 2 * math.degrees(math.asin(min(1.0, math.hypot(width + 2 * MARGIN, height + 2 * MARGIN) / scale / 4)))
    if abs(latitude) + reach < 90:
        side = math.degrees(math.asin(math.sin(math.radians(reach)) / math.cos(math.radians(latitude))))
        window = (longitude - side, longitude + side, latitude - reach, latitude + reach)
    else:  # a pole is in sight, and with it every meridian
        window = (longitude - 180, longitude + 180, max(-90, latitude - reach), min(90, latitude + reach))
    return View(azimuthal(longitude, latitude), -across / 2, -height / scale / 2, scale, width, height, window)


def middle(points: Sequence[Point]) -> Point:
    """Give the point in the middle of several, as (longitude, latitude): the direction of their mean on the globe."""
    sides = [(math.radians(longitude), math.radians(latitude)) for longitude, latitude in points]
    x = sum(math.cos(b) * math.cos(a) for a, b in sides)
    y = sum(math.cos(b) * math.sin(a) for a, b in sides)
    z = sum(math.sin(b) for _, b in sides)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def arc(start: Point, end: Point, parts: int = 48) -> Line:
    """Give the shortest way over the globe between two points, in degrees."""
    one, other = _direction(*start), _direction(*end)
    angle = math.acos(max(-1.0, min(1.0, sum(a * b for a, b in zip(one, other, strict=True)))))
    if angle < 1e-6 or math.pi - angle < 1e-6:
        return [start, end]
    way = []
    for n in range(parts + 1):
        a, b = (math.sin(angle * part) / math.sin(angle) for part in (1 - n / parts, n / parts))
        x, y, z = (a * p + b * q for p, q in zip(one, other, strict=True))
        way.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return way


def _direction(longitude: float, latitude: float) -> tuple[float, float, float]:
    a, b = math.radians(longitude), math.radians(latitude)
    return math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b)


# --- Cutting and simplifying ---


def _in_window(rings: Iterable[Ring], window: tuple[float, float, float, float]) -> Iterator[Line]:
    """Give the parts of rings that lie in a window of degrees, seen from its side of the globe."""
    west, east, south, north = window
    for ring in rings:
        if ring.north < south or ring.south > north:
            continue
        for turn in (-360, 0, 360):
            if ring.east + turn < west or ring.west + turn > east:
                continue
            points = [(x + turn, y) for x, y in ring.points]
            inside = west <= ring.west + turn and ring.east + turn <= east and south <= ring.south
            yield points if inside and ring.north <= north else _cut_box(points, west, east, south, north)


def bent(points: Line) -> Iterator[Point]:
    """Give a closed line in degrees with further points on its long edges."""
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], *points[:1]], strict=True):
        yield x0, y0
        if (longest := max(abs(x1 - x0), abs(y1 - y0))) > STEP:
            parts = math.ceil(longest / STEP)
            yield from ((x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts) for n in range(1, parts))


def _cut_box(points: Line, left: float, right: float, low: float, high: float) -> Line:
    """Cut a closed line at a rectangle (Sutherland and Hodgman, side by side)."""
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, low, 1), (1, high, -1)):
        if points and min(sign * point[axis] for point in points) < sign * limit:
            points = list(_cut(points, axis, limit, sign))
    return points


def _cut(points: Line, axis: int, limit: float, sign: int) -> Iterator[Point]:
    before = points[-1]
    for point in points:
        inside, was = sign * (point[axis] - limit) >= 0, sign * (before[axis] - limit) >= 0
        if inside != was:
            part = (limit - before[axis]) / (point[axis] - before[axis])
            other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            yield (limit, other) if axis == 0 else (other, limit)
        if inside:
            yield point
        before = point


def area(points: Line) -> float:
    """Give the area of a closed line, negative where it runs against the clock."""
    pairs = zip(points, [*points[1:], *points[:1]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def _closed_simplified(points: Line, tolerance: float = 3.0) -> Line:
    """Simplify a closed line from its first point to the one farthest from it, and back."""
    x, y = points[0]
    far = max(range(len(points)), key=lambda n: (points[n][0] - x) ** 2 + (points[n][1] - y) ** 2)
    there, back = points[: far + 1], [*points[far:], points[0]]
    return simplified(there, tolerance)[:-1] + simplified(back, tolerance)[:-1]


def simplified(points: Line, tolerance: float = 3.0) -> Line:
    """Leave out the points that a line does not need to stay within `tolerance` (Douglas and Peucker)."""
    keep, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (x0, y0), (x1, y1) = points[first], points[last]
        dx, dy = x1 - x0, y1 - y0
        off = [abs((x - x0) * dy - (y - y0) * dx) for x, y in points[first + 1 : last]]  # times the line's length
        if off and (worst := max(off)) > tolerance * math.hypot(dx, dy):
            at = first + 1 + off.index(worst)
            keep.add(at)
            spans += [(first, at), (at, last)]
    return [points[n] for n in sorted(keep)]
