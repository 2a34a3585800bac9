"""The book as one HTML document with one stylesheet, for engines that print a book in one piece.

The words, tables and figures are the composed chapters' own. What is a plain number in a chapter is left to the
engine (`target-counter`); numbers run from the cover to the end. On which side a caption stands is told: our chapters
find it out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from compendium.chapters import Chapter
from compendium.model import Design
from tests.conftest import shown

_PAGE_NUMBERS = """
.opens-recto { break-before: recto; }
.opens-verso { break-before: verso; }
.opens-next { break-before: page; }
a.line::after { content: target-counter(attr(href url), page); width: 12mm; text-align: right; }
a.reference::after { content: " (page " target-counter(attr(href url), page) ")"; }
a.folio::before { content: target-counter(attr(href url), page); }
"""
_SIDES = """
main.verso .beside { right: auto; left: var(--outside); }
.case .section.sources.verso { margin-left: var(--outside); }
.case .opener + .section + .section.sources.verso { margin-left: 0; }
.case .opener + .section + .section + .section.sources.verso { margin-left: 0; }
.quote.verso { float: left; margin: 4pt 0 0 var(--outside); }
figure.verso > figcaption, .table.verso caption { left: var(--outside); }
"""


def write(chapters: Sequence[Chapter], design: Design, sheets: Sequence[str], folder: Path) -> Path:
    """Write `book.html`, `book.css` and the pictures into a folder; give the first."""
    for chapter in chapters:
        for name, content in shown(chapter).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    (folder / "book.css").write_text(stylesheet(design, sheets), "utf-8")
    head = '<meta charset="utf-8"><title>Book</title><link rel="stylesheet" href="book.css">'
    body = "\n".join(map(_part, chapters))
    book = folder / "book.html"
    book.write_text(f'<!doctype html><html lang="en-GB"><head>{head}</head><body>\n{body}\n</body></html>', "utf-8")
    return book


def _part(chapter: Chapter) -> str:
    """Give a chapter as a piece of the one document."""
    of_part = re.search(r'<html [^>]*class="([^"]*)"', chapter.html)
    classes, said, inside = re.findall(r'(?s)<body class="([^"]*)"([^>]*)>(.*)</body>', chapter.html)[0]
    classes = f"{classes} opens-{chapter.opens} {of_part[1] if of_part else ''}".strip()
    return f'<div class="body {classes}"{said}>{_without_numbers(inside)}</div>'


def _without_numbers(html: str) -> str:
    """Take out the numbers of pages: the engine finds them."""
    number = r"<span data-page=[^>]*>[^<]*</span>"
    html = re.sub(rf' ?<span class="page">[^<]*{number}[^<]*</span>', "", html)
    return re.sub(rf'<a (href="#[^"]+"[^>]*)>(?:{number}–?)+', r'<a class="folio" \1>', html)


def stylesheet(design: Design, sheets: Sequence[str]) -> str:
    """Give all sheets as one, in the order of their layers: without layers, and without variables in page rules,
    which not every engine knows."""
    text = "\n".join(_imported(design, sheet) for sheet in sheets)
    text = re.sub(r"(?s)/\*.*?\*/|@layer [^;{]*;|@import [^;]*;", "", text)
    lengths = dict(reversed(re.findall(r"(--[\w-]+):\s*([^;]+);", text)))  # the first says what holds for the root
    text = re.sub(r"\bbody(?=[.: ])", ".body", text)
    text = re.sub(r"(?m)^([^@{}\n]*:is\([^{]*)\{", lambda found: _plain(found[1]) + "{", text)
    rules = re.split(r"(?m)^(?=[@.:\w*])", text)
    rules = [_page_rule(rule, lengths) if rule.startswith("@page") else rule for rule in rules]
    return "".join([*rules, _SIDES, _PAGE_NUMBERS])


def _plain(selector: str) -> str:
    """Write alternatives out, which not every engine understands: `a:is(.b, .c)` is `a.b, a.c`."""
    found = re.search(r":is\(([^)]*)\)", selector)
    if not found:
        return selector
    before, after = selector[: found.start()], selector[found.end() :]
    return ", ".join(_plain(f"{before}{one.strip()}{after}") for one in found[1].split(","))


def _imported(design: Design, sheet: str) -> str:
    text = design.text(sheet)
    names = re.findall(r'@import "([^"]+)"', text)
    return "\n".join([*(design.text(f"styles/{name}") for name in names), text])


def _page_rule(rule: str, lengths: dict[str, str]) -> str:
    """Put values in the place of variables, sums in that of calculations, and give each page a rule of its own; pages
    that are made elsewhere, of lengths known only there, are none of this book."""
    while names := re.findall(r"var\((--[\w-]+)\)", rule):
        if not lengths.keys() >= {*names}:
            return ""
        rule = re.sub(r"var\((--[\w-]+)\)", lambda found: lengths[found[1]], rule)
    rule = re.sub(r"calc\(([\dm. +]+)\)", lambda found: f"{_sum(found[1]):g}mm", rule)
    pages, brace, inside = rule.removeprefix("@page").partition("{")
    return "".join(f"@page {page.strip()} {brace}{inside}" for page in pages.split(","))


def _sum(lengths: str) -> float:
    return sum(float(length.removesuffix("mm")) for length in lengths.split(" + "))
