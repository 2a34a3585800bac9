"""Read → check: a volume's folder → a volume that is in order, and the words for its book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from . import checking, reading
from .console import Console
from .errors import Problem
from .model import Design, Volume
from .workers import Lend, nobody, undisturbed

if TYPE_CHECKING:
    from .wording import Wording


def looked_over(root: Path, name: str | None, design: Design, lend: Lend) -> tuple[Volume, list[Problem]]:
    """Read a volume, and give everything that is wrong with its content."""
    with undisturbed():
        volume, problems = reading.read_volume(root, name or reading.newest_volume(root), design, lend)
        words = reading.volume_words(design, volume.matter)
        return volume, problems + checking.check(volume, design.listed_pages, words)


def checked(
    root: Path, name: str | None, design: Design, console: Console, lend: Lend = nobody
) -> tuple[Volume, Wording]:
    """Read a volume that is in order, and the words for its book; say what is wrong and end otherwise."""
    from .wording import Wording  # noqa: PLC0415  # who only checks does not wait for it

    volume, problems = looked_over(root, name, design, lend)
    console.stop_at(checking.of_the_book(volume, problems))
    return volume, Wording(volume.matter, *reading.read_words(design, volume.matter))
