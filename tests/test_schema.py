"""What text editors are told of the files: it allows what `check` allows, and refuses what it can see is wrong."""

from __future__ import annotations

import datetime
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import build as program
from compendium import reading
from compendium.console import Console
from compendium.errors import Problem
from compendium.reading import located

from .conftest import BOOKS, PROJECT, SAMPLE, Desk

Said = pytest.CaptureFixture[str]
MANY = "every-construct"


def as_json(value: Any) -> Any:
    """Give values as an editor's YAML has them: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def matter(file: Path) -> Any:
    text = file.read_text("utf-8")
    return as_json(located.load(text if file.suffix == ".yaml" else text.split("\n---")[0], file.name).data)


def made(work: Desk) -> dict[str, Draft7Validator]:
    """Write the schemas of a desk's volume; give those of its volume.yaml and of its front matter."""
    assert program.main(["schema", work.volume], work.root) == 0
    schemas = {}
    for kind, name in (("volume", "volume.json"), ("case", f"case-{work.volume}.json")):
        schema = json.loads((work.root / "output" / "schemas" / name).read_text("utf-8"))
        Draft7Validator.check_schema(schema)
        schemas[kind] = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    return schemas


@pytest.mark.parametrize("volume", [SAMPLE, *sorted(path.name for path in BOOKS.iterdir())])
def test_what_check_lets_pass_the_schemas_let_pass(desk: Callable[[str], Desk], volume: str) -> None:
    work = desk(volume)
    schemas = made(work)
    assert [error.message for error in schemas["volume"].iter_errors(matter(work.folder / "volume.yaml"))] == []
    cases = sorted(work.folder.glob("*/case.md"))
    assert cases
    for case in cases:
        assert [(case, error.message) for error in schemas["case"].iter_errors(matter(case))] == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"titel": "A title"}, ""),
        ({"kind": "leson"}, "kind"),
        ({"themes": ["watre"]}, "themes/0"),
        ({"themes": []}, "themes"),
        ({"constraints": ["mony"]}, "constraints/0"),
        ({"region": "nort"}, "region"),
        ({"country": "Norway"}, "country"),
        ({"status": "finished"}, "status"),
        ({"period": "last year"}, "period"),
        ({"authors": "Somebody"}, "authors"),
        ({"updated": "yesterday"}, "updated"),
        ({"summary": None}, "summary"),
        ({"cost": [{"amount": 3}]}, "cost/0"),
        ({"people": "many"}, "people"),
        ({"tools": "a net"}, "tools"),
        ({"sources": [{"id": "s1", "url": "example.org", "read": "2020-01-05"}]}, "sources/0/url"),
    ],
    ids=str,
)
def test_a_fault_of_the_front_matter_is_seen(desk: Callable[[str], Desk], change: dict[str, Any], place: str) -> None:
    work = desk(MANY)
    errors = made(work)["case"].iter_errors({**matter(work.folder / "alpha" / "case.md"), **change})
    assert ["/".join(map(str, error.absolute_path)) for error in errors] == [place]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"them": "folio"}, ""),
        ({"theme": "foglio"}, "theme"),
        ({"publisher": {"name": "Us", "texts": "ours"}}, "publisher/texts"),
        ({"sections": [{"key": "issue"}]}, "sections/0"),
        ({"date": "2020-13-01"}, "date"),
        ({"kinds": {}}, "kinds"),
    ],
    ids=str,
)
def test_a_fault_of_volume_yaml_is_seen(desk: Callable[[str], Desk], change: dict[str, Any], place: str) -> None:
    work = desk(MANY)
    errors = made(work)["volume"].iter_errors({**matter(work.folder / "volume.yaml"), **change})
    assert ["/".join(map(str, error.absolute_path)) for error in errors] == [place]


def test_a_field_that_the_volume_asks_for_may_not_be_missing(desk: Callable[[str], Desk]) -> None:
    work = desk(MANY)
    data = matter(work.folder / "alpha" / "case.md")
    del data["budget_line"]
    assert [error.message for error in made(work)["case"].iter_errors(data)] == ["'budget_line' is a required property"]


