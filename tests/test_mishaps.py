"""Whatever befalls a build, the book in place is whole, and the next one is right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .conftest import PROJECT


@pytest.mark.parametrize("words", [("kills", "4", "1"), ("oracle", "5", "1")])
def test_books_survive_killed_builds_two_at_once_and_a_store_that_is_damaged_or_gone(words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", *words]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{words[1]} b" in done.stdout
