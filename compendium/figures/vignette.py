"""The drawing of the cover, made of the volume's own data."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from .cartography import Line, View, arc, equal_earth, middle, simplified
from .engraving import path, svg
from .maps import Look


@dataclass(frozen=True, slots=True)
class Span:
    """A case on the cover: where it happened, and how many years it took."""

    longitude: float
    latitude: float
    years: int


@lru_cache(maxsize=8)
def drawing(spans: tuple[Span, ...], links: tuple[tuple[int, int], ...], look: Look, left: float = 0) -> bytes:
    """Draw a volume's experience without its land: the bare globe in true areas, a circle where each case happened.

    The area of a circle is the number of years of its case; a line is the shortest way over the globe between two
    cases of which one refers to the other (`links`, by their index). The drawing goes on to the `left` of the
    cover, over spine and back, by so many CSS pixels.
    """
    front = _close(spans, look)
    view = replace(front, left=front.left - 10 * left / front.scale, width=front.width + 10 * left)
    net = "".join(path(line) for line in _net(view))
    ways = "".join(path(line) for a, b in links for line in _way(view, spans[a], spans[b]))
    shapes = [
        f'<path d="{net}" fill="none" stroke="{look.cover_globe}" stroke-width="5"/>',
        f'<path d="{ways}" fill="none" stroke="{look.cover_line}" stroke-width="7"/>' if ways else "",
        *(_circle(view, span, look) for span in spans),
    ]
    return svg(view.width, view.height, shapes)


def _circle(view: View, span: Span, look: Look) -> str:
    x, y = view.at(span.longitude, span.latitude)
    radius = 55 * math.sqrt(span.years)
    ring = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{look.cover_mark}" fill-opacity="0.18"'
    core = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="14" fill="{look.cover_mark}"/>'
    return f'{ring} stroke="{look.cover_mark}" stroke-width="8"/>{core}'


LOW = 0.71
"""How far down the cover the middle of the places lies; the title stands above."""


def _close(spans: Sequence[Span], look: Look) -> View:
    """Give the closest view of the globe in which all circles lie."""
    width, height = (10 * side for side in look.cover)
    centre = middle([(span.longitude, span.latitude) for span in spans])[0]
    project = equal_earth(centre)
    west = centre - 180
    points = [project(west + (span.longitude - west) % 360, span.latitude) for span in spans]
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*points, strict=True))
    scale = min(0.84 * width / max(right - left, 0.3), 0.34 * height / max(bottom - top, 0.3))
    corner = (left + right) / 2 - width / scale / 2, (top + bottom) / 2 - LOW * height / scale
    return View(project, *corner, scale, width, height, (west, west + 360, -90, 90))


def _net(view: View) -> Iterator[Line]:
    """Give meridians and parallels, every 15 degrees, as far as they are seen."""
    west = view.window[0]
    for step in range(25):
        yield from _seen(view, [(west + 15 * step, lat) for lat in range(-90, 91, 3)])
    for lat in range(-90, 91, 15):
        yield from _seen(view, [(west + lon, lat) for lon in range(0, 361, 3)])


def _way(view: View, start: Span, end: Span) -> Iterator[Line]:
    west = view.window[0]
    way = arc((start.longitude, start.latitude), (end.longitude, end.latitude))
    yield from _seen(view, [(west + (lon - west) % 360, lat) for lon, lat in way])


def _seen(view: View, line: Line) -> Iterator[Line]:
    """Give the pieces of a line in degrees that come near the paper, broken where it jumps over the globe's edge."""
    pieces: list[Line] = [[]]
    for (before, _), (longitude, latitude) in pairwise([line[0], *line]):
        point = view.on_paper(longitude, latitude)
        near = view.holds(point, -1500)
        if not near or abs(longitude - before) > 180:
            pieces.append([])
        if near:
            pieces[-1].append(point)
    return (simplified(piece) for piece in pieces if len(piece) > 1)
