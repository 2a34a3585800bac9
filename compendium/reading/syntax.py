"""The Markdown of case files: CommonMark with tables and footnotes, our own signs, and bounds. Raw HTML is text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from .manuscript import Slip

InlineRule = Callable[[StateInline, bool], bool]

_CITE = re.compile(r"\[@([^\[\]\s]+)\]")
_MARK = re.compile(r'\{(index|lang)="([^"\\{}\n]*)"\}')
_ACRONYM = re.compile(r"\*\[([^\[\]]+)\]:\s*(\S.*)$")
LONGEST_PARAGRAPH = 10_000
DEEPEST = 30
_PLAIN_RULES = ("text", "newline", "escape", "entity")
_SET_ASIDE = ("footnote_reference_open", "acronym")


def _cite(state: StateInline, silent: bool) -> bool:
    """Read `[@s3]`."""
    if not state.src.startswith("[@", state.pos):
        return False
    match = _CITE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        state.push("cite", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _marked(state: StateInline, silent: bool) -> bool:
    """Read `[words]{index="…"}`, the usual form of a span, at once: the plugin reads braces sign by sign, and needs a
    tenth of all the time for it."""
    if state.src[state.pos] != "[":
        return False
    end, last = state.md.helpers.parseLinkLabel(state, state.pos), state.posMax
    match = _MARK.match(state.src, end + 1, last) if end > 0 else None
    if not match:
        return False
    if not silent:
        state.pos, state.posMax = state.pos + 1, end
        state.push("span_open", "span", 1).attrs[match[1]] = match[2]
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = last
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
        token.map, token.content, token.meta = [line, line + 1], match[2].rstrip(), {"short": match[1]}
        state.line = line + 1
    return True


def _remembering(rule: InlineRule) -> InlineRule:
    """Let a rule note at which character of the paragraph each of its tokens begins, and where it ends."""

    def run(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        done = rule(state, silent)
        if done and not silent:
            for token in state.tokens[before:]:
                token.meta.setdefault("at", start)
                token.meta.setdefault("end", state.pos)
        return done

    return run


def _lost_attributes(state: StateCore) -> None:
    """Note attribute lines with no block below them: the plugin would drop them."""
    for token, follows in zip(state.tokens, [*state.tokens[1:], None], strict=False):
        if token.type == "attrs_block" and (follows is None or follows.nesting == -1 or follows.type in _SET_ASIDE):
            state.env.setdefault("lost", []).append(token.map)


def _too_long(state: StateCore) -> None:
    """Note paragraphs that are absurdly long, and leave them out: their time grows with the square of their length."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
            what = f"This paragraph is longer than {LONGEST_PARAGRAPH:,} characters."
            _leave_out(state, token, what, "Begin new paragraphs in it.")


def _too_deep(state: StateCore) -> None:
    """Note paragraphs that are absurdly nested, and leave them out."""
    for token in state.tokens:
        if any(child.level + child.nesting > DEEPEST for child in token.children or []):
            _leave_out(state, token, "Emphasis or links are nested too deeply here.", "Look for a stray * or _.")


def _leave_out(state: StateCore, token: Token, what: str, cure: str) -> None:
    line = token.map[0] + 1 if token.map else 1
    state.env.setdefault("left_out", []).append(Slip(line, 1, what, cure))
    token.content, token.children = "", []


@cache
def parser(quotes: tuple[str, ...]) -> MarkdownIt:
    """Give the parser of a language, whose four quotation marks these are.

    Its tokens within a paragraph know where they begin and end (`meta`: `at`, `end`); what it leaves out or would drop
    is noted in the environment (`left_out`, `lost`).
    """
    md = MarkdownIt("commonmark", {"html": False, "typographer": True, "quotes": list(quotes), "maxNesting": 30})
    md.enable(["table", "smartquotes"])
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    md.use(attrs_plugin, spans=True)
    md.use(attrs_block_plugin)
    md.core.ruler.after("block", "lost_attributes", _lost_attributes)
    md.core.ruler.after("block", "too_long", _too_long)
    md.core.ruler.after("inline", "too_deep", _too_deep)
    md.use(container_plugin, "box").use(container_plugin, "quote")
    md.inline.ruler.before("link", "cite", _cite)
    md.inline.ruler.before("span", "marked", _marked)
    md.block.ruler.before("paragraph", "acronym", _acronym, {"alt": ["paragraph"]})
    md.disable(["html_block", "html_inline"])
    for name, rule in zip(md.inline.ruler.get_active_rules(), md.inline.ruler.getRules(""), strict=True):
        if name not in _PLAIN_RULES:
            md.inline.ruler.at(name, _remembering(rule))
    return md
