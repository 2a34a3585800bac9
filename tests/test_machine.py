"""Where the machine refuses, one sentence says so, and the last good files stand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from compendium import chapters, printing, proving, reading, workers
from compendium.press.hands import Hands

from .conftest import PROJECT, Desk
from .inspector import Inspector
from .watched import Room, Run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the watched room asks a Linux kernel")
BUILD = "build", "--edition", "screen"


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    room = Room()
    yield room
    room.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, room: Room) -> Desk:
    """Give a small book that has been built."""
    built = Desk(tmp_path_factory.mktemp("built") / "project", "minimal")
    assert room.run(built.root, *BUILD, "--quiet").code == 0
    return built


@pytest.fixture
def work(tmp_path: Path, built: Desk) -> Desk:
    """Give a small book that has been built once, and then changed."""
    work = Desk.at(tmp_path / "project", "minimal")
    shutil.copytree(built.root, work.root)
    work.change("harbour/case.md", "It took longer", "It took much longer")
    return work


def files(work: Desk) -> dict[str, bytes]:
    """Give the finished files: the book and its reports."""
    folder = work.file.parent
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def refused(run: Run, *words: str) -> None:
    """See that a run ended as the machine's fault, with one sentence."""
    assert run.code == 3, run.said
    assert run.out == ""
    assert run.err.endswith("The last good files stand.\n")
    assert run.err.count("\n") == 1
    assert all(word in run.err for word in words)


def litter(work: Desk) -> list[Path]:
    return list((work.root / "output").rglob("*.part"))


@pytest.mark.parametrize("name", ["", "minimal", ".press"])
def test_a_file_in_place_of_an_output_folder_is_named_and_kept(room: Room, work: Desk, name: str) -> None:
    folder = work.root / "output" / name
    folder.rename(work.root / "moved")
    folder.write_text("mine")
    refused(room.run(work.root, *BUILD), str(folder))
    assert folder.read_text() == "mine"


@pytest.mark.parametrize("name", ["minimal", ".press", "minimal/reports"])
def test_an_output_folder_that_may_not_be_written_is_named(room: Room, work: Desk, name: str) -> None:
    good, folder = work.file.read_bytes(), work.root / "output" / name
    folder.chmod(0o555)
    refused(room.run(work.root, *BUILD, humble=True), str(folder))
    folder.chmod(0o755)
    assert work.file.read_bytes() == good
    assert room.run(work.root, *BUILD, "--quiet", humble=True).code == 0
    assert work.file.read_bytes() != good


def test_a_case_that_may_not_be_read_is_named(room: Room, work: Desk) -> None:
    case = work.folder / "harbour" / "case.md"
    case.chmod(0)
    refused(room.run(work.root, *BUILD, humble=True), str(case))


