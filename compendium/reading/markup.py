"""The Markdown of case files, read into located pieces (`model.Node`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from markdown_it.token import Token

from compendium.model import NOTHING, Node

from . import manuscript, syntax
from .manuscript import Slip

_NOTHING = Token("nothing", "", 0)
_SAME = {"footnote_ref": "note", "container_box": "box", "container_quote": "quote", "fence": "code"}
_TELLING = {"heading", "td", "th", "box", "code", "footnote_reference", "acronym"}
"""The kinds of pieces that have attributes of their own, whatever an author adds."""


class Parsed(NamedTuple):
    """The blocks of a text, its acronym definitions (kind `acronym`), and what is wrong with its form."""

    blocks: tuple[Node, ...]
    acronyms: tuple[Node, ...]
    slips: tuple[Slip, ...]


@lru_cache(maxsize=256)  # who watches reads every text again after each save, and one of them is new
def parse(text: str, first_line: int, quotes: tuple[str, ...]) -> Parsed:
    """Read a text.

    `first_line` is the line of the file on which `text` begins; `quotes` are the four quotation marks of its
    language. Notes hang, as children, on the place that calls them; calls without a note have no children.
    """
    tokens, lines, lost, slips = _tokens(text, quotes)
    tree = _Tree(lines, first_line, manuscript.headless_tables(tokens, lines))
    blocks = tree.grow(tokens)
    notes = {note.attrs["label"]: note for note in tree.notes}
    stray = [note._replace(kind="uncalled") for label, note in notes.items() if label not in tree.called]
    slips += [*manuscript.slips(tokens, lines), *lost, *manuscript.notes_twice(tokens, lines)]
    hung = _Hanging(notes)
    whole = tuple(map(hung.on, [*blocks, *stray])) if notes else tuple(blocks)
    slips += [slip._replace(line=slip.line - first_line + 1) for slip in hung.slips]
    return Parsed(
        whole,
        tuple(tree.acronyms),
        tuple(slip._replace(line=slip.line + first_line - 1) for slip in slips),
    )


def _tokens(text: str, quotes: tuple[str, ...]) -> tuple[list[Token], list[str], list[Slip], list[Slip]]:
    """Parse, and again with whatever was never closed closed, so that it does not swallow the rest of the text."""
    lines = text.split("\n")
    slips: dict[int, Slip] = {}
    while True:
        env: dict[str, Any] = {}
        tokens = syntax.parser(quotes).parse("\n".join(lines), env)
        found = [one for one in manuscript.unclosed(tokens, lines) if one.slip.line not in slips]
        slips |= {one.slip.line: one.slip for one in found}
        if not any(one.close_at for one in found):
            break
        for one in found:
            if one.close_at:
                lines[one.close_at] = one.closer
    lost = env.get("left_out", []) + [
        Slip(
            at[0] + 1,
            lines[at[0]].find("{") + 1,
            "There is nothing below this line that it could be about.",
            "Put it directly above.",
        )
        for at in env.get("lost", [])
    ]
    return tokens, lines, lost, list(slips.values())


def parse_line(text: str, line: int, column: int, quotes: tuple[str, ...]) -> Parsed:
    """Read a caption or a credit: the pieces of one paragraph, which begins at that place of the file."""
    text = " ".join(text.split())
    env: dict[str, Any] = {}
    tokens = syntax.parser(quotes).parseInline(text, env)
    nodes = _Tree([text], line, set()).inline(tokens[0], 1, in_table=False)
    slips = (slip._replace(line=line, column=column) for slip in env.get("left_out", []))
    return Parsed(tuple(_moved(node, column - 1) for node in nodes), (), tuple(slips))


def _moved(node: Node, by: int) -> Node:
    return node._replace(column=node.column + by, children=tuple(_moved(child, by) for child in node.children))


class _Hanging:
    """Hangs notes on the places that call them, each on one: a long note called often would fill any memory."""

    def __init__(self, notes: Mapping[str, Node]) -> None:
        self.notes, self.called, self.slips = notes, Counter[str](), list[Slip]()

    def on(self, node: Node) -> Node:
        """Give a piece with the notes that it calls."""
        if node.kind != "note":
            return node.growing(tuple(map(self.on, node.children))) if node.children else node
        if node.text not in self.notes:
            return node
        times = self.called[node.text]
        self.called[node.text] += 1
        if times == 1:
            what = f'The note "{node.text}" is called a second time.'
            self.slips.append(Slip(node.line, node.column, what, "Write it again, under another label."))
        if times:
            return node._replace(kind="text", text="")
        return node.growing(self.notes[node.text].children)


class _Tree:
    """Grow pieces from the parser's flat tokens; notes and acronyms are put aside."""

    def __init__(self, lines: list[str], first_line: int, headless: set[int]) -> None:
        self.lines, self.first_line, self.headless = lines, first_line, headless
        self.notes: list[Node] = []
        self.called: set[str] = set()
        self.acronyms: list[Node] = []
        self.cells = (0, 0)

    def grow(self, tokens: list[Token]) -> list[Node]:
        """Give the pieces of the outermost level."""
        stack: list[tuple[Token, int, list[Node]]] = [(_NOTHING, 1, [])]
        for token in tokens:
            line = token.map[0] + 1 if token.map else stack[-1][1]
            if token.nesting == 1:
                stack.append((token, line, []))
            elif token.nesting == -1:
                opening, line, children = stack.pop()
                self.keep(self.node(opening, line, children), stack[-1][2])
            elif token.type == "inline":
                stack[-1][2].extend(self.inline(token, line, in_table=stack[-1][0].type in ("th_open", "td_open")))
            else:
                self.keep(self.node(token, line, []), stack[-1][2])
        return stack[0][2]

    def keep(self, node: Node, siblings: list[Node]) -> None:
        """Put a piece where it belongs."""
        aside = {"footnote_reference": self.notes, "acronym": self.acronyms}
        aside.get(node.kind, siblings).append(node)

    def node(self, token: Token, line: int, children: list[Node], column: int = 0) -> Node:
        kind, text = _kind(token.type), token.content
        if kind == "paragraph":
            kind = self.paragraph(token, line, children)
        elif kind == "note":
            text = str(token.meta["label"])
            self.called.add(_composed(text))
        column = column or len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip()) + 1
        return Node(kind, self.first_line + line - 1, column, _composed(text), _attrs(token, kind), tuple(children))

    def paragraph(self, token: Token, line: int, children: list[Node]) -> str:
        """Say what a paragraph is: a picture is what is placed and named; what is said of a table without a head is
        said of a table."""
        if token.hidden:
            return "plain"
        if len(children) == 1 and children[0].kind == "image":
            token.attrs = {**children[0].attrs, **token.attrs}
            return "picture"
        return "table" if line - 1 in self.headless else "paragraph"

    def inline(self, token: Token, line: int, in_table: bool) -> list[Node]:
        """Give the pieces of a paragraph, a heading or a cell, each at its own line and column."""
        stack: list[tuple[Token, list[Node]]] = [(_NOTHING, [])]
        starts = self.starts(token.content, line, in_table)
        cursor = 0
        for part in token.children or []:
            at = _text_at(part, token.content, cursor) if part.type == "text" else part.meta.get("at", cursor)
            if part.nesting == 1:
                part.meta["at"] = at
                stack.append((part, []))
                cursor = max(cursor, at)
                continue
            cursor = max(cursor, at + len(part.content) if part.type == "text" else part.meta.get("end", cursor))
            opening, children = stack.pop() if part.nesting == -1 else (part, [])
            at = opening.meta["at"] if part.nesting == -1 else at
            if opening.type == "image":
                opening.attrs["alt"] = "".join(c.content for c in opening.children or [])
                opening.content = ""
            row = token.content.count("\n", 0, at) if len(starts) > 1 else 0
            stack[-1][1].append(self.node(opening, min(line + row, len(self.lines)), children, at + starts[row]))
        return stack[0][1]

    def starts(self, content: str, line: int, in_table: bool) -> list[int]:
        """Give, for each line of a paragraph, what makes a column of the file out of a character's number."""
        starts, before = [], 0
        for n, words in enumerate(content.split("\n"), line - 1):
            source = self.lines[n] if n < len(self.lines) else ""
            if in_table:
                begin = source.find(words, self.cells[1] if self.cells[0] == n else 0)
                self.cells = n, max(begin, 0) + len(words)
            else:
                begin = source.rfind(words)
            starts.append(max(begin, 0) + 1 - before)
            before += len(words) + 1
        return starts


