"""YAML whose every key and value knows its line and column, and its validation in an editor's words.

Safe by construction: no tags that build objects, no aliases, bounded depth, and only plain types. `no` is the
word "no" (and the country code NO is not a boolean). What cannot be understood is said and left blank, so that all
the faults of a file are said at once.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, get_args

import yaml
from pydantic import ValidationError

from .errors import Problem, did_you_mean, nearest
from .model import Path, Place
from .records import Value

Places = dict[Path, Place]
V = TypeVar("V", bound=Value)

DEEPEST = 20
# Control characters and the line breaks that editors do not count.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\N{HYPHENATION POINT}\N{LEFT-TO-RIGHT EMBEDDING}-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)


class Located(NamedTuple):
    """Plain values, the place of each by its path, what is wrong with the YAML itself, and the places of the keys."""

    data: Any
    places: Places
    problems: list[Problem]
    keys: Mapping[Path, Place] = {}


class Understood(NamedTuple, Generic[V]):
    """A record, what is wrong with it, and the paths that are blank in it because they could not be understood."""

    value: V
    problems: list[Problem]
    unread: frozenset[Path]


class _Refused(yaml.MarkedYAMLError):
    """Something that YAML allows and a case file does not."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(None, None, problem, mark)


def _date(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text  # a day that does not exist: said where a date is wanted


_PLAIN: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"true|false"), lambda text: text == "true"),
    (re.compile(r"~|null|"), lambda text: None),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})"), int),
    (re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}"), float),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), _date),
)


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
        data = tree.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as fault:
        data = None
        tree.refuse(fault)
    return Located(data, tree.places, tree.problems, tree.keys)


