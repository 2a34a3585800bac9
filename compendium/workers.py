"""Warm processes to print on, through the interface of `concurrent.futures`: any other executor would do as well."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor

WARM = ["compendium.printing"]
"""What a process imports before it is asked for anything."""


class Workers:
    """Lends one executor for as long as it is open; its processes start when it is lent for the first time."""

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._executor: ProcessPoolExecutor | None = None

    def lend(self) -> Executor | None:
        """Give the executor, or nothing on a machine that has one processor alone."""
        if self.processes > 1 and self._executor is None:
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
