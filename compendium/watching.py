"""Waits for the editor: says which files were saved, once she and her programs have done with them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import watchfiles

KINDS = {".md", ".yaml", ".csv", ".jpg", ".jpeg", ".png", ".css", ".html", ".ttf", ".conf"}
"""Files that can shape a page; editors' temporary files are of other kinds."""
PATIENCE = 200
"""Milliseconds after which the watcher, set up, first says that nothing has happened yet."""
QUIET = 10
"""Milliseconds without another change after which a save is taken to be over."""


def saves(folders: list[Path], root: Path) -> Iterator[list[str]]:
    """Give an empty list to begin with, and after every save the files below `root` that changed.

    From the first list on no save is missed, whatever is done with it.
    """
    begun, told = False, _told_to_stop()
    for changes in watchfiles.watch(
        *folders,
        watch_filter=_counts,
        debounce=1_000,
        step=QUIET,
        rust_timeout=PATIENCE,
        yield_on_timeout=True,
    ):
        if told:
            return  # what was at work when Ctrl+C came may have swallowed it
        if changes or not begun:
            yield sorted({Path(path).relative_to(root).as_posix() for _, path in changes})
        begun = True


def _told_to_stop() -> list[int]:
    """Give a list that is empty until Ctrl+C comes; it interrupts whatever is at work as ever."""
    told: list[int] = []

    def stop(number: int, frame: object) -> None:
        told.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, stop)
    return told


def _counts(_: watchfiles.Change, path: str) -> bool:
    """Tell whether a change counts: not that of a hidden or a temporary file."""
    file = Path(path)
    return file.suffix.lower() in KINDS and not file.name.startswith((".", "#", "~"))
