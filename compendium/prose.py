"""Located pieces (`model.Node`) → HTML. Everything that an author wrote is escaped; nothing of it becomes markup."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any

from markupsafe import Markup, escape

from .model import FLOATS, Node, walk

MANY_COLUMNS, MANY_ROWS = 5, 24
"""A table with more columns is broad, one with more rows is long: the stylesheets may set them otherwise."""


@dataclass(slots=True)
class Setting:
    """What a text needs to know of the book around it.

    `page` gives the printed number of an anchor's page. `lines` is the height of each picture in lines of the text.
    `terms` collects the index entries met: (entry, anchor).
    """

    chapter: str
    words: Mapping[str, str]
    page: Callable[[str], Markup]
    lines: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    acronyms: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    terms: list[tuple[str, str]] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: defaultdict(lambda: count(1)))

    def id(self, name: str) -> str:
        """Give an id that is this chapter's own."""
        return f"{self.chapter}--{name}"

    def anchor(self, target: str) -> str:
        """Give the anchor of `case:georgia`, of `figure:poverty` in this chapter or `figure:georgia/poverty`."""
        kind, _, name = target.partition(":")
        return name if kind == "case" else name.replace("/", "--") if "/" in name else self.id(name)

    def picture(self, name: str) -> str:
        """Give the address of a picture or chart of this chapter."""
        return f"{self.chapter}/{name}"

    def next_id(self, kind: str) -> str:
        """Give a fresh id."""
        return self.id(f"{kind}-{next(self._ids[kind])}")


def figure_numbers(blocks: Iterable[Node], words: Mapping[str, str]) -> dict[str, str]:
    """Number the figures and tables of a text, each in a row of its own: id → "Figure 1"."""
    figures, tables = count(1), count(1)
    names = {}
    for node in walk(blocks):
        if node.kind in FLOATS and node.part("caption"):
            label, number = (words["table"], tables) if node.kind == "table" else (words["figure"], figures)
            names[float_id(node)] = f"{label} {next(number)}"
    return names


def float_id(node: Node) -> str:
    """Give the id of a figure or table: its author's, or one made of its line."""
    return str(node.attrs.get("id") or f"line-{node.line}")


def html(nodes: Iterable[Node], at: Setting) -> Markup:
    """Set pieces as HTML; citations that stand together are parted by a comma."""
    pieces, before = list[Markup](), ""
    for node in nodes:
        if node.kind == before == "cite":
            pieces.append(_COMMA)
        pieces.append(_one(node, at))
        before = node.kind
    return Markup("").join(pieces)


_COMMA = Markup('<span class="cite-comma">,</span>')


def _one(node: Node, at: Setting) -> Markup:
    if node.kind in _SPECIAL:
        return _SPECIAL[node.kind](node, at)
    tag = _TAGS[node.kind]
    return Markup("<{0}{1}>{2}</{0}>").format(tag, _classes(node), html(node.children, at))


def hints(node: Node) -> list[str]:
    """Give an author's hints as the classes that the stylesheets know."""
    return [f"{key} {node.attrs[key]}".replace(" ", "-") for key in ("place", "keep", "set") if key in node.attrs]


def _classes(node: Node, *own: str) -> Markup:
    """Give the classes of a piece: its own, and its author's hints."""
    classes = " ".join([*own, *hints(node)])
    return Markup(' class="{}"').format(classes) if classes else Markup("")


def _plain(node: Node, at: Setting) -> Markup:
    return html(node.children, at)


def _text(node: Node, at: Setting) -> Markup:
    if not at.acronyms:
        return escape(node.text)
    parts = _any_of(tuple(at.acronyms)).split(node.text)
    if len(parts) == 1:
        return escape(node.text)
    return Markup("").join(
        Markup('<abbr title="{}">{}</abbr>').format(at.acronyms[part], part) if n % 2 else escape(part)
        for n, part in enumerate(parts)
    )


@lru_cache(maxsize=64)
def _any_of(acronyms: tuple[str, ...]) -> re.Pattern[str]:
    """Find acronyms that stand as words of their own; the longest first."""
    return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, sorted(acronyms, key=len, reverse=True))) + r")(?!\w)")


def _heading(node: Node, at: Setting) -> Markup:
    level = int(node.attrs["level"])
    return Markup("<h{0}{1}>{2}</h{0}>").format(level, _classes(node), html(node.children, at))


def _ordered_list(node: Node, at: Setting) -> Markup:
    start = int(node.attrs.get("start", 1))
    return Markup('<ol start="{}"{}>{}</ol>').format(start, _classes(node), html(node.children, at))


def _code(node: Node, at: Setting) -> Markup:
    return Markup("<pre{}>{}</pre>").format(_classes(node), node.text.rstrip("\n"))


def _break(node: Node, at: Setting) -> Markup:
    return Markup("<br>") if node.kind == "hardbreak" else Markup("\n")


def _link(node: Node, at: Setting) -> Markup:
    """Set a link; one to a place in the book carries its page number."""
    target, inside = str(node.attrs["href"]), html(node.children, at)
    if not target.startswith(("case:", "figure:")):
        says = at.words["web_page"].format(address=target) if inside == escape(target) else ""
        label = Markup(' aria-label="{}"').format(says) if says else ""
        return Markup('<a href="{}"{}>{}</a>').format(target, label, inside)
    anchor = at.anchor(target)
    page = Markup(' <span class="page">({})</span>').format(escape(at.words["on_page"]).format(page=at.page(anchor)))
    parts = anchor, at.words["in_this_book"].format(words=inside.striptags()), inside, page
    return Markup('<a class="reference" href="#{}" aria-label="{}">{}{}</a>').format(*parts)


