"""Spoils every case of the sample volume again and again, and says what breaks.

python3 -m tests.benchmarks fuzz [how many, 2000] [first seed, 0]
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.conftest import PROJECT, SAMPLE, Desk
from tests.fuzzing import Bench
from tests.mutations import spoilt

SECONDS = 10


def main() -> int:
    """Spoil as many files as asked for; 1 where something broke."""
    count, first = (int(word) for word in (sys.argv[1:] + ["2000", "0"][len(sys.argv) - 1 :]))
    cases = sorted(path.parent.name for path in (PROJECT / "cases" / SAMPLE).glob("*/case.md"))
    found: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        benches = [alone(Path(folder) / case, case) for case in cases]
        for seed in range(first, first + count):
            bench = benches[seed % len(benches)]
            if wrong := bench.wrong(spoilt(seed, bench.good)):
                last = wrong.strip().splitlines()[-1]
                found[last] += 1
                if found[last] == 1:
                    print(f"--- seed {seed}, {bench.file.parent.name}\n{wrong}")
    composed = sum(bench.composed for bench in benches)
    print(f"{composed} were good enough to be composed.")
    print(f"{count} spoilt files in {time.monotonic() - started:.0f} s: {found.total()} broke, in {len(found)} ways.")
    return 1 if found else 0


def alone(root: Path, case: str) -> Bench:
    """Give a bench on which one case is the whole book, and without fault before it is spoilt."""
    desk = Desk(root, SAMPLE)
    rules = desk.folder / "volume.yaml"
    head = rules.read_text("utf-8").partition("\nfront:")[0]
    order = f"front: [cover, contents]\nparts:\n  - title: One\n    cases: [{case}]\nback: [sources]\n"
    rules.write_text(f"{head}\n{order}", "utf-8")
    for other in desk.folder.glob("*/*.md"):
        if other.parent.name != case:
            other.unlink()
    file = desk.folder / case / "case.md"
    file.write_text(
        re.sub(r"\]\((case|figure):[\w-]+(/[\w-]+)?\)", "](https://example.org/)", file.read_text("utf-8")), "utf-8"
    )
    bench = Bench(desk, f"{case}/case.md", SECONDS)
    assert bench.wrong(bench.good) == ""
    assert bench.composed == 1, f"{case} has faults of its own"
    return bench


if __name__ == "__main__":
    sys.exit(main())
