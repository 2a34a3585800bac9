"""New cases and new volumes: files in which every field stands explained, to be filled in.

What must be written is left empty, which `check` refuses: nothing of a new file can be printed by mistake.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from . import checking
from .delivering import deliver
from .errors import Faults, Problem, WrongUsage
from .model import Design, Volume
from .reading import located
from .records import CaseMatter, VolumeMatter
from .values import Value

Given = Mapping[str, str]
"""What stands behind the colon of a field already, in YAML; a list or record begins with a line break."""

_NEEDED = {"kinds", "themes", "constraints", "regions", "fields", "sections"}
"""The fields of a volume that its cases go by."""
_HEAD = """\
# Write behind the colons. Lines that begin with # are explanations, and fields that may be left out: to use one
# of these, take the # before its name away. {check} says what is missing.
"""
_TEXT = """\
# Below stands the text, under the headings that this volume has. docs/writing-a-case.md says what it may hold.
"""
_CASE: Given = {"id": "s1", "status": "proposed"}
_VOLUME: Given = {
    "version": '"1.0"',
    "language": "en",
    "licence": "CC BY 4.0",
    "kinds": """
  innovation:
    title: Innovation
    meaning: A new way of working, often a pilot, told early, with first results.
  lesson-learned:
    title: Lesson learned
    meaning: A reflection on a programme, good or bad, after wider review and more time.
  good-practice:
    title: Good practice
    meaning: Well documented and assessed, with evidence of effect, and seen in several places.""",
    "sections": """
  - {key: issue, title: Issue}
  - {key: strategy, title: Strategy and implementation}
  - {key: results, title: Progress and results}
  - {key: lessons, title: Lessons learned, role: lessons}
  - {key: limits, title: What did not work, role: limits}
  - {key: next-steps, title: Next steps, required: false}
  - {key: application, title: Potential application}""",
    "front": "[cover, half-title, imprint, contents, at-a-glance]",
    "back": "[index-of-cases, index-of-subjects, sources, colophon, back-cover]",
}
_TYPES = {
    "text": "Text.",
    "number": "A number.",
    "date": "A day, such as 2020-01-31.",
    "list": "A list.",
    "link": "A web address.",
}


def new_case(root: Path, volume: Volume, problems: list[Problem], listed_pages: list[str], slug: str) -> str:
    """Make the folder of a case, hold the case back in `volume.yaml`, and name its file.

    Raises WrongUsage for a name that cannot be one, and Faults where the volume's own lists cannot be understood.
    """
    if any(path[:1] == () or path[0] in _NEEDED for path in volume.unread):
        raise Faults(problem for problem in problems if problem.file == volume.file)
    folder = root / "cases" / volume.slug
    _refuse(slug, folder / slug, f"a case or a file in cases/{volume.slug}")
    if checking.is_other_page(slug, volume, listed_pages):
        raise WrongUsage(f'"{slug}" is the name of another page of the book. Give the case another one.')
    rules, file = folder / "volume.yaml", folder / slug / "case.md"
    before = rules.read_bytes()
    after = before if slug in _named(volume) else held_back(before, slug)
    deliver(case_text(volume.matter, volume.slug).encode(), file)
    if after != before:
        deliver(after, rules)
    return f"cases/{volume.slug}/{slug}/case.md"


def new_volume(root: Path, design: Design, name: str) -> str:
    """Make the folder of a volume, and name its file; raise WrongUsage for a name that cannot be one."""
    folder = root / "cases" / name
    _refuse(name, folder, "a volume or a file in cases")
    deliver(volume_text(design, name).encode(), folder / "volume.yaml")
    return f"cases/{name}/volume.yaml"


def _refuse(name: str, path: Path, what: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        raise WrongUsage(f'"{name}" cannot be the name of a folder here. Use small letters, figures and hyphens.')
    if path.exists() or path.is_symlink():
        raise WrongUsage(f'There is {what} with the name "{name}" already. Choose another one.')


def _named(volume: Volume) -> set[str]:
    matter = volume.matter
    return {slug for part in matter.parts for slug in part.cases} | {held.case for held in matter.held}


# --- The files ---


def case_text(matter: VolumeMatter, volume: str) -> str:
    """Give a case file to fill in, with the lists, fields and sections of its volume."""
    lists = {
        "kind": {key: kind.title for key, kind in matter.kinds.items()},
        "region": matter.regions,
        "themes": matter.themes,
        "constraints": matter.constraints,
    }
    lines = [*_HEAD.format(check=f"python3 build.py check {volume}").splitlines()]
    for name, words in CaseMatter.explained().items():
        if lists.get(name) != {}:
            choices = [f"- {key}: {title}" for key, title in lists.get(name, {}).items()]
            lines += _field(name, CaseMatter.model_fields[name], words, _CASE, choices)
    for rule in matter.fields:
        value = f"{rule.key}:" if rule.type != "list" else f"{rule.key}:\n  -"
        lines += _explained(f"{rule.label}. {_TYPES[rule.type]}", value, rule.required)
    optional = [rule.title for rule in matter.sections if not rule.required]
    lines += ["", *_TEXT.splitlines()]
    lines += _comment(f"Of the sections these may be left out, with their headings: {', '.join(optional)}.", optional)
    body = [f"\n## {rule.title}\n" for rule in matter.sections]
    return "\n".join(["---", *lines, "---", *body])


def volume_text(design: Design, name: str) -> str:
    """Give a `volume.yaml` to fill in, with a publisher's texts that are there."""
    folder, language = "layouts/publishers/", _VOLUME["language"]
    texts = next(path.split("/")[2] for path in sorted(design.files) if re.match(rf"{folder}.*/{language}\.yaml", path))
    pages = textwrap.wrap(f"- pages that are there: {', '.join(design.listed_pages)}", 116)
    more = {
        "publisher": [
            f'The texts of "{texts}" are another publisher\'s. Copy {folder}{texts}/ to a folder of your own, write',
            "yours there, and name it at texts:",
        ],
        "theme": [f"- there are: {', '.join(design.themes)}"],
        "front": pages,
        "back": pages,
    }
    lines = _HEAD.format(check=f"python3 build.py check {name}").splitlines()
    for key, words in VolumeMatter.explained().items():
        lines += _field(key, VolumeMatter.model_fields[key], words, {**_VOLUME, "texts": texts}, more.get(key, []))
    return "\n".join(lines) + "\n"


