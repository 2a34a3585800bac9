"""One small picture of every kind of page. A block that moves is seen; another machine's antialiasing is not."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageFilter

from .conftest import PROJECT
from .inspector import Inspector

Finished = Callable[[str], Inspector]
GOLDENS = PROJECT / "tests" / "goldens" / "pages"
DOTS, CELLS = (150, 193), (15, 19)
"""A picture has so many dots (one is 1.4 mm of the page), and is compared in so many cells."""
APART, LEAST = 0.25, 1.8
"""A cell differs when its dots are apart by more than this share of its ink, and by more than this at all (of 255)."""

PAGES = {
    "cover": ("cover", 0),
    "half-title": ("half-title", 0),
    "imprint": ("imprint", 0),
    "contents": ("contents", 0),
    "prose": ("preface", 0),
    "part": ("part-1", 0),
    "case": ("alpha", 0),
    "text": ("alpha", 1),
    "box-and-list": ("alpha", 2),
    "charts-and-table": ("alpha", 4),
    "picture": ("beta", 0),
    "acronyms": ("acronyms", 0),
    "index-of-cases": ("index-of-cases", 0),
    "index-of-subjects": ("index-of-subjects", 0),
    "sources": ("sources", 0),
    "colophon": ("colophon", 0),
    "back-cover": ("back-cover", 0),
}
visual = pytest.mark.visual


def drawn(book: Inspector, page: str, finer: int = 4) -> Image.Image:
    """Draw a page some times finer, and soften it: letters become grey, blocks keep their places."""
    chapter, further = PAGES[page]
    sheet = book.pdfium[book.destinations[chapter] + further]
    picture = sheet.render(scale=finer * DOTS[0] / sheet.get_width(), grayscale=True).to_pil().convert("L")
    small: Image.Image = picture.resize(DOTS, Image.Resampling.BOX)
    return small


def ground(picture: Image.Image) -> int:
    """Give the shade that most of a page has."""
    shades = picture.histogram()
    return shades.index(max(shades))


def ink(picture: Image.Image, paper: Image.Image) -> array[float]:
    """Give how far the dots of each cell are from those of the paper."""
    apart = ImageChops.difference(picture, paper).convert("F")
    return array("f", apart.resize(CELLS, Image.Resampling.BOX).tobytes())


def differ(one: Image.Image, other: Image.Image) -> bool:
    one, other = (picture.filter(ImageFilter.BoxBlur(1)) for picture in (one, other))
    paper = Image.new("L", one.size, ground(one))
    cells = zip(ink(one, other), ink(one, paper), ink(other, paper), strict=True)
    return any(apart > APART * max(here, there) + LEAST for apart, here, there in cells)


@visual
@pytest.mark.parametrize("page", PAGES)
def test_a_page_looks_as_it_did(finished: Finished, page: str, pytestconfig: pytest.Config) -> None:
    picture, golden = drawn(finished("every-construct"), page), GOLDENS / f"{page}.png"
    if pytestconfig.getoption("--update-golden"):
        GOLDENS.mkdir(parents=True, exist_ok=True)
        picture.quantize(16).save(golden, optimize=True)
    assert not differ(picture, Image.open(golden).convert("L")), (
        "The page looks otherwise; if it should: --update-golden."
    )


@visual
@pytest.mark.parametrize("page", PAGES)
def test_a_block_that_moves_by_three_millimetres_is_seen(finished: Finished, page: str) -> None:
    picture = drawn(finished("every-construct"), page)
    paper = ground(picture)
    block = ImageChops.difference(picture, Image.new("L", picture.size, paper)).getbbox()
    assert block
    for step in ((0, 2), (2, 0)):
        moved = picture.copy()
        moved.paste(paper, block)
        moved.paste(picture.crop(block), (block[0] + step[0], block[1] + step[1]))
        assert differ(picture, moved), step


@visual
@pytest.mark.parametrize("page", PAGES)
def test_another_antialiasing_is_not_seen(finished: Finished, page: str) -> None:
    book = finished("every-construct")
    assert not any(differ(drawn(book, page), drawn(book, page, finer)) for finer in (5, 6, 8))
