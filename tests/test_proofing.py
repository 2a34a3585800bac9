"""The page gate: what it says of pages that are wrong, that it is silent once they are cured, and where it points."""

from __future__ import annotations

import pytest

from compendium import proofing
from compendium.chapters import Chapter, Folio, Printed
from compendium.galley import Finding, Galley
from compendium.printing import Printer

# A page of ten lines of 180 points.
SHEET = """
@page { size: 220pt 200pt; margin: 20pt }
html { font: 10pt/16pt "Source Serif 4" }
body, p, h2, ul, table, figure { margin: 0; padding: 0; font-size: 10pt; font-weight: 400 }
p, li { orphans: 1; widows: 1 }
h2 { break-after: auto }
table { border-collapse: collapse; width: 100% } td, th { padding: 0 }
.next { break-before: page } .place-next-page { break-before: page }
.keep-together { break-inside: avoid } .keep-with-next { break-after: avoid }
.note { float: footnote; footnote-display: block }
"""
PRINTER = Printer({"test.css": SHEET.encode()}, ("test.css",), False)


def printed(body: str, css: str = "") -> Printed:
    """Print a chapter of one body."""
    page = f'<html lang="en"><head><title>A</title><style>{css}</style></head><body>{body}</body></html>'
    return PRINTER.print(Chapter("one", "body", False, page, {}, "cases/x/one/case.md"), Folio("body", 1))


def found(body: str, css: str = "", rules: tuple[proofing.Rule, ...] = proofing.RULES) -> list[Finding]:
    """Give all that the rules find on its pages."""
    galley = Galley(printed(body, css).record)
    return [finding for rule in rules for finding in rule(galley)]


def lines(number: int, name: str = "word") -> str:
    """Give words of which each fills a line: two do not fit, and one is long enough."""
    return " ".join(f"{name}{'abcdefghijklmnopqrst'[: 24 - len(name)]}{n:02}" for n in range(number))


def text(number: int, more: str = "", name: str = "word") -> str:
    return f"<p {more}>{lines(number, name)}</p>"


TABLE = "<table><thead><tr><th>Head</th></tr></thead><tbody>{}</tbody></table>"
PARTED = '<tr><td><div style="height: 20pt"></div><p style="break-before: page">Row</p></td></tr>'
FIGURE = '<figure id="f"><p>A caption</p></figure>'
MENTION = '<p><a href="#f">the figure</a></p>'
NOTE = '<span class="note">A note of the text.</span>'
LONG_NOTE = f'<span class="note">A note of the text {lines(4)}</span>'

