"""What befalls a build: it is killed, another one works beside it, its store is damaged, or taken away while it works.

Builds are forked from this process, which has the program loaded and has never built anything itself.
"""

from __future__ import annotations

import os
import random  # noqa: TID251  # seeded
import shutil
import signal
import time
from collections.abc import Callable

import build as program
from compendium import publishing, workers  # noqa: F401  # the first is loaded once, for all builds
from tests.conftest import Desk


class Build:
    """A build of the screen edition in a process of its own; `together`: its chapters are printed side by side."""

    def __init__(self, desk: Desk, together: bool = False) -> None:
        self.said = desk.root.with_suffix(".said")
        self.process = os.fork()
        if not self.process:
            self._work(desk, together)

    def _work(self, desk: Desk, together: bool) -> None:
        os.setpgid(0, 0)
        said = os.open(self.said, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        os.dup2(said, 1)
        os.dup2(said, 2)
        workers.ENOUGH = 0 if together else workers.ENOUGH
        code = 70
        try:
            code = program.main(["build", "--quiet", "--edition", "screen", desk.volume], desk.root)
        finally:
            os._exit(code)

    def ends(self) -> int:
        """Wait for its end; give its exit code."""
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def succeeds(self) -> None:
        """Wait for its end, which must be a good one."""
        code = self.ends()
        assert code == 0, f"The build ended with {code}:\n{self.said.read_text('utf-8', 'replace')}"


class Mishaps:
    """Lets something befall the next build at a desk, at random; afterwards an editor would simply build again."""

    def __init__(self, desk: Desk, chance: random.Random) -> None:
        self.desk, self.random = desk, chance
        self.store = desk.root / "output" / ".press"
        self.coming: list[Callable[[], None]] = []
        started = time.monotonic()
        Build(desk).succeeds()
        self.longest = time.monotonic() - started
        """Seconds that a clean build takes: a moment within them is one in which something can happen."""

    def any(self) -> str:
        """Let one thing happen, or nothing, each in its turn; give its name."""
        if not self.coming:
            self.coming = [self.nothing, self.killed, self.two_at_once, self.damaged, self.robbed]
            self.random.shuffle(self.coming)
        happens = self.coming.pop()
        happens()
        return happens.__name__

    def nothing(self) -> None:
        """Let nothing happen."""

    def killed(self) -> None:
        """Kill a build, with or without its helpers."""
        build = Build(self.desk, self._perhaps())
        self._a_moment()
        if self._perhaps():
            os.kill(build.process, signal.SIGKILL)
        else:
            os.killpg(os.getpgid(build.process), signal.SIGKILL)
        build.ends()

    def two_at_once(self) -> None:
        """Let two builds work at the same time: both must end well."""
        first = Build(self.desk)
        time.sleep(self.random.random() * self.longest / 4)
        Build(self.desk, self._perhaps()).succeeds()
        first.succeeds()

    def damaged(self) -> None:
        """Spoil what is kept: a byte is another one, the end is missing, nothing is left."""
        for file in self.store.rglob("*"):
            if file.is_file() and self._perhaps():
                content = bytearray(file.read_bytes())
                content[self.random.randrange(len(content))] ^= 1 + self.random.randrange(255)
                end = self.random.choice([len(content), self.random.randrange(len(content)), 0])
                file.write_bytes(content[:end])

    def robbed(self) -> None:
        """Delete the store while a build works: it must end well all the same."""
        build = Build(self.desk, self._perhaps())
        self._a_moment()
        shutil.rmtree(self.store, ignore_errors=True)
        build.succeeds()

    def _perhaps(self) -> bool:
        return self.random.random() < 0.5

    def _a_moment(self) -> None:
        time.sleep(self.random.random() * self.longest)


def clean_book(desk: Desk) -> bytes:
    """Build what lies on a desk somewhere else, from nothing."""
    folder = desk.root.with_name("clean")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(desk.root, folder, ignore=shutil.ignore_patterns("output"))
    other = Desk.at(folder, desk.volume)
    Build(other).succeeds()
    return other.file.read_bytes()
