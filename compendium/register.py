"""What lies in the folder of a volume, and from what each file was made: one that would come out the same stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .delivering import deliver
from .errors import Problem
from .manifest import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """A file in its place: the digest of all that it was made from, its entry, and what the gates remarked of it."""

    key: str
    entry: Entry
    problems: tuple[Problem, ...]


_KEPT: TypeAdapter[Mapping[str, Standing]] = TypeAdapter(Mapping[str, Standing])


class Register:
    """The files of a volume by their paths in its folder, each with the digest of what it was made from.

    It may be deleted at any time; the next build then makes every file anew.
    """

    def __init__(self, kept: Path, folder: Path) -> None:
        self.kept, self.folder = kept, folder
        self._known = {path: one for path, one in _read(kept).items() if self._is_there(one.entry)}

    def standing(self, file: str, key: str) -> Standing | None:
        """Give what is known of a file that was made from the same and lies in its place, whole, with its report."""
        known = self._known.get(file)
        return known if known and known.key == key else None

    def enter(self, standing: Standing) -> None:
        """Note that a file has been put in place."""
        self._known[standing.entry.file] = standing

    def strike(self, edition: str, files: set[str]) -> None:
        """Take away the files of an edition that are not among these: what they told of has left the volume."""
        for entry in self.entries:
            if entry.edition == edition and entry.file not in files:
                del self._known[entry.file]
                for path in (entry.file, *_reports(entry)):
                    (self.folder / path).unlink(missing_ok=True)

    @property
    def entries(self) -> list[Entry]:
        """Give all that lies there."""
        return [standing.entry for standing in self._known.values()]

    def write(self) -> None:
        """Keep it for the next build."""
        deliver(_KEPT.dump_json(dict(sorted(self._known.items()))), self.kept, lasting=False)

    def _is_there(self, entry: Entry) -> bool:
        file = self.folder / entry.file
        whole = file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == entry.sha256
        return whole and all((self.folder / path).is_file() for path in _reports(entry))


def _reports(entry: Entry) -> tuple[str, str]:
    """Name the report of a file, for people and for machines."""
    return entry.checked, entry.checked.removesuffix(".html") + ".json"


def _read(path: Path) -> Mapping[str, Standing]:
    try:
        return _KEPT.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return {}
