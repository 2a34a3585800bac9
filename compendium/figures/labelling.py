"""Names beside dots: each where it covers no dot, no other name and no frame, else on a short line, else left out."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .cartography import Point

LONGEST = 20
"""Letters from which a name is set on two lines."""
LEADING = 1.15
_NARROW, _WIDE = set("fijlrtI.,:;'’()|![] -"), set("mwMWQOGCDHNU@%&—")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def inside(self, other: Box) -> bool:
        """Tell whether it lies whole within another."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def grown(self, by: float) -> Box:
        """Give it with a margin on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def with_(self, other: Box) -> Box:
        """Give the rectangle around both."""
        lows = min(self.left, other.left), min(self.top, other.top)
        return Box(*lows, max(self.right, other.right), max(self.bottom, other.bottom))


@dataclass(frozen=True, slots=True)
class Label:
    """A name at its place: its lines, its rectangle, which edge of it they begin at, and the line that leads to it."""

    lines: tuple[str, ...]
    box: Box
    anchor: str
    leader: tuple[Point, Point] | None = None


def width(text: str, size: float) -> float:
    """Give the width that a text needs at most, in any sans serif of ordinary width."""
    return size * sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    plain = unicodedata.normalize("NFD", letter)[0]
    return 0.36 if plain in _NARROW else 0.88 if plain in _WIDE else 0.66 if plain.isupper() else 0.58


def lines(name: str) -> tuple[str, ...]:
    """Break a long name into two lines of like length."""
    words = name.split()
    if len(name) < LONGEST or len(words) == 1:
        return (name,)
    breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return min(breaks, key=lambda pair: max(map(len, pair)))


def placed(
    dots: Sequence[tuple[Point, str]],
    radius: float,
    size: float,
    paper: Box,
    taken: Iterable[Box] = (),
    leaders: bool = False,
) -> dict[int, Label]:
    """Place the names of dots (where they are, what they are called) on `paper`: index → label.

    The most crowded come first. Names without room on `paper` are missing from what is given.
    """
    marks = [Box(x, y, x, y).grown(radius) for (x, y), _ in dots]
    full, labels = [*taken, *marks], dict[int, Label]()
    lead: list[tuple[Point, Point]] = []
    for n in sorted(range(len(dots)), key=lambda n: (-_neighbours(dots, n, 8 * size), n)):
        at, name = dots[n]
        if not name:
            continue
        for label in _candidates(at, lines(name), radius, size, leaders):
            if _free(label, marks[n], full, lead, paper):
                labels[n] = label
                full.append(label.box)
                lead += [label.leader] if label.leader else []
                break
    return labels


def _neighbours(dots: Sequence[tuple[Point, str]], n: int, near: float) -> int:
    return sum(math.dist(dots[n][0], at) < near for at, _ in dots)


def _free(label: Label, own: Box, full: Sequence[Box], lead: Sequence[tuple[Point, Point]], paper: Box) -> bool:
    if not label.box.inside(paper) or any(label.box.meets(box) for box in full):
        return False
    if any(label.box.holds(*point) for line in lead for point in _along(line)):
        return False
    others = [box for box in full if box is not own]
    return not (label.leader and any(box.holds(*point) for point in _along(label.leader) for box in others))


def _along(line: tuple[Point, Point]) -> Iterator[Point]:
    (x0, y0), (x1, y1) = line
    parts = max(2, round(math.dist(*line) / 8))
    return ((x0 + (x1 - x0) * n / parts, y0 + (y1 - y0) * n / parts) for n in range(parts + 1))


def _candidates(at: Point, text: tuple[str, ...], radius: float, size: float, leaders: bool) -> Iterator[Label]:
    """Give the places where a name may stand, the best first: right, left, the corners, above, below, on a line."""
    (x, y), gap = at, radius + 0.28 * size
    wide, high = max(width(line, size) for line in text), LEADING * size * len(text)
    slant = 0.75 * gap
    for dx, dy in (
        (gap, 0),
        (-gap, 0),
        (slant, -gap),
        (slant, gap),
        (-slant, -gap),
        (-slant, gap),
        (0, -gap),
        (0, gap),
    ):
        yield _label(text, x + dx, y + dy, dx, dy, wide, high)
    if not leaders:
        return
    for far in (1.2, 2.2, 3.4, 4.8, 6.5):
        for turn in range(0, 360, 30):
            dx, dy = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            end = (x + (gap + far * size) * dx, y + (gap + far * size) * dy)
            label = _label(text, *end, round(dx, 3), round(dy, 3), wide, high)
            start = (x + radius * dx, y + radius * dy)
            yield Label(label.lines, label.box, label.anchor, (start, end))


def _label(text: tuple[str, ...], x: float, y: float, dx: float, dy: float, wide: float, high: float) -> Label:
    """Give a label that touches (x, y) with the edge or corner that looks towards its dot."""
    anchor = "start" if dx > 0 else "end" if dx < 0 else "middle"
    left = x - {"start": 0, "end": wide, "middle": wide / 2}[anchor]
    top = y - high / 2 if dy == 0 else y - high if dy < 0 else y
    return Label(text, Box(left, top, left + wide, top + high), anchor)