FAULTS = {
    "an orphan": (
        text(9) + text(4),
        text(9) + text(4, 'class="keep-together"'),
        'the first line of "wordabcdefghijklmnopqrst00 …" stands alone at the foot of the page',
    ),
    "a widow": (
        text(8) + text(3) + text(3),
        text(8) + text(3, 'class="keep-together"') + text(3),
        'the last line of "wordabcdefghijklmnopqrst00 …" stands alone at the head of the page',
    ),
    "a list item alone": (
        text(9) + f"<ul><li>{lines(4)}</li></ul>",
        text(9) + f'<ul style="break-before: auto; break-inside: avoid"><li>{lines(4)}</li></ul>',
        "stands alone at the foot of the page",
    ),
    "a heading at the foot": (
        text(9) + "<h2>Results</h2>" + text(4),
        text(9) + '<h2 class="place-next-page">Results</h2>' + text(4),
        'the heading "Results" stands at the foot of the page',
    ),
    "a heading with one line below it": (
        text(8) + "<h2>Results</h2><p>One.</p>" + text(4),
        text(8) + '<h2 class="place-next-page">Results</h2><p>One.</p>' + text(4),
        'the heading "Results" stands at the foot of the page',
    ),
    "two headings at the foot": (
        text(8) + "<h2>Results</h2><h3 style='margin: 0; font-size: 10pt; break-after: auto'>First</h3>" + text(4),
        text(8) + "<h2 class='next'>Results</h2><h3 style='margin: 0; font-size: 10pt'>First</h3>" + text(4),
        'the heading "Results" stands at the foot of the page',
    ),
    "a table head without rows": (
        text(7) + TABLE.format(PARTED),
        text(6) + TABLE.format(PARTED).replace("page", "auto"),
        'the head of the table "Head" has no row below it',
    ),
    "a hole": (
        text(6) + f"<div class='keep-together'>{text(6)}</div>",
        text(4) + f"<div class='keep-together'>{text(6)}</div>" + text(3),
        "40 per cent of the page stay empty, because what follows does not fit",
    ),
    "a hole made by a hint": (
        text(6) + text(6, 'class="place-next-page"'),
        text(8) + text(6, 'class="place-next-page"'),
        "40 per cent of the page stay empty, because of a hint",
    ),
    "a loose justified line": (
        '<p style="text-align: justify">one two threefourfivesixseveneightnineten and so on and on</p>',
        '<p style="text-align: justify">one two three four five six seven eight nine ten and so on and on</p>',
        "times as wide as they should be",
    ),
    "a short line before a word that could be divided": (
        '<p style="width: 100pt; hyphens: auto; hyphenate-limit-zone: 60%">A word or internationalisation</p>',
        '<p style="width: 100pt; hyphens: auto; hyphenate-limit-zone: 8%">A word or internationalisation</p>',
        '"internationalisation" was not divided',
    ),
    "an overfull line": (
        f"<p>{'incomprehensible' * 4}</p>",
        f"<p>{'incomprehensible&shy;' * 4}</p>",
        "points too wide for its measure",
    ),
    "an overfull cell": (
        f"<table style='table-layout: fixed'><tr><td>{'incomprehensible' * 2}</td><td>a</td></tr></table>",
        f"<table style='table-layout: fixed'><tr><td>{'incomprehensible&shy;' * 2}</td><td>a</td></tr></table>",
        "points too wide for its cell",
    ),
    "a table that is too wide": (
        f"<table><tr>{'<td>incomprehensible</td>' * 3}</tr></table>",
        f"<table><tr>{'<td>incomprehensible</td>' * 2}</tr></table>",
        "points too wide",
    ),
    "text outside its box": (
        f'<div style="height: 32pt">{text(3)}</div><div style="height: 64pt"></div>',
        f'<div style="height: 48pt">{text(3)}</div><div style="height: 48pt"></div>',
        "stands outside the box that holds it",
    ),
    "text outside the page": (
        text(3) + '<p style="position: absolute; left: 190pt; top: 0">Lost</p>',
        text(3) + '<p style="position: absolute; left: 150pt; top: 0">Kept</p>',
        '"Lost" stands outside the page',
    ),
    "text below the text area": (
        f'<div style="display: inline-block">{text(11)}</div>',
        f'<div style="display: inline-block">{text(9)}</div>',
        "stands outside the text area",
    ),
    "a note on another page than its call": (
        f"<p>Called here.{LONG_NOTE} {lines(2)} {NOTE}</p>",
        f"<p>Called here.{NOTE} {lines(2)} {NOTE}</p>",
        "stands on another page than its call",
    ),
    "a figure far from its mention": (
        MENTION + text(25) + FIGURE,
        MENTION + text(12) + FIGURE,
        "a figure stands 2 pages after its first mention",
    ),
    "text that is hidden": (
        text(2) + '<p>Seen and <span style="display: none">not shown</span></p>',
        text(2) + "<p>Seen and <span>not shown</span></p>",
        '"not shown" is in the text and not on the page',
    ),
    "a paragraph that is hidden": (
        text(2) + '<p style="display: none">A paragraph</p>',
        text(2) + "<p>A paragraph</p>",
        '"a paragraph" is in the text and not on the page',
    ),
    "text that is invisible": (
        text(2) + '<p style="visibility: hidden">A paragraph</p>',
        text(2) + "<p>A paragraph</p>",
        '"a paragraph" is in the text and not on the page',
    ),
    "text that is cut off": (
        f'<div style="overflow: hidden; max-height: 32pt">{text(3)}</div>' + text(2),
        f'<div style="overflow: hidden; max-height: 48pt">{text(3)}</div>' + text(2),
        'wordabcdefghijklmnopqrst02" is in the text and not on the page',
    ),
    "a note that is lost": (
        text(2) + f"<p>Called.{NOTE}</p>" + "<style>.note { display: none; float: none }</style>",
        text(2) + f"<p>Called.{NOTE}</p>",
        'a note of the text." is in the text and not on the page',
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_said_and_nothing_else(fault: str) -> None:
    wrong, _, what = FAULTS[fault]
    said = found(wrong)
    assert [what in finding.what for finding in said] == [True], [finding.what for finding in said]


@pytest.mark.parametrize("fault", FAULTS)
def test_of_the_cured_twin_nothing_is_said(fault: str) -> None:
    assert found(FAULTS[fault][1]) == []
