"""A desk to work at: a project folder with one volume, built in this process, without network."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
# As the set-up does it, for who starts pytest by hand.
os.environ.setdefault("FONTCONFIG_FILE", str(PROJECT / "styles" / "fonts" / "fonts.conf"))

import build as program  # noqa: E402  # after the fonts are named, as below
from compendium import composing, figures, printing, reading  # noqa: E402  # the engine looks at its fonts when imported
from compendium.chapters import Printed  # noqa: E402  # as above
from compendium.console import Console  # noqa: E402  # as above
from compendium.wording import Wording  # noqa: E402  # as above

from .inspector import Inspector  # noqa: E402  # as above

BOOKS = PROJECT / "tests" / "books"
SAMPLE = "knowledge-for-action-2"
FONTS = {path.name: path.read_bytes() for path in sorted((PROJECT / "styles" / "fonts").glob("*.ttf"))}
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
        return program.main(["build", *words], self.root)

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text("utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (self.folder / path).write_text(text.replace(old, new), "utf-8")

    def pdf(self) -> Inspector:
        return Inspector(self.file.read_bytes())


@pytest.fixture
def desk(tmp_path: Path) -> Callable[[str], Desk]:
    """Give a desk with a copy of a tiny book."""
    return lambda volume: Desk(tmp_path / "project", volume)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Inspector]:
    """Give a finished book, built once for all tests."""
    made: dict[str, Inspector] = {}

    def get(volume: str) -> Inspector:
        if volume not in made:
            work = Desk(tmp_path_factory.mktemp("book") / "project", volume)
            assert work.build("--quiet") == 0
            made[volume] = work.pdf()
        return made[volume]

    return get


@pytest.fixture(scope="session")
def themed() -> Callable[[str], dict[str, Printed]]:
    """Give the chapters of the sample in a theme's clothes, printed once for all tests, with no page number known."""
    made: dict[str, dict[str, Printed]] = {}

    def get(theme: str) -> dict[str, Printed]:
        if theme not in made:
            design = reading.read_design(PROJECT)
            volume, _ = program.checked(PROJECT, SAMPLE, design, QUIET)
            volume = replace(volume, matter=volume.matter.model_copy(update={"theme": theme}))
            wording = Wording(volume.matter, *reading.read_words(design, volume.matter))
            figures.use_fonts(PROJECT / "styles", theme)
            chapters = composing.Composer(volume, wording, design).compose({})
            clothes = design.clothes(theme, "screen"), design.typefaces(theme)
            typesetter = printing.Typesetter(design.sheets, *clothes)
            made[theme] = {chapter.name: typesetter.print(chapter, "recto") for chapter in chapters}
        return made[theme]

    return get


@pytest.fixture(scope="session")
def as_root() -> bool:
    """Tell whether permissions bind this user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
