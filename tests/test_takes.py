"""Long pages that are printed in takes, and read as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compendium import admitting, composing, reading
from compendium.chapters import Chapter
from compendium.takes import SEAM, takes

from .conftest import QUIET, Desk, Shelf
from .inspector import Inspector
from .test_pages import edge

BOOK = "on-the-map"
LONG = ("contents", "at-a-glance", "map", "index-of-cases")
NUMBER = re.compile(r"\b(\d+|[ivxl]+)(?=[A-Z\d\s,–]|$)")
"""A page number among words, roman ones too."""
SHORT = 700
"""Letters of HTML after which every page with a seam is cut."""


@dataclass(frozen=True)
class Pair:
    """One book: its long pages whole, and in takes."""

    whole: Inspector
    cut: Inspector


@pytest.fixture(scope="module")
def pair(shelf: Shelf, bookshop: Callable[[str, str], Desk]) -> Pair:
    whole = bookshop(BOOK, "screen")

    def cut(desk: Desk) -> None:
        desk.inherit(whole)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("compendium.takes.MOST", SHORT)
            assert desk.build("--quiet") == 0

    return Pair(whole.pdf(), shelf.book(f"{BOOK}-in-takes", BOOK, cut).pdf())


def pages_of(book: Inspector, name: str) -> list[range]:
    """Give the pages of each take of a page."""
    return [book.pages_of(one) for one in book.destinations if re.fullmatch(rf"{name}(\.\d+)?", one)]


def words(book: Inspector, name: str) -> str:
    """Give what is read aloud of a page in all its takes, but for spaces, page numbers and the heads of tables."""
    element = next(one for one in book.pike.Root.StructTreeRoot.K[0].K if is_page(book, one, name))
    read = NUMBER.sub("…", book.reading(element))
    return "".join(re.sub("|".join(table_heads(book, name)) or "$", "", read).split())


def is_page(book: Inspector, element: pikepdf.Object, name: str) -> bool:
    """Tell whether an element of the first level begins on the page on which a chapter opens."""
    return bool(element.Pg.objgen == book.pike.pages[book.destinations[name]].obj.objgen)


def test_every_long_page_is_cut_and_each_take_begins_a_page(pair: Pair) -> None:
    for name in LONG:
        spans = sorted(pages_of(pair.cut, name), key=lambda span: span.start)
        assert len(spans) > 1, name
        assert all(before.stop == after.start for before, after in pairwise(spans)), name
        assert len(pages_of(pair.whole, name)) == 1


def test_the_words_of_all_takes_are_those_of_the_whole_page_in_their_order(pair: Pair) -> None:
    for name in LONG:
        assert words(pair.cut, name) == words(pair.whole, name) != ""


def table_heads(book: Inspector, name: str) -> list[str]:
    """Give the heads of the tables of a page's first take."""
    heads = (one for one in book.elements if one.S == "/THead")
    pages = {book.pike.pages[page].obj.objgen for page in book.pages_of(name)}
    return [book.reading(head) for head in heads if head.Pg.objgen in pages]


def test_a_table_that_goes_on_has_its_head_again(pair: Pair) -> None:
    assert len(table_heads(pair.whole, "at-a-glance")) == 1
    for span in pages_of(pair.cut, "at-a-glance"):
        heads = [one for one in pair.cut.elements if one.S == "/THead"]
        assert any(one.Pg.objgen == pair.cut.pike.pages[span.start].obj.objgen for one in heads)


def test_a_title_stands_once_and_its_bookmark_and_all_others_too(pair: Pair) -> None:
    assert pair.cut.headings == pair.whole.headings
    assert [mark[:2] for mark in pair.cut.outline] == [mark[:2] for mark in pair.whole.outline]
    for _, title, label in pair.cut.outline:
        assert title in pair.cut.text(label)


def test_later_takes_hang_in_the_first_one(pair: Pair) -> None:
    whole, cut = (book.pike.Root.StructTreeRoot.K[0].K for book in (pair.whole, pair.cut))
    assert [one.S for one in cut] == [one.S for one in whole]
    assert len([one for top in cut for one in top.K if one.get("/S") == "/Div"]) > len(LONG)


