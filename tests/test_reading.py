"""Many cases are read side by side: the same volume, the same problems, and no case lost with a worker."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any

import pytest

import build as program
from compendium import admitting, reading, workers
from compendium.errors import Problem
from compendium.model import Volume
from compendium.reading import texts

from .conftest import PROJECT, Desk

Read = tuple[Volume, list[Problem]]


@pytest.fixture
def work(desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Give a book with faults, small as it is to be read like a large one."""
    work = desk("every-construct")
    work.change("alpha/case.md", "status: ", "status: very-")
    work.change("alpha/case.md", "(figure:by-year)", "(figure:beta/by-year)")
    (work.folder / "beta" / "case.md").write_text("---\ntitle: [\n---\n\n{#x}\n", "utf-8")
    monkeypatch.setattr(texts, "MANY", 2)
    monkeypatch.setattr(texts, "CHUNK", 1)
    monkeypatch.setattr(workers, "ENOUGH", 0.0)
    return work


def read(work: Desk, lend: workers.Lend = workers.nobody, memory: admitting.Memory | None = None) -> Read:
    return admitting.looked_over(work.root, work.volume, reading.read_design(work.root), lend, memory)


@pytest.mark.parametrize("start", ["spawn", "the usual one"])
def test_cases_read_side_by_side_are_those_read_one_by_one(
    work: Desk, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    if start == "spawn":  # as on Windows and macOS
        monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    with workers.Workers("compendium.reading", 2) as hands:
        assert hands.lend(1.0)
        together = read(work, hands.lend)
    alone = read(work)
    assert len(alone[1]) == 4
    assert together == alone
    assert list(together[0].cases) == list(alone[0].cases)


COPYING = """
import os, sys
from pathlib import Path
import build
from compendium import workers
from compendium.reading import texts
texts.MANY, texts.CHUNK, workers.ENOUGH, os.cpu_count = 2, 1, 0.0, lambda: 2
copies = []
os.register_at_fork(after_in_parent=lambda: copies.append(1))
code = build.main(["check", "--format", "json"], Path(sys.argv[1]))
print(len(copies), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not copied")
def test_check_reads_with_copies_of_itself_and_says_the_same(work: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-W", "error", "-c", COPYING, str(work.root)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "2\n")
    assert program.main(["check", "--format", "json"], work.root) == 1
    assert run.stdout == capfd.readouterr().out


class Losing(Executor):
    """Loses its workers after some cases, as when the machine kills them for their memory."""

    def __init__(self, cases: int) -> None:
        self.cases = cases

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.cases -= 1
        if self.cases < 0:
            future.set_exception(BrokenExecutor("A child process terminated abruptly"))
        else:
            future.set_result(function(*arguments))
        return future


@pytest.mark.parametrize("cases", [0, 1, 2])
def test_cases_are_read_though_all_workers_are_lost(work: Desk, cases: int) -> None:
    assert read(work, lambda _: Losing(cases)) == read(work)


def test_few_cases_are_read_without_help(work: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    def lend(_: float) -> Executor:
        raise AssertionError("Somebody was asked for help.")

    assert read(work, lend)[0].cases


def test_a_picture_that_was_missing_is_seen_as_soon_as_it_is_there(desk: Callable[[str], Desk]) -> None:
    """What was read before is remembered; so is what was not there."""
    work = desk("every-construct")
    memory = admitting.Memory()
    case = next(case for case in read(work, memory=memory)[0].cases.values() if case.images)
    [name, *_] = case.images
    picture = work.folder / case.slug / name
    content = picture.read_bytes()
    picture.unlink()
    assert name not in read(work, memory=memory)[0].cases[case.slug].images
    picture.write_bytes(content)
    assert read(work, memory=memory)[0].cases[case.slug] == case


@pytest.mark.parametrize(
    ("file", "good", "bad", "said"),
    [
        (
            "styles/editions/screen.yaml",
            "title:",
            "titel:",
            'screen.yaml:2:1: "titel" is not a field. Did you mean "title"?',
        ),
        ("styles/editions/screen.yaml", "statuses: [", "statuses: [[", "Close the bracket"),
        ("styles/editions/screen.yaml", "statuses: [approved]", "statuses: approved", "Write a list"),
        ("layouts/pages.yaml", "", "- cover\n", "layouts/pages.yaml:1:1: Expected fields here."),
        ("layouts/words/en.yaml", "", "- cover\n", "layouts/words/en.yaml:1:1: Expected fields here."),
    ],
)
def test_a_fault_in_a_file_of_the_design_is_said_where_it_is(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str], file: str, good: str, bad: str, said: str
) -> None:
    work = desk("minimal")
    path = work.root / file
    text = path.read_text("utf-8")
    assert good in text
    path.write_text(text.replace(good, bad, 1) if good else bad, "utf-8")
    assert program.main(["check"], work.root) == 1
    assert said in capfd.readouterr().err
