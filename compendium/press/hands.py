"""Prints chapters as they come in: here, or side by side where there are several."""

from __future__ import annotations

import gc
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress

from compendium.chapters import Chapter, Printed, Side
from compendium.errors import Faults, Problem
from compendium.printing import Typesetter
from compendium.workers import Lend, undisturbed

A_SECOND = 75_000
"""Characters of HTML that one process prints in it."""
Job = tuple[Chapter, Side]
"""A chapter to be printed, and the side on which it begins."""


class Hands:
    """Prints for one pass over the book, on an executor that `lend` may give.

    What a lost process leaves behind is printed here.
    """

    def __init__(self, typesetter: Typesetter, lend: Lend) -> None:
        self.typesetter, self.lend = typesetter, lend
        self._executor: Executor | None = None
        self._given: list[tuple[int, Job]] = []
        self._running: dict[Future[Printed], Job] = {}
        self._littered = False

    @property
    def busy(self) -> int:
        """Count the chapters that are given and not taken."""
        return len(self._given) + len(self._running)

    def give(self, job: Job, urgency: int) -> None:
        """Give a chapter to print; what is more urgent comes first."""
        self._given.append((urgency, job))

    def take(self, more: int) -> tuple[Chapter, Printed]:
        """Wait for a chapter that is printed, while `more` characters of other texts are still to be given."""
        self._given.sort(key=lambda given: -given[0])
        self._hand_out(more)
        if not self._running:
            _, job = self._given.pop(0)
            return job[0], self._printed_here(job)
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        job = self._running.pop(future := done.pop())
        try:
            return job[0], future.result()
        except BrokenExecutor:
            self._executor = None
            return job[0], printed(self.typesetter, *job)

    def _printed_here(self, job: Job) -> Printed:
        """Print a chapter; what those before it left over is cleared away first, however undisturbed one is."""
        if self._littered:
            gc.collect(0)
        self._littered = True
        return printed(self.typesetter, *job)

    def _hand_out(self, more: int) -> None:
        """Hand to other processes what is given, where it is worth while."""
        if not self._executor and not self._running and (len(self._given) > 1 or more):
            work = more + sum(len(chapter.html) for _, (chapter, _) in self._given)
            self._executor = self.lend(work / A_SECOND)
        with suppress(BrokenExecutor):  # a process may be lost while others are still being given their work
            while self._executor and self._given:
                _, job = self._given[0]
                self._running[self._executor.submit(printed, self.typesetter, *job)] = job
                self._given.pop(0)


def printed(typesetter: Typesetter, chapter: Chapter, side: Side) -> Printed:
    """Print a chapter; where the engine itself breaks down, say on which."""
    try:
        with undisturbed():
            return typesetter.print(chapter, side)
    except OSError:
        raise  # the machine's fault, not the text's
    except Exception as fault:
        what = f"The engine broke down on this text ({type(fault).__name__}: {fault})."
        cure = "Take out the last thing that was changed, and build again."
        raise Faults([Problem(chapter.origin, 0, 0, what, cure)]) from fault
