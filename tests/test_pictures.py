"""One small picture of every kind of page. A block that moves is seen; another machine's antialiasing is not."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter

from .conftest import PROJECT
from .inspector import Inspector

Finished = Callable[[str], Inspector]
GOLDENS = PROJECT / "tests" / "goldens" / "pages"
DOTS, CELLS = (150, 193), (15, 19)
"""A picture has so many dots (one is 1.4 mm of the page), and is compared in so many cells."""
APART, LEAST = 0.3, 1.8
"""A cell differs when its dots are apart by more than this share of its ink, and by more than this at all (of 255)."""

CONSTRUCTS, MAP, FOLIO = "every-construct", "on-the-map", "folio"
PAGES = {
    "cover": (CONSTRUCTS, "cover", 0),
    "half-title": (CONSTRUCTS, "half-title", 0),
    "imprint": (CONSTRUCTS, "imprint", 0),
    "contents": (CONSTRUCTS, "contents", 0),
    "prose": (CONSTRUCTS, "preface", 0),
    "part": (CONSTRUCTS, "part-1", 0),
    "case": (CONSTRUCTS, "alpha", 0),
    "text": (CONSTRUCTS, "alpha", 1),
    "box-and-list": (CONSTRUCTS, "alpha", 2),
    "charts-and-table": (CONSTRUCTS, "alpha", 4),
    "picture": (CONSTRUCTS, "beta", 0),
    "acronyms": (CONSTRUCTS, "acronyms", 0),
    "index-of-cases": (CONSTRUCTS, "index-of-cases", 0),
    "index-of-subjects": (CONSTRUCTS, "index-of-subjects", 0),
    "sources": (CONSTRUCTS, "sources", 0),
    "colophon": (CONSTRUCTS, "colophon", 0),
    "back-cover": (CONSTRUCTS, "back-cover", 0),
    "map": (MAP, "map", 0),
    "at-a-glance": (MAP, "at-a-glance", 0),
    "folio-cover": (CONSTRUCTS, "cover", 0),
    "folio-contents": (CONSTRUCTS, "contents", 0),
    "folio-prose": (CONSTRUCTS, "preface", 0),
    "folio-part": (CONSTRUCTS, "part-1", 0),
    "folio-case": (CONSTRUCTS, "alpha", 0),
    "folio-text": (CONSTRUCTS, "alpha", 2),
    "folio-sources": (CONSTRUCTS, "sources", 0),
    "folio-map": (MAP, "map", 0),
    "folio-map-key": (MAP, "map", 1),
    "folio-at-a-glance": (MAP, "at-a-glance", 0),
    "folio-back-cover": (CONSTRUCTS, "back-cover", 0),
}
"""Pages by their volume, the chapter, and how many pages after its first; those whose name begins so are folio's."""
visual = pytest.mark.visual


@pytest.fixture(scope="session")
def sheet(finished: Finished, themed: Callable[..., Inspector]) -> Callable[[str], Any]:
    """Give a page as it was printed."""

    def get(page: str) -> Any:
        volume, chapter, further = PAGES[page]
        book = themed(FOLIO, volume) if page.startswith(FOLIO) else finished(volume)
        return book.pdfium[book.destinations[chapter] + further]

    return get


def drawn(sheet: Any, finer: int = 4) -> Image.Image:
    """Draw a page some times finer, and soften it: letters become grey, blocks keep their places."""
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
def test_a_page_looks_as_it_did(sheet: Callable[[str], Any], page: str, pytestconfig: pytest.Config) -> None:
    picture, golden = drawn(sheet(page)), GOLDENS / f"{page}.png"
    if pytestconfig.getoption("--update-golden"):
        GOLDENS.mkdir(parents=True, exist_ok=True)
        picture.quantize(16).save(golden, optimize=True)
    assert not differ(picture, Image.open(golden).convert("L")), (
        "The page looks otherwise; if it should: --update-golden."
    )


@visual
@pytest.mark.parametrize("page", PAGES)
def test_a_block_that_moves_by_three_millimetres_is_seen(sheet: Callable[[str], Any], page: str) -> None:
    picture = drawn(sheet(page))
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
def test_another_antialiasing_is_not_seen(sheet: Callable[[str], Any], page: str) -> None:
    assert not any(differ(drawn(sheet(page)), drawn(sheet(page), finer)) for finer in (5, 6, 8))
