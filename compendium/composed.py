"""What was composed last: who watches saves one case of many, and all others are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from .chapters import Chapter, Drawing
from .figures.atlas import Map
from .model import Case


@dataclass(slots=True)
class Composed:
    """A case as it was composed last: its drawings and pictures, and the cases that it refers to; its chapter, the page
    numbers that this has, and what it brings to the index."""

    case: Case
    files: Mapping[str, bytes | Drawing]
    maps: list[Map]
    refers: set[str]
    chapter: Chapter | None = None
    numbers: dict[str, Markup] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)


class Memory:
    """Cases, and the pages that are made from the whole book. What is the same, as are all the rules, is not composed
    again."""

    def __init__(self) -> None:
        self.rules: object = None
        self.cases: dict[str, Composed] = {}
        self.whole: object = None
        self.made: dict[str, tuple[Chapter, ...]] = {}

    def hold_to(self, rules: object) -> None:
        """Forget what was composed by other rules."""
        if rules != self.rules:
            self.rules, self.cases, self.whole = rules, {}, None

    def made_of(self, whole: object) -> dict[str, tuple[Chapter, ...]]:
        """Give the pages that were made of the same whole, and forget others."""
        if whole != self.whole:
            self.whole, self.made = whole, {}
        return self.made
