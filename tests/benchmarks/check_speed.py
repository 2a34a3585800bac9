"""Time `check` on a volume of 1,000 cases: `python3 -m tests.benchmarks check_speed [CASES]`."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from .volumes import THOUSAND, project, thousand

_ADOPT = 36
"""PR_SET_CHILD_SUBREAPER of Linux: processes whose parent has gone become ours, and what they spent is counted."""


def main(cases: int) -> None:
    """Generate, check and print the seconds, those of set-up and imports included."""
    with tempfile.TemporaryDirectory() as folder:
        root = project(Path(folder) / "project")
        thousand(root / "cases" / THOUSAND, cases)
        ctypes.CDLL(None).prctl(_ADOPT, 1)
        started = time.monotonic()
        subprocess.run([sys.executable, "build.py", "check"], cwd=root, check=True)
        seconds = time.monotonic() - started
        with suppress(ChildProcessError):  # no orphan is left
            while True:
                os.wait()
        spent = os.times()
        print(
            f"{cases} cases: {seconds:.1f} seconds on the clock, "
            f"{spent.children_user + spent.children_system:.1f} of processors"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
