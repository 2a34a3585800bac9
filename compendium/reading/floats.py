"""Charts, pictures, tables and boxes of a text: what an author asks for, with captions, credits and titles read."""

from __future__ import annotations

from collections.abc import Mapping

from compendium.errors import Problem
from compendium.model import Node, Spot
from compendium.records import Chart

from . import located, markup, vetting
from .desk import Desk


class Floats:
    """Makes charts of the fenced `chart` blocks of a text, and gives what is captioned its parts."""

    def __init__(self, desk: Desk, file: str, lines: tuple[str, ...], quotes: tuple[str, ...]) -> None:
        self.desk, self.file, self.lines, self.quotes = desk, file, lines, quotes

    def found(self, node: Node) -> Node:
        """Give a piece with all charts, captions, credits and titles in it made."""
        if node.kind == "code" and node.attrs["language"] == "chart":
            return self.chart(node)
        if node.kind in ("picture", "table"):
            origin = "credit" if node.kind == "picture" else "source"
            return self.captioned(node, {"caption": "caption", "origin": origin})
        if not node.children and node.kind != "box":
            return node
        node = node.growing(tuple(map(self.found, node.children)))
        return self.captioned(node, {"title": "title"}) if node.kind == "box" else node

    def chart(self, node: Node) -> Node:
        """Read the YAML of a chart; what cannot be understood of it is blank."""
        found = located.load(node.text, self.file, node.line + 1)
        chart, problems, unread = vetting.validate(Chart, found, self.file)
        self.desk.problems += problems
        attrs = {**node.attrs, "id": chart.id, "chart": chart, "spots": found.spots, "unread": unread}
        node = node._replace(kind="chart", attrs=attrs)
        for kind, key in (("caption", "title"), ("origin", "source")):
            text = getattr(chart, key)
            node = self.with_part(node, kind, text, located.spot_of((key,), found.spots))
        return node

    def captioned(self, node: Node, keys: Mapping[str, str]) -> Node:
        """Add the parts of a float or a box that its attributes hold."""
        for kind, key in keys.items():
            text = node.attrs.get(key)
            node = self.with_part(node, kind, text, self.spot(node, str(text)))
        return node

    def spot(self, node: Node, text: str) -> Spot:
        """Find where the text of an attribute stands: in the piece's own line or the ones directly above."""
        for number in range(node.line, 0, -1):
            if (at := self.lines[number - 1].find(text)) >= 0:
                return number, at + 1
            if number < node.line and not self.lines[number - 1].strip(" >").startswith("{"):
                break
        return node.line, node.column

    def with_part(self, node: Node, kind: str, text: str | None, spot: Spot) -> Node:
        """Add a part, its pieces where they stand in the file (or all where the text begins, if that is folded)."""
        if not text:
            return node
        line, column = spot
        source = self.lines[line - 1][column - 1 :]
        quoted = source[:1] in "\"'" and source[1:].startswith(text)
        read = markup.parse_line(text, line, column + quoted, self.quotes)
        self.desk.problems += [Problem(self.file, *slip) for slip in read.slips]
        parts = read.blocks
        if not (quoted or source.startswith(text)):
            parts = tuple(part._replace(line=line, column=column) for part in parts)
        return node._replace(children=(*node.children, Node(kind, line, column, children=parts)))