def test_every_field_is_explained(desk: Callable[[str], Desk]) -> None:
    for schema in made(desk(MANY)).values():
        for record in (schema.schema, *schema.schema["definitions"].values()):
            for name, field in record["properties"].items():
                assert field.get("description"), name


def test_the_same_volume_makes_the_same_schemas(desk: Callable[[str], Desk]) -> None:
    work = desk(MANY)
    command = [sys.executable, "-c", "import build, sys, pathlib; build.main(['schema'], pathlib.Path(sys.argv[1]))"]
    read = []
    for seed in ("1", "2"):
        subprocess.run([*command, work.root], cwd=PROJECT, check=True, env={"PYTHONHASHSEED": seed})
        read.append([path.read_bytes() for path in sorted((work.root / "output" / "schemas").iterdir())])
    assert len(read[0]) == 2
    assert read[0] == read[1]


def test_vs_code_finds_the_schema_and_reads_what_check_says(desk: Callable[[str], Desk], capfd: Said) -> None:
    settings, extensions, tasks = (
        json.loads((PROJECT / ".vscode" / f"{name}.json").read_text("utf-8"))
        for name in ("settings", "extensions", "tasks")
    )
    work = desk(MANY)
    made(work)
    for schema, files in settings["yaml.schemas"].items():
        assert (work.root / schema).is_file()
        assert list(work.root.glob(files)) == [work.folder / "volume.yaml"]
    assert extensions["recommendations"] == ["redhat.vscode-yaml"]
    work.change("alpha/case.md", "kind: ", "kind: x")
    work.change("volume.yaml", "cases: [gamma]", "cases: []")
    capfd.readouterr()
    assert program.main(["check"], work.root) == 1
    lines = [line for line in capfd.readouterr().err.split("\n") if line.startswith("cases/")]
    matchers = [re.compile(matcher["pattern"]["regexp"]) for matcher in tasks["tasks"][0]["problemMatcher"]]
    found = [[bool(matcher.match(line)) for matcher in matchers] for line in lines]
    assert sorted(map(sum, found)) == [1] * len(lines)
    assert {n for row in found for n, hit in enumerate(row) if hit} == {0, 1}


def test_vs_code_marks_what_watch_says_of_each_save(capfd: Said) -> None:
    """It clears its marks when a round begins, and shows the new ones when it ends."""
    _, watch = json.loads((PROJECT / ".vscode" / "tasks.json").read_text("utf-8"))["tasks"]
    assert watch["command"] == "python3 build.py watch"
    console = Console(PROJECT)
    for saved in console.rounds(iter([["cases/a/b/case.md"]])):
        console.faults([Problem(saved[0], 3, 1, "A fault.")])
        console.say("cases/a/b/case.md: printed nothing; 0.10 s")
    said = capfd.readouterr()
    marks = [re.compile(matcher["pattern"]["regexp"]) for matcher in watch["problemMatcher"]]
    marked = [line for line in (said.out + said.err).splitlines() if any(mark.match(line) for mark in marks)]
    assert marked == ["cases/a/b/case.md:3:1: A fault."]
    for matcher in watch["problemMatcher"]:
        begins, ends = (matcher["background"][f"{name}Pattern"] for name in ("begins", "ends"))
        assert [bool(re.match(begins, line)) for line in said.out.splitlines()] == [True, False, False]
        assert [bool(re.match(ends, line)) for line in said.out.splitlines()] == [False, False, True]


def test_the_hook_checks_before_a_commit(desk: Callable[[str], Desk]) -> None:
    [hook] = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "cases/a/b/case.md")
    assert not re.search(hook["files"], "docs/cases/a.md")
    python, script, *words = shlex.split(hook["entry"])
    assert (python, script) == ("python3", "build.py")
    work = desk(MANY)
    assert program.main(words, work.root) == 0
    work.change("alpha/case.md", "kind: ", "kind: x")
    assert program.main(words, work.root) == 1
    assert reading.newest_volume(work.root) == MANY
