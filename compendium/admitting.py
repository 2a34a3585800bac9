"""Read → check: a volume's folder → a volume that is in order, and the words for its book."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from . import checking, reading
from .console import Console
from .errors import Problem
from .model import Design, Volume
from .reading import texts
from .workers import Lend, nobody, undisturbed

Memory = texts.Memory[checking.Look]
"""What was read and looked over last."""

if TYPE_CHECKING:
    from .wording import Wording


def looked_over(
    root: Path, name: str | None, design: Design, lend: Lend = nobody, memory: Memory | None = None
) -> tuple[Volume, list[Problem]]:
    """Read a volume, and give everything that is wrong with its content."""
    name = name or reading.newest_volume(root)
    with undisturbed():
        volume, problems, looks = reading.read_looking(root, name, design, checking.look, lend, memory)
        words = reading.volume_words(design, volume.matter)
        return volume, problems + checking.check(volume, looks, design.listed_pages, words)


def checked(
    root: Path,
    name: str | None,
    design: Design,
    console: Console,
    lend: Lend = nobody,
    memory: Memory | None = None,
) -> tuple[Volume, Wording]:
    """Read a volume that is in order, and the words for its book; say what is wrong and end otherwise."""
    from .wording import Wording  # noqa: PLC0415  # who only checks does not wait for it

    volume, problems = looked_over(root, name, design, lend, memory)
    console.stop_at(checking.of_the_book(volume, problems))
    return volume, Wording(volume.matter, *reading.read_words(design, volume.matter))
