"""What stands: a build that would make what lies in its place already is not made again.

It is known by all that it is made from, and by a digest of every file that it left; whoever touches either builds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from .chapters import digest
from .console import Console
from .delivering import deliver
from .engine import program
from .errors import Problem
from .model import Design, Volume


@dataclass(frozen=True, slots=True)
class Standing:
    """What a build left: the digests of its files, what it remarked, and path, files, pages and bytes of each book."""

    made_from: str
    files: Mapping[str, str]
    remarks: tuple[Problem, ...]
    books: tuple[tuple[str, int, int, int], ...]


_STANDING = TypeAdapter(Standing)


def made_from(volume: Volume, design: Design, asked: Sequence[object]) -> str:
    """Digest all that a build is made from: sources, design, program, and what was asked for."""
    pairs = (pair for files in (design.files, design.fonts) for pair in sorted(files.items()))
    parts = (part for path, content in pairs for part in (path.encode(), content))
    return digest(program().encode(), volume.slug.encode(), volume.digest.encode(), repr(asked).encode(), *parts)


def stands(root: Path, slug: str, source: str, console: Console) -> bool:
    """Tell whether all that was built from the same source lies in its place; if so, say of it what was said then."""
    try:
        found = _STANDING.validate_json(_note(root, slug).read_bytes())
    except (FileNotFoundError, ValidationError):
        return False
    if found.made_from != source or any(_digest(root / path) != known for path, known in found.files.items()):
        return False
    console.why({}, 0)
    console.remarks(found.remarks)
    for path, files, pages, size in found.books:
        console.made(Path(path), files, pages, size, 0)
    return True


def keep(root: Path, slug: str, source: str, said: int, console: Console) -> None:
    """Note what a build has left in its folder, and what it remarked after so many remarks on the content."""
    files = {path.relative_to(root).as_posix(): _digest(path) for path in _left(root / "output" / slug)}
    found = Standing(source, files, tuple(console.remarked[said:]), tuple(console.books))
    deliver(_STANDING.dump_json(found), _note(root, slug), lasting=False)


def _left(folder: Path) -> Iterator[Path]:
    """Find the files of a build; what `watch` leaves is none of its, nor what begins with a dot."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    yield from (path for path in paths if path.relative_to(folder).parts[0] != "watch" and path.name[0] != ".")


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _note(root: Path, slug: str) -> Path:
    return root / "output" / ".press" / f"{slug}.stands"
