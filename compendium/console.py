"""What the editor sees while the program works: progress, faults, and where the files are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Faults, Problem, counted

if TYPE_CHECKING:
    from .terminal import Terminal


class Console:
    """Speaks to people by the terminal, in plain lines where all is well; or, in another form, to machines."""

    def __init__(self, root: Path, quiet: bool = False, explains: bool = False, form: str = "text") -> None:
        self.root, self.quiet, self.explains, self.form = root, quiet, explains, form
        self.remarked: list[Problem] = []
        """What was said of a build that went on."""
        self.books: list[tuple[str, int, int, int]] = []
        """The books that were made: path, files, pages, bytes."""

    @cached_property
    def terminal(self) -> Terminal:
        """Give the terminal."""
        from .terminal import Terminal  # noqa: PLC0415  # where all is well nobody waits for its colours

        return Terminal(self.quiet)

    def say(self, sentence: str) -> None:
        """Say something, unless asked to be quiet or to speak to a machine."""
        if not self.quiet and self.form == "text":
            print(sentence, flush=True)

    def complain(self, sentence: str) -> None:
        """Say what went wrong."""
        self.terminal.complain(sentence)

    def remarks(self, problems: Sequence[Problem]) -> None:
        """Say every problem: in a line of its own, above the line of the file with a mark under the place."""
        if self.form in _MACHINES:
            sys.stdout.write(_MACHINES[self.form](problems))
            return
        for problem in problems:
            self.terminal.remark(problem, self.source_line(problem))

    def source_line(self, problem: Problem) -> str:
        """Give the line of the file that a problem is about: one that has been read before."""
        if not problem.line or not problem.column:
            return ""
        lines = _lines(self.root / problem.file)
        return lines[problem.line - 1] if problem.line <= len(lines) else ""

    def reviewed(self, sentences: Sequence[str], problems: Sequence[Problem]) -> None:
        """Say what was measured, then what may be misspelt."""
        for sentence in sentences:
            self.say(sentence)
        self.remarks(problems)

    def faults(self, problems: Sequence[Problem]) -> None:
        """Say every problem, and how many there are."""
        self.remarks(problems)
        if self.form == "text":
            more = " more" if self.books else ""
            self.complain(f"{counted(len(problems), 'problem')}. Nothing{more} was written.")

    def stop_at(self, problems: Sequence[Problem]) -> None:
        """End the work where there are severe problems; say the others and go on."""
        if any(problem.severe for problem in problems):
            raise Faults(problems)
        self.remarked += sorted(set(problems))
        self.remarks(sorted(set(problems)))

    def progress(self, edition: str) -> AbstractContextManager[Callable[[str, int, int], None]]:
        """Show a bar while an edition is printed, fed with the chapter that is done, its number and their number."""
        return self.terminal.progress(edition)

    def why(self, printed: Mapping[str, Sequence[str]], damaged: int) -> None:
        """Say, where it is asked for, why each chapter was printed; and always what was found damaged."""
        if damaged:
            self.say(f"{counted(damaged, 'kept chapter')} in output/.press/ found damaged, and printed again.")
        if self.explains:
            for chapter, reasons in printed.items():
                self.say(f"{chapter}: {'; '.join(reasons)}.")
            if not printed:
                self.say("Nothing is printed: every chapter is fresh.")

    def rounds(self, saves: Iterator[list[str]]) -> Iterator[list[str]]:
        """Say when the work after a save begins and ends: a text editor marks the faults that are said in between."""
        for saved in saves:
            self.say(f"Looking at {', '.join(saved) or 'the volume'}.")
            yield saved
            self.say("Waiting for the next save.")

    def rebuilt(self, saved: Sequence[str], printed: Sequence[str], seconds: float) -> None:
        """Say in one line what changed, what was printed, and how long it took."""
        changed = ", ".join(saved) or "(begin)"
        self.say(f"{changed}: printed {', '.join(printed) or 'nothing'}; {seconds:.2f} s")

    def made(self, path: Path, files: int, pages: int, size: int, seconds: float) -> None:
        """Say where a file is, or a folder of several, how long, how heavy, and how fast it came."""
        self.books.append((path.as_posix(), files, pages, size))
        weight = f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} KB"
        several = f"{files} files, " if files > 1 else ""
        self.say(f"{path}  {several}{pages} pages, {weight}, {seconds:.1f} s")


@lru_cache(maxsize=8)
def _lines(path: Path) -> list[str]:
    text = path.read_bytes().decode("utf-8-sig", "replace") if path.is_file() else ""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _json(problems: Sequence[Problem]) -> str:
    """Give the problems as a list of objects: file, line, column, what, cure, severe (line 0: the whole file)."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2) + "\n"


def _github(problems: Sequence[Problem]) -> str:
    """Give the problems as workflow commands, which GitHub shows beside the lines of a change."""
    return "".join(map(_command, problems))


def _command(problem: Problem) -> str:
    places = {"file": problem.file, "line": problem.line, "col": problem.column}
    given = ",".join(f"{key}={_escaped(str(value), ':,')}" for key, value in places.items() if value)
    message = _escaped(f"{problem.what} {problem.cure}".strip())
    return f"::{'error' if problem.severe else 'warning'} {given}::{message}\n"


def _escaped(text: str, more: str = "") -> str:
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


_MACHINES: Mapping[str, Callable[[Sequence[Problem]], str]] = {"json": _json, "github": _github}
FORMATS = ("text", *_MACHINES)
