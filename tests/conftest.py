"""A desk to work at: a project folder with one volume, built in this process, without network."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

if sys.platform != "win32":
    import fcntl

PROJECT = Path(__file__).resolve().parent.parent
# As the set-up does it, for who starts pytest by hand.
os.environ.setdefault("FONTCONFIG_FILE", str(PROJECT / "styles" / "fonts" / "fonts.conf"))

import build as program  # noqa: E402  # after the fonts are named, as below
from compendium import printing  # noqa: E402, F401  # the engine warns and looks at its fonts when it is imported
from compendium.chapters import Chapter, Drawing  # noqa: E402  # as above
from compendium.console import Console  # noqa: E402  # as above

from .inspector import Inspector  # noqa: E402  # as above

BOOKS = PROJECT / "tests" / "books"
SAMPLE = "knowledge-for-action-2"
FONT_FOLDER = PROJECT / "styles" / "fonts"
FONTS = {path.name: path.read_bytes() for path in sorted(FONT_FOLDER.glob("*.ttf"))}
QUIET = Console(PROJECT, quiet=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden texts anew")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    connect = socket.socket.connect

    def refuse(one: socket.socket, address: Any) -> None:
        if one.family != getattr(socket, "AF_UNIX", None):  # by which processes of one machine speak
            raise AssertionError("A test reached for the network.")
        connect(one, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield


class Desk:
    """A project folder of its own with one volume in it."""

    def __init__(self, root: Path, volume: str) -> None:
        self.root, self.volume = root, volume
        source = PROJECT / "cases" / volume if volume == SAMPLE else BOOKS / volume
        shutil.copytree(source, root / "cases" / volume)
        shutil.copytree(PROJECT / "layouts", root / "layouts")
        shutil.copytree(PROJECT / "styles", root / "styles")

    @classmethod
    def at(cls, root: Path, volume: str) -> Desk:
        """Sit down at a project folder that is there already."""
        desk = cls.__new__(cls)
        desk.root, desk.volume = root, volume
        return desk

    @property
    def folder(self) -> Path:
        return self.root / "cases" / self.volume

    @property
    def file(self) -> Path:
        return self.root / "output" / self.volume / f"{self.volume}-screen.pdf"

    def build(self, *words: str) -> int:
        """Build the screen edition, or those that are named."""
        named = () if "--edition" in words else ("--edition", "screen")
        return program.main(["build", *named, *words], self.root)

    def inherit(self, other: Desk) -> None:
        """Take over what was printed at another desk, as if it had been printed here: only what differs is printed."""
        for entry in (other.root / "output" / ".press").glob("??/[!.]*"):
            folder = self.root / "output" / ".press" / entry.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(entry, folder)

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (self.folder / path).write_text(text.replace(old, new), "utf-8")

    def pdf(self, path: str = "") -> Inspector:
        """Open the screen edition, or another file of the volume's folder."""
        return Inspector((self.file.parent / path if path else self.file).read_bytes())

    def offprint(self, case: str) -> Inspector:
        return self.pdf(f"offprints/{self.volume}-{case}.pdf")


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[str], Desk]:
    """Give a desk with a copy of a tiny book."""
    return lambda volume: Desk(tmp_path / "project", volume)


class Shelf:
    """Where finished books stand: each is made once, by whichever of the processes that share the tests comes first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def book(self, name: str, source: str, make: Callable[[Desk], None], label: str = "") -> Desk:
        """Give the desk `name` with a copy of a book, at which what the label stands for has been made."""
        root, made = self.folder / name, self.folder / f"{name}{label}.made"
        with (self.folder / f"{name}.lock").open("w") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX)
            desk = Desk.at(root, source) if root.exists() else Desk(root, source)
            if not made.exists():
                make(desk)
                made.touch()
        return desk


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Give the shelf that all processes share."""
    ours = tmp_path_factory.getbasetemp()
    folder = (ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours) / "shelf"
    folder.mkdir(exist_ok=True)
    return Shelf(folder)


@pytest.fixture(scope="session")
def bookshop(shelf: Shelf) -> Callable[[str, str], Desk]:
    """Give a desk at which an edition of a book lies finished, built once for all; nothing may be changed there."""

    def get(volume: str, edition: str) -> Desk:
        def make(desk: Desk) -> None:
            assert desk.build("--quiet", "--edition", edition) == 0

        return shelf.book(volume, volume, make, f"-{edition}")

    return get


@pytest.fixture(scope="session")
def themed(shelf: Shelf) -> Callable[..., Inspector]:
    """Give a book in a theme's clothes, built once for all tests."""

    @cache
    def get(theme: str, volume: str = "every-construct") -> Inspector:
        def make(desk: Desk) -> None:
            desk.change("volume.yaml", "licence: CC BY 4.0", f"licence: CC BY 4.0\ntheme: {theme}")
            assert desk.build("--quiet") == 0

        return shelf.book(f"{volume}-in-{theme}", volume, make).pdf()

    return get


@pytest.fixture(scope="session")
def finished(bookshop: Callable[[str, str], Desk]) -> Callable[[str], Inspector]:
    """Give a finished book, in its screen edition."""
    return cache(lambda volume: bookshop(volume, "screen").pdf())


@pytest.fixture(scope="session")
def pressed(shelf: Shelf, bookshop: Callable[[str, str], Desk]) -> Desk:
    """Give a project in which a book with every construct has been printed for a shop that wants marks."""

    def make(desk: Desk) -> None:
        desk.inherit(bookshop(desk.volume, "screen"))
        assert desk.build("--quiet", "--edition", "print", "--printer", "sheetfed-uncoated") == 0

    return shelf.book("pressed", "every-construct", make)


@pytest.fixture(scope="session")
def as_root() -> bool:
    """Tell whether permissions bind this user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def shown(chapter: Chapter, fonts: Path = FONT_FOLDER) -> dict[str, bytes]:
    """Give the files that a chapter shows, drawings drawn."""
    files = chapter.files.items()
    return {name: file.drawn(fonts) if isinstance(file, Drawing) else file for name, file in files}