def _text_at(part: Token, content: str, cursor: int) -> int:
    """Find a text in its paragraph by its first word: the typographer may have changed the signs around it."""
    if content.startswith(part.content, cursor):
        return cursor
    first = re.search(r"\w+", part.content)
    at = content.find(first[0], cursor) if first else -1
    return max(at - first.start(), cursor) if first and at >= 0 else cursor


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@cache
def _kind(of_token: str) -> str:
    """Say which piece grows from a token."""
    kind = of_token.removesuffix("_open")
    return _SAME.get(kind, kind)


def _attrs(token: Token, kind: str) -> Mapping[str, Any]:
    if not token.attrs and kind not in _TELLING:
        return NOTHING
    attrs: dict[str, Any] = {k: _composed(v) if isinstance(v, str) else v for k, v in token.attrs.items()}
    if kind == "heading":
        attrs["level"] = int(token.tag[1])
    if kind in ("td", "th"):
        attrs["align"] = str(attrs.pop("style", "")).removeprefix("text-align:") or "left"
    if kind == "box":
        attrs["title"] = _composed(token.info.strip().removeprefix("box").strip())
    if kind == "code":
        attrs["language"] = token.info.strip()
    if kind == "footnote_reference":
        attrs["label"] = str(token.meta["label"])
    if kind == "acronym":
        attrs["short"] = token.meta["short"]
    return attrs
