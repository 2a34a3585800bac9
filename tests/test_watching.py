"""The editor saves, and has the finished book before she has looked up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from compendium import watching

from .conftest import PROJECT, Desk
from .inspector import Inspector

_WATCH = "import sys, pathlib, build; sys.exit(build.main(['watch'], pathlib.Path(sys.argv[1])))"


def heard(spoken: IO[str], words: str) -> str:
    """Wait for a line that holds these words."""
    for line in spoken:
        if words in line:
            return line
    raise AssertionError(f"{words!r} was not said")


def test_watch_builds_after_every_save_survives_faults_and_stops_when_told(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", _WATCH, str(work.root)]
    with subprocess.Popen(
        command, env=environment, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as watch:
        try:
            look_on(work, watch)
            watch.send_signal(signal.SIGINT)
            assert watch.wait(20) == 0
        finally:
            watch.kill()
    assert not work.file.exists()


def test_who_is_told_to_stop_stops_though_what_was_at_work_did_not_hear_it(tmp_path: Path) -> None:
    usual = signal.getsignal(signal.SIGINT)
    try:
        saves = watching.saves([tmp_path], tmp_path)
        assert next(saves) == []
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        threading.Timer(1, (tmp_path / "later.md").write_text, ["A save that nobody waits for."]).start()
        assert next(saves, None) is None
    finally:
        signal.signal(signal.SIGINT, usual)


def look_on(work: Desk, watch: subprocess.Popen[str]) -> None:
    """Edit while the program watches, and see the book follow."""
    assert watch.stdout
    heard(watch.stdout, "harbour")
    book = work.file.parent / "watch" / work.file.name
    assert Inspector(book.read_bytes()).find("40 boatloads")
    (work.folder / "harbour" / ".case.md.swp").write_text("an editor's own file", "utf-8")
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    assert "printed harbour;" in heard(watch.stdout, "cases/minimal/harbour/case.md: ")
    assert Inspector(book.read_bytes()).find("41 boatloads")
    work.change("harbour/case.md", "[@log]", "[@lag]")
    heard(watch.stdout, "Looking at cases/minimal/harbour/case.md.")
    heard(watch.stdout, 'There is no source "lag".')
    heard(watch.stdout, "Waiting for the next save.")
    work.change("harbour/case.md", "[@lag]", "[@log]")
    assert "printed nothing;" in heard(watch.stdout, "cases/minimal/harbour/case.md: ")
