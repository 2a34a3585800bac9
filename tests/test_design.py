"""The design: what a reader sees of a page, in the design's own clothes and in a theme's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from .conftest import PROJECT, Desk
from .inspector import Inspector

Finished = Callable[[str], Inspector]
TOKENS = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", (PROJECT / "styles" / "tokens.css").read_text("utf-8"))
THEMES = sorted(path.parent.name for path in (PROJECT / "styles" / "themes").glob("*/theme.css"))


def brightness(colour: str) -> float:
    """Give the relative luminance of a colour (WCAG 2.2)."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((brightness(one), brightness(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["", *THEMES])
def test_words_stand_out_from_paper_and_tint(theme: str) -> None:
    sheet = PROJECT / "styles" / "themes" / theme / "theme.css"
    own = re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", sheet.read_text("utf-8")) if theme else []
    colours = {**dict(TOKENS), **dict(own)}
    words = [name for name in colours if name in ("ink", "faint") or name.startswith("accent")]
    assert len(words) >= 9
    poor = [(word, on) for word in words for on in ("paper", "tint") if contrast(colours[word], colours[on]) < 4.5]
    assert poor == []


def test_no_stylesheet_and_no_template_is_longer_than_one_reads_at_a_sitting() -> None:
    sheets = dict.fromkeys((PROJECT / "styles").rglob("*.css"), 150)
    templates = dict.fromkeys((PROJECT / "layouts").rglob("*.html"), 60) | {PROJECT / "layouts" / "_report.html": 100}
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in sheets | templates}
    assert {path.name: size for path, size in sizes.items() if size > (sheets | templates)[path]} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_is_another_book_of_the_same_cases(finished: Finished, themed: Finished, theme: str) -> None:
    usual, other = finished("every-construct"), themed(theme)
    assert other.sizes.isdisjoint(usual.sizes)
    assert other.fonts.isdisjoint(usual.fonts)
    assert [title for _, title, _ in other.outline] == [title for _, title, _ in usual.outline]
    files = (PROJECT / "styles" / "themes" / theme / "fonts").glob("*.ttf")
    assert {font.partition("-")[0] for font in other.fonts} <= {file.stem.partition("-")[0] for file in files}


def test_a_theme_that_is_not_there_is_said_with_the_nearest_one(
    desk: Callable[[str], Desk], capfd: pytest.CaptureFixture[str]
) -> None:
    work = desk("minimal")
    work.change("volume.yaml", "licence: CC BY 4.0", "licence: CC BY 4.0\ntheme: foliu")
    assert work.build() == 1
    said = " ".join(capfd.readouterr().err.split())
    assert 'cases/minimal/volume.yaml:10:8: There is no theme "foliu"' in said
    assert 'Did you mean "folio"?' in said


def test_nothing_long_and_awkward_leaves_its_page(finished: Finished) -> None:
    book = finished("awkward")
    edge = 40.0  # points; the narrowest margin is wider
    for label, page in zip(book.labels, book.pdfium, strict=True):
        width, height = page.get_size()
        words = page.get_textpage()
        for number in range(words.count_rects()):
            left, bottom, right, top = words.get_rect(number)
            assert left > edge and right < width - edge and bottom > 30 and top < height - 30, label


def test_what_stands_beside_the_text_stands_at_the_outer_edge(finished: Finished) -> None:
    book = finished("every-construct")
    sides = set()
    for index, page in enumerate(book.pdfium):
        words = page.get_textpage()
        search = words.search("Figure ", match_case=True)
        while place := search.get_next():
            left = words.get_charbox(place[0])[0]
            if words.get_text_range(place[0], 8)[-1].isdigit():
                verso = index % 2 == 1
                sides.add(verso)
                beside, above = (left < 100, 200 < left < 220) if verso else (left > 380, left < 70)
                assert beside or above, book.labels[index]
    assert sides == {True, False}
