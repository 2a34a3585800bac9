"""YAML whose every key and value knows its line and column.

Safe by construction: no tags that build objects, no aliases, bounded depth, and only plain types. `no` is the
word "no" (and the country code NO is not a boolean).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from compendium.errors import Problem
from compendium.model import Path, Spot

Spots = dict[Path, Spot]

DEEPEST = 20
# Control characters and the line breaks that editors do not count.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\N{HYPHENATION POINT}\N{LEFT-TO-RIGHT EMBEDDING}-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)


class Located(NamedTuple):
    """Plain values, the spot of each by its path, what is wrong with the YAML itself, and the spots of the keys."""

    data: Any
    spots: Spots
    problems: list[Problem]
    keys: Mapping[Path, Spot] = {}


class _Refused(yaml.MarkedYAMLError):
    """Something that YAML allows and a case file does not."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(None, None, problem, mark)


def _date(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text  # a day that does not exist: said where a date is wanted


_PLAIN: tuple[tuple[str, Any], ...] = (
    (r"true|false", lambda text: text == "true"),
    (r"~|null|", lambda text: None),
    (r"[-+]?(?:0|[1-9][0-9]{0,17})", int),
    (r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", float),
    (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", _date),
)
_TYPED = re.compile("|".join(f"({pattern})" for pattern, _ in _PLAIN))


def load(text: str, file: str, first_line: int = 1) -> Located:
    """Read YAML; `first_line` is the line of the file on which `text` begins."""
    if sign := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, sign.start())
        column = sign.start() - text.rfind("\n", 0, sign.start())
        what = f"There is an invisible control character here (U+{ord(sign[0]):04X})."
        return Located(None, {}, [Problem(file, first_line + line, column, what, "Take it out.")])
    tree = _Tree(file, first_line)
    try:
        # The parser in C gives the same events and places as the one in Python, ten times faster.
        data = tree.document(iter(yaml.CSafeLoader(text).get_event, None))
    except yaml.MarkedYAMLError as fault:
        data = None
        tree.refuse(fault)
    return Located(data, tree.spots, tree.problems, tree.keys)


class _Tree:
    """Grows plain values from the parser's events, and notes where each stands."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file, self.first_line = file, first_line
        self.spots: Spots = {}
        self.keys: Spots = {}
        self.problems: list[Problem] = []
        self.last: Any = None

    def spot(self, mark: Any) -> Spot:
        return _shared_spot(mark.line + self.first_line, mark.column + 1)

    def problem(self, mark: Any, what: str, cure: str = "") -> None:
        self.problems.append(Problem(self.file, *self.spot(mark), what, cure))

    def refuse(self, fault: yaml.MarkedYAMLError) -> None:
        """Say why the YAML cannot be read: where a quotation mark or a bracket opens, if it is never closed."""
        context, last = str(fault.context), self.last
        if "quoted scalar" in context or "flow" in context:
            mark = fault.context_mark if "escape" not in str(fault.problem) else fault.problem_mark
        elif last and last.style in ("'", '"') and last.start_mark.line < last.end_mark.line:
            # The text has run to the next quotation mark, wherever that stands.
            mark, context = last.start_mark, "while scanning a quoted scalar"
        else:
            mark = fault.problem_mark
        cure = next((cure for sign, cure in _YAML_CURES.items() if sign in f"{context} {fault.problem}"), "")
        self.problem(mark, f"This is not readable as YAML: {fault.problem}.", cure)

    def document(self, events: Iterator[Any]) -> Any:
        """Give the value of the one document."""
        data, read = None, False
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent) and read:
                raise _Refused('a second document begins with "---"', event.start_mark)
            if isinstance(event, yaml.NodeEvent):
                data, read = self.value(event, events, ()), True
        return data

    def value(self, event: Any, events: Iterator[Any], path: Path) -> Any:
        self.spots[path] = self.spot(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("aliases (*name) are not used here", event.start_mark)
        if len(path) > DEEPEST:
            raise _Refused("is nested too deeply", event.start_mark)
        if event.tag is not None:
            self.problem(
                event.start_mark, "This is not readable as YAML: tags (!…) are not used here.", "Leave the tag out."
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, path)
        self.last = event
        self.printable(event)
        return _scalar(event)

    def printable(self, event: Any) -> None:
        """See that an escape ("\\e") has not brought in what may not stand in the file itself."""
        if event.style == '"' and (sign := _UNPRINTABLE.search(event.value)):
            what = f"There is an invisible control character in this text (U+{ord(sign[0]):04X})."
            self.problem(event.start_mark, what, "Take the backslash and the sign behind it out.")

    def sequence(self, events: Iterator[Any], path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self.value(event, events, _shared_path(path, len(values))))
        return values

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            plain = isinstance(event, yaml.ScalarEvent)
            key = unicodedata.normalize("NFC", event.value) if plain else "?"
            if plain:
                self.printable(event)
            if key in values:
                self.problem(event.start_mark, f'"{key}" stands here twice.', "Keep one of them.")
            inside = _shared_path(path, key)
            if not plain:
                self.value(event, events, inside)
            self.keys[inside] = self.spot(event.start_mark)
            values[key] = self.value(next(events), events, inside)
        return values


# The cases of a volume have the same fields, at much the same places: a place is kept once, and not a thousand times.
@lru_cache(maxsize=20_000)
def _shared_path(around: Path, last: str | int) -> Path:
    return (*around, last)


@lru_cache(maxsize=20_000)
def _shared_spot(line: int, column: int) -> Spot:
    return line, column


def _scalar(event: Any) -> Any:
    """Give a plain scalar its type; what stands between quotation marks is text."""
    text = unicodedata.normalize("NFC", event.value)
    if event.implicit[0] and not event.style and (typed := _TYPED.fullmatch(text)):
        return _PLAIN[(typed.lastindex or 1) - 1][1](text)
    return text


_YAML_CURES = {
    "mapping values are not allowed": 'Put a text that holds ": " between quotation marks.',
    "while scanning a quoted scalar": "Close the quotation mark.",
    "unknown escape": "Put the text between single quotation marks, or write the backslash twice.",
    "tab character": "Indent with spaces.",
    "cannot start any token": "Put the text between quotation marks; indent with spaces.",
    "while parsing a flow": "Close the bracket; put a text that holds a comma or a colon between quotation marks.",
    "did not find expected key": "Put the whole text between quotation marks, and indent fields that belong together "
    "by the same number of spaces.",
    "did not find expected '-'": "Begin each item of the list with a dash, all indented alike.",
    "could not find expected ':'": 'Write "name: value", or indent the line as part of the text above.',
    "block sequence entries": "Write each item of a list on a line of its own.",
    "aliases": "Write the text again; put it between quotation marks if it begins with a star.",
    "nested too deeply": "Write it flat: nothing in these files is more than a few levels deep.",
    "second document": "Take the line out.",
}


def spot_of(path: Path, spots: Mapping[Path, Spot]) -> Spot:
    """Give the place of a path, or of the nearest thing around it."""
    while path and path not in spots:
        path = path[:-1]
    return spots.get(path, (1, 1))
