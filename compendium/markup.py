"""The Markdown of case files, read into located pieces (`model.Node`).

CommonMark with tables and footnotes, and the additions of `docs/writing-a-case.md`. Raw HTML is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from .model import Node

InlineRule = Callable[[StateInline, bool], bool]

_CITE = re.compile(r"\[@([^\]\s]+)\]")
_ACRONYM = re.compile(r"\*\[([^\]]+)\]:\s*(.+?)\s*$")
_NOTHING = Token("nothing", "", 0)
_SAME = {"footnote_ref": "note", "container_box": "box", "container_quote": "quote", "fence": "code"}


def _cite(state: StateInline, silent: bool) -> bool:
    """Read `[@s3]`."""
    match = _CITE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("cite", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _acronym(state: StateBlock, line: int, _end: int, silent: bool) -> bool:
    """Read a line `*[ISS]: integrated social services`."""
    start = state.bMarks[line] + state.tShift[line]
    match = _ACRONYM.match(state.src[start : state.eMarks[line]])
    if not match:
        return False
    if not silent:
        token = state.push("acronym", "", 0)
        token.map, token.content, token.meta = [line, line + 1], match[2], {"short": match[1]}
        state.line = line + 1
    return True


def _remembering(rule: InlineRule) -> InlineRule:
    """Let a rule note at which character of the paragraph each of its tokens begins.

    Its first token may be the words before it, which the parser keeps waiting until another token comes.
    """

    def run(state: StateInline, silent: bool) -> bool:
        start, before, waiting = state.pos, len(state.tokens), len(state.pending)
        done = rule(state, silent)
        if done and not silent:
            for n, token in enumerate(state.tokens[before:]):
                token.meta.setdefault("at", start - waiting if n == 0 else start)
        return done

    return run


@cache
def _parser(quotes: tuple[str, ...]) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": list(quotes), "maxNesting": 30})
    md.enable(["table", "smartquotes"])
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(attrs_plugin, spans=True)
    md.use(attrs_block_plugin)
    md.use(container_plugin, "box").use(container_plugin, "quote")
    md.inline.ruler.before("link", "cite", _cite)
    md.block.ruler.before("paragraph", "acronym", _acronym, {"alt": ["paragraph"]})
    md.disable(["html_block", "html_inline"])
    for name, rule in zip(md.inline.ruler.get_active_rules(), md.inline.ruler.getRules(""), strict=True):
        md.inline.ruler.at(name, _remembering(rule))
    return md


def parse(text: str, first_line: int, quotes: tuple[str, ...]) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Read a text into its blocks and its acronym definitions (kind `acronym`).

    `first_line` is the line of the file on which `text` begins; `quotes` are the four quotation marks of its
    language. Notes hang, as children, on the place that calls them; calls without a note have no children.
    """
    lines = text.split("\n")
    tokens = _parser(quotes).parse(text)
    nodes = _Tree(lines, first_line).grow(tokens)
    notes = {node.attrs["label"]: node for node in nodes if node.kind == "footnote_reference"}
    blocks = [node for node in nodes if node.kind not in ("acronym", "footnote_reference")]
    called = {n.text for block in blocks for n in block.walk() if n.kind == "note"}
    stray = [replace(note, kind="uncalled") for label, note in notes.items() if label not in called]
    return (
        tuple(_with_notes(block, notes) for block in [*blocks, *stray]),
        tuple(node for node in nodes if node.kind == "acronym"),
    )


def parse_line(text: str, line: int, quotes: tuple[str, ...]) -> tuple[Node, ...]:
    """Read a caption or a credit: the pieces of one paragraph."""
    blocks, _ = parse(" ".join(text.split()), line, quotes)
    return tuple(child for block in blocks for child in block.children)


def _with_notes(node: Node, notes: Mapping[str, Node]) -> Node:
    if node.kind == "note":
        return replace(node, children=notes[node.text].children) if node.text in notes else node
    return replace(node, children=tuple(_with_notes(child, notes) for child in node.children))


class _Tree:
    """Grow pieces from the parser's flat tokens."""

    def __init__(self, lines: list[str], first_line: int) -> None:
        self.lines, self.first_line = lines, first_line

    def grow(self, tokens: list[Token]) -> list[Node]:
        """Give the pieces of the outermost level."""
        stack: list[tuple[Token, int, list[Node]]] = [(_NOTHING, 1, [])]
        for token in tokens:
            line = token.map[0] + 1 if token.map else stack[-1][1]
            if token.nesting == 1:
                stack.append((token, line, []))
            elif token.nesting == -1:
                opening, line, children = stack.pop()
                stack[-1][2].append(self.node(opening, line, children))
            elif token.type == "inline":
                stack[-1][2].extend(self.inline(token, line))
            else:
                stack[-1][2].append(self.node(token, line, []))
        return stack[0][2]

    def node(self, token: Token, line: int, children: list[Node]) -> Node:
        kind = token.type.removesuffix("_open")
        kind = _SAME.get(kind, "plain" if kind == "paragraph" and token.hidden else kind)
        if kind == "paragraph" and [child.kind for child in children] == ["image"]:
            kind, token.attrs = (
                "picture",
                {**children[0].attrs, **token.attrs},
            )  # the picture is what is placed and named
        text = str(token.meta["label"]) if kind == "note" else token.content
        column = len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip()) + 1
        return Node(kind, self.first_line + line - 1, column, text, _attrs(token, kind), tuple(children))

    def inline(self, token: Token, line: int) -> list[Node]:
        """Give the pieces of a paragraph, a heading or a cell, each at its own line and column."""
        stack: list[tuple[Token, list[Node]]] = [(_NOTHING, [])]
        for part in token.children or []:
            if part.nesting == 1:
                stack.append((part, []))
                continue
            opening, children = stack.pop() if part.nesting == -1 else (part, [])
            if opening.type == "image":
                opening.attrs["alt"] = "".join(c.content for c in opening.children or [])
                opening.content = ""
            node = self.node(opening, line, children)
            stack[-1][1].append(self.placed(node, token.content, line, opening.meta.get("at")))
        return stack[0][1]

    def placed(self, node: Node, content: str, line: int, at: int | None) -> Node:
        if at is None and node.kind == "text":
            at = len(content) - len(node.text)  # the last words of a paragraph
        if at is None:
            return node
        line += content.count("\n", 0, at)
        first = content.rfind("\n", 0, at) + 1
        end = content.find("\n", first)
        words = content[first : end if end >= 0 else None]
        start = self.lines[line - 1].find(words) if line <= len(self.lines) else -1
        return replace(node, line=self.first_line + line - 1, column=start + at - first + 1 if start >= 0 else 0)


def _attrs(token: Token, kind: str) -> dict[str, Any]:
    attrs: dict[str, Any] = dict(token.attrs)
    if kind == "heading":
        attrs["level"] = int(token.tag[1])
    if kind in ("td", "th"):
        attrs["align"] = str(attrs.pop("style", "")).removeprefix("text-align:") or "left"
    if kind == "box":
        attrs["title"] = token.info.strip().removeprefix("box").strip()
    if kind == "code":
        attrs["language"] = token.info.strip()
    if kind == "footnote_reference":
        attrs["label"] = str(token.meta["label"])
    if kind == "acronym":
        attrs["short"] = token.meta["short"]
    return attrs
