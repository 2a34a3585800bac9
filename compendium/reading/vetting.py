"""What was read against the records: a record, and an editor's words for everything that is wrong with it.

What cannot be understood is said and left blank, so that all the faults of a file are said at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar, get_args

from pydantic import ValidationError

from compendium.errors import Problem, did_you_mean, nearest
from compendium.model import Path
from compendium.values import Value

from .located import Located, spot_of

V = TypeVar("V", bound=Value)


class Understood(NamedTuple, Generic[V]):
    """A record, what is wrong with it, and the paths that are blank in it because they could not be understood."""

    value: V
    problems: list[Problem]
    unread: frozenset[Path]


def validate(kind: type[V], found: Located, file: str, more: Iterable[str] = ()) -> Understood[V]:
    """Make a record of what was read; say everything that is wrong with it, and leave that blank.

    `more` are names that it may bear beside its own fields; they are read elsewhere.
    """
    if found.data is None and found.problems:
        return Understood(kind.mended({}), found.problems, frozenset({()}))
    data = found.data if found.data is not None else {}
    if not isinstance(data, dict):
        problem = Problem(file, *found.spots.get((), (1, 1)), "Expected fields here.", 'Write "name: value".')
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
            yield Problem(self.file, *self.found.keys[path], f'"{path[-1]}" is not a field.', self.renamed(path))
        for error in errors:
            # A list whose items are all wrong counts as empty; the items are said.
            emptied = error["type"] == "too_short" and any(_inside(other["loc"], error["loc"]) for other in errors)
            if error["type"] not in ("missing", "extra_forbidden") and not emptied:
                yield from self.wrong(error)

    def renamed(self, path: Path) -> str:
        """Say what else a name that is no field may be: the nearest one, or any where there are few."""
        name, known = str(path[-1]), [*_field_names(self.kind, path[:-1]), *([] if path[:-1] else self.more)]
        near = nearest(name, known)
        known = [near] if near else known if len(known) < 12 else []
        return did_you_mean(name, known) or "Correct its name, or take it out."

    def wrong(self, error: Mapping[str, Any]) -> Iterator[Problem]:
        """Say what is wrong with a value; of the members of a union only the first speaks."""
        path: Path = tuple(error["loc"])
        if path[-1:] == ("[key]",):
            yield Problem(self.file, *self.found.keys[path[:-1]], *_key_fault(str(path[-2]), error))
            self.unread.add(path[:1])
            return
        while path and path not in self.found.spots:
            path = path[:-1]
        if path not in self.unread:
            self.unread.add(path)
            yield self.at(path, *_value_fault(path, error))

    def at(self, path: Path, what: str, cure: str = "") -> Problem:
        return Problem(self.file, *spot_of(path, self.found.spots), what, cure)


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
    cure = _TYPES[kind].format(**context) if kind in _TYPES else error["msg"] + "."
    return f"{name} is not what belongs here.", cure


_TYPES = {
    "string_type": "Write text; put it between quotation marks if it looks like a number or a date.",
    "int_type": "Write a whole number.",
    "float_type": "Write a number, without a sign for thousands.",
    "greater_than_equal": "Write a number of at least {ge:g}.",
    "less_than_equal": "Write a number of at most {le:g}.",
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
