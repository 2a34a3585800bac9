"""How the rules of the press say what they find: once for a page, with the first place and how often it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from compendium.pages import Box
from compendium.preflight.sheets import Fault, File

from .impressions import Impression, Painted

MM = 72 / 25.4
"""Points in a millimetre."""
SLACK = 0.3
"""Points by which places may differ and still be the same: less than a press can hold."""

Test: TypeAlias = Callable[[Painted, Impression], str | None]
"""What is wrong with something that a page paints; None: nothing."""


def told(file: File, test: Test, cure: str, severe: bool = True) -> Iterator[Fault]:
    """Hold everything that is printed against a test."""
    for page, impression in enumerate(file.impressions):
        found: dict[str, list[Painted]] = {}
        for one in impression.painted:
            if what := test(one, impression):
                found.setdefault(what, []).append(one)
        for what, alike in found.items():
            more = f" It is so at {len(alike)} places of the page." if len(alike) > 1 else ""
            yield Fault(page, f"{what}{more}", cure, place(alike[0].box), severe)


def place(box: Box) -> tuple[float, float]:
    """Give the upper left of a box in millimetres."""
    return box.x / MM, box.y / MM


def is_printed(one: Painted) -> bool:
    """Tell whether something leaves ink on the paper, as far as it can be told without drawing it."""
    return not one.masking and not one.colour.is_white


def touches(one: Box, other: Box) -> bool:
    """Tell whether two boxes have something in common."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom
