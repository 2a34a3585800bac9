"""The peers are measured on the same book: no word, picture or reference is missing in what they are given."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from .benchmarks.book import Book
from .conftest import Desk

BOOKS = ["every-construct", "on-the-map"]


@pytest.mark.parametrize("volume", BOOKS)
def test_the_book_in_one_piece_has_every_word_picture_and_target(
    desk: Callable[[str], Desk], tmp_path: Path, volume: str
) -> None:
    book = Book(desk(volume).root, volume)
    file = book.html(tmp_path / "html")
    html, css = file.read_text("utf-8"), (tmp_path / "html" / "book.css").read_text("utf-8")
    assert words(*(chapter.html for chapter in book.chapters())) == words(html)
    assert {*re.findall(r'href="#([^"]+)"', html)} <= {*re.findall(r' id="([^"]+)"', html)}
    assert all((tmp_path / "html" / name).exists() for name in re.findall(r'<img src="([^"]+)"', html))
    assert [rule for rule in re.findall(r"@page[^{]*\{[^}]*", css) if "var(" in rule] == []


@pytest.mark.parametrize("volume", BOOKS)
def test_the_book_as_typst_source_has_every_word_picture_and_target(
    desk: Callable[[str], Desk], tmp_path: Path, volume: str
) -> None:
    book = Book(desk(volume).root, volume)
    folder = book.typst(tmp_path / "typst").parent
    for chapter in book.chapters():
        source = (folder / f"{chapter.name}.typ").read_text("utf-8").replace("\\", "")
        assert words(chapter.html) - words(source) == set(), chapter.name
    source = "".join(file.read_text("utf-8") for file in folder.glob("*.typ"))
    assert {*re.findall(r'label\("([^"]+)"\)', source)} == {*re.findall(r'#anchor\("([^"]+)"\)', source)}
    assert all((folder / name).exists() for name in re.findall(r'image\("([^"]+)"', source))


def words(*texts: str) -> set[str]:
    """Give the words that a reader sees; numbers of pages are none of them."""
    number = r'<span class="page">[^<]*<span[^>]*>[^<]*</span>[^<]*</span>'
    bodies = (re.sub(rf"{number}|<[^>]*>", " ", text[max(0, text.find("<body")) :]) for text in texts)
    return {word for body in bodies for word in re.findall(r"[^\W\d]{3,}", unescape(body))}
