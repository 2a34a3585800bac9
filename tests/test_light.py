"""The edition for slow lines: the same book, lighter; and what the folder of a volume tells of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest

from .conftest import SAMPLE, Desk

Bookshop = Callable[[str, str], Desk]
BOOK = "every-construct"


@pytest.fixture(scope="module")
def shop(bookshop: Bookshop) -> Desk:
    bookshop(BOOK, "screen")
    return bookshop(BOOK, "light")


def test_every_line_and_every_anchor_stands_where_it_stands_in_the_screen_edition(shop: Desk) -> None:
    screen, light = shop.pdf(), shop.pdf(f"{BOOK}-light.pdf")
    assert light.labels == screen.labels
    assert light.destinations == screen.destinations
    assert light.outline == screen.outline
    for one, other in zip(light.pdfium, screen.pdfium, strict=True):
        assert one.get_textpage().get_text_range() == other.get_textpage().get_text_range()  # with its line ends


def test_the_light_edition_shows_its_first_page_early_and_carries_no_data(shop: Desk) -> None:
    book = shop.pdf(f"{BOOK}-light.pdf")
    light = book.pike
    assert light.is_linearized and light.check_linearization()
    assert len(light.attachments) == 0 and "/AF" not in light.Root
    assert light.open_metadata()["pdfaid:part"] == "2"


def test_the_light_edition_comes_out_the_same_every_time(shop: Desk, desk: Callable[[str], Desk]) -> None:
    again = desk(BOOK)
    assert again.build("--quiet", "--edition", "light") == 0
    name = f"{BOOK}-light.pdf"
    assert (again.file.parent / name).read_bytes() == (shop.file.parent / name).read_bytes()


def test_a_book_over_its_budget_is_refused_with_what_weighs_most(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("well-kept")
    sheet = work.root / "styles" / "editions" / "light.yaml"
    assert work.build("--quiet", "--edition", "light") == 0
    good = (work.file.parent / "well-kept-light.pdf").read_bytes()
    sheet.write_text(sheet.read_text("utf-8").replace("1.5 MB", "40 KB"), "utf-8")
    capfd.readouterr()
    assert work.build("--edition", "light") == 1
    said = capfd.readouterr().err
    assert f"styles/editions/light.yaml: Light edition: {len(good) / 1000:.0f} KB, " in said
    assert "more than its budget of 40 KB. The heaviest: " in said
    assert "the picture quay/quay.jpg (" in said and "the font Source Serif 4 (" in said
    assert (work.file.parent / "well-kept-light.pdf").read_bytes() == good
    assert json.loads((work.file.parent / "reports" / "light-refused.json").read_text("utf-8"))["passed"] is False


@pytest.mark.parametrize(
    ("written", "cure"), [("1,5 MB", "Write 800 KB or 1.5 MB"), ("lots", "Write 800 KB or 1.5 MB")]
)
def test_a_budget_that_is_no_size_is_said_where_it_stands(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str], written: str, cure: str
) -> None:
    work = desk("minimal")
    sheet = work.root / "styles" / "editions" / "light.yaml"
    text = sheet.read_text("utf-8")
    sheet.write_text(text.replace("1.5 MB", written), "utf-8")
    assert work.build("--edition", "light") == 1
    line = next(n for n, words in enumerate(text.splitlines(), 1) if words.startswith("budget:"))
    said = capfd.readouterr().err
    assert f"styles/editions/light.yaml:{line}:9: " in said and cure in said


def test_a_field_that_no_edition_has_is_said_where_it_stands(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    sheet = work.root / "styles" / "editions" / "screen.yaml"
    sheet.write_text(sheet.read_text("utf-8") + "budgett: 1 MB\n", "utf-8")
    assert work.build() == 1
    assert '"budgett" is not a field. Did you mean "budget"?' in capfd.readouterr().err


def test_the_manifest_tells_of_every_file_of_the_volume_and_only_of_those(shop: Desk, bookshop: Bookshop) -> None:
    bookshop(BOOK, "offprints")
    folder = shop.file.parent
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert "ISBN 978-3-16-148410-0" in manifest["identifiers"] and manifest["version"] == "2.1"
    assert {entry["file"] for entry in manifest["files"]} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")
    }
    for entry in manifest["files"]:
        content = (folder / entry["file"]).read_bytes()
        report = json.loads((folder / entry["checked"]).with_suffix(".json").read_text("utf-8"))
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest() == report["file"]["sha256"]
        assert entry["size"] == f"{len(content) / 1000:.0f} KB"
        assert entry["pages"] == len(shop.pdf(entry["file"]))
        assert list(entry["standards"]) == report["claims"]


def test_what_would_come_out_the_same_is_left_in_place(shop: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    file = shop.file.parent / f"{BOOK}-light.pdf"
    before = file.stat().st_mtime_ns
    assert shop.build("--edition", "light") == 0
    assert file.stat().st_mtime_ns == before
    assert f"output/{BOOK}/{BOOK}-light.pdf  " in capfd.readouterr().out


def test_a_file_that_was_touched_by_another_hand_is_made_anew(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    assert work.build("--quiet") == 0
    good = work.file.read_bytes()
    work.file.write_bytes(good[:-1])
    assert work.build("--quiet") == 0
    assert work.file.read_bytes() == good


def test_the_sample_is_light_enough_for_a_slow_line(bookshop: Bookshop) -> None:
    work = bookshop(SAMPLE, "light")
    assert (work.file.parent / f"{SAMPLE}-light.pdf").stat().st_size <= 1_500_000
