"""Whatever the editor does, and in whatever order: the next book is the one that a clean build makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compendium import admitting, composing, reading
from compendium.composed import Memory
from compendium.press.places import expected

from .conftest import QUIET, Desk
from .edits import Editor, clean_build


def test_a_rebuild_after_any_edits_is_a_clean_build_byte_for_byte(desk: Callable[[str], Desk], tmp_path: Path) -> None:
    work = desk("minimal")
    editor = Editor(work, 1)
    assert work.build("--quiet") == 0
    for number in range(2):
        done = [editor.edits() for _ in range(2)]
        assert work.build("--quiet") == 0, done
        assert work.file.read_bytes() == clean_build(work, tmp_path / f"clean-{number}"), done


def test_only_what_an_edit_touches_is_printed_again(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    Editor(work, 1)
    assert work.build("--why") == 0
    first = capfd.readouterr().out
    assert "harbour: it has not been printed before." in first
    assert work.build("--why") == 0
    assert "printed before" not in (again := capfd.readouterr().out)
    assert "every chapter is fresh" in again
    work.change("case-2/case.md", "40 boatloads", "41 boatloads")
    assert work.build("--why") == 0
    said = [line for line in capfd.readouterr().out.splitlines() if ".pdf" not in line]
    assert said == ["case-2: its text changed."]


def test_what_is_composed_after_edits_is_what_is_composed_from_nothing(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    editor, memory = Editor(work, 2), Memory()
    for _ in range(40):
        done = editor.edits()
        design = reading.read_design(work.root)
        volume, wording = admitting.checked(work.root, work.volume, design, QUIET)
        book = composing.Composer(volume, wording, design, memory)
        pages = expected(book.compose({}))
        fresh = composing.Composer(volume, wording, design)
        assert book.compose(pages) == book.compose(pages) == fresh.compose(pages), done


def test_a_case_that_is_the_same_is_looked_over_again_when_a_figure_that_it_names_is_another(
    desk: Callable[[str], Desk],
) -> None:
    work = desk("well-kept")
    design, memory = reading.read_design(work.root), admitting.Memory()

    def problems() -> list[str]:
        found = admitting.looked_over(work.root, work.volume, design, memory=memory)[1]
        return [f"{one.file} {one.what}" for one in found]

    assert problems() == problems() == []
    work.change("mill/case.md", "{#levels", "{#heights")
    assert problems() == ['cases/well-kept/quay/case.md There is no figure or table "levels" in the case "mill".']
    work.change("mill/case.md", "{#heights", "{#levels")
    assert problems() == []
