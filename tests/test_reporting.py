"""The report beside each edition: true, whole, readable by anybody, and the same for the same book."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from compendium import preflight, reading, reporting

from .conftest import Desk

DeskMaker = Callable[[str], Desk]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    work = Desk(tmp_path_factory.mktemp("report") / "project", "en-francais")
    assert work.build("--quiet") == 0
    return work


def paper(work: Desk, name: str) -> Path:
    return work.file.parent / "reports" / name


def as_json(work: Desk, name: str = "screen.json") -> dict[str, Any]:
    return dict(json.loads(paper(work, name).read_text("utf-8")))


def test_the_report_tells_the_facts_of_the_file_that_lies_beside_it(built: Desk) -> None:
    report, content = as_json(built), built.file.read_bytes()
    assert report["file"] == {
        "name": built.file.name,
        "pages": len(built.pdf()),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert report["claims"] == ["PDF/A-3a (ISO 19005-3)", "PDF/UA-1 (ISO 14289-1)"]


def test_the_report_names_every_rule_and_its_outcome(built: Desk) -> None:
    report = as_json(built)
    assert [rule["rule"] for rule in report["rules"]] == list(preflight.RULES)
    assert all(rule["passed"] and rule["asks"] for rule in report["rules"])
    assert report["passed"] is True


def test_a_person_is_told_what_to_judge_in_the_language_of_the_volume(built: Desk) -> None:
    report, book = as_json(built), built.pdf()
    pictures = [str(element.Alt) for element in book.elements if "/Alt" in element]
    assert [alternate["text"] for alternate in report["alternates"]] == pictures
    assert all(alternate["page"] in book.labels for alternate in report["alternates"])
    html = paper(built, "screen.html").read_text("utf-8")
    assert "Déclaration d’accessibilité" in html
    assert len(report["sign_off"]) == 7
    for words in (*report["sign_off"], *report["known_gaps"], *pictures):
        assert words in html


class Outline(HTMLParser):
    """Notes the elements of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_of_the_report_is_accessible_and_needs_no_other_file(built: Desk) -> None:
    page = Outline()
    page.feed(paper(built, "screen.html").read_text("utf-8"))
    tags = [tag for tag, _ in page.found]
    assert page.found[0] == ("html", {"lang": "fr"})
    assert (tags.count("h1"), tags.count("main"), tags.count("header")) == (1, 1, 1)
    assert all("scope" in attributes for tag, attributes in page.found if tag == "th")
    assert {"script", "link", "img", "iframe"}.isdisjoint(tags)
    levels = [int(tag[1]) for tag in tags if tag in ("h1", "h2", "h3")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


class Spoken(HTMLParser):
    """Notes every text of a page with the language in which a screen reader says it."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = [""]
        self.said: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "img"):
            self.languages.append(dict(attrs).get("lang") or self.languages[-1])

    def handle_endtag(self, _tag: str) -> None:
        self.languages.pop()

    def handle_data(self, data: str) -> None:
        self.said[" ".join(data.split())] = self.languages[-1]


def test_a_report_in_french_says_that_it_quotes_english_and_where(built: Desk) -> None:
    report = as_json(built)
    design = reading.read_design(built.root)
    words = reading.read_yaml(design.files, "layouts/words/fr.yaml")
    texts = reading.read_yaml(design.files, "layouts/publishers/ministere/fr.yaml")
    problem = {"place": "case.md", "what": "A hole in the page.", "cure": "Fill it.", "severe": False}
    page = Spoken()
    page.feed(reporting.as_html({**report, "problems": [problem]}, design.templates, words, texts).decode())
    assert any("sont cités en anglais" in said for said in page.said)
    assert {page.said[rule["asks"]] for rule in report["rules"]} == {"en"}
    assert page.said["case.md: A hole in the page. Fill it."] == "en"
    assert {page.said[point] for point in (*report["sign_off"], *report["known_gaps"])} == {"fr"}


def test_the_same_book_has_the_same_report(built: Desk, tmp_path: Path) -> None:
    again = Desk(tmp_path / "elsewhere", "en-francais")
    assert again.build("--quiet") == 0
    for name in ("screen.json", "screen.html"):
        assert paper(again, name).read_bytes() == paper(built, name).read_bytes()


def test_a_refused_file_has_a_report_of_its_own_until_the_next_good_one(
    desk: DeskMaker, capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    sheet = work.root / "styles" / "editions" / "screen.yaml"
    whole = sheet.read_text("utf-8")
    sheet.write_text(whole.replace("profile: sRGB2014.icc", ""), "utf-8")
    assert work.build() == 1
    assert "The file has 0 output intents. [a-6.2.3-intent]" in capfd.readouterr().err
    refused = as_json(work, "screen-refused.json")
    assert refused["passed"] is False
    assert any("output intents" in problem["what"] for problem in refused["problems"])
    assert not work.file.exists() and not paper(work, "screen.json").exists()
    sheet.write_text(whole, "utf-8")
    assert work.build("--quiet") == 0
    assert as_json(work)["passed"] is True
    assert not paper(work, "screen-refused.json").exists()
