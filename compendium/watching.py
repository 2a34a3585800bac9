"""Waits for the editor: says which files were saved, once she and her programs have done with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import watchfiles

QUIET = 60
"""Milliseconds without another change after which a save is taken to be over."""


def saves(folders: list[Path], root: Path) -> Iterator[list[str]]:
    """Give, after every save, the files below `root` that changed; editors' temporary files are left out."""
    for changes in watchfiles.watch(
        *folders, debounce=1_000, step=QUIET, watch_filter=_Sources(), raise_interrupt=True
    ):
        yield sorted({Path(path).relative_to(root).as_posix() for _, path in changes})


class _Sources(watchfiles.DefaultFilter):
    """Passes what can shape a page."""

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        """Tell whether a change counts: not that of a hidden or a temporary file."""
        name = Path(path).name
        return (
            super().__call__(change, path)
            and not name.startswith((".", "#", "~"))
            and not name.endswith((".tmp", "~", ".part", ".bak"))
        )
