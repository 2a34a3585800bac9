"""Reads, checks and composes a spoilt case in this process, and says what ought not to have happened."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from compendium import admitting, composing, reading
from compendium.console import Console
from compendium.errors import CompendiumError

from .conftest import Desk, shown
from .watched import REACHING_OUT, SYSTEM, SYSTEM_FILES


class Bench:
    """A desk whose case is spoilt again and again; what is opened outside of it is heard."""

    def __init__(self, work: Desk, case: str, seconds: int) -> None:
        self.work, self.seconds = work, seconds
        self.file = work.folder / case
        self.good = self.file.read_bytes()
        self.console = Console(work.root, quiet=True)
        self.design = reading.read_design(work.root)
        self.composed = 0
        self.outside: list[str] = []
        self.listening = False
        self.inside = (*SYSTEM, str(work.root.resolve()))
        sys.addaudithook(self._hear)

    def wrong(self, content: bytes) -> str:
        """Say what is wrong with how the program takes this content; nothing where it is right."""
        self.file.write_bytes(content)
        self.outside.clear()
        try:
            with self._bounded():
                self._take()
        except CompendiumError as fault:
            if not str(fault):
                return "a fault without a word"
        except Exception:
            return traceback.format_exc()
        finally:
            self.file.write_bytes(self.good)
        return f"opened outside: {self.outside}" if self.outside else ""

    def _take(self) -> None:
        volume, wording = admitting.checked(self.work.root, self.work.volume, self.design, self.console)
        for chapter in composing.Composer(volume, wording, self.design).compose({}):
            shown(chapter)
        self.composed += 1

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        def too_long(_: int, __: FrameType | None) -> None:
            raise TimeoutError(f"longer than {self.seconds} seconds of processor time")

        signal.signal(signal.SIGPROF, too_long)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        self.listening = True
        try:
            yield
        finally:
            self.listening = False
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.listening:
            return
        if event.startswith(REACHING_OUT):
            self.outside.append(event)
        elif event in ("open", "os.listdir", "os.scandir") and isinstance(arguments[0], (str, bytes, os.PathLike)):
            real = os.path.realpath(os.fsdecode(arguments[0]))
            if real not in SYSTEM_FILES and not any(Path(real).is_relative_to(place) for place in self.inside):
                self.outside.append(real)
