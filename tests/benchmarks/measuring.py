"""What commands cost: seconds on the clock, seconds of processors, and the memory that their processes hold at once."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

TICKS = os.sysconf("SC_CLK_TCK")
KIBIBYTE = 1024
OFTEN = 0.002
"""Seconds between two looks at a file that is waited for."""
PATIENCE = 10
"""Seconds in which a command must stop when it is told to."""
SOMETIMES = 0.5
"""Seconds between two looks at how much memory is held."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds on the clock, and of processors."""

    clock: float
    processor: float


class Group:
    """A command and all processes that come of it, for as long as it is open; what it says goes to `said`."""

    def __init__(self, command: Sequence[str], folder: Path, said: Path, **more: Any) -> None:
        self.said = said
        self.started = time.monotonic()
        with said.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, stderr=log, start_new_session=True, **{"stdout": log, **more}
            )

    def processor(self) -> float:
        """Give the processor time of all its processes so far, in seconds."""
        return sum(sum(map(int, fields[11:15])) for _, fields in self._stats()) / TICKS

    def memory(self) -> int:
        """Give the memory that all its processes hold now, in bytes; each has its share of what several hold together
        (proc(5), smaps_rollup: Pss)."""
        return sum(self._share(process) for process, _ in self._stats())

    @staticmethod
    def _share(process: Path) -> int:
        with suppress(FileNotFoundError, ProcessLookupError):
            lines = (process / "smaps_rollup").read_text("ascii").splitlines()
            return next((int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("Pss:")), 0)
        return 0

    def _stats(self) -> Iterator[tuple[Path, list[str]]]:
        """Give each process of the group: its folder, and what the kernel says of it, from the state on (proc(5), the
        third field)."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with suppress(FileNotFoundError, ProcessLookupError):
                    fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
                    if int(fields[2]) == self.process.pid:
                        yield folder, fields

    def wait_for(self, happened: Callable[[], bool], patience: float) -> None:
        """Wait until something has happened, and no longer than the command lives."""
        until = time.monotonic() + patience
        while not happened():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.process.args!r} did not do it:\n{self.said.read_text('utf-8')[-2000:]}")
            time.sleep(OFTEN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it as Ctrl-C does, which what runs in the background may not hear, and wait for its last process."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        _bury(self.process.pid)


class Peak:
    """The most memory that a group held while this was open, in bytes."""

    def __init__(self, group: Group) -> None:
        self.group, self.memory = group, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._over.wait(SOMETIMES):
            self.memory = max(self.memory, self.group.memory())

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def adopt() -> None:
    """Become the parent of processes that lose theirs, so that their processor time is counted in the end."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def run(command: Sequence[str], folder: Path, said: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; it must go well."""
    before = _children()
    group = Group(command, folder, said, env=environment)
    code = group.process.wait()
    clock = time.monotonic() - group.started
    _bury(group.process.pid)
    if code:
        raise RuntimeError(f"{' '.join(command)} ended with {code}:\n{said.read_text('utf-8')[-2000:]}")
    return Cost(clock, _children() - before)


def _bury(group: int) -> None:
    """Wait for processes that have become our children: the rest of a group, and what browsers leave for a moment."""
    for look in range(100):
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if look > 10 and not _lives(group):
            return
        time.sleep(0.05)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def signature(*files: Path) -> tuple[Any, ...]:
    """Tell files from the ones that replace them."""
    return tuple((stat.st_ino, stat.st_mtime_ns) for file in files if file.exists() and (stat := file.stat()))


def answer(stream: IO[str] | None) -> str:
    """Read a line of a command that answers."""
    assert stream
    line = stream.readline()
    if not line:
        raise RuntimeError("There is no answer.")
    return line