def _field(name: str, field: Any, said: str, given: Given, more: list[str]) -> list[str]:
    """Give the lines of a field: what it is, then its name and the room for its value."""
    choices = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    said += f" One of: {', '.join(choices)}." if choices else ""
    value = "\n".join([f"{name}:{_given(given, name)}", *([] if name in given else _room(field.annotation, given))])
    return _explained(said, value, field.is_required(), more)


def _given(given: Given, name: str) -> str:
    value = given.get(name, "")
    return value if value.startswith("\n") or not value else f" {value}"


def _explained(said: str, value: str, required: bool, more: list[str] | None = None) -> list[str]:
    said = said if required else f"{said} May be left out."
    rows = value.splitlines()
    return ["", *_comment(said), *(f"# {row}" for row in more or []), *(rows if required else [f"#{r}" for r in rows])]


def _comment(text: str, wanted: Any = True) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, 116)] if wanted else []


def _room(annotation: Any, given: Given) -> list[str]:
    """Give the lines below a field's name that its value takes: none for a plain value."""
    parts = [part for part in get_args(annotation) if part is not NoneType]
    if parts[-1:] == [...]:
        rows = [*_rows(_record(parts[0]), given)] or [""]
        return [f"  - {rows[0]}".rstrip(), *(f"    {row}" for row in rows[1:])]
    if get_origin(annotation) is Mapping:
        return ["  XX:" if parts[0] is str else "  a-word:", *(f"    {row}" for row in _rows(_record(parts[1]), given))]
    return [f"  {row}" for row in _rows(_record(annotation), given)]


def _rows(record: type[Value] | None, given: Given) -> Iterator[str]:
    """Give the fields of a record, each with its explanation behind it."""
    said = record.explained() if record else {}
    for name, field in record.model_fields.items() if record else ():
        value = " []" if get_origin(field.annotation) is tuple else _given(given, name)
        yield f"{field.alias or name}:{value}  # {said[name]}"


def _record(annotation: Any) -> type[Value] | None:
    candidates = [annotation, *get_args(annotation)]
    return next((one for one in candidates if isinstance(one, type) and issubclass(one, Value)), None)


# --- The order ---


def held_back(content: bytes, slug: str) -> bytes:
    """Give `volume.yaml` with a case under `held:`, and every other byte as it was.

    Raises WrongUsage where the file is written in a way that leaves no room for a line.
    """
    text = content.decode("utf-8-sig", "surrogateescape")
    found = located.load(text, "volume.yaml")
    name = slug if located.load(slug, "").data == slug else f'"{slug}"'
    lines = text.splitlines(keepends=True) or [""]
    _insert(lines, found, f"{{case: {name}, reason: not written yet}}")
    changed = "".join(lines)
    if not _one_more(found.data, located.load(changed, "volume.yaml").data, slug):
        raise WrongUsage(
            f'volume.yaml leaves no room for "{slug}" under held:. Put it there yourself, then begin again.'
        )
    mark = content[: len(content) - len(text.encode("utf-8", "surrogateescape"))]
    return mark + changed.encode("utf-8", "surrogateescape")


def _one_more(before: Any, after: Any, slug: str) -> bool:
    """Tell whether a volume says what it said, and holds one case more."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    held = list(after.get("held") or [])
    new = [entry for entry in held if isinstance(entry, dict) and entry.get("case") == slug]
    rest = [entry for entry in held if entry not in new]
    return len(new) == 1 and {**after, "held": rest} == {**before, "held": before.get("held") or []}


def _insert(lines: list[str], found: located.Located, entry: str) -> None:
    """Put an entry into the list `held`, in the way in which the list is written."""
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if ("held",) not in found.keys:
        lines[-1] = lines[-1].rstrip("\r\n") + end
        lines += [f"{end}held:{end}", f"  - {entry}{end}"]
        return
    held, (line, column) = found.data["held"], found.spots[("held",)]
    sign = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    if sign == "[":
        others = ", " if held else ""
        lines[line - 1] = lines[line - 1][:column] + entry + others + lines[line - 1][column:]
    elif held is None:
        lines.insert(found.keys[("held",)][0], f"  - {entry}{end}")
    elif sign == "-":
        at = _end_of(lines, found.spots[("held", len(held) - 1)][0], column)
        lines[at - 1] = lines[at - 1].rstrip("\r\n") + end
        lines.insert(at, " " * (column - 1) + f"- {entry}{end}")


def _end_of(lines: list[str], first: int, column: int) -> int:
    """Give the number of the last line of a list's item, from its first line and the column of its dash."""
    rest = enumerate(lines[first:], first)
    end = next((n for n, row in rest if row.strip() and len(row) - len(row.lstrip()) < column), len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return end
