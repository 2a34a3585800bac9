"""Lines as SVG: paths in whole tenths of a CSS pixel (1/960 inch), finer than any press."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from .cartography import Point


def svg(width: float, height: float, shapes: Iterable[str]) -> bytes:
    """Wrap shapes, drawn in tenths of a pixel."""
    size = f'width="{width / 10:g}" height="{height / 10:g}" viewBox="0 0 {width:.0f} {height:.0f}"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', *filter(None, shapes), "</svg>\n"]
    return "\n".join(lines).encode()


def path(points: Iterable[Point]) -> str:
    """Write a line with whole numbers, each point by its distance from the last."""
    whole = [(round(x), round(y)) for x, y in points]
    steps = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(whole)]
    moves = "".join(f"{dx} {dy}" if n == 0 else f" {dx} {dy}" for n, (dx, dy) in enumerate(steps))
    return f"M{whole[0][0]} {whole[0][1]}l{moves}"
