"""What an author may do by accident: it is named at its place, or it is printed; it is never lost and never breaks."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from .conftest import SAMPLE, Desk
from .inspector import Inspector

DeskMaker = Callable[[str], Desk]
Said = pytest.CaptureFixture[str]

CASE = "harbour/case.md"
LAST = "It took longer than anybody had thought."
CHART = """

```chart
id: sand
type: multiples
data: sand.csv
x: year
y: boats
series: place
unit: boatloads
title: Sand
source: The log
alt: Lines.
```
"""
PICTURE = '\n\n![A pier.](pier.{kind}){{caption="The pier" credit="Test press" rights="CC0"}}\n'


def problems(work: Desk, said: Said) -> str:
    """Build, and give what is wrong."""
    said.readouterr()
    assert work.build() == 1
    assert not work.file.exists()
    return said.readouterr().err


@pytest.mark.parametrize("name", ["contents", "cover", "part-1", "index-of-cases"])
def test_a_case_that_bears_the_name_of_another_chapter_is_an_error(desk: DeskMaker, name: str, capfd: Said) -> None:
    work = desk("minimal")
    (work.folder / "harbour").rename(work.folder / name)
    work.change("volume.yaml", "[harbour]", f"[{name}]")
    assert f'cases/minimal/{name}/case.md: "{name}" is the name of another page' in problems(work, capfd)


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_picture_that_ends_half_way_is_named_and_not_printed(desk: DeskMaker, kind: str, capfd: Said) -> None:
    work, whole = desk("minimal"), io.BytesIO()
    Image.effect_noise((900, 600), 80).save(whole, kind)
    work.change(CASE, LAST, LAST + PICTURE.format(kind=kind))
    picture = work.folder / "harbour" / f"pier.{kind}"
    picture.write_bytes(whole.getvalue())
    assert work.build("--quiet") == 0
    work.file.unlink()
    picture.write_bytes(whole.getvalue()[:-20_000])
    assert f"cases/minimal/harbour/pier.{kind}: This is not a picture" in problems(work, capfd)


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("year,boats,place\n", "There are no rows below the head."),
        ('year,boats,place\n2019,4,"' + "x" * 9_000, "This is not readable as CSV"),
    ],
)
def test_a_chart_without_data_is_named(desk: DeskMaker, table: str, what: str, capfd: Said) -> None:
    work = desk("minimal")
    work.change(CASE, LAST, LAST + CHART)
    (work.folder / "harbour" / "sand.csv").write_text(table)
    assert what in problems(work, capfd)


def test_a_control_character_in_front_matter_is_named_at_its_place(desk: DeskMaker, capfd: Said) -> None:
    work = desk("minimal")
    work.change(CASE, "summary: A", "summary: \x01A")
    assert f"cases/minimal/{CASE}:11:10: There is an invisible control character" in problems(work, capfd)


def test_another_volume_that_is_no_volume_breaks_nothing(desk: DeskMaker) -> None:
    work = desk("minimal")
    (work.root / "cases" / "other").mkdir()
    (work.root / "cases" / "other" / "volume.yaml").write_text("- a list\n")
    assert work.build("minimal", "--quiet") == 0


def test_a_second_title_in_a_text_is_not_lost(desk: DeskMaker, capfd: Said) -> None:
    work = desk("minimal")
    (work.folder / "front").mkdir()
    (work.folder / "front" / "word.md").write_text("# A word\n\nText.\n\n# Another\n\nMore.\n")
    work.change("volume.yaml", "contents]", "contents, word]")
    assert "cases/minimal/front/word.md:5:1: The text has a second title." in problems(work, capfd)


@pytest.mark.parametrize("piece", ["::: box T\nHINTED\n:::", "::: quote\nHINTED\n:::", "1. HINTED", "### HINTED\n\nx"])
def test_a_placement_hint_is_heeded_by_whatever_bears_it(desk: DeskMaker, piece: str) -> None:
    work = desk("minimal")
    work.change(CASE, LAST, f'{LAST}\n\n{{place="next page"}}\n{piece}')
    assert work.build("--quiet") == 0
    book = work.pdf()
    assert [int(label) for label in book.find("HINTED")] == [int(label) + 1 for label in book.find(LAST)]


def test_small_headings_stay_out_of_the_outline(desk: DeskMaker) -> None:
    work = desk("minimal")
    work.change(CASE, LAST, LAST + "\n\n### Three\n\nx\n\n#### Four\n\nx\n\n##### Five\n\nx\n\n###### Six\n\nx")
    assert work.build("--quiet") == 0
    titles = {title for _, title, _ in work.pdf().outline}
    assert titles.isdisjoint({"Three", "Four", "Five", "Six"})


@pytest.mark.parametrize("volume", ["every-construct", SAMPLE])
def test_every_link_hangs_under_a_link_tag_of_its_own(finished: Callable[[str], Inspector], volume: str) -> None:
    pdf = finished(volume).pike
    links = sum(len(page.obj.get("/Annots", [])) for page in pdf.pages)
    elements = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing]
    tied = [
        str(element.S)
        for element in elements
        for kid in element.get("/K", [])
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    ]
    assert tied == ["/Link"] * links
    assert links


def test_a_hyphen_of_the_author_is_found_as_he_wrote_it(finished: Callable[[str], Inspector]) -> None:
    book = finished(SAMPLE)
    assert book.find("medium-term")
    assert not book.find("\N{HYPHEN}")


def test_a_fault_stops_the_build_before_anything_is_written(desk: DeskMaker, capfd: Said) -> None:
    work = desk("minimal")
    work.change(CASE, "kind: lesson", "kind: leson")
    assert f'cases/minimal/{CASE}:4:7: "leson" is not in the volume\'s list.' in problems(work, capfd)
    assert not (work.root / "output").exists()


def test_raw_html_is_printed_as_the_text_it_is(desk: DeskMaker) -> None:
    work = desk("minimal")
    work.change(CASE, "It took", "<script>alert(1)</script> It took")
    assert work.build("--quiet") == 0
    assert work.pdf().find("<script>alert(1)</script> It took")


def test_a_box_title_has_its_emphasis(desk: DeskMaker) -> None:
    work = desk("minimal")
    work.change(CASE, LAST, f"{LAST}\n\n::: box Why *sand*?\nIt was there.\n:::")
    assert work.build("--quiet") == 0
    assert work.pdf().find("Why sand?")
    assert not work.pdf().find("*sand*")


def test_a_volume_without_subtitle_and_number_is_cited_without_gaps(desk: DeskMaker) -> None:
    work = desk("minimal")
    work.change("volume.yaml", "front: [cover, contents]", "front: [cover, imprint, contents]")
    assert work.build("--quiet") == 0
    assert work.pdf().find("Test press (2020). A small book. Version 1. Test press.")
