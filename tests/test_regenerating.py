"""Whatever the editor does, and in whatever order: the next book is the one that a clean build makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Desk
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
