"""What VS Code offers while one writes a case: the volume's own fields and words, in a form that `check` takes."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import build as program
from compendium import reading, schema
from compendium.reading import markup

from .conftest import PROJECT, Desk

QUOTES = ("\u201c", "\u201d", "\u2018", "\u2019")
Snippets = dict[str, dict[str, Any]]


@pytest.fixture
def work(desk: Callable[[str], Desk]) -> Desk:
    return desk("every-construct")


def made(work: Desk) -> Snippets:
    assert program.main(["schema", work.volume], work.root) == 0
    return dict(json.loads((work.root / ".vscode" / f"{work.volume}.code-snippets").read_text("utf-8")))


def written(snippet: dict[str, Any], stop: str = "") -> str:
    """Give a snippet as it is inserted, the first of its choices taken, and `stop` where something is to be written."""
    text = re.sub(r"\$\{\d+\|([^,|]*)[^|]*\|\}", r"\1", "\n".join(snippet["body"]))
    return re.sub(r"\$\d+", stop, re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text))


def test_every_field_of_a_case_is_offered_with_what_explains_it(work: Desk) -> None:
    snippets = made(work)
    read, _ = reading.read_volume(work.root, work.volume, reading.read_design(work.root))
    fields = schema.case_schema(read.matter)["properties"]
    assert {"budget_line", "title", "sources"} <= fields.keys()
    for name, field in fields.items():
        snippet = snippets[f"field: {name}"]
        assert (snippet["prefix"], snippet["scope"]) == (name, "yaml")
        assert snippet["description"] == field["description"]
        assert list(yaml.safe_load(written(snippet))) == [name]


def test_every_choice_that_is_offered_is_one_that_check_takes(work: Desk) -> None:
    snippets = made(work)
    text = (work.root / "output" / "schemas" / f"case-{work.volume}.json").read_text("utf-8")
    check = Draft7Validator(json.loads(text))
    choices = 0
    for snippet in snippets.values():
        for offered in re.findall(r"\|(.*)\|\}$", "\n".join(snippet["body"])) if snippet["scope"] == "yaml" else ():
            for word in offered.split(","):
                name = snippet["prefix"]
                value: Any = word if ":\n" not in "\n".join(snippet["body"]) else [word]
                faults = [error for error in check.iter_errors({name: value}) if error.path and error.path[0] == name]
                assert faults == [], (name, word)
                choices += 1
    assert choices > 250  # countries


def test_a_record_that_is_offered_asks_for_all_that_check_asks_for(work: Desk) -> None:
    snippets = made(work)
    source = dict(zip(("id", "url", "read"), ("s9", "https://example.org", datetime.date(2020, 1, 5)), strict=True))
    assert yaml.safe_load(written(snippets["field: sources"])) == {"sources": [dict.fromkeys(source)]}
    case = work.folder / "alpha" / "case.md"
    lines = "".join(f"  {line}\n" for line in written(snippets["one more in sources"], "S").split("\n"))
    for value in source.values():
        lines = lines.replace("S", str(value), 1)
    text = case.read_text("utf-8").replace("sources:\n", f"sources:\n  -{lines[1:]}", 1)
    case.write_text(text, "utf-8")
    _, problems = reading.read_volume(work.root, work.volume, reading.read_design(work.root))
    assert problems == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("source", "cite"), ("case", "link"), ("figure", "link"), ("link", "link"), ("footnote", "note")),
        *(("index", "span"), ("language", "span"), ("box", "box"), ("quote", "quote"), ("picture", "picture")),
        *(("table", "table"), ("chart", "code"), ("hint: keep", "paragraph")),
    ],
)
def test_a_piece_of_text_that_is_offered_is_what_it_says(work: Desk, name: str, kind: str) -> None:
    snippet = made(work)[name]
    assert snippet["scope"] == "markdown"
    parsed = markup.parse(written(snippet, "x") + ("\nWords." if "hint" in name else ""), 1, QUOTES)
    assert parsed.slips == ()
    assert kind in {node.kind for block in parsed.blocks for node in block.walk()}


def test_acronyms_that_are_offered_are_explanations(work: Desk) -> None:
    parsed = markup.parse(written(made(work)["acronym"]), 1, QUOTES)
    assert [(node.attrs["short"], node.text) for node in parsed.acronyms] == [("ABC", "what it means")]


def test_snippets_are_offered_in_the_cases_of_their_volume_alone(work: Desk) -> None:
    for snippet in made(work).values():
        [pattern] = snippet["include"]
        assert fnmatch((work.folder / "alpha" / "case.md").as_posix(), pattern)
        assert not fnmatch((work.root / "cases" / "another" / "alpha" / "case.md").as_posix(), pattern)


def test_vs_code_offers_them_by_itself_in_front_matter_and_not_in_prose() -> None:
    """VS Code calls the words of front matter strings, and those of prose other; in Markdown it asks for neither."""
    settings = json.loads((PROJECT / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["[markdown]"]["editor.quickSuggestions"] == {"strings": "on", "comments": "off", "other": "off"}


def test_a_new_case_finds_its_snippets(work: Desk) -> None:
    assert program.main(["new", "case", "delta"], work.root) == 0
    assert (work.root / ".vscode" / f"{work.volume}.code-snippets").is_file()
