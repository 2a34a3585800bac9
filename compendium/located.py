"""YAML whose every key and value knows its line and column, and its validation in an editor's words.

Safe by construction: no tags that build objects, no aliases, bounded depth, and only plain types. `no` is the
word "no" (and the country code NO is not a boolean).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

import yaml
from pydantic import ValidationError

from .errors import Problem, did_you_mean
from .records import Value

Path = tuple[str | int, ...]
Places = dict[Path, tuple[int, int]]
V = TypeVar("V", bound=Value)

DEEPEST = 20
_BEGIN = yaml.Mark("", 0, 0, 0, "", 0)
_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class Located(NamedTuple):
    """Plain values, the place of each by its path, and what is wrong with the YAML itself."""

    data: Any
    places: Places
    problems: list[Problem]


class _Refused(yaml.MarkedYAMLError):
    """Something that YAML allows and a case file does not."""


class _Loader(yaml.SafeLoader):
    """The safe loader without aliases and with bounded depth."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it bare
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(None, None, "aliases (*name) are not used here; write the text again", event.start_mark)  # type: ignore[arg-type]
        if self.depth > DEEPEST:
            raise _Refused(None, None, "is nested too deeply", event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", "~n"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first, *([""] if _tag == "null" else [])]
    )


def load(text: str, file: str, first_line: int = 1) -> Located:
    """Read YAML; `first_line` is the line of the file on which `text` begins."""
    places: Places = {}
    problems: list[Problem] = []

    def problem(mark: yaml.Mark, what: str, cure: str = "") -> None:
        problems.append(Problem(file, mark.line + first_line, mark.column + 1, what, cure))

    def plain(node: yaml.Node, path: Path) -> Any:
        places[path] = (node.start_mark.line + first_line, node.start_mark.column + 1)
        if isinstance(node, yaml.CollectionNode) and node.tag not in _PLAIN_TAGS:
            problem(node.start_mark, "This is not readable as YAML: tags (!…) are not used here.", "Leave the tag out.")
        if isinstance(node, yaml.MappingNode):
            return mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [plain(child, (*path, n)) for n, child in enumerate(node.value)]
        return loader.construct_object(node)

    def mapping(node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in values:
                problem(key_node.start_mark, f'"{key}" stands here twice.', "Keep one of them.")
            values[key] = plain(value_node, (*path, key))
            places[(*path, key)] = (key_node.start_mark.line + first_line, key_node.start_mark.column + 1)
        return values

    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position)
        column = fault.position - text.rfind("\n", 0, fault.position)
        what = f"There is an invisible control character here (U+{ord(text[fault.position]):04X})."
        return Located(None, places, [Problem(file, first_line + line, column, what, "Take it out.")])
    try:
        node = loader.get_single_node()
        data = plain(node, ()) if node else None
    except yaml.MarkedYAMLError as fault:
        data = None
        problem(
            fault.problem_mark or _BEGIN,
            f"This is not readable as YAML: {fault.problem}.",
            _yaml_cure(str(fault.problem)),
        )
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        data = None
        problems.append(Problem(file, first_line, 1, f"This is not readable as YAML: {fault}."))
    finally:
        loader.dispose()
    return Located(data, places, problems)


def _yaml_cure(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return 'Put a text that holds ": " between quotation marks.'
    if "constructor for the tag" in problem:
        return "Leave the tag (!…) out."
    return ""


def validate(kind: type[V], found: Located, file: str) -> tuple[V | None, list[Problem]]:
    """Make a value of what was read, or say everything that stands in its way."""
    if found.problems:
        return None, found.problems
    data = found.data if found.data is not None else {}
    if not isinstance(data, dict):
        return None, [Problem(file, *found.places.get((), (1, 1)), "Expected fields here.", 'Write "name: value".')]
    try:
        return kind.model_validate(data), []
    except ValidationError as fault:
        known = [*kind.model_fields]
        return None, [_said(error, found.places, file, known) for error in fault.errors()]


def _said(error: Mapping[str, Any], places: Places, file: str, known: list[str]) -> Problem:
    path: Path = tuple(error["loc"])
    name = _name(path)
    place = place_of(path, places)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return Problem(file, *place, f'"{name}" is missing.', "Add it.")
    if kind == "extra_forbidden":
        return Problem(file, *place, f'"{name}" is not a field.', did_you_mean(name, known) if len(path) == 1 else "")
    if kind == "value_error":
        return Problem(file, *place, f'"{name}" {context["error"]}.' if path else f"This entry {context['error']}.")
    if kind == "literal_error":
        return Problem(file, *place, f'"{name}" is none of the known words.', f"Write {context['expected']}.")
    if kind == "string_pattern_mismatch":
        return Problem(file, *place, f'"{name}" is not written as it must be.', _pattern_cure(context["pattern"]))
    return Problem(file, *place, f'"{name}" is not what belongs here.', _TYPES.get(kind, error["msg"] + "."))


_TYPES = {
    "string_type": "Write text; put it between quotation marks if it looks like a number or a date.",
    "int_type": "Write a whole number.",
    "date_type": "Write a date such as 2011-09-05.",
    "bool_type": "Write true or false.",
    "tuple_type": "Write a list: each item on a line of its own after a dash.",
    "dict_type": 'Write "name: value" lines, indented.',
    "mapping_type": 'Write "name: value" lines, indented.',
    "model_type": 'Write "name: value" lines, indented.',
}


def _pattern_cure(pattern: str) -> str:
    if pattern == "^[A-Z]{3}$":
        return "Write the currency's three capital letters, such as USD."
    return "Use small letters, figures and hyphens." if "a-z0-9" in pattern else "Use a plain file name."


def _name(path: Path) -> str:
    words = [str(part) for part in path if isinstance(part, str) and part not in ("int", "float", "constrained-str")]
    return words[-1] if words else "entry"


def place_of(path: Path, places: Mapping[Path, tuple[int, int]]) -> tuple[int, int]:
    """Give the place of a path, or of the nearest thing around it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))
