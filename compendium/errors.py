"""What can go wrong, said for an editor: where, what, what to do.

CompendiumError          any end that is not success; carries the exit code
├── Faults          1    the content, or a gate, has problems (all of them at once)
├── WrongUsage      2    the command asks for something that is not there
└── MachineFault    3    disk, permissions, missing parts of the system
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: its file (relative to the project), line and column from 1 (0: the whole file), and its cure.

    What is not `severe` is said, and stops nothing.
    """

    file: str
    line: int
    column: int
    what: str
    cure: str = ""
    severe: bool = True

    @property
    def place(self) -> str:
        """Give the place as `file:line:column`, as far as it is known."""
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.file, *numbers])

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.place}:", self.what, self.cure) if part)


class CompendiumError(Exception):
    """End the command with `exit_code`; the message is a sentence for the editor."""

    exit_code = 1


class Faults(CompendiumError):
    """Report problems of the content or findings of a gate, all at once."""

    exit_code = 1

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class WrongUsage(CompendiumError):
    """Report a command that asks for something that is not there."""

    exit_code = 2


class MachineFault(CompendiumError):
    """Report what the machine refuses: disk, permissions, missing parts."""

    exit_code = 3


def counted(count: int, noun: str) -> str:
    """Say how many there are of something."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, or name them all."""
    known = list(dict.fromkeys(known))
    if near := nearest(word, known):
        return f'Did you mean "{near}"?'
    return f"Write one of: {', '.join(known)}." if known else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Give the known word that is most like this one, if any is like it."""
    near = difflib.get_close_matches(str(word), list(known), n=1)
    return near[0] if near else None
