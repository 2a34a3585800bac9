"""JSON Schemas of the files that editors write, for text editors that complete and check while one types.

Draft 7: the newest that the YAML extension of VS Code knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .checking.case import countries
from .delivering import deliver
from .model import Design
from .records import CaseMatter, FieldRule, VolumeMatter
from .values import Value

FOLDER = "output/schemas"
Schema = dict[str, Any]

_TYPES: Mapping[str, Schema] = {
    "text": {"type": ["string", "null"]},
    "number": {"type": ["number", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "list": {"type": ["array", "null"], "items": {"type": "string"}},
    "link": {"type": ["string", "null"], "pattern": r"^https?://\S+$"},
}


def write_volume_schema(root: Path, design: Design) -> str:
    """Write the schema of every `volume.yaml`, and name it."""
    return _write(root, "volume.json", volume_schema(design))


def write_case_schema(root: Path, slug: str, matter: VolumeMatter) -> str:
    """Write the schema of the front matter of a volume's cases, and name it."""
    return _write(root, f"case-{slug}.json", case_schema(matter))


def _write(root: Path, name: str, schema: Schema) -> str:
    deliver((json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode(), root / FOLDER / name)
    return f"{FOLDER}/{name}"


def volume_schema(design: Design) -> Schema:
    """Describe `volume.yaml`, with the themes, publishers' texts and pages that are there."""
    schema = record_schema(VolumeMatter)
    fields, records = schema["properties"], schema["definitions"]
    texts = {path.split("/")[2] for path in design.files if path.startswith("layouts/publishers/")}
    fields["theme"] = _one_of(fields["theme"], [*design.themes, None])
    fields["printer"] = _one_of(fields["printer"], [*design.printers, None])
    records["Publisher"]["properties"]["texts"] = _one_of(records["Publisher"]["properties"]["texts"], sorted(texts))
    for name in ("front", "back"):
        # Texts of the volume may stand there, too: the pages are what an editor is offered.
        fields[name]["items"] = {"anyOf": [{"enum": design.listed_pages}, {"type": "string"}]}
    return schema


def case_schema(matter: VolumeMatter) -> Schema:
    """Describe the front matter of a volume's cases, with the volume's own lists and fields."""
    schema = record_schema(CaseMatter)
    fields = schema["properties"]
    del fields["fields"]  # the volume's own stand beside the others
    kinds = {key: kind.title for key, kind in matter.kinds.items()}
    fields["country"] = _one_of(fields["country"], sorted({"global", *matter.countries, *countries()}))
    fields["kind"] = _one_of(fields["kind"], kinds, kinds.values())
    fields["region"] = _one_of(fields["region"], [*matter.regions, None], [*matter.regions.values(), ""])
    for name, words in (("themes", matter.themes), ("constraints", matter.constraints)):
        fields[name]["items"] = _one_of({}, words, words.values())
    fields |= {rule.key: _own(rule) for rule in matter.fields}
    schema["required"] += [rule.key for rule in matter.fields if rule.required]
    return schema


def _own(rule: FieldRule) -> Schema:
    kind = _TYPES[rule.type]
    kind = {**kind, "type": kind["type"][0]} if rule.required else kind
    return {**kind, "description": rule.label}


def _one_of(field: Schema, words: Iterable[str | None], meanings: Iterable[str] = ()) -> Schema:
    said = {"description": field["description"]} if "description" in field else {}
    explained = {"enumDescriptions": list(meanings)} if meanings else {}
    return {"enum": list(words), **said, **explained}


def record_schema(record: type[Value]) -> Schema:
    """Describe a record, with those that it holds under `definitions`."""
    schema = _plain(record.model_json_schema(ref_template="#/definitions/{model}"))
    definitions = schema.pop("$defs", {})
    return {"$schema": "http://json-schema.org/draft-07/schema#", **schema, "definitions": definitions}


def _plain(node: Any) -> Any:
    """Leave out titles made of names, and wrap references: draft 7 overlooks whatever stands beside one."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _plain(value) for key, value in node.items() if key != "default" and not _is_title(key, value)}
    if "$ref" in node and len(node) > 1:
        node["allOf"] = [{"$ref": node.pop("$ref")}]
    return node


def _is_title(key: str, value: Any) -> bool:
    """Tell the word that names a schema from a field that is called "title"."""
    return key == "title" and isinstance(value, str)