def test_every_link_of_a_take_leads_where_it_did_and_says_on_which_page(pair: Pair) -> None:
    for name in LONG:
        whole, cut = ([x for x in linked(book, name) if x[1]] for book in (pair.whole, pair.cut))
        assert [words for words, _, _ in cut] == [words for words, _, _ in whole], name
        assert [place for _, place, _ in cut] == [place for _, place, _ in whole], name


def linked(book: Inspector, name: str) -> list[tuple[str, str, str]]:
    """Give the links of a page in all its takes: words without the number, name of the place, label there."""
    labels = {book.labels[page] for span in pages_of(book, name) for page in span}
    found = [link for link in book.links if link.page in labels]
    for link in found:
        number = link.words.split()[-1:] if link.name else []
        assert not number or not NUMBER.fullmatch(number[0]) or number[0] == link.target, link
    return [(NUMBER.sub("…", link.words), link.name, link.target) for link in found]


def test_a_take_has_the_running_head_of_its_page_from_its_first_page_on(pair: Pair) -> None:
    body = pair.cut.labels.index("1")
    later = [span.start for name in LONG for span in pages_of(pair.cut, name)[1:] if span.start > body]
    assert len(later) > 2
    for page in later:
        title = next(title for _, title, label in reversed(pair.cut.outline) if pair.cut.labels.index(label) <= page)
        assert edge(pair.cut, page, foot=False).endswith(title if page % 2 == 0 else "Logs of the sea"), page
        assert edge(pair.cut, page, foot=True) == pair.cut.labels[page]


class Reader(HTMLParser):
    """Reads HTML and refuses what is not closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"head", "thead"} & {*self.open}:
            self.words += data.split()


def read(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader.words


def test_every_page_that_grows_with_the_book_has_seams_and_reads_the_same_in_takes(
    desk: Callable[[str], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = desk("every-construct")
    work.change("volume.yaml", "contents, preface]", "contents, at-a-glance, preface]")
    work.change("beta/case.md", "## Story\n", "## Story\n\nThe VBB kept the stick.\n\n*[VBB]: valley bridge board\n")
    design = reading.read_design(work.root)
    volume, wording = admitting.checked(work.root, work.volume, design, QUIET)
    whole = composing.Composer(volume, wording, design).compose({})
    monkeypatch.setattr("compendium.takes.MOST", 1)
    cut = composing.Composer(volume, wording, design).compose({})
    growing = {"contents", "at-a-glance", "acronyms", "index-of-cases", "index-of-subjects", "sources"}
    for page in (one for one in whole if one.name in growing):
        copies = [one.html for one in cut if page.name in (one.name, one.follows)]
        assert [word for copy in copies for word in read(copy)] == read(page.html), page.name
    assert {one.follows for one in cut} == growing | {""}


PAGE = '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"></head><body><main id="page" data-tag="Sect">'
HEAD = "<h1>Title</h1><table><thead><tr><th>Head</th></tr></thead>"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(1, 400), min_size=1, max_size=8), min_size=1, max_size=8), st.integers(100, 4000))
def test_takes_are_well_formed_hold_every_word_once_and_are_as_long_as_they_may_be(
    parts: list[list[int]], most: int
) -> None:
    rows = [[f"<tr><td>{size} {'x' * size}</td></tr>" for size in part] for part in parts]
    table = SEAM.join(f"<tbody>{SEAM.join(part)}</tbody>" for part in rows)
    html = f"{PAGE}{HEAD}{table}</table></main></body></html>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compendium.takes.MOST", most)
        found = takes(Chapter("page", "body", "recto", html, {}, "volume.yaml"))
    assert [word for take in found for word in read(take.html)] == read(html)
    assert [one.name for one in found] == ["page", *(f"page.{n}" for n in range(2, len(found) + 1))]
    assert all(one.html.count("<thead>") == 1 and SEAM not in one.html for one in found)
    said_again, longest_row = 300, 450
    assert all(len(one.html) < 1.25 * most + said_again + longest_row for one in found)
    assert len(found) > 1 or len(html) <= most or html.count(SEAM) == 0
