"""What the editor sees while the program works: progress, faults, and where the files are."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from .errors import Problem


class Console:
    """Speaks to a terminal in colour with a bar, to anything else in plain lines."""

    def __init__(self, quiet: bool, explains: bool = False) -> None:
        self.quiet, self.explains = quiet, explains
        self.out = Terminal(file=sys.stdout, highlight=False, soft_wrap=True)
        self.err = Terminal(file=sys.stderr, highlight=False, soft_wrap=True)
        self.bar = Progress(
            TextColumn("{task.fields[edition]}"),
            BarColumn(24),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=self.err,
            transient=True,
            disable=quiet or not self.err.is_terminal,
        )

    def say(self, sentence: str) -> None:
        """Say something, unless asked to be quiet."""
        if not self.quiet:
            self.out.print(Text(sentence))

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self.err.print(Text(sentence, style="red" if self.err.is_terminal else ""))

    def remarks(self, problems: Sequence[Problem]) -> None:
        """Say every problem in a line of its own."""
        for problem in problems:
            line = Text.assemble((problem.place, "bold"), ": ", problem.what, " ", (problem.cure, "green"))
            self.err.print(line)

    def faults(self, problems: Sequence[Problem]) -> None:
        """Say every problem, and how many there are."""
        self.remarks(problems)
        self.complain(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}. Nothing was written.")

    def printing(self, edition: str, chapter: str, number: int, chapters: int) -> None:
        """Show which chapter is being printed."""
        if not self.bar.tasks:
            self.bar.add_task(chapter, total=chapters, edition=edition)
        task = self.bar.tasks[0].id
        self.bar.update(task, completed=number - 1, total=chapters, description=chapter, edition=edition)

    def why(self, printed: Mapping[str, Sequence[str]]) -> None:
        """Say, where it is asked for, why each chapter was printed."""
        if self.explains:
            for chapter, reasons in printed.items():
                self.say(f"{chapter}: {'; '.join(reasons)}.")
            if not printed:
                self.say("Nothing is printed: every chapter is fresh.")

    def rebuilt(self, saved: Sequence[str], printed: Sequence[str], seconds: float) -> None:
        """Say in one line what changed, what was printed, and how long it took."""
        changed = ", ".join(saved) or "(begin)"
        self.say(f"{changed}: printed {', '.join(printed) or 'nothing'}; {seconds:.2f} s")

    def made(self, path: Path, pages: int, size: int, seconds: float) -> None:
        """Say where a file is, how long, how heavy, and how fast it came."""
        weight = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} KB"
        self.say(f"{path}  {pages} pages, {weight}, {seconds:.1f} s")
