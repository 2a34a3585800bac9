"""What is made from the same sources is not made again: a book that stands, the gates' word on a chapter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compendium import preflight, proving
from compendium.chapters import Placed
from compendium.workers import Workers

from .conftest import Desk

DeskMaker = Callable[[str], Desk]


def moments(work: Desk) -> dict[Path, int]:
    """Tell when each file of a build was written."""
    return {path: path.stat().st_mtime_ns for path in (work.root / "output" / work.volume).rglob("*.*")}


def test_what_stands_is_left_alone_and_what_was_touched_is_made_again(
    desk: DeskMaker, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    assert work.build() == 0
    first, said = moments(work), capfd.readouterr()
    assert work.build() == 0
    again = capfd.readouterr()
    assert moments(work) == first
    assert again.err == said.err
    assert again.out.rpartition(",")[0] == said.out.rpartition(",")[0]
    book = work.file.read_bytes()
    work.file.write_bytes(book[:-9])
    assert work.build("--quiet") == 0
    assert work.file.read_bytes() == book
    (report,) = (work.file.parent / "reports").glob("*screen.json")
    report.unlink()
    assert work.build("--quiet") == 0
    assert report.exists()
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    assert work.build("--quiet") == 0
    assert work.pdf().find("41 boatloads")


def test_the_gates_look_at_a_chapter_once_and_at_one_that_failed_again(
    desk: DeskMaker, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    work, looked = desk("minimal"), []
    look_over = proving.look_over

    def listening(terms: proving.Terms, group: list[Placed]) -> object:
        looked.append(sorted(one.chapter.name for one in group))
        return look_over(terms, group)

    monkeypatch.setattr(proving, "look_over", listening)
    monkeypatch.setattr(Workers, "lend", lambda *_: None)
    assert work.build("--quiet") == 0
    (all_of_them,) = looked
    assert "harbour" in all_of_them
    work.change("harbour/case.md", "40 boatloads", "41 boatloads")
    monkeypatch.setitem(preflight.RULES, "book-reach", lambda file: iter([(0, "It is wrong.")]))
    for _ in range(2):
        assert work.build() == 1
        assert 'minimal/harbour/case.md: Page 6 of the PDF ("harbour"): It is wrong.' in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(proving, "look_over", listening)
    assert work.build("--quiet") == 0
    assert [[name for name in group if name in ("harbour", "cover")] for group in looked[1:]] == [["harbour"]] * 3


def test_chapters_and_the_whole_are_held_against_every_rule_together() -> None:
    assert {*preflight.RULES} == preflight.OF_CHAPTERS | preflight.OF_THE_WHOLE
    assert {"a-6-level-b"} == preflight.OF_CHAPTERS & preflight.OF_THE_WHOLE
