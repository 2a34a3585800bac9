"""Faults of the content are said once, where they are, with their cure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from .conftest import Desk

CASE = "harbour/case.md"
FAULTS = [
    (CASE, "country: NO", "country: XQ", '3:1: "XQ" is no country code.'),
    (CASE, "kind: lesson", "kind: leson", '4:1: "leson" is not in the volume\'s list. Did you mean "lesson"?'),
    (CASE, "themes: [water]", "themes: [fire]", '5:10: "fire" is not in the volume\'s list. Write one of: water.'),
    (CASE, "period: 2019", "period: soon", '6:1: "period" is no period; write "2008–2015" or "2011".'),
    (CASE, "title: The", "titel: The", '2:1: "titel" is not a field. Did you mean "title"?'),
    (CASE, "status: approved\n", "status: done\n", "is none of the known words."),
    (CASE, "kind: lesson", "kind: lesson\nkind: lesson", '"kind" stands here twice. Keep one of them.'),
    (CASE, "title: The", "title: One: The", "This is not readable as YAML"),
    (CASE, "## Story", "## Storey", 'The volume has no section "Storey". Did you mean "Story"?'),
    (
        CASE,
        "boatloads of sand.[@log]",
        "boatloads of sand. See the log.[@log]\n\nAnd 50 more.",
        'A figure without a source: "50".',
    ),
    (CASE, "It took", "[It](case:harbor) took", 'There is no case "harbor" in the book. Did you mean "harbour"?'),
    (CASE, "It took", "[It](figure:none) took", 'There is no figure or table "none" in this case.'),
    (CASE, "It took", "It[^1] took", 'There is no note "1".'),
    (CASE, "It took", "[It](elsewhere) took", "leads nowhere"),
    (CASE, "It took", "![](no.jpg) took", 'The picture "no.jpg" cannot be used.'),
    (CASE, 'url: "https://example.org/log"', "url: example", '"url" is no web address'),
    (CASE, "It took", '[It]{index=" "} took', "22:47: The index term has no words."),
    (
        CASE,
        "It took",
        'It took\n\n{#term-1 caption="One"}\n| a | b |\n|---|---|\n| c | d |\n',
        'The id "term-1" is one that the book makes itself.',
    ),
    ("volume.yaml", "cases: [harbour]", "cases: [harbour, harbour]", '"harbour" is placed twice.'),
    (
        "volume.yaml",
        "cases: [harbour]",
        "cases: [harber]",
        'There is no case "harber" beside volume.yaml. Did you mean "harbour"?',
    ),
    (
        "volume.yaml",
        "back: [index-of-cases]",
        "back: [index-of-case]",
        'There is no page "index-of-case". Did you mean "index-of-cases"?',
    ),
    ("volume.yaml", "language: en", "language: english", '"language" is not written as it must be.'),
]


@pytest.mark.parametrize(("path", "good", "bad", "said"), FAULTS, ids=[fault[3][:40] for fault in FAULTS])
def test_a_fault_is_said_with_its_place_and_cure(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str], path: str, good: str, bad: str, said: str
) -> None:
    work = desk("minimal")
    work.change(path, good, bad)
    assert work.build() == 1
    heard = capfd.readouterr().err
    assert f"cases/minimal/{path}:" in heard
    assert said in heard
    assert not (work.root / "output").exists()


def test_raw_html_is_printed_as_the_text_it_is(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    work.change(CASE, "It took", "<script>alert(1)</script> It took")
    assert work.build("--quiet") == 0
    assert work.pdf().find("<script>alert(1)</script> It took")


def test_a_picture_outside_the_volume_is_not_read(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("every-construct")
    picture = work.folder / "beta" / "bridge.png"
    outside = work.root / "outside.png"
    picture.rename(outside)
    picture.symlink_to(outside)
    assert work.build() == 1
    assert "cases/every-construct/beta/bridge.png: The file lies outside the volume." in capfd.readouterr().err


def test_a_picture_too_small_or_of_another_kind_is_named(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("every-construct")
    Image.new("RGB", (300, 200)).save(work.folder / "beta" / "bridge.png", "PNG")
    opener = work.folder / "alpha" / "opener.jpg"
    Image.open(opener).save(opener, "PNG")
    assert work.build() == 1
    said = capfd.readouterr().err
    assert 'The picture "bridge.png" is only 300 pixels wide.' in said
    assert 'case.md:22:9: The picture "opener.jpg" is a PNG file by its content.' in said


def test_a_volume_without_subtitle_and_number_is_cited_without_gaps(desk: Callable[[str], Desk]) -> None:
    work = desk("minimal")
    work.change("volume.yaml", "front: [cover, contents]", "front: [cover, imprint, contents]")
    assert work.build("--quiet") == 0
    assert work.pdf().find("Test press (2020). A small book. Version 1. Test press.")
