"""The print edition through other eyes: poppler, pdfium and Ghostscript see what the screen edition shows."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image, ImageChops, ImageFilter

from compendium.preflight.prepress import rules
from compendium.preflight.prepress.ghostscript import look

from .conftest import Desk
from .inspector import Inspector

Word = tuple[str, float, float]
"""A word, and where it begins: points from the upper left of the trimmed page."""
_NEAR = 0.6
"""Points: poppler rounds the boxes of signs to hundredths of their size, after scaling."""


@pytest.fixture(scope="module")
def screen(finished: Callable[[str], Inspector]) -> Inspector:
    return finished("every-construct")


@pytest.fixture(scope="module")
def press(pressed: Desk) -> Inspector:
    return Inspector(press_file(pressed).read_bytes())


def press_file(pressed: Desk) -> Path:
    return pressed.file.with_name(f"{pressed.volume}-print.pdf")


@pytest.fixture(scope="module")
def pairs(screen: Inspector, press: Inspector) -> list[tuple[int, int]]:
    """Give the pages inside the cover that have words, by their labels: the index on the screen, and in print."""
    return [(screen.labels.index(label), n) for n, label in enumerate(press.labels) if press.texts[n]]


def corner(book: Inspector, page: int) -> tuple[float, float]:
    """Give the upper left of the trimmed page, from that of all that there is."""
    trim, media = book.pike.pages[page].trimbox, book.pike.pages[page].mediabox
    return float(trim[0]) - float(media[0]), float(media[3]) - float(trim[3])


# --- Where words stand ---


def poppler_words(book: Inspector, folder: Path) -> list[list[Word]]:
    file, told = folder / "book.pdf", folder / "words.html"
    file.write_bytes(book.content)
    subprocess.run(["pdftotext", "-bbox", file, told], check=True)
    pages = told.read_text("utf-8").split("<page ")[1:]
    return [list(_words(page, *corner(book, number))) for number, page in enumerate(pages)]


def _words(page: str, left: float, top: float) -> Iterator[Word]:
    for x, y, text in re.findall(r'<word xMin="(\S+)" yMin="(\S+)" .*?>(.*?)</word>', page):
        yield unescape(text), float(x) - left, float(y) - top


def pdfium_signs(book: Inspector, page: int) -> list[Word]:
    text: Any = book.pdfium[page].get_textpage()
    trim = [float(side) for side in book.pike.pages[page].trimbox]
    boxes = (text.get_charbox(n) for n in range(text.count_chars()))
    signs = zip(text.get_text_range(), boxes, strict=False)
    return [(sign, box[0] - trim[0], trim[3] - box[3]) for sign, box in signs if not sign.isspace()]


def apart(one: list[Word], other: list[Word]) -> list[tuple[Word, Word]]:
    """Give the words that are not the same, or do not stand at the same place."""
    assert [text for text, _, _ in one] == [text for text, _, _ in other]
    pairs = zip(one, other, strict=True)
    return [(a, b) for a, b in pairs if max(abs(a[1] - b[1]), abs(a[2] - b[2])) > _NEAR]


def test_poppler_reads_every_word_of_the_screen_edition_at_the_same_place_of_the_printed_page(
    screen: Inspector, press: Inspector, pairs: list[tuple[int, int]], tmp_path: Path
) -> None:
    shown, printed = poppler_words(screen, tmp_path), poppler_words(press, tmp_path)
    assert sum(len(printed[n]) for _, n in pairs) > 2000
    assert [apart(shown[m], printed[n]) for m, n in pairs if apart(shown[m], printed[n])] == []


def test_pdfium_reads_every_sign_of_the_screen_edition_at_the_same_place_of_the_printed_page(
    screen: Inspector, press: Inspector, pairs: list[tuple[int, int]]
) -> None:
    for m, n in pairs:
        assert apart(pdfium_signs(screen, m), pdfium_signs(press, n)) == [], press.labels[n]


# --- What pages look like ---


def dark(book: Inspector, page: int) -> Image.Image:
    """Draw a trimmed page, two pixels to a point, and give where it is dark."""
    (left, top), trim = corner(book, page), [float(side) for side in book.pike.pages[page].trimbox]
    shown = book.pdfium[page].render(scale=2, grayscale=True).to_pil().convert("L")
    size = round(2 * (trim[2] - trim[0])), round(2 * (trim[3] - trim[1]))
    corners = round(2 * left), round(2 * top), round(2 * left) + size[0], round(2 * top) + size[1]
    return cast("Image.Image", shown.crop(corners).point(lambda level: 255 if level < 128 else 0))


def test_pdfium_draws_the_printed_page_as_that_of_the_screen(
    screen: Inspector, press: Inspector, pairs: list[tuple[int, int]]
) -> None:
    for m, n in pairs:
        shown, printed = dark(screen, m), dark(press, n)
        for one, other in ((shown, printed), (printed, shown)):
            lost = ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(3)))
            assert lost.histogram()[255] < 0.001 * one.width * one.height, press.labels[n]


def test_ghostscript_draws_marks_of_all_plates_outside_the_bleed_and_nothing_else(press: Inspector) -> None:
    def outside(page: int, drawn: Image.Image) -> set[tuple[int, ...]]:
        bleed, media = press.pike.pages[page].bleedbox, press.pike.pages[page].mediabox
        left, top = float(bleed[0]) - float(media[0]), float(media[3]) - float(bleed[3])
        right, bottom = float(bleed[2]) - float(media[0]), float(media[3]) - float(bleed[1])
        drawn.paste((0, 0, 0, 0), (int(left), int(top), int(right) + 1, int(bottom) + 1))
        return {colour for _, colour in drawn.getcolors(drawn.width * drawn.height)}  # type: ignore[misc, union-attr]  # no more than there are

    for colours in look(press.content, range(len(press)), 72, outside):
        assert len(colours) > 1
        assert {len(set(colour)) for colour in colours} == {1}


# --- The gate on a whole print edition ---


def test_the_gate_of_the_press_has_looked_at_the_whole_edition(pressed: Desk) -> None:
    report = json.loads((pressed.file.parent / "reports" / "print.json").read_text("utf-8"))
    assert report["passed"] and report["claims"] == ["PDF/X-4 (ISO 15930-7)"]
    rules_held = {rule["rule"]: rule for rule in report["rules"]}
    assert set(rules_held) >= set(rules.RULES)
    found = [finding for rule in rules_held.values() for finding in rule["findings"]]
    assert {finding["what"] for finding in found} == {
        "alpha/opener.jpg (1000 × 420 pixels) has 166 pixels per inch here; 250 are asked.",
        "beta/bridge.png (800 × 400 pixels) has 178 pixels per inch here; 250 are asked.",
    }
