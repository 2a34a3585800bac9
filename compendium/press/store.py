"""Keeps what was made from the same inputs, so that only what changed is made again: `output/.press/`, safe to delete
at any time.

An entry is a file named by its key; it begins with a digest of the rest, so that damage is seen when it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from compendium.delivering import deliver

LARGEST = 1_000_000_000
"""Bytes that all entries together may take; the ones used longest ago go first."""
_DIGEST = 32
Thing = TypeVar("Thing")


class Store:
    """What earlier builds made, by its keys: chapters, what the gates saw. Several builds may use it at once."""

    def __init__(self, folder: Path, largest: int = LARGEST) -> None:
        self.folder, self.largest = folder, largest
        self.damaged = 0
        """How many entries were found damaged: they are made again."""
        self._at_hand: dict[str, Any] = {}
        self._used: dict[str, Any] = {}

    def get(self, key: str, kind: type[Thing]) -> Thing | None:
        """Give what was kept under a key, or nothing where there is none or it is damaged."""
        thing: Thing | None = self._used.get(key) or self._at_hand.get(key) or self._read(key, kind)
        if thing:
            self._used[key] = thing
        return thing

    def _read(self, key: str, kind: type[Thing]) -> Thing | None:
        try:
            content = self._file(key).read_bytes()
        except FileNotFoundError:
            return None
        if content[:_DIGEST] != hashlib.sha256(content[_DIGEST:]).digest():
            self.damaged += 1
            return None
        with contextlib.suppress(FileNotFoundError):  # another build has just trimmed the store
            os.utime(self._file(key))
        made: Thing = _unpacked(content[_DIGEST:], kind)
        return made

    def put(self, key: str, thing: object) -> None:
        """Keep something under a key."""
        self._used[key] = thing
        content = _packed(thing)
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


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _contents(kind: Any) -> tuple[str, ...]:
    """Name the fields that hold bytes."""
    return tuple(field.name for field in fields(kind) if field.type == "bytes")


def _packed(thing: object) -> bytes:
    """Write how long each part is; then the parts: what is said in words and numbers, and each content of bytes."""
    kind: Any = type(thing)
    names = _contents(kind)
    parts = [_adapter(kind).dump_json(thing, exclude={*names}), *(getattr(thing, name) for name in names)]
    return b" ".join(b"%d" % len(part) for part in parts) + b"\n" + b"".join(parts)


def _unpacked(content: bytes, kind: Any) -> Any:
    head, _, rest = content.partition(b"\n")
    parts, at = [], 0
    for length in map(int, head.split()):
        parts.append(rest[at : at + length])
        at += length
    said = json.loads(parts[0]) | dict(zip(_contents(kind), parts[1:], strict=True))
    return _adapter(kind).validate_python(said)
