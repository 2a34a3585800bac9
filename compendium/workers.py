"""Warm processes to work on, through the interface of `concurrent.futures`: any other executor would do as well."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import multiprocessing.context
    import multiprocessing.process
    from concurrent.futures import Executor, ProcessPoolExecutor

Lend: TypeAlias = "Callable[[float], Executor | None]"
"""May lend an executor for work of so many seconds."""
ENOUGH = 2.0
"""Seconds of work from which on it pays to start processes: it takes longer than starting them."""


class Workers:
    """Lends one executor for as long as it is open; its processes start when there is work enough for them.

    `warm` names the module that a process imports before it is asked for anything; "" stands for what this process has
    loaded: then they are copies of it, where the system makes such, and begin at once. For that it runs no threads.
    """

    def __init__(self, warm: str, processes: int | None = None) -> None:
        self.warm, self.processes = warm, processes or os.cpu_count() or 1
        self._executor: ProcessPoolExecutor | None = None

    def lend(self, seconds: float) -> Executor | None:
        """Give the executor for work of so many seconds; nothing where this process alone is done sooner."""
        if self._executor is None and self.processes > 1 and seconds > ENOUGH:
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415  # with few cases nobody waits for it

            self._executor = ProcessPoolExecutor(self.processes, _context(self.warm), _let_the_parent_end_us)
            if self.warm:  # they take a while, in which there is something else to do here
                threading.Thread(target=_start, args=(self._executor, self.processes), daemon=True).start()
            else:
                _start(self._executor, self.processes)
        return self._executor

    def dismiss(self) -> None:
        """Let the processes end, with all that they hold; when there is work again, others start."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
        self._executor = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()


def _start(executor: Executor, processes: int) -> None:
    """Let processes start now, and not when the first work is ready for them; where they cannot, who brings work hears
    of it."""
    with suppress(OSError, RuntimeError):
        for _ in range(processes):
            executor.submit(os.getpid)


def _context(warm: str) -> multiprocessing.context.BaseContext:
    """Start processes from a server that has imported what they need; where there is none, from nothing."""
    import multiprocessing  # noqa: PLC0415  # with few cases nobody waits for it

    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    if not warm and sys.platform == "linux":
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([warm] if warm else [])
    return context


def _let_the_parent_end_us() -> None:
    """Leave a Ctrl+C, which reaches all processes of a terminal, to the one that started them; end when it has ended,
    killed too: by themselves the processes of a pool would wait for ever."""
    from multiprocessing import parent_process  # noqa: PLC0415  # with few cases nobody waits for it

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=[parent_process()], daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def nobody(_: float) -> None:
    """Lend no executor, whatever the work: it is done here."""


@contextmanager
def undisturbed() -> Iterator[None]:
    """Make much that stays: looking, meanwhile, for what could be freed costs a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
