"""Time `check` on a volume of 1,000 cases: `python3 -m tests.benchmarks check_speed [CASES]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .volumes import THOUSAND, project, thousand


def main(cases: int) -> None:
    """Generate, check and print the seconds, those of set-up and imports included."""
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "project")
        thousand(root / "cases" / THOUSAND, cases)
        started = time.monotonic()
        subprocess.run([sys.executable, "build.py", "check"], cwd=root, check=True)
        spent = os.times()
        print(
            f"{cases} cases: {time.monotonic() - started:.1f} seconds on the clock, "
            f"{spent.children_user + spent.children_system:.1f} of a processor"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
