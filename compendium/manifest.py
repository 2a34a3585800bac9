"""What lies in the folder of a volume, for websites that offer it: `manifest.json` beside the files.

A reader wants to know before fetching a file what it is and how heavy; a machine, whether it came whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .chapters import Metadata


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its path in the folder, what it is, its size in bytes and in words, the standards that it was held
    against, and the report that says how."""

    file: str
    edition: str
    title: str
    authors: tuple[str, ...]
    language: str
    identifiers: tuple[str, ...]
    pages: int
    bytes: int
    size: str
    sha256: str
    standards: tuple[str, ...]
    checked: str


def written(metadata: Metadata, version: str, entries: Iterable[Entry]) -> bytes:
    """Write the manifest of a volume, which the metadata of any of its editions describe."""
    volume: dict[str, Any] = {
        "title": metadata.title,
        "version": version,
        "date": metadata.date.isoformat(),
        "publisher": metadata.publisher,
        "identifiers": metadata.identifiers,
        "files": [asdict(entry) for entry in sorted(entries, key=lambda entry: entry.file)],
    }
    return (json.dumps(volume, ensure_ascii=False, indent=1) + "\n").encode()
