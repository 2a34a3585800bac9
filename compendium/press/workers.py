"""Warm processes to print on, through the interface of `concurrent.futures`: any other executor would do as well."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor

WARM = ["compendium.printing"]
"""What a process imports before it is asked for anything."""

ENOUGH = 150_000
"""Characters of HTML from which on it pays to start processes: printing them takes longer than starting."""


class Workers:
    """Lends one executor for as long as it is open; its processes start when there is work enough for them."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._executor: ProcessPoolExecutor | None = None

    def lend(self, work: int) -> Executor | None:
        """Give the executor for `work`, in characters of HTML; nothing where this process alone is done sooner."""
        if self._executor is None and self.processes > 1 and work > ENOUGH:
            self._executor = ProcessPoolExecutor(self.processes, _context())
        return self._executor

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    """Start processes from a server that has the engine imported already; where there is none, from nothing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WARM)
    return context
