"""Laws that hold in every book: what is printed at an edge, in a list or under a tag is what the page really is."""

from __future__ import annotations

import ctypes
import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium
import pytest

from .conftest import BOOKS, PROJECT, SAMPLE
from .inspector import Inspector

Finished = Callable[[str], Inspector]

HEAD, FOOT, MEASURE = 60.0, 58.0, 323.0
"""In points: the heights of the strips at the head and the foot of a page that hold its running head and its folio,
and the width of the text."""
ALL = ["minimal", "every-construct", "en-francais", SAMPLE]
every_book = pytest.mark.parametrize("volume", ALL)


# --- What stands where ---


def edge(book: Inspector, index: int, *, foot: bool) -> str:
    """Give the words at the head or the foot of a page."""
    page = book.pdfium[index]
    width, height = page.get_size()
    low, high = (0.0, FOOT) if foot else (height - HEAD, height)
    return " ".join(page.get_textpage().get_text_bounded(0, low, width, high).split())


def source_of(volume: str) -> Path:
    """Give the folder from which a book was made."""
    return (PROJECT / "cases" if volume == SAMPLE else BOOKS) / volume


def openers(book: Inspector) -> dict[int, str]:
    """Give the page on which each chapter opens: index of the page → name of the chapter."""
    return {page: name for name, page in book.destinations.items() if "--" not in name}


def lines(book: Inspector, index: int) -> list[tuple[str, str, str]]:
    """Give the lines of a list of pages: (words, label of the page they lead to, name there)."""
    found: dict[str, tuple[str, str, str]] = {}
    for link in book.links:
        if link.page == book.labels[index] and link.name:
            words, _, _ = found.get(link.name, ("", "", ""))
            found[link.name] = (max(words, link.words, key=len), link.target, link.name)
    return list(found.values())


@every_book
def test_the_number_at_the_foot_of_a_page_is_its_label(finished: Finished, volume: str) -> None:
    book = finished(volume)
    names = [name for name in openers(book).values() if re.fullmatch(r"half-title|back-cover|part-\d+", name)]
    silent = {page for name in names for page in book.pages_of(name)}
    for index, label in enumerate(book.labels[1:], 1):
        is_silent = index in silent or not book.texts[index]
        assert edge(book, index, foot=True) == ("" if is_silent else label), label


@every_book
def test_running_heads_name_the_part_and_the_chapter_and_openers_and_blanks_are_silent(
    finished: Finished, volume: str
) -> None:
    book = finished(volume)
    titles = {label: title for level, title, label in book.outline if level < 3}
    levels = {label: level for level, _, label in book.outline if level < 3}
    begins, part, chapter, heads = openers(book), "", "", 0
    for index in range(book.labels.index("1"), len(book)):
        label, name = book.labels[index], begins.get(index, "")
        chapter = titles.get(label, "") if name else chapter
        if name and levels.get(label) == 1:
            part = chapter if name.startswith("part-") else book.info["/Title"].partition(":")[0]
        running = not name and bool(book.texts[index])
        wanted = (chapter if index % 2 == 0 else part) if running else ""
        assert edge(book, index, foot=False).endswith(wanted) and running == bool(edge(book, index, foot=False)), label
        heads += running
    assert heads > 5 or volume in ("minimal", "en-francais")


@every_book
def test_the_contents_name_every_later_chapter_once_in_the_order_of_the_book(finished: Finished, volume: str) -> None:
    book = finished(volume)
    index = book.destinations["contents"]
    later = [name for page, name in sorted(openers(book).items()) if page > index and name != "back-cover"]
    found = [line for page in book.pages_of("contents") for line in lines(book, page)]
    assert [name for _, _, name in found] == later
    assert all(words.endswith(f" {label}") for words, label, _ in found)


@every_book
def test_every_line_of_a_part_opener_ends_with_the_page_of_its_case(finished: Finished, volume: str) -> None:
    book = finished(volume)
    parts = [name for _, name in sorted(openers(book).items()) if re.fullmatch(r"part-\d+", name)]
    cases = [label for level, _, label in book.outline if level == 2]
    found = [line for name in parts for page in book.pages_of(name) for line in lines(book, page)]
    assert [label for _, label, _ in found] == cases
    assert all(words.endswith(f" {label}") for words, label, _ in found)


@every_book
def test_the_index_of_cases_has_every_case_with_its_page(finished: Finished, volume: str) -> None:
    book = finished(volume)
    first = book.destinations["index-of-cases"]
    last = min((page for page in openers(book) if page > first), default=len(book))
    found = {line for page in range(first, last) for line in lines(book, page)}
    assert {label for _, label, _ in found} == {label for level, _, label in book.outline if level == 2}
    assert all(words.endswith(f" {label}") for words, label, _ in found)


