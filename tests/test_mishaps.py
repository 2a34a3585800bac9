"""Whatever befalls a build, the book in place is whole, and the next one is right."""

from __future__ import annotations

import subprocess
import sys

from .conftest import PROJECT


def test_books_survive_killed_builds_two_at_once_and_a_store_that_is_damaged_or_gone() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "oracle", "5", "1"]  # each mishap once
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "5 books like clean builds" in done.stdout