def _cite(node: Node, at: Setting) -> Markup:
    number = at.sources.get(node.text, "?")
    href = at.id(f"source-{node.text}")
    label = at.words["source_number"].format(number=number)
    return Markup('<a class="cite" href="#{}" title="{}">{}</a>').format(href, label, number)


def _span(node: Node, at: Setting) -> Markup:
    inside = html(node.children, at)
    attrs = Markup("")
    if entry := node.attrs.get("index"):
        at.terms.append((str(entry), anchor := at.next_id("term")))
        attrs += Markup(' id="{}"').format(anchor)
    if language := node.attrs.get("lang"):
        attrs += Markup(' lang="{}"').format(language)
    return Markup("<span{}>{}</span>").format(attrs, inside)


def _note(node: Node, at: Setting) -> Markup:
    """Set a note at its call; the stylesheet takes it to the foot of the page."""
    inside = Markup(" ").join(html(child.children, at) for child in node.children)
    parts = at.next_id("note"), at.words["note"], at.words["back_to_text"], inside
    return Markup('<span class="note" id="{}" data-call="{}" data-back="{}">{}</span>').format(*parts)


def _box(node: Node, at: Setting) -> Markup:
    title = html(node.part("title"), at)
    head = Markup('<p class="box-title">{}</p>').format(title) if title else Markup("")
    inside = html((child for child in node.children if child.kind != "title"), at)
    return Markup("<aside{}>{}{}</aside>").format(_classes(node, "box"), head, inside)


def _quote(node: Node, at: Setting) -> Markup:
    return Markup('<aside data-tag="BlockQuote"{}>{}</aside>').format(_classes(node, "quote"), html(node.children, at))


def _caption(node: Node, at: Setting, tag: str) -> Markup:
    """Set number and title, and the unit where there is one."""
    if not node.part("caption"):
        return Markup("")
    chart = node.attrs.get("chart")
    unit = Markup(' <span class="unit">{}</span>').format(chart.unit) if chart else Markup("")
    parts = tag, at.numbers[float_id(node)], html(node.part("caption"), at), unit
    return Markup('<{0}><span class="number">{1}</span> <span class="title">{2}</span>{3}</{0}>').format(*parts)


def _origin(node: Node, at: Setting, label: str) -> Markup:
    if not node.part("origin"):
        return Markup("")
    return Markup('<p class="origin">{}{}</p>').format(label, html(node.part("origin"), at))


def _figure(node: Node, at: Setting, alt: str, file: str, label: str) -> Markup:
    height = Markup(' style="--lines: {}"').format(at.lines[file]) if file in at.lines else Markup("")
    return Markup('<figure id="{}"{}>{}<img src="{}" alt="{}"{}>{}</figure>').format(
        at.id(float_id(node)),
        _classes(node, node.kind),
        _caption(node, at, "figcaption"),
        at.picture(file),
        alt,
        height,
        _origin(node, at, label),
    )


def _chart(node: Node, at: Setting) -> Markup:
    chart = node.attrs["chart"]
    return _figure(node, at, chart.alt, f"{chart.id}.svg", at.words["source_before"])


def _picture(node: Node, at: Setting) -> Markup:
    image = node.children[0]
    return _figure(node, at, str(image.attrs["alt"]), str(image.attrs["src"]), at.words["credit_before"])


def _table(node: Node, at: Setting) -> Markup:
    rows = html((child for child in node.children if child.kind in ("thead", "tbody")), at)
    table = Markup('<table id="{}">{}{}</table>').format(at.id(float_id(node)), _caption(node, at, "caption"), rows)
    origin = _origin(node, at, at.words["source_before"])
    classes = _classes(node, "table", *_breadth(node))
    return Markup("<div{}>{}{}</div>").format(classes, table, origin)


def _breadth(node: Node) -> list[str]:
    """Tell a table of many columns, and one of many rows."""
    rows = [piece for piece in node.walk() if piece.kind == "tr"]
    columns = max((len(row.children) for row in rows), default=0)
    return ["broad"] * (columns > MANY_COLUMNS) + ["long"] * (len(rows) > MANY_ROWS)


_COLUMN, _ROW = Markup(' scope="col"'), Markup(' scope="row"')


def _row(node: Node, at: Setting) -> Markup:
    """Set a row; its first cell names it."""
    head = Markup("").join(_cell(child, at, _COLUMN, "th") for child in node.children if child.kind == "th")
    first = Markup("").join(
        _cell(child, at, Markup() if n else _ROW, "td" if n else "th")
        for n, child in enumerate(node.children)
        if child.kind == "td"
    )
    return Markup("<tr>{}</tr>").format(head + first)


def _cell(node: Node, at: Setting, scope: Markup, tag: str) -> Markup:
    inside = html(node.children, at)
    return Markup('<{0}{1} class="{2}">{3}</{0}>').format(tag, scope, node.attrs["align"], inside)


_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "list_item": "li",
    "blockquote": "blockquote",
    "strong": "strong",
    "em": "em",
    "thead": "thead",
    "tbody": "tbody",
}

_SPECIAL: Mapping[str, Callable[[Node, Setting], Markup]] = {
    "plain": _plain,
    "text": _text,
    "heading": _heading,
    "ordered_list": _ordered_list,
    "code": _code,
    "code_block": _code,
    "code_inline": lambda node, at: Markup("<code>{}</code>").format(node.text),
    "softbreak": _break,
    "hardbreak": _break,
    "hr": lambda node, at: Markup("<hr{}>").format(_classes(node)),
    "link": _link,
    "cite": _cite,
    "span": _span,
    "note": _note,
    "box": _box,
    "quote": _quote,
    "chart": _chart,
    "picture": _picture,
    "table": _table,
    "tr": _row,
    "nothing": lambda node, at: Markup(""),
}