@every_book
def test_every_bookmark_leads_to_the_height_of_its_heading(finished: Finished, volume: str) -> None:
    book = finished(volume)
    for mark in book.pdfium.get_toc():
        place = mark.get_dest()
        page = book.pdfium[place.get_index()]
        _, (left, top, _) = place.get_view()
        reach = MEASURE if mark.level == 2 else page.get_width()  # beside a section may stand a quote
        words = page.get_textpage().get_text_bounded(left, top - 90, left + reach, top + 2)
        title = letters(mark.get_title())
        assert title in letters(words)[: len(title) + 4], title  # descenders of the line before may reach into it


@every_book
def test_poppler_draws_every_page_without_a_word(finished: Finished, volume: str, tmp_path: Path) -> None:
    book = finished(volume)
    file = tmp_path / "book.pdf"
    file.write_bytes(book.content)
    drawn = subprocess.run(["pdftoppm", "-r", "12", "-gray", file, tmp_path / "page"], capture_output=True, check=False)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, b"", b"")
    assert len(list(tmp_path.glob("page-*.pgm"))) == len(book)


# --- What a screen reader hears ---


@cache
def marked(book: Inspector, index: int) -> dict[int, str]:
    """Give the words of a page by the number of their mark (ISO 32000-1, 14.7.4.2)."""
    page = book.pdfium[index]
    words = page.get_textpage()
    found: dict[int, str] = {}
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
        mark = pdfium.FPDFPageObj_GetMarkedContentID(thing.raw)
        size = pdfium.FPDFTextObj_GetText(thing.raw, words.raw, None, 0)
        text = ctypes.create_string_buffer(size)
        pdfium.FPDFTextObj_GetText(thing.raw, words.raw, ctypes.cast(text, ctypes.POINTER(ctypes.c_ushort)), size)
        found[mark] = found.get(mark, "") + text.raw.decode("utf-16-le").rstrip("\0")
    return found


def spoken(book: Inspector) -> Iterator[tuple[str, int, int]]:
    """Give what hangs in the tag tree, in its order: (structure type, index of the page, number of the mark)."""
    pages: dict[Any, int] = {page.objgen: index for index, page in enumerate(book.pike.pages)}

    def walk(element: Any, page: int) -> Iterator[tuple[str, int, int]]:
        page = pages[element.Pg.objgen] if "/Pg" in element else page
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                yield str(element.S), page, kid
            elif "/MCID" in kid:
                yield str(element.S), pages[kid.Pg.objgen], int(kid.MCID)
            elif "/S" in kid:
                yield from walk(kid, page)

    yield from walk(book.pike.Root.StructTreeRoot.K[0], -1)


def letters(words: str) -> str:
    """Give the letters and figures alone: hyphens, spaces and signs may differ from line to line."""
    return re.sub(r"[\W_]", "", words)


@every_book
def test_everything_on_a_page_is_heard_once_but_for_its_running_head_and_folio(finished: Finished, volume: str) -> None:
    """The head of a table is heard where the table begins, and not again on each of its pages."""
    book = finished(volume)
    heads = [letters(book.reading(element)) for element in book.elements if str(element.S) == "/THead"]
    heard = [(page, mark) for _, page, mark in spoken(book)]
    assert len(heard) == len(set(heard))
    for index in range(len(book)):
        silent = [words for mark, words in marked(book, index).items() if (index, mark) not in heard]
        edges = [edge(book, index, foot=foot) for foot in (False, True)] if index else []
        silence = letters("".join(silent))
        assert silence.removesuffix(letters("".join(edges))) in ("", *heads), book.labels[index]


@every_book
def test_the_tag_tree_is_in_the_order_of_the_pages(finished: Finished, volume: str) -> None:
    pages = [page for _, page, _ in spoken(finished(volume))]
    assert pages == sorted(pages)


@pytest.mark.parametrize("volume", ["every-construct", SAMPLE])
def test_the_running_text_of_all_cases_is_heard_in_the_order_of_its_sources(finished: Finished, volume: str) -> None:
    book = finished(volume)
    heard = letters("".join(marked(book, page).get(mark, "") for _, page, mark in spoken(book)))
    chapters = [source_of(volume) / name / "case.md" for _, name in sorted(openers(book).items())]
    written = [words for file in chapters if file.exists() for words in stretches(file.read_text("utf-8"))]
    assert len(written) > 10
    at = 0
    for words in written:
        at = heard.index(words, at) + len(words)


def stretches(text: str) -> list[str]:
    """Give the letters of the stretches of a case's running text that hold nothing but words."""
    blocks = text.partition("\n---\n")[2].split("\n\n")
    running = "\n\n".join(
        re.sub(r"{[^}]*}", "|", block) for block in blocks if not block.startswith(("```", "|", "{", "[^", "*[", ":::"))
    )
    return [letters(words) for words in re.findall(r"[^\[\](){}*_`|<>#@^\n]{40,}", running)]
