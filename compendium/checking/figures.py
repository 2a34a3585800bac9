"""The figures of a case: charts against their data, pictures against what must be known of them, and their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from compendium.errors import Problem, did_you_mean
from compendium.model import FLOATS, Case, Data, Node
from compendium.reading.located import spot_of
from compendium.records import Chart

from .text import Text

NARROWEST = 660
"""Pixels across a picture that fills the measure of 112 mm with 150 of them to the inch."""
MOST_DRAWN = 200
"""Rows that a chart may draw: with more, no number in it could be read."""
_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_MADE = r"(term|source|line)-"


class Reference(NamedTuple):
    """A case and a figure or table of it that a text refers to, and what is to be said if it is not there."""

    slug: str
    name: str
    problem: Problem


@dataclass(frozen=True)
class Figures(Text):
    """A text of a case, with the files beside it; `references` are those to figures and tables that were found."""

    case: Case
    references: list[Reference] = field(default_factory=list)

    def problems(self) -> Iterator[Problem]:
        """Say what is wrong with the text and its figures."""
        yield from super().problems()
        yield from self.ids()
        yield from self.opener()
        shown = {id(node.children[0]) for node in self.nodes if node.kind == "picture"}
        for node in self.nodes:
            if node.kind == "chart":
                yield from self.chart(node.attrs["chart"], node)
            elif node.kind == "picture":
                yield from self.picture(node)
            elif node.kind == "image" and id(node) not in shown:
                yield self.on(node, "The picture stands inside a line.", "Give it a paragraph of its own.")

    @property
    def floats(self) -> list[str] | None:
        """Name the figures and tables of the case, or none where one could not be understood: a reference to it may be
        right."""
        floats = [node for node in self.nodes if node.kind in FLOATS]
        if any(node.kind == "chart" and not node.attrs["id"] for node in floats):
            return None
        return [str(node.attrs["id"]) for node in floats if node.attrs.get("id")]

    def target(self, node: Node, target: str) -> Iterator[Problem]:
        """See that a link leads somewhere: in a case also to figures and tables, which others may have."""
        kind, _, name = target.partition(":")
        if kind != "figure":
            yield from super().target(node, target)
            return
        slug, _, wanted = name.rpartition("/")
        if slug and slug not in self.rules.slugs:
            cure = did_you_mean(slug, self.known_cases)
            yield self.word(node, target, f'There is no case "{slug}" in the book.', cure)
            return
        where = f'the case "{slug}"' if slug else "this case"
        missing = self.word(node, target, f'There is no figure or table "{wanted}" in {where}.')
        self.references.append(Reference(slug or self.case.slug, wanted, missing))

    def ids(self) -> Iterator[Problem]:
        """See that no id stands twice."""
        seen: set[str] = set()
        made = {section.key for section in self.case.sections}
        for node in self.nodes:
            id = str(node.attrs.get("id") or "")
            if node.kind not in FLOATS or not id:
                continue
            if id in seen:
                yield self.of_id(node, f'The id "{id}" stands here twice.', "Give each figure and table its own.")
            elif not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id):
                yield self.of_id(node, f'"{id}" is no id.', "Use small letters, figures and hyphens.")
            elif id in made or re.match(_MADE, id):
                yield self.of_id(node, f'The id "{id}" is one that the book makes itself.', "Give it another name.")
            seen.add(id)

    def of_id(self, node: Node, what: str, cure: str) -> Problem:
        """Say something of a float's id."""
        if node.kind == "chart":
            return Problem(self.file, *spot_of(("id",), node.attrs["spots"]), what, cure)
        return self.attribute(node, "id", what, cure)

    # --- Charts ---

    def chart(self, chart: Chart, node: Node) -> Iterator[Problem]:
        """Hold a chart against its CSV."""

        def at(key: str, what: str, cure: str = "") -> Problem:
            return Problem(self.file, *spot_of((key,), node.attrs["spots"]), what, cure)

        unread = {path[0] for path in node.attrs["unread"] if path}
        if chart.type in ("slope", "multiples") and chart.series is None and "series" not in unread:
            yield at("type", f'A chart of the type "{chart.type}" needs "series".', "Add it: a column of the CSV.")
        if not chart.data or chart.data in self.case.broken:
            return
        data = self.case.data.get(chart.data)
        if data is None:
            yield at("data", f'There is no file "{chart.data}" beside the case.', "Put the CSV there.")
            return
        for key, column in (("x", chart.x), ("y", chart.y), ("series", chart.series)):
            if column is not None and column not in data.columns:
                yield at(key, f'{chart.data} has no column "{column}".', did_you_mean(column, data.columns))
        if chart.break_after is not None and chart.x in data.columns:
            steps = [row[data.columns.index(chart.x)] for row in data.rows]
            if chart.break_after not in steps:
                cure = f'Write the last value of "{chart.x}" before the break.'
                yield at("break", f'{chart.data} has no "{chart.break_after}" in the column "{chart.x}".', cure)
        if chart.y in data.columns:
            yield from self.numbers(chart, data)

    def numbers(self, chart: Chart, data: Data) -> Iterator[Problem]:
        """See that there are numbers, and nothing else, where numbers belong."""
        file = self.file.rpartition("/")[0] + "/" + chart.data
        y = data.columns.index(chart.y)
        for row, spots in zip(data.rows, data.spots[1:], strict=True):
            if row[y] and not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", row[y], re.ASCII):
                cure = "Write digits with a decimal point, or leave the cell empty."
                yield Problem(file, *spots[y], f'"{row[y]}" in the column "{chart.y}" is no number.', cure)
        drawn = sum(bool(row[y]) for row in data.rows)
        if drawn > MOST_DRAWN:
            cure = f"Keep at most {MOST_DRAWN}: those that show what the title says."
            yield Problem(file, 0, 0, f"A chart cannot show {drawn:,} rows.", cure)
        if not drawn:
            yield Problem(file, *data.spots[0][y], f'The column "{chart.y}" is empty.', "Write the numbers.")

    # --- Pictures ---

    def picture(self, node: Node) -> Iterator[Problem]:
        """See that a picture is there, and that what must be known of it is said."""
        name = str(node.attrs["src"])
        if fault := self.file_fault(name):
            yield self.word(node, name, *fault)
        if not node.attrs.get("alt"):
            cure = "Say between the brackets ![…] what one sees."
            yield self.on(node, f'The picture "{name}" has no alternative text.', cure)
        for key in ("caption", "credit", "rights"):
            if not node.attrs.get(key):
                yield self.word(node, name, f'The picture "{name}" has no {key}.', f'Add {{{key}="…"}} behind it.')
        persons = node.attrs.get("persons", "false")
        if persons not in ("true", "false"):
            yield self.attribute(node, "persons", f'"persons" cannot be "{persons}".', "Write true or false.")
        if persons == "true" and not node.attrs.get("consent"):
            cure = 'Add {consent="…"}: who agreed, and where that is kept.'
            yield self.attribute(node, "persons", f'The picture "{name}" shows persons, and has no consent.', cure)

    def opener(self) -> Iterator[Problem]:
        """See that the opener's picture is there."""
        image = self.case.matter.image
        if image and image.file and (fault := self.file_fault(image.file)):
            yield Problem(self.file, *spot_of(("image", "file"), self.case.spots), *fault)

    def file_fault(self, name: str) -> tuple[str, str] | None:
        """Say what is wrong with a picture file, and the cure."""
        if name in self.case.broken:
            return None
        image = self.case.images.get(name)
        if image is None:
            return f'There is no picture "{name}" beside the case.', "Put it there, as JPEG or PNG."
        if not name.lower().endswith(_ENDINGS[image.format]):
            return f'The picture "{name}" is a {image.format} file by its content.', "Give it the ending of its kind."
        if image.width < NARROWEST:
            what = f'The picture "{name}" is only {image.width} pixels wide.'
            return what, f"Find a larger one: printed across the page it needs {NARROWEST}."
        return None