class _Tree:
    """Grows plain values from the parser's events, and notes where each stands."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file, self.first_line = file, first_line
        self.places: Places = {}
        self.keys: Places = {}
        self.problems: list[Problem] = []
        self.last: Any = None

    def place(self, mark: Any) -> Place:
        return mark.line + self.first_line, mark.column + 1

    def problem(self, mark: Any, what: str, cure: str = "") -> None:
        self.problems.append(Problem(self.file, *self.place(mark), what, cure))

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
        self.places[path] = self.place(event.start_mark)
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
            items = enumerate(_until(events, yaml.SequenceEndEvent))
            return [self.value(item, events, (*path, n)) for n, item in items]
        self.last = event
        return _scalar(event)

    def mapping(self, events: Iterator[Any], path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in _until(events, yaml.MappingEndEvent):
            plain = isinstance(event, yaml.ScalarEvent)
            key = unicodedata.normalize("NFC", event.value) if plain else "?"
            if key in values:
                self.problem(event.start_mark, f'"{key}" stands here twice.', "Keep one of them.")
            if not plain:
                self.value(event, events, (*path, key))
            self.keys[(*path, key)] = self.place(event.start_mark)
            values[key] = self.value(next(events), events, (*path, key))
        return values


def _until(events: Iterator[Any], end: type) -> Iterator[Any]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _scalar(event: Any) -> Any:
    """Give a plain scalar its type; what stands between quotation marks is text."""
    text = unicodedata.normalize("NFC", event.value)
    if event.implicit[0] and not event.style:
        for pattern, make in _PLAIN:
            if pattern.fullmatch(text):
                return make(text)
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


def validate(kind: type[V], found: Located, file: str, more: Iterable[str] = ()) -> Understood[V]:
    """Make a record of what was read; say everything that is wrong with it, and leave that blank.

    `more` are names that it may bear beside its own fields; they are read elsewhere.
    """
    if found.data is None and found.problems:
        return Understood(kind.mended({}), found.problems, frozenset({()}))
    data = found.data if found.data is not None else {}
    if not isinstance(data, dict):
        problem = Problem(file, *found.places.get((), (1, 1)), "Expected fields here.", 'Write "name: value".')
        return Understood(kind.mended({}), [*found.problems, problem], frozenset({()}))
    try:
        return Understood(kind.model_validate(data), found.problems, frozenset())
    except ValidationError as fault:
        said = _Faults(kind, found, file, more)
        problems = [*found.problems, *said.problems(fault.errors())]
        return Understood(kind.mended(data), problems, frozenset(said.unread))


class _Faults:
    """Turns what the validation says of one file into an editor's words, each fault once."""

    def __init__(self, kind: type[Value], found: Located, file: str, more: Iterable[str]) -> None:
        self.kind, self.found, self.file, self.more = kind, found, file, list(more)
        self.unread: set[Path] = set()

    def problems(self, errors: Iterable[Any]) -> Iterator[Problem]:
        errors = list(errors)
        missing = [tuple(error["loc"]) for error in errors if error["type"] == "missing"]
        strange = [tuple(error["loc"]) for error in errors if error["type"] == "extra_forbidden"]
        self.unread |= set(missing)
        meant = {(*path[:-1], nearest(path[-1], [p[-1] for p in missing if p[:-1] == path[:-1]])) for path in strange}
        for path in missing:
            if path not in meant:  # else the misspelt name is said, and that is enough
                yield self.at(path[:-1], f'"{path[-1]}" is missing.', "Add it.")
        for path in strange:
            known = [*_field_names(self.kind, path[:-1]), *([] if path[:-1] else self.more)]
            cure = did_you_mean(path[-1], known) if nearest(str(path[-1]), known) or len(known) < 12 else ""
            cure = cure or "Correct its name, or take it out."
            yield Problem(self.file, *self.found.keys[path], f'"{path[-1]}" is not a field.', cure)
        for error in errors:
            # A list whose items are all wrong counts as empty; the items are said.
            emptied = error["type"] == "too_short" and any(_inside(other["loc"], error["loc"]) for other in errors)
            if error["type"] not in ("missing", "extra_forbidden") and not emptied:
                yield from self.wrong(error)

    def wrong(self, error: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what is wrong with a value; of the members of a union only the first speaks."""
        path: Path = tuple(error["loc"])
        if path[-1:] == ("[key]",):
            yield Problem(self.file, *self.found.keys[path[:-1]], *_key_fault(str(path[-2]), error))
            self.unread.add(path[:1])
            return
        while path and path not in self.found.places:
            path = path[:-1]
        if path not in self.unread:
            self.unread.add(path)
            yield self.at(path, *_value_fault(path, error))

    def at(self, path: Path, what: str, cure: str = "") -> Problem:
        return Problem(self.file, *place_of(path, self.found.places), what, cure)


def _inside(path: Path, around: Path) -> bool:
    return len(path) > len(around) and path[: len(around)] == around


def _key_fault(key: str, error: Mapping[str, Any]) -> tuple[str, str]:
    return f'"{key}" cannot be a name here.', _pattern_cure(error.get("ctx", {}).get("pattern", ""))


def _value_fault(path: Path, error: Mapping[str, Any]) -> tuple[str, str]:
    name = next((f'"{part}"' for part in reversed(path) if isinstance(part, str)), "This")
    name = f"This entry of {name}" if path and isinstance(path[-1], int) else name
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "value_error":
        what, _, cure = str(context["error"]).partition("; ")
        return f"{name} {what}.", cure[:1].upper() + cure[1:] + "." if cure else ""
    if value is None or kind == "too_short":
        return f"{name} is empty.", "Write it; a field that is not needed may be left out."
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", context["expected"])
        return f'{name} cannot be "{value}".', did_you_mean(value, known)
    if kind == "string_pattern_mismatch":
        return f"{name} is not written as it must be.", _pattern_cure(context["pattern"])
    if kind.startswith("date") and (fault := no_day(value)):
        return fault
    return f"{name} is not what belongs here.", _TYPES.get(kind, error["msg"] + ".")


_TYPES = {
    "string_type": "Write text; put it between quotation marks if it looks like a number or a date.",
    "int_type": "Write a whole number.",
    "float_type": "Write a number, without a sign for thousands.",
    "date_type": "Write a date such as 2011-09-05.",
    "bool_type": "Write true or false.",
    "tuple_type": "Write a list: each item on a line of its own after a dash.",
    "dict_type": 'Write "name: value" lines, indented.',
    "mapping_type": 'Write "name: value" lines, indented.',
    "model_type": 'Write "name: value" lines, indented.',
}


def no_day(value: Any) -> tuple[str, str] | None:
    """Say of what looks like a date and has stayed text that there is no such day."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"There is no day {value}.", "Look it up in a calendar."
    return None


def _pattern_cure(pattern: str) -> str:
    if pattern == "^[A-Z]{3}$":
        return "Write the currency's three capital letters, such as USD."
    if pattern.startswith("^[a-z]{2,3}"):
        return "Write the language's code, such as en or en-GB."
    if pattern.startswith("^[A-Za-z0-9_]"):
        return "Write the name of a file beside the case: letters, figures, hyphens, no address and no folder."
    return "Use small letters, figures and hyphens." if "-" in pattern[3:] else "Use small letters, figures and _."


def _field_names(kind: Any, path: Path) -> list[str]:
    """Name the fields of the record that stands at a path of another."""
    for part in path:
        if isinstance(part, str) and part in getattr(kind, "model_fields", {}):
            kind = kind.model_fields[part].annotation
        kind = next(_records(kind), kind)
    fields = getattr(kind, "model_fields", {})
    return [field.alias or name for name, field in fields.items() if not field.exclude]


def _records(annotation: Any) -> Iterator[type[Value]]:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        yield annotation
    for part in get_args(annotation):
        yield from _records(part)


def place_of(path: Path, places: Mapping[Path, Place]) -> Place:
    """Give the place of a path, or of the nearest thing around it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))
