"""The page gate: what it says of pages that are wrong, that it is silent once they are cured, and where it points."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from compendium import proofing
from compendium.chapters import Chapter, Printed
from compendium.pages import unpacked
from compendium.printing import Typesetter
from compendium.proofing import breaks
from compendium.proofing.galley import Finding, Galley
from compendium.prose import Setting, html
from compendium.reading import markup

from .conftest import FONTS, PROJECT, Desk

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
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
TYPESETTER = Typesetter({"test.css": SHEET.encode()}, ("test.css",), FONTS)


def printed(body: str, css: str = "") -> Printed:
    """Print a chapter of one body."""
    page = f'<html lang="en"><head><title>A</title><style>{css}</style></head><body>{body}</body></html>'
    return TYPESETTER.print(Chapter("one", "body", "next", page, {"dot.svg": DOT}, "case.md"), "recto")


def found(body: str, css: str = "", rules: tuple[proofing.Rule, ...] = proofing.RULES) -> list[Finding]:
    """Give all that the rules find on its pages."""
    galley = Galley(unpacked(printed(body, css).record))
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
FLAT = "<style>.note::footnote-call { line-height: 0 }</style>"
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
    "text upon text": (
        text(4) + f'<div style="position: absolute; top: 2pt">{text(1, name="other")}</div>',
        text(4) + f'<div style="position: absolute; top: 70pt">{text(1, name="other")}</div>',
        'stands upon "wordabcdefghijklmnopqrst00"',
    ),
    "a full page off the grid": (
        text(4) + '<div style="height: 3pt"></div>' + text(8),
        text(4) + '<div style="height: 16pt"></div>' + text(8),
        "stands 3.0 points off that of the facing page",
    ),
    "a loose justified line": (
        '<p style="text-align: justify">one two threefourfivesixseveneightnineten and so on and on</p>',
        '<p style="text-align: justify">one two three four five six seven eight nine ten and so on and on</p>',
        "times as wide as they should be",
    ),
    "a short line before a word that could be divided": (
        '<p style="width: 100pt; hyphens: auto; hyphenate-limit-zone: 60%">A word or internationalisation</p>',
        '<p style="width: 100pt; hyphens: auto; hyphenate-limit-zone: 8%">A word or internationalisation</p>',
        'though "internationalisation" would have fitted',
    ),
    "a short line before a word that fits": (
        '<p style="width: 110pt">A <span style="white-space: nowrap">word and nothing else</span></p>',
        '<p style="width: 110pt">A <span>word and nothing else</span></p>',
        'though "word" would have fitted',
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
    "a note of which two do not fit": (
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


ASIDE = '<p style="float: right; width: 80pt; height: 48pt">Aside</p>'
SILENT = {
    "lines beside a float": ASIDE + '<p style="hyphens: auto">Nobody thinks that internationalisation is</p>',
    "a heading above columns": text(8) + f'<h2>Sources</h2><div style="columns: 2">{"<p>One</p>" * 4}</div>',
    "a heading above a picture": text(8)
    + "<h2>Results</h2><img alt='' src='dot.svg' style='display: block'>"
    + text(3),
    "a heading with all its text": text(8) + "<h2>Results</h2><p>One.</p><h2>Next</h2>" + text(4),
    "a heading before a wished break": text(8) + '<h2>Results</h2><p>One.</p><p class="next">Two.</p>',
    "a paragraph of two lines": text(9) + text(2),
    "a long table with its head on every page": TABLE.format("<tr><td>Row</td></tr>" * 25),
    "hyphens of the engine": f'<p style="hyphens: auto">{"internationalisation " * 9}</p>',
    "hyphens of the author": f"<p>{'well-known-and-trusted ' * 9}</p>",
    "soft hyphens": f"<p>{'un&shy;be&shy;liev&shy;able ' * 19}</p>",
    "capitals": f'<p style="text-transform: uppercase">Straße {lines(3)}</p>',
    "broken lines": "<p>One<br>two<br>three</p>",
    "what stands apart": '<div style="position: relative; height: 16pt"><p style="position: absolute; left: -10pt; '
    'top: 70pt">Beside</p></div>' + text(3),
    "a page that a style begins": text(2) + '<p class="next">Two.</p>',
    "words made by the stylesheet": "<p>One</p><style>p::before { content: 'Made: ' }</style>",
    "white space that is kept": "<pre style='margin: 0; font: inherit'>  a\n\n   b  c</pre>",
    "nothing": "",
}


@pytest.mark.parametrize("setting", SILENT)
def test_of_what_is_well_set_nothing_is_said(setting: str) -> None:
    assert found(SILENT[setting]) == []


def test_the_record_travels_to_other_processes_and_is_the_same_every_time() -> None:
    body = text(12) + TABLE.format("<tr><td>Row</td></tr>" * 9) + f"<p>Called.{NOTE}</p>"
    once, again = printed(body).record, printed(body).record
    assert pickle.loads(pickle.dumps(once)) == once == again
    assert [(page.width, page.height) for page in unpacked(once).pages] == [(220, 200)] * 3


# --- With other eyes ---

PIECES = st.lists(st.tuples(st.sampled_from(["p", "h2", "li", "td"]), st.integers(1, 7)), min_size=1, max_size=9)


def body_of(pieces: list[tuple[str, int]]) -> str:
    """Set pieces of so many lines; a heading has one. Every line begins with a sign of its own: §3.0§."""
    made = {"li": "<ul><li>{}</li></ul>", "td": "<table><tbody><tr><td>{}</td></tr></tbody></table>"}
    body = ""
    for n, (kind, count) in enumerate(pieces):
        words = " ".join(f"§{n}.{m}§abcdefghijklmnopqrst" for m in range(1 if kind == "h2" else count))
        body += made.get(kind, f"<{kind}>{{}}</{kind}>").format(words)
    return body


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_single_lines_and_parted_headings_are_those_that_another_reader_sees(pieces: list[tuple[str, int]]) -> None:
    """Count the lines of every page in the PDF itself, and look for single ones by force."""
    one = printed(body_of(pieces))
    texts = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(one.pdf)]
    pages = [[int(n) for n in re.findall(r"§(\d+)\.\d+§", words)] for words in texts]
    single: set[tuple[str, int]] = set()
    parted: set[int] = set()
    for before, after in pairwise(pages):
        broken = before[-1]
        if after[0] == broken and pieces[broken][1] >= 3:
            single |= {("foot", broken)} if before.count(broken) == 1 else set()
            single |= {("head", broken)} if after.count(broken) == 1 else set()
        heads = [n for n, piece in enumerate(before) if pieces[piece][0] == "h2"]
        below = len(before) - heads[-1] - 1 if heads else 2
        if below == 0 or (below == 1 and pieces[after[0]][0] != "h2"):
            parted.add(before[_first(heads)])
    galley = Galley(unpacked(one.record))
    said = {(found.what, number(galley, found)) for found in breaks.widows_and_orphans(galley)}
    assert {("foot" if "at the foot" in what else "head", piece) for what, piece in said} == single
    assert {number(galley, found) for found in breaks.headings_at_the_foot(galley)} == parted


def number(galley: Galley, finding: Finding) -> int:
    """Give the number of the piece in which something was found."""
    return int(galley.blocks[finding.block].source[1:].partition(".")[0])


def _first(heads: list[int]) -> int:
    """Give the first of the headings that stand one below the other at the end."""
    first = heads[-1]
    while first - 1 in heads:
        first -= 1
    return first


# --- In a book ---


LAST = "Nobody believed it until the tide had gone out twice."


@pytest.fixture
def harbour(desk: Callable[[str], Desk]) -> Desk:
    """Give a desk with the smallest book, to be ended otherwise."""
    return desk("minimal")


def test_a_paragraph_that_is_not_printed_fails_the_build_at_its_line(
    harbour: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    sheet = harbour.root / "styles" / "text.css"
    sheet.write_text(sheet.read_text("utf-8") + "\n.keep-together { display: none }\n", "utf-8")
    line = end(harbour, f'{{keep="together"}}\n{LAST}')
    assert harbour.build() == 1
    said = capfd.readouterr().err
    assert f"cases/minimal/harbour/case.md:{line + 1}:1: Page " in said
    assert '(harbour): "nobody believed it until the tide had …" is in the text and not on the page.' in said
    assert not harbour.file.exists()


def test_a_remark_is_said_and_stops_nothing(harbour: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    end(harbour, f'{{place="next page"}}\n{LAST}')
    assert harbour.build() == 0
    assert "(harbour): the last page of the case has " in capfd.readouterr().err
    assert harbour.file.exists()


def test_a_hint_that_makes_a_hole_is_said_at_the_hint(harbour: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    line = end(harbour, f'{{place="next page"}}\nShort.\n\n{{place="next page"}}\n{LAST}')
    assert harbour.build() == 0
    said = capfd.readouterr().err
    assert f"cases/minimal/harbour/case.md:{line + 4}:1: Page " in said
    assert 'per cent of the page stay empty, because of a hint. Take {place="next page"} out' in said


def end(work: Desk, words: str) -> int:
    """Write words at the end of the case; give the line on which they begin."""
    file = work.folder / "harbour" / "case.md"
    text = file.read_text("utf-8").rstrip() + "\n\n"
    file.write_text(text + words + "\n", "utf-8")
    return text.count("\n") + 1


BLOCKS = {
    "paragraph": "Words.",
    "heading": "### Heading",
    "list": "- one\n- two",
    "numbered list": "1. one\n2. two",
    "box": "::: box Title\nWords.\n:::",
    "pull quote": "::: quote\nWords.\n:::",
    "quotation": "> Words.",
    "code": "```\nwords\n```",
    "table": "| a | b |\n|---|---|\n| 1 | 2 |",
    "picture": '![alt](p.jpg){#id caption="c" credit="d"}',
}
HINTS = {"place": "next page", "keep": "with next", "set": "tighter"}


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("key", HINTS)
def test_a_hint_stands_above_every_kind_of_block(block: str, key: str) -> None:
    hinted = f'Before.\n\n{{{key}="{HINTS[key]}"}}\n{BLOCKS[block]}\n\nAfter.'
    nodes = markup.parse(hinted, 1, ("“", "”", "‘", "’")).blocks
    words = {"source_before": "Source: ", "credit_before": "Picture: "}
    text = html(nodes, Setting("one", words, lambda _: Markup("1")))
    name = f"{key}-{HINTS[key].replace(' ', '-')}"
    assert re.match(rf'<p>Before.</p><\w+[^>]* class="(?:[\w-]+ )*{name}"', text), text


def test_a_hint_stands_above_the_heading_of_a_section(harbour: Desk) -> None:
    assert harbour.build("--quiet") == 0
    (page,) = harbour.pdf().find("40 boatloads")
    harbour.change("harbour/case.md", "## Story", '{place="next page"}\n## Story')
    assert harbour.build("--quiet") == 0
    assert harbour.pdf().find("40 boatloads") == [str(int(page) + 1)]


@pytest.mark.parametrize(("hint", "change"), [("tighter", -1), ("looser", 1)])
def test_a_text_set_tighter_or_looser_becomes_a_line_shorter_or_longer(hint: str, change: int) -> None:
    rule = re.search(rf"\.set-{hint} {{.*?}}", (PROJECT / "styles" / "text.css").read_text("utf-8"))
    assert rule
    words = "The people of the valley measured the water every morning with a stick that somebody had marked. " * 3

    def count(length: int, name: str) -> int:
        return len(unpacked(printed(f'<p class="{name}">{words[:length]}</p>', rule[0]).record).pages[0].lines)

    changes = {count(length, f"set-{hint}") - count(length, "") for length in range(len(words) - 40, len(words))}
    assert changes == {0, change}
