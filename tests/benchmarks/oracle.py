"""Edits a book at random, lets builds have mishaps, and compares each next book with a clean build, byte for byte.

python3 -m tests.benchmarks oracle [how many books, 200] [seed, 0]
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.conftest import Desk
from tests.edits import Editor

from .mishaps import Build, Mishaps, clean_book


def main(count: int = 200, seed: int = 0) -> None:
    """Compare so many books."""
    started, happened = time.monotonic(), Counter[str]()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "desk", "minimal")
        editor, mishaps = Editor(desk, seed), Mishaps(desk, chance)
        for number in range(count):
            done = [editor.edits() for _ in range(chance.choice([0, 1, 1, 2, 3]))]
            befallen = mishaps.any()
            happened.update([*done, befallen])
            Build(desk, chance.random() < 0.5).succeeds()
            same = desk.file.read_bytes() == clean_book(desk)
            assert same, f"{number}: after {', '.join(done)} and {befallen} the book is not that of a clean build"
            print(f"{number + 1}: {', '.join([*done, befallen])}", file=sys.stderr, flush=True)
    print(f"{count} books like clean builds in {time.monotonic() - started:.0f} s, after:")
    for what, times in sorted(happened.items()):
        print(f"  {what.replace('_', ' ')}: {times}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
