"""What lies in the folder of a volume, and from what each file was made: one that would come out the same stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .delivering import deliver
from .manifest import Entry

_KEPT: TypeAdapter[Mapping[str, tuple[str, Entry]]] = TypeAdapter(Mapping[str, tuple[str, Entry]])


class Register:
    """The files of a volume by their paths in its folder, each with the digest of what it was made from.

    It may be deleted at any time; the next build then makes every file anew.
    """

    def __init__(self, kept: Path, folder: Path) -> None:
        self.kept, self.folder = kept, folder
        self._known = {path: one for path, one in _read(kept).items() if self._is_there(one[1])}

    def standing(self, file: str, key: str) -> Entry | None:
        """Give the entry of a file that was made from the same and lies in its place, whole, with its report."""
        known, entry = self._known.get(file, ("", None))
        return entry if known == key else None

    def enter(self, key: str, entry: Entry) -> None:
        """Note that a file has been put in place."""
        self._known[entry.file] = key, entry

    def strike(self, edition: str, files: set[str]) -> None:
        """Take away the files of an edition that are not among these: what they told of has left the volume."""
        for _, entry in list(self._known.values()):
            if entry.edition == edition and entry.file not in files:
                del self._known[entry.file]
                for path in (entry.file, entry.checked, entry.checked.removesuffix(".html") + ".json"):
                    (self.folder / path).unlink(missing_ok=True)

    @property
    def entries(self) -> list[Entry]:
        """Give all that lies there."""
        return [entry for _, entry in self._known.values()]

    def write(self) -> None:
        """Keep it for the next build."""
        deliver(_KEPT.dump_json(dict(sorted(self._known.items()))), self.kept, lasting=False)

    def _is_there(self, entry: Entry) -> bool:
        file = self.folder / entry.file
        whole = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == entry.sha256
        return whole and (self.folder / entry.checked).is_file()


def _read(path: Path) -> Mapping[str, tuple[str, Entry]]:
    try:
        return _KEPT.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return {}
