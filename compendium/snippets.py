"""Snippets for VS Code: a case's fields, words and signs, offered where they belong, without any extension.

VS Code takes front matter for YAML and the text below it for Markdown, so a snippet's `scope` says on which side of
the second `---` it is offered; `include` (from VS Code 1.109 on) keeps it to the cases of its volume.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from .checking.text import HINTS
from .delivering import deliver
from .records import Chart, VolumeMatter
from .schema import Schema, case_schema, record_schema

Snippet = dict[str, Any]

_SIGNS: Mapping[str, tuple[str, str]] = {
    "source": ("[@${1:s1}]", "Cites a source by its id"),
    "case": ("[${1:words}](case:${2:armenia})", "Refers to another case"),
    "figure": (
        "[${1:words}](figure:${2:rates})",
        "Refers to a figure or table, here or as case/figure in another case",
    ),
    "link": ("[${1:words}](https://${2:example.org})", "Leads to the web; the words say where"),
    "acronym": ("*[${1:ABC}]: ${2:what it means}", "Explains an acronym, in a line of its own"),
    "footnote": ("[^${1:word}]$0\n\n[^${1:word}]: ${2:The note.}", "A note: its call and its text"),
    "index": ('[${1:words}]{index="${2:entry}"}', "An entry of the index of subjects"),
    "language": ("[${1:mots}]{lang=${2:fr}}", "Words of another language"),
    "box": ("::: box ${1:Title}\n${0:Text}\n:::", "A box"),
    "quote": ("::: quote\n${0:Words}\n:::", "A pull quote"),
    "picture": (
        '![${1:What one sees}](${2:photo.jpg}){#${3:name} caption="${4:Caption}" credit="${5:Who made it}"'
        ' rights="${6:CC BY 4.0}"}',
        "A picture, with what must be known of it",
    ),
    "table": (
        '{#${1:name} caption="${2:Caption}" source="[@${3:s1}]"}\n| ${4:Year} | ${5:Share} |\n|---|---:|\n'
        "| ${6:2010} | ${7:41.4} |",
        "A table, with its caption and source",
    ),
}


def write_snippets(root: Path, slug: str, matter: VolumeMatter) -> str:
    """Write the snippets of a volume's cases, and name their file."""
    path = f".vscode/{slug}.code-snippets"
    where = {"include": [f"**/cases/{slug}/*/case.md"]}
    found = {name: {**snippet, **where} for name, snippet in snippets(matter)}
    deliver((json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode(), root / path)
    return path


def snippets(matter: VolumeMatter) -> Iterator[tuple[str, Snippet]]:
    """Give the snippets of a volume's cases by their names."""
    schema = case_schema(matter)
    records = schema["definitions"]
    for name, field in schema["properties"].items():
        yield f"field: {name}", _snippet("yaml", name, _field(name, field, records), field["description"])
        if record := _record(field.get("items", {}), records):
            rows = [*_rows(record, records, count(1))]
            body = [rows[0], *(f"  {row}" for row in rows[1:])]
            yield f"one more in {name}", _snippet("yaml", rows[0].partition(":")[0], body, record["description"])
    for name in ("kinds", "themes", "constraints", "regions"):
        for word, meaning in getattr(matter, name).items():
            yield (
                f"{name}: {word}",
                _snippet("yaml", word, [word], meaning if isinstance(meaning, str) else meaning.title),
            )
    for name, (text, said) in _SIGNS.items():
        yield name, _snippet("markdown", name, text.split("\n"), said)
    chart = record_schema(Chart)
    rows = [*_rows(chart, chart["definitions"], count(1))]
    yield "chart", _snippet("markdown", "chart", ["```chart", *rows, "```"], chart["description"])
    for hint, values in HINTS.items():
        said = "A hint for the page, in a line of its own above a block"
        yield f"hint: {hint}", _snippet("markdown", hint, [f'{{{hint}="{_choice(1, values)}"}}'], said)


def _snippet(scope: str, prefix: str, body: list[str], said: str) -> Snippet:
    return {"scope": scope, "prefix": prefix, "body": body, "description": said}


def _field(name: str, field: Schema, records: Mapping[str, Schema]) -> list[str]:
    """Give the lines of a field, with a stop wherever something is to be written."""
    stops = count(1)
    if record := _record(field, records):
        return [f"{name}:", *(f"  {row}" for row in _rows(record, records, stops))]
    if record := _record(field.get("items", {}), records):
        rows = [*_rows(record, records, stops)]
        return [f"{name}:", f"  - {rows[0]}", *(f"    {row}" for row in rows[1:])]
    if "array" in field.get("type", ()):
        return [f"{name}:", f"  - {_value(field['items'], stops)}"]
    return [f"{name}: {_value(field, stops)}"]


def _rows(record: Schema, records: Mapping[str, Schema], stops: Iterator[int]) -> Iterator[str]:
    """Give the fields that a record needs."""
    needed = record.get("required") or record["oneOf"][0]["required"]
    for name in needed:
        yield f"{name}: {_value(record['properties'][name], stops)}"


def _value(field: Schema, stops: Iterator[int]) -> str:
    words = [word for word in field.get("enum", ()) if word]
    return _choice(next(stops), words) if words else f"${next(stops)}"


def _choice(stop: int, words: Any) -> str:
    return f"${{{stop}|{','.join(words)}|}}"


def _record(field: Schema, records: Mapping[str, Schema]) -> Schema | None:
    """Give the record that a field holds, if it holds one."""
    kinds = [field, *field.get("anyOf", ()), *field.get("allOf", ())]
    names = (kind["$ref"].rpartition("/")[2] for kind in kinds if "$ref" in kind)
    return next((records[name] for name in names), None)
