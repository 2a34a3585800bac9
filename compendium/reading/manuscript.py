"""The lines of a Markdown text, looked at beside what the parser made of them.

Markdown never complains: it prints what it does not understand, pads short rows, and lets a box run to the end of
the text. What it would swallow or print raw is said here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from compendium.errors import counted, did_you_mean

CONTAINERS = ("box", "quote")
_OPENER = re.compile(r":{3,}[ \t]*([\w-]*)")
_DELIMITERS = re.compile(r"[-:| \t]*-[-:| \t]*")
_SLIPPED = re.compile(r"\{(?=\s*(?:[#.][\w-]|[\w-]+\s*=))")
_PIPE = re.compile(r"(?<!\\)\|")


class Slip(NamedTuple):
    """What is wrong at a line and column of the text (from 1), and the cure."""

    line: int
    column: int
    what: str
    cure: str


class Unclosed(NamedTuple):
    """A box, a quote or a fence that is never closed: where it opens, and the empty line that might close it."""

    slip: Slip
    closer: str
    close_at: int | None


def unclosed(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Unclosed]:
    """Find what is opened and never closed."""
    open_boxes: list[Token] = []
    for token in tokens:
        if token.type == "fence" and token.map and _runs_on(token, lines, *token.map):
            yield _unclosed(token, lines, "block of code" if token.info.strip() != "chart" else "chart")
        elif token.type.startswith("container_") and token.nesting == 1:
            open_boxes.append(token)
        elif token.type.startswith("container_") and token.nesting == -1:
            box = open_boxes.pop()
            shares_end = bool(open_boxes and box.map and open_boxes[-1].map and box.map[1] == open_boxes[-1].map[1])
            if not shares_end and box.map and not _closes(box, lines, box.map[1]):
                yield _unclosed(box, lines, box.type.removeprefix("container_").removesuffix("_open"))
            elif shares_end:
                outer = open_boxes[-1]
                yield _unclosed(outer, lines, outer.type.removeprefix("container_").removesuffix("_open"))


def _runs_on(token: Token, lines: Sequence[str], first: int, end: int) -> bool:
    """Tell whether a fence is never closed, or by the end of another that begins in it."""
    opens = re.compile(re.escape(token.markup) + r" ?\w")
    return not _closes(token, lines, end - 1) or any(opens.match(line.strip(" >")) for line in lines[first + 1 : end])


def _closes(token: Token, lines: Sequence[str], at: int) -> bool:
    inside = lines[at].strip(" \t>") if at < len(lines) else ""
    begins = token.map[0] if token.map else at
    return at > begins and set(inside) == {token.markup[0]} and len(inside) >= 3


def _unclosed(token: Token, lines: Sequence[str], what: str) -> Unclosed:
    """Say where it opens, and guess where it was meant to end: a chart at the first empty line, others before the
    next heading or the next box."""
    start = token.map[0] if token.map else 0
    closer = token.markup[0] * max(3, len(token.markup))
    empty = [n for n in range(start + 1, len(lines)) if not lines[n].strip()]
    if what != "chart":
        follows = (n for n in range(start + 1, len(lines)) if re.match(r"#{1,6} |:{3,} *\w|```+ *\w", lines[n]))
        before = next(follows, len(lines))
        empty = [n for n in empty if n < before][::-1]
    column = _column(lines, start, closer[0])
    slip = Slip(start + 1, column, f"The {what} is never closed.", f"Write a line {closer} below it.")
    return Unclosed(slip, closer, empty[0] if empty else None)


def _column(lines: Sequence[str], line: int, sign: str) -> int:
    return max(lines[line].find(sign), 0) + 1


def slips(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Slip]:
    """Find what would be printed raw or padded in silence."""
    strange, in_table, headless = 0, False, headless_tables(tokens, lines)
    for token in tokens:
        if token.type in ("table_open", "table_close"):
            in_table = token.nesting == 1
        if token.type == "table_open" and token.map:
            yield from _rows(token.map, lines)
        elif token.type == "inline" and token.map and token.map[0] in headless:
            yield Slip(token.map[0] + 1, _column(lines, token.map[0], "|"), *_no_head(lines, *token.map))
        elif token.type == "inline" and not in_table:
            found, strange = _raw(token, lines, strange)
            yield from found


def notes_twice(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Slip]:
    """Find the notes whose label another has already: only one of them would be printed."""
    labels: set[str] = set()
    for token in tokens:
        if token.type == "footnote_reference_open" and token.map:
            label, line = str(token.meta["label"]), token.map[0]
            if label in labels:
                column = lines[line].find("[^") + 3
                yield Slip(line + 1, column, f'The note "{label}" is written twice.', "Give one another label.")
            labels.add(label)


def headless_tables(tokens: Sequence[Token], lines: Sequence[str]) -> set[int]:
    """Find the paragraphs that were meant as tables: the numbers of their first lines, from 0."""
    paragraphs = (token.map[0] for token in tokens if token.type == "paragraph_open" and token.map)
    stripped = ((first, lines[first].strip(" \t>")) for first in paragraphs)
    return {first for first, line in stripped if line.startswith("|") and line.count("|") > 1}


def _rows(span: list[int], lines: Sequence[str]) -> Iterator[Slip]:
    """Hold the rows of a table against its head."""
    head = _cells(lines[span[0]])
    if not any(head):
        yield Slip(span[0] + 1, _column(lines, span[0], "|"), "The table has no head.", "Name its columns.")
    for n in range(span[0] + 2, min(span[1], len(lines))):
        row = _cells(lines[n])
        if len(row) != len(head):
            what = f"This row has {counted(len(row), 'cell')}, the head has {len(head)}."
            cure = "Part all cells by bars, empty ones too; leave an empty line below the table."
            yield Slip(n + 1, len(lines[n]) - len(lines[n].lstrip(" >")) + 1, what, cure)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _PIPE.split(line.strip(" \t>").removeprefix("|").removesuffix("|"))]


def _raw(token: Token, lines: Sequence[str], strange: int) -> tuple[list[Slip], int]:
    """Find unknown boxes and slipped attributes in a paragraph.

    `strange` counts the unknown boxes that are open: the line that closes one is not a second fault.
    """
    found: list[Slip] = []
    first, last = token.map or (0, 0)
    texts = "".join(child.content for child in token.children or [] if child.type == "text")
    for n in range(first, min(last, len(lines))):
        line = lines[n].strip(" \t>")
        if opener := _OPENER.match(line):
            if opener[1] and opener[1] not in CONTAINERS:
                strange += 1
                cure = did_you_mean(opener[1], CONTAINERS)
                column = lines[n].find(opener[1], _column(lines, n, ":")) + 1
                found.append(Slip(n + 1, column, f'There is no "::: {opener[1]}".', cure))
            elif not opener[1] and strange:
                strange -= 1
            elif not opener[1]:
                what = "Nothing is open that ::: could close."
                found.append(Slip(n + 1, _column(lines, n, ":"), what, "Take it out."))
    if "{" in texts and (slip := _SLIPPED.search(texts)):
        found.append(_slipped(lines, first, last, slip[0], texts[slip.start() : slip.start() + 8]))
    return found, strange


def _no_head(lines: Sequence[str], first: int, last: int) -> tuple[str, str]:
    rule = lines[first + 1].strip(" \t>") if first + 1 < last else ""
    head = len(_cells(lines[first]))
    if _DELIMITERS.fullmatch(lines[first].strip(" \t>")):
        return "The table has no head.", "Name its columns in a line above this one."
    if _DELIMITERS.fullmatch(rule):
        what = f"The line below the head has {counted(len(_cells(rule)), 'cell')}, the head has {head}."
        return what, f"Write {'|---' * head}| there."
    return "The table has no head.", f"Write a line {'|---' * head}| below the names of its columns."


def _slipped(lines: Sequence[str], first: int, last: int, brace: str, words: str) -> Slip:
    """Find the brace in the source: the typographer may have changed the quotation marks behind it."""
    words = re.split("[\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\"'=]", words)[0]
    for n in range(first, min(last, len(lines))):
        if (at := lines[n].find(words)) >= 0:
            break
    else:
        n, at = first, 0
    cure = "Look for a missing quotation mark; {…} stands directly behind ] or ), or on a line of its own."
    return Slip(n + 1, at + 1, "This cannot be understood, and would be printed as it is.", cure)
