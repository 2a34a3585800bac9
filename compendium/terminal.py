"""What an editor sees in a terminal while the program works: a bar, and faults in colour, each below its line."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from .errors import Problem

_BEFORE, _AFTER = 44, 28
"""Cells of a source line that are shown before and after the place of a fault: together they fit into 80."""


class Terminal:
    """Speaks in colour where there is a terminal, in plain lines to anything else."""

    def __init__(self, quiet: bool) -> None:
        self.err = Console(file=sys.stderr, highlight=False, soft_wrap=True)
        self.bar = Progress(
            TextColumn("{task.fields[edition]}"),
            BarColumn(24),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=self.err,
            transient=True,
            disable=quiet or not self.err.is_terminal,
        )

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self.err.print(Text(shown(sentence), style="red" if self.err.is_terminal else ""))

    def remark(self, problem: Problem, line: str) -> None:
        """Say a problem: in a line of its own, above the line of the file with a mark under the place."""
        parts = [(f"{shown(problem.place)}: ", "bold"), (shown(problem.what), "")]
        parts += [(f" {shown(problem.cure)}", "green")] if problem.cure else []
        if marked := excerpt(line, problem.column):
            parts += [(f"\n    {marked[0]}", "dim"), (f"\n    {marked[1]}", "red")]
        self.err.print(Text.assemble(*parts))

    @contextmanager
    def progress(self, edition: str) -> Iterator[Callable[[str, int, int], None]]:
        """Show a bar while an edition is printed, fed with the chapter that is done, its number and their number."""
        with self.bar as bar:
            task = bar.add_task("", total=None, edition=edition)
            yield lambda chapter, number, chapters: bar.update(
                task, completed=number, total=chapters, description=chapter
            )
            bar.remove_task(task)


def shown(text: str) -> str:
    """Make a text harmless for a terminal: without its control signs, and a tab as one space."""
    if text.isprintable():
        return text
    signs = (sign if unicodedata.category(sign) not in ("Cc", "Cf") else _harmless(sign) for sign in text)
    return "".join(signs)


def _harmless(sign: str) -> str:
    return " " if sign == "\t" else "" if unicodedata.category(sign) == "Cf" else "\N{REPLACEMENT CHARACTER}"


def excerpt(line: str, column: int) -> tuple[str, str] | None:
    """Give the part of a line around a column, and a mark that stands under the place in a terminal.

    Wide letters take two cells and combining ones none.
    """
    if not line.strip():
        return None
    before, after = shown(line[: column - 1]), shown(line[column - 1 :])
    before, after = (before, after) if before.strip() else ("", after)
    cut = before
    while cell_len(cut) > _BEFORE:
        cut = cut[max(1, (cell_len(cut) - _BEFORE) // 2) :]
    cut = cut if cut == before else "…" + cut.lstrip()
    rest = after
    while cell_len(rest) > _AFTER:
        rest = rest[: -max(1, (cell_len(rest) - _AFTER) // 2)]
    rest = rest if rest == after else rest.rstrip() + "…"
    return cut + rest, " " * cell_len(cut) + "^"
