"""Keeps what was printed, so that only what changed is printed again: `output/.press/`, safe to delete at any time.

An entry is a file named by its key; it begins with a digest of the rest, so that damage is seen when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from compendium.chapters import Printed
from compendium.delivering import deliver

LARGEST = 1_000_000_000
"""Bytes that all entries together may take; the ones used longest ago go first."""
_DIGEST = 32
_PRINTED = TypeAdapter(Printed)


class Store:
    """The printed chapters of earlier builds, by their keys; several builds may use it at once."""

    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        self.folder, self.largest = folder, largest
        self.damaged = 0
        """How many entries were found damaged: they are printed again."""
        self._at_hand: dict[str, Printed] = {}
        self._used: dict[str, Printed] = {}

    def get(self, key: str) -> Printed | None:
        """Give what was printed under a key, or nothing where there is none or it is damaged."""
        printed = self._used.get(key) or self._at_hand.get(key) or self._read(key)
        if printed:
            self._used[key] = printed
        return printed

    def _read(self, key: str) -> Printed | None:
        try:
            content = self._file(key).read_bytes()
        except FileNotFoundError:
            return None
        if content[:_DIGEST] != hashlib.sha256(content[_DIGEST:]).digest():
            self.damaged += 1
            return None
        with contextlib.suppress(FileNotFoundError):  # another build has just trimmed the store
            os.utime(self._file(key))
        return _unpacked(content[_DIGEST:])

    def put(self, key: str, printed: Printed) -> None:
        """Keep what was printed."""
        self._used[key] = printed
        content = _packed(printed)
        deliver(hashlib.sha256(content).digest() + content, self._file(key), lasting=False)

    def trim(self) -> None:
        """Keep within the bound; at hand stays what was used since the last time."""
        self._at_hand, self._used = self._used, {}
        room = self.largest
        for _, size, file in sorted(self._entries(), reverse=True):
            room -= size
            if room < 0:
                file.unlink(missing_ok=True)

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        for file in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):
                stat = file.stat()
                yield stat.st_mtime_ns, stat.st_size, file

    def _file(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _packed(printed: Printed) -> bytes:
    """Write the length of what is said of the pages, then that, then the pages."""
    said = _PRINTED.dump_json(printed, exclude={"pdf"})
    return len(said).to_bytes(8, "big") + said + printed.pdf


def _unpacked(content: bytes) -> Printed:
    length = int.from_bytes(content[:8], "big")
    said = json.loads(content[8 : 8 + length])
    return _PRINTED.validate_python({**said, "pdf": content[8 + length :]})