@pytest.mark.parametrize("limit", [2_000, 10_000, 25_000])
def test_a_disk_that_takes_no_more_is_named(room: Room, work: Desk, limit: int) -> None:
    good = files(work)
    refused(room.run(work.root, *BUILD, file_size=limit))
    assert files(work) == good
    assert litter(work) == []
    assert room.run(work.root, *BUILD, "--quiet").code == 0
    assert files(work) != good


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[bool]:
    """Put a disk of its own under a folder; tell whether this machine let us."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    done = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("size", ["4k", "32k", "100k"])
def test_a_small_disk_that_is_full_is_named(room: Room, work: Desk, size: str) -> None:
    """Where no disk can be made, the bound on the size of files stands in for it."""
    with small_disk(work.root / "output", size) as real:
        run = room.run(work.root, *BUILD, file_size=0 if real else 4_096)
        refused(run, *["No space left on device"] * real)
        assert litter(work) == []
        assert not real or not work.file.exists()


def test_a_build_that_is_killed_leaves_the_old_file_or_the_new_one_and_the_next_sweeps_up(
    room: Room, work: Desk
) -> None:
    known = {work.file.read_bytes()}
    for n, seconds in enumerate((0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.1, 1.3, 1.6)):
        work.change("harbour/case.md", "much longer", f"much{'!' * n} much longer")
        room.run(work.root, *BUILD, killed_after=seconds)
        found = work.file.read_bytes()
        if found not in known:
            assert Inspector(found).find(f"much{'!' * n} much longer")
            known.add(found)
    left = work.file.parent / f".{work.file.name}.abc.part"
    left.write_bytes(b"half a book")
    work.change("harbour/case.md", "much longer", "much, much longer")  # the last of them may have come to its end
    assert room.run(work.root, *BUILD, "--quiet").code == 0
    assert work.file.read_bytes() not in known or len(known) > 1
    assert list(work.file.parent.rglob("*.part")) == []
    assert work.pdf().find("much longer than anybody had thought.")


def test_who_is_dismissed_is_gone_and_others_start_when_there_is_work_again() -> None:
    with workers.Workers("compendium.errors", 2) as hands:
        first = processes(hands)
        hands.dismiss()
        assert not [number for number in first if Path(f"/proc/{number}").exists()]
        assert not first & processes(hands)


def test_no_process_waits_with_what_it_holds_of_a_large_book(
    desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    dismissed: list[workers.Workers] = []

    def dismiss(hands: workers.Workers) -> None:
        dismissed.append(hands)

    monkeypatch.setattr(workers.Workers, "dismiss", dismiss)
    work = desk("minimal")
    assert work.build("--quiet") == 0
    usual = len(dismissed)
    work.change("harbour/case.md", "title: ", "title: Again ")
    monkeypatch.setattr(proving, "MANY_PAGES", 0)
    assert work.build("--quiet") == 0
    assert (usual, len(dismissed)) == (1, 1 + 3)


def processes(hands: workers.Workers) -> set[int]:
    """Give the numbers of the processes that are lent, when all have started."""
    executor = hands.lend(workers.ENOUGH + 1)
    assert isinstance(executor, ProcessPoolExecutor)
    [job.result() for job in [executor.submit(os.getpid) for _ in range(4)]]
    return {process.pid for process in executor._processes.values() if process.pid}


_SIDE_BY_SIDE = """
import sys
from pathlib import Path
from compendium import chapters, printing, reading, workers
from compendium.press.hands import printed

design = reading.read_design(Path(sys.argv[1]))
typesetter = printing.Typesetter(design.sheets, (), design.typefaces(None))
pages = [chapters.Chapter(name, "body", "recto", f"<p>{name}", {}, name) for name in "abc"]
if __name__ == "__main__":
    with workers.Workers("compendium.printing", 2) as hands:
        jobs = [hands.lend(10**9).submit(printed, typesetter, page, "recto") for page in pages]
        assert all(job.result().pages for job in jobs)
    typesetter.print(pages[0], "recto")
"""


def test_a_build_leaves_nothing_in_the_folder_for_passing_files(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_SIDE_BY_SIDE, "utf-8")
    with tempfile.TemporaryDirectory() as passing:  # in which the name of a socket has room
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": passing}
        subprocess.run([sys.executable, str(program), str(PROJECT)], env=environment, check=True)
        assert [*Path(passing).iterdir()] == []


class LosingExecutor(Executor):
    """Loses its workers before all work is given out, as when the machine kills them for their memory."""

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        if arguments[1].name != "a":
            raise BrokenExecutor("A child process terminated abruptly")
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        return future


def test_chapters_are_printed_though_all_workers_are_lost() -> None:
    design = reading.read_design(PROJECT)
    typesetter = printing.Typesetter(design.sheets, (), design.typefaces(None))
    texts = {"a": "<p>longest", "b": "<p>long", "c": "<p>c"}
    pages = {name: chapters.Chapter(name, "body", "recto", text, {}, name) for name, text in texts.items()}
    hands = Hands(typesetter, lambda _: LosingExecutor())
    for page in pages.values():
        hands.give((page, "recto"), len(page.html))
    done = [hands.take(0) for _ in pages]
    assert sorted((page.name, one.pages) for page, one in done) == [("a", 1), ("b", 1), ("c", 1)]
    assert not hands.busy
