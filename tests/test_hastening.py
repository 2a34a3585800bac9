"""What makes the engine faster changes nothing of what it prints: the first time, and when it remembers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compendium.chapters import Printed
from compendium.printing import hastening

from .test_proofing import printed

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
BODY = f"<h2>{WORDS}</h2>{STYLED}<ul>{ITEMS}</ul>{NOTES}{TABLES}{FLEXES}{DRAWN}"


@pytest.fixture
def unhastened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the engine as it comes, but for what is no matter of haste."""
    for home, name, mended in hastening.MENDS:
        monkeypatch.setattr(home, name, mended.__wrapped__)


@pytest.fixture(scope="module")
def hastened() -> list[Printed]:
    """Print all rules in a row, and again, when every line is known."""
    return [printed(BODY, CSS), printed(BODY, CSS)]


def test_what_is_remembered_changes_no_byte(hastened: list[Printed], unhastened: None) -> None:
    assert hastened == [printed(BODY, CSS)] * 2
