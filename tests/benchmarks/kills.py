"""Kills builds at random moments: the book in place is always whole, the old or the new one, and the next is right.

python3 -m tests.benchmarks kills [how many, 200] [seed, 0]
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
    """Kill so many builds: up to four in a row after an edit, then let one through."""
    started, chance, left = time.monotonic(), random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "desk", "minimal")
        editor, mishaps = Editor(desk, seed), Mishaps(desk, chance)
        while left.total() < count:
            old, done, found = desk.file.read_bytes(), editor.edits(), []
            for _ in range(min(chance.randint(1, 4), count - left.total())):
                mishaps.killed()
                found.append(desk.file.read_bytes())
            Build(desk).succeeds()
            new = desk.file.read_bytes()
            assert new == clean_book(desk), f"After {done} the next book is not the one that a clean build makes."
            assert {*found} <= {old, new}, f"After {done} a killed build left a book that is neither old nor new."
            assert not [*desk.root.rglob("*.part")], f"After {done} parts of files were left behind."
            left.update("the old book" if book == old else "the new one" for book in found)
            print(f"{left.total()} killed", file=sys.stderr, flush=True)
    said = ", ".join(f"{times} left {what}" for what, times in sorted(left.items()))
    print(f"{count} builds killed in {time.monotonic() - started:.0f} s: {said}.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
