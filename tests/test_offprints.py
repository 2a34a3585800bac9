"""What a contributing office gets: its own case, as it stands in the volume, and whole by itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Desk
from .inspector import Inspector

Bookshop = Callable[[str, str], Desk]
CASES = ("alpha", "beta", "gamma")


@pytest.fixture(scope="module")
def shop(bookshop: Bookshop) -> Desk:
    bookshop("every-construct", "screen")
    return bookshop("every-construct", "offprints")


def own_pages(offprint: Inspector, case: str) -> range:
    return range(offprint.destinations[case], len(offprint))


def test_every_case_of_the_book_has_an_offprint_and_no_other(shop: Desk) -> None:
    files = sorted(path.name for path in (shop.file.parent / "offprints").glob("*.pdf"))
    assert files == [f"every-construct-{case}.pdf" for case in CASES]


@pytest.mark.parametrize("case", CASES)
def test_the_pages_of_an_offprint_are_those_of_the_volume(shop: Desk, case: str) -> None:
    volume, offprint = shop.pdf(), shop.offprint(case)
    there, here = volume.pages_of(case), own_pages(offprint, case)
    assert not any(volume.texts[page] for page in there[len(here) :])  # blanks before the next part
    for one, other in zip(there, here, strict=False):
        assert offprint.labels[other] == volume.labels[one]
        assert offprint.texts[other] == volume.texts[one]
        assert offprint.image(other) == volume.image(one)
        assert other % 2 == one % 2, "it stands on the other side of the spread"


@pytest.mark.parametrize("case", CASES)
def test_no_link_of_an_offprint_leads_out_of_it_but_to_the_web(shop: Desk, case: str) -> None:
    offprint = shop.offprint(case)
    for link in offprint.links:
        assert link.target_index >= 0 or link.target.startswith("https://"), link


def test_the_words_of_a_link_into_the_volume_stay_and_are_no_link(shop: Desk) -> None:
    volume, offprint = shop.pdf(), shop.offprint("alpha")
    led = [link.words for link in volume.links if link.name == "beta" and link.target_index >= 0]
    assert led and not any(link.name == "beta" for link in offprint.links)
    spans = [offprint.reading(element) for element in offprint.elements if str(element.S) == "/Span"]
    assert any(words.startswith("case of the bridge") for words in spans)
    assert offprint.tags.count("Link") < shop.pdf().tags.count("Link")


@pytest.mark.parametrize("case", CASES)
def test_an_offprint_says_what_it_is_and_of_what_it_is_a_part(shop: Desk, case: str) -> None:
    volume, offprint = shop.pdf(), shop.offprint(case)
    title = offprint.outline[0][1]
    assert title in offprint.info["/Title"] and title not in volume.info["/Title"]
    assert f"<rdf:li>{volume.info['/Title']}</rdf:li>" in offprint.xmp.partition("<dc:relation>")[2]
    assert "978-3-16-148410-0" in offprint.xmp.partition("<dc:relation>")[2].partition("</dc:relation>")[0]
    assert "<pdfaid:part>3</pdfaid:part>" in offprint.xmp and "<pdfuaid:part>1</pdfuaid:part>" in offprint.xmp


@pytest.mark.parametrize("case", CASES)
def test_the_cover_of_an_offprint_tells_how_to_cite_it_with_the_pages_of_the_volume(shop: Desk, case: str) -> None:
    volume, offprint = shop.pdf(), shop.offprint(case)
    labels = [volume.labels[page] for page in volume.pages_of(case) if volume.texts[page]]
    pages = labels[0] if len(labels) == 1 else f"{labels[0]}–{labels[-1]}"
    cover = offprint.texts[0]
    assert f"pages {pages}. Test press." in cover and offprint.outline[0][1] in cover
    assert "A book for tests" in cover and "10.5555/12345678" in cover and "CC BY 4.0" in cover


def test_the_outline_of_an_offprint_begins_with_its_case_and_stays_in_it(shop: Desk) -> None:
    offprint = shop.offprint("alpha")
    assert offprint.outline[0] == (1, "The wells were counted", offprint.labels[offprint.destinations["alpha"]])
    assert {level for level, _, _ in offprint.outline[1:]} == {2}


def test_an_offprint_brings_the_data_of_its_own_charts_and_of_no_others(shop: Desk) -> None:
    for case in CASES:
        offprint = shop.offprint(case)
        inside = list(offprint.pike.attachments)
        assert all(name.startswith(f"{case}-") for name in inside)
        assert (case == "gamma") == (not inside)


@pytest.mark.parametrize("case", CASES)
def test_every_offprint_passed_the_gate_and_has_its_report(shop: Desk, case: str) -> None:
    report = json.loads((shop.file.parent / "reports" / "offprints" / f"{case}.json").read_text("utf-8"))
    assert report["passed"] and report["file"]["name"] == f"every-construct-{case}.pdf" and len(report["rules"]) > 40


def test_an_edit_touches_the_offprint_of_its_case_and_no_other(shop: Desk, tmp_path: Path) -> None:
    shutil.copytree(shop.root, tmp_path / "project")
    work = Desk.at(tmp_path / "project", shop.volume)
    files = {case: work.file.parent / "offprints" / f"every-construct-{case}.pdf" for case in CASES}
    before = {case: (path.read_bytes(), path.stat().st_mtime_ns) for case, path in files.items()}
    work.change("beta/case.md", "A bridge[@s1]", "One bridge[@s1]")
    assert work.build("--quiet", "--edition", "offprints") == 0
    after = {case: (path.read_bytes(), path.stat().st_mtime_ns) for case, path in files.items()}
    assert {case for case in CASES if before[case] != after[case]} == {"beta"}


def test_the_offprint_of_a_case_that_left_the_book_goes(shop: Desk, tmp_path: Path) -> None:
    shutil.copytree(shop.root, tmp_path / "project")
    work = Desk.at(tmp_path / "project", shop.volume)
    work.change("volume.yaml", "cases: [gamma]", "cases: [waiting]")
    work.change("volume.yaml", "- {case: waiting, ", "- {case: gamma, ")
    work.change("waiting/case.md", "status: in-review", "status: approved")
    assert work.build("--quiet", "--edition", "offprints") == 0
    there = {path.name for path in (work.file.parent / "offprints").iterdir()}
    assert there == {f"every-construct-{case}.pdf" for case in ("alpha", "beta", "waiting")}
    files = json.loads((work.file.parent / "manifest.json").read_text("utf-8"))["files"]
    assert not any("gamma" in entry["file"] for entry in files)
