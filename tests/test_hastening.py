"""What makes the engine faster changes nothing of what it prints: the first time, and when it remembers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest

from compendium.chapters import Chapter, Printed
from compendium.printing import Typesetter, hastening

from .conftest import FONTS
from .test_proofing import DOT, SHEET

WORDS = "The reformed child benefits were to reach more children, and office-bound 300 of the administration’s ABC."
RULES = (
    *("", "font-style: italic", "font-weight: 700", "font-size: 8pt", "font-kerning: none"),
    *("font-family: 'Source Sans 3'", "font-variant-caps: small-caps", "font-variant-numeric: oldstyle-nums"),
    *("font-variant-position: super", "font-variant-ligatures: none", "font-feature-settings: 'onum'"),
    *("text-decoration: underline", "direction: rtl", "letter-spacing: 1pt", "word-spacing: 4pt"),
    *("white-space: pre", "white-space: pre-wrap", "white-space: pre-wrap; tab-size: 3", "word-break: break-all"),
    *("hyphens: auto", "hyphens: auto; hyphenate-character: '='", "hyphens: auto; hyphenate-limit-chars: 12 6 6"),
    *("hyphens: auto; hyphenate-limit-zone: 60%", "width: 20pt", "width: 20pt; overflow-wrap: anywhere"),
    *("width: 50%", "text-align: justify", "line-height: 2", "margin-inline-start: 9pt", "margin-left: auto"),
    *("max-width: 60pt", "padding: 5%; width: 3em", "box-sizing: border-box; padding: 3pt; width: 90pt"),
    *("border: 1pt solid; border-inline-end-width: 4pt", "width: calc(20% + 9pt)", "margin: 0 -5pt; min-height: 50%"),
    *("background: #eee", "background: linear-gradient(red, blue)", "border-radius: 5% 2pt; border: 1pt solid"),
    *("box-shadow: 1pt 1pt red", "border: 4pt solid; border-image: linear-gradient(red, blue) 9", "visibility: hidden"),
    *("position: relative; left: 3pt; border: 1pt solid", "float: right; width: 9pt"),
)
"""One for each thing that a remembered line, face or edge must not be taken for another one's."""
GERMAN = f'<p style="hyphens: auto" lang="de">{WORDS} \t Ende</p>'
STYLED = "".join(f'<p style="{rule}">{WORDS} \t Ende</p>' for rule in RULES) + GERMAN
NOTES = f'<p>{WORDS}<span class="note">{WORDS}</span></p>' * 3
ITEMS = "".join(f"<li>{WORDS[n:]}</li>" for n in range(0, 60, 4))
CELLS = "".join(f"<tr><th>{a}</th><td>{b}</td><td>{a} {b}</td></tr>" for a, b in pairwise(WORDS.split()))
CSS = """
p { width: 70pt }
ul { columns: 2; hyphens: auto } li::before { content: "– " counter(page) } div { display: flex } b { width: 40% }
b::after { content: " ‡"; font-size: 70% } table { width: 80%; margin: 0 10% } td { padding: 2% }
p::first-line { color: red }
"""
TABLES = f"<table>{CELLS}</table><table style='border-collapse: separate'>{CELLS}</table>"
FLEXES = f"<div><b>{WORDS}</b><i>{WORDS}</i><img src='dot.svg' alt='A dot'></div>"
TEXTS = "".join(f'<text y="{n * 9}" font-size="{n}" font-weight="{n}00">{WORDS}</text>' for n in range(4, 9))
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg" width="180" height="90">{TEXTS}</svg>'
BENT = """
@page wide { size: 400pt 300pt } .wide { page: wide } .scrolled { overflow: scroll }
h3::before { content: leader('.') "at the end" } .hung { margin-left: -40pt } h4 { font-size: 0.2pt; font-weight: 400 }
"""
"""What the engine sets in styles by what stands in a document; and letters so small that their widths are rough."""
SIZED = "html { font-size: 4vw }"
"""What is computed from the size of a page."""
BODY = f"<h2>{WORDS}</h2>{STYLED}<ul>{ITEMS}</ul>{NOTES}{TABLES}{FLEXES}{DRAWN}"


@pytest.fixture
def unhastened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the engine as it comes, but for what is no matter of haste."""
    for home, name, mended in hastening.MENDS:
        monkeypatch.setattr(home, name, mended.__wrapped__)


def printed(sheet: str, bodies: Iterable[str]) -> list[Printed]:
    """Print documents that follow each other in the same clothes."""
    setter = Typesetter({"test.css": (SHEET + sheet).encode()}, ("test.css",), FONTS)
    texts = (f'<html lang="en"><head><title>A</title></head>{body}</body></html>' for body in bodies)
    return [setter.print(Chapter("one", "body", "next", text, {"dot.svg": DOT}, "case.md"), "recto") for text in texts]


def all_printed() -> list[list[Printed]]:
    """Print all rules, and again, when every style, line and text is known; then what bends the styles of others."""
    some = f"<p>{WORDS}<span class='note'>{WORDS}</span></p><p class='hung'>{WORDS}</p><h3>{WORDS}</h3>"
    bent = [
        f"<body class='{name}'>{small}{some}" for name in ("wide", "scrolled", "") for small in ("", f"<h4>{WORDS}")
    ]
    return [printed(CSS, [f"<body>{BODY}"] * 2), printed(BENT, bent * 2), printed(SIZED + BENT, bent[::4] * 2)]


@pytest.fixture(scope="module")
def hastened() -> list[list[Printed]]:
    """Print with all that is remembered."""
    return all_printed()


def test_what_is_remembered_changes_no_byte(hastened: list[list[Printed]], unhastened: None) -> None:
    assert hastened == all_printed()
