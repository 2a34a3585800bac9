"""The examples of docs/writing-a-case.md: check says what the page says, and of the right ones nothing."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import pytest

import build as program

from .conftest import PROJECT, Desk

PAGE = PROJECT / "docs" / "writing-a-case.md"
EXAMPLE = re.compile(
    r"(?P<wrong>^\*Not\*\n\n)?^(?P<fence>`{3,})(?P<kind>yaml|markdown|csv)\n(?P<text>.*?)\n(?P=fence)$"
    r"(?P<said>\n\n>[^\n]*(?:\n>[^\n]*)*)?",
    re.MULTILINE | re.DOTALL,
)
CHART = """```chart
{id: numbers, type: bar, data: child-poverty.csv, x: year, y: share, unit: per cent, title: It rose,
source: The office, alt: It rises.}
```"""


class Example(NamedTuple):
    line: int
    wrong: bool
    kind: str
    text: str
    said: list[str]


def examples() -> list[Example]:
    page = PAGE.read_text("utf-8")
    return [
        Example(
            page.count("\n", 0, match.start("fence")) + 1,
            bool(match["wrong"]),
            match["kind"],
            match["text"],
            [line[2:] for line in (match["said"] or "").splitlines() if line[2:]],
        )
        for match in EXAMPLE.finditer(page)
    ]


def with_fields(matter: str, fields: str) -> str:
    """Put fields into front matter, in the place of those of the same names."""
    names = re.findall(r"^(\w+):", fields, re.MULTILINE)
    entries = re.split(r"^(?=\w)", matter, flags=re.MULTILINE)
    kept = [entry for entry in entries if entry.partition(":")[0] not in names]
    return "".join(kept) + fields + "\n"


class Bench:
    """A volume with a case into which the examples are put, one at a time."""

    def __init__(self, work: Desk) -> None:
        self.work = work
        self.case = (work.folder / "armenia" / "case.md").read_text("utf-8")
        self.numbers = (work.folder / "armenia" / "child-poverty.csv").read_text("utf-8")

    def hear(self, example: Example, capfd: pytest.CaptureFixture[str]) -> list[str]:
        """Give what is said of the case with the example in it."""
        _, matter, body = self.case.split("---\n", 2)
        numbers = self.numbers
        if example.kind == "yaml":
            matter = with_fields(matter, example.text)
        elif example.kind == "csv":
            numbers, body = example.text + "\n", f"{body}\n{CHART}\n"
        else:
            body = f"{body}\n{example.text}\n"
        (self.work.folder / "armenia" / "case.md").write_text(f"---\n{matter}---\n{body}", "utf-8")
        (self.work.folder / "armenia" / "child-poverty.csv").write_text(numbers, "utf-8")
        capfd.readouterr()
        program.main(["check", "--format", "json"], self.work.root)
        return [f"{one['what']} {one['cure']}".strip() for one in json.loads(capfd.readouterr().out)]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(Desk(tmp_path_factory.mktemp("bench") / "project", "examples"))


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"line {one.line}")
def test_check_says_of_every_example_what_the_page_says(
    bench: Bench, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest, example: Example
) -> None:
    said = bench.hear(example, capfd)
    if request.config.getoption("--update-golden") and example.wrong:
        write_anew(example, said)
    else:
        assert said == example.said
    assert bool(said) == example.wrong


def test_the_page_shows_how_check_speaks(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    file = bench.work.folder / "armenia" / "case.md"
    file.write_text(bench.case.replace("lesson-learned", "lessons-learned"), "utf-8")
    assert program.main(["check"], bench.work.root) == 1
    file.write_text(bench.case, "utf-8")
    assert f"```\n{capfd.readouterr().err}```\n" in PAGE.read_text("utf-8")


def write_anew(example: Example, said: list[str]) -> None:
    """Write what is said of an example beneath it in the page."""
    page = PAGE.read_text("utf-8")
    printed = "\n\n" + "\n>\n".join(f"> {line}" for line in said)

    def renewed(match: re.Match[str]) -> str:
        if not match["wrong"] or match["text"] != example.text:
            return match[0]
        return match[0].removesuffix(match["said"] or "") + printed

    PAGE.write_text(EXAMPLE.sub(renewed, page), "utf-8")


def test_the_page_has_an_example_of_every_field_and_every_construct() -> None:
    from compendium.checking.text import HINTS
    from compendium.reading.manuscript import CONTAINERS
    from compendium.records import CaseMatter, Chart

    right = [one for one in examples() if not one.wrong]
    fields = "\n".join(one.text for one in right if one.kind == "yaml")
    text = "\n".join(one.text for one in right if one.kind == "markdown")
    for name, field in CaseMatter.model_fields.items():
        assert field.exclude or re.search(rf"^{name}:", fields, re.MULTILINE), name
    for name, field in Chart.model_fields.items():
        assert re.search(rf"^{field.alias or name}:", text, re.MULTILINE), name
    for name in CONTAINERS:
        assert f"::: {name}" in text
    for sign in ("[@", "](case:", "](figure:", "*[", "[^", "{index=", "{lang=", "![", "|---", "### "):
        assert sign in text, sign
    page = PAGE.read_text("utf-8")
    for hint, values in HINTS.items():
        for value in values:
            assert f'{{{hint}="{value}"}}' in page
