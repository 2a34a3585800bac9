"""Volume → problems: the content gate. Everything that is wrong is said once, where it is, with its cure."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import babel

from .errors import Problem, did_you_mean
from .located import Path, place_of
from .model import FLOATS, Case, Node, Prose, Section, Volume, walk
from .records import Chart

HINTS = {"place": ("next page",), "keep": ("with next", "together"), "set": ("tighter", "looser")}
NARROWEST = 660
"""Pixels across a picture that fills the measure of 112 mm with 150 of them to the inch."""
_ENDINGS = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*\s*(?:%|per cent)|\d{2,}")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def check(volume: Volume, listed_pages: Iterable[str]) -> list[Problem]:
    """Say everything that is wrong with a volume; `listed_pages` are those that front and back may list."""
    listed_pages = list(listed_pages)
    problems = [*_order(volume), *_listed(volume, listed_pages), *_names(volume, listed_pages)]
    for case in volume.cases.values():
        problems += _Case(volume, case).problems()
    for text in volume.prose.values():
        problems += _prose(volume, text)
    return problems


def check_statuses(volume: Volume, statuses: Iterable[str], edition: str) -> list[Problem]:
    """Say which placed cases an edition may not print yet."""
    statuses = list(statuses)
    return [
        Problem(
            case.file,
            *place_of(("status",), case.places),
            f'The case is "{case.matter.status}", and the edition "{edition}" prints only: {", ".join(statuses)}.',
            "Approve it, or move it under held: in volume.yaml, with a reason.",
        )
        for case in volume.placed
        if case.matter.status not in statuses
    ]


def _order(volume: Volume) -> Iterator[Problem]:
    """Hold the order against the folders: every case placed once, or held back."""
    matter = volume.matter
    named: list[tuple[str, Path]] = [
        (slug, ("parts", n, "cases", m)) for n, part in enumerate(matter.parts) for m, slug in enumerate(part.cases)
    ]
    named += [(held.case, ("held", n, "case")) for n, held in enumerate(matter.held)]
    seen: set[str] = set()
    for slug, path in named:
        place = place_of(path, volume.places)
        if slug in seen:
            yield Problem(volume.file, *place, f'"{slug}" is placed twice.', "Keep one of the places.")
        elif slug not in volume.cases:
            cure = did_you_mean(slug, volume.cases)
            yield Problem(volume.file, *place, f'There is no case "{slug}" beside volume.yaml.', cure)
        seen.add(slug)
    for slug, case in volume.cases.items():
        if slug not in seen:
            cure = "Put it into a part in volume.yaml, or under held: with a reason."
            yield Problem(case.file, 0, 0, "The case is neither placed nor held back.", cure)


def _listed(volume: Volume, known: list[str]) -> Iterator[Problem]:
    """Hold the names in `front` and `back` against the texts and the pages that can be made."""
    seen: set[str] = set()
    for place, names in (("front", volume.matter.front), ("back", volume.matter.back)):
        for n, name in enumerate(names):
            where = place_of((place, n), volume.places)
            if name not in volume.prose and name not in known:
                cure = did_you_mean(name, [*volume.prose, *known])
                yield Problem(volume.file, *where, f'There is no page "{name}".', cure)
            if name in seen:
                yield Problem(volume.file, *where, f'"{name}" is listed twice.', "Keep one of them.")
            seen.add(name)


def _names(volume: Volume, known: list[str]) -> Iterator[Problem]:
    """See that no case bears the name of another chapter: links and page numbers go by it."""
    for slug, case in volume.cases.items():
        if slug in volume.prose or slug in known or re.fullmatch(r"part-\d+", slug):
            cure = "Give the case's folder another name, here and in volume.yaml."
            yield Problem(case.file, 0, 0, f'"{slug}" is the name of another page of the book.', cure)


def _prose(volume: Volume, text: Prose) -> Iterator[Problem]:
    """Look over a text of the front or back matter: it has notes and references, and no sources or pictures."""
    cases = [case.slug for case in volume.placed]
    for node in walk(text.blocks):
        place = text.file, node.line, node.column
        kind, _, name = str(node.attrs.get("href", "")).partition(":")
        if node.kind == "link" and kind == "case" and name not in cases:
            yield Problem(*place, f'There is no case "{name}" in the book.', did_you_mean(name, cases))
        elif node.kind == "link" and kind not in ("case", "http", "https", "mailto"):
            yield Problem(*place, f'"{node.attrs["href"]}" leads nowhere.', "Link to case:… or a web address.")
        elif node.kind in ("cite", "image", "chart"):
            yield Problem(*place, "Citations, pictures and charts stand only in cases.", "Put it into a case.")
        elif node.kind == "note" and not node.children:
            yield Problem(*place, f'There is no note "{node.text}".', f'Add a line "[^{node.text}]: …" at the end.')
        elif fault := _term_fault(node):
            yield Problem(*place, *fault)
        elif node.kind == "uncalled":
            cure = f"Call it with [^{node.attrs['label']}], or take it out."
            yield Problem(*place, f'The note "{node.attrs["label"]}" is called nowhere.', cure)


def _term_fault(node: Node) -> tuple[str, str] | None:
    """Say what is wrong with an index term: an entry must have a letter or a figure to stand under."""
    entry = node.attrs.get("index")
    if entry is None or any(sign.isalnum() for sign in str(entry)):
        return None
    return "The index term has no words.", 'Write the entry: {index="cash transfers"}.'


class _Case:
    """Looks one case over."""

    def __init__(self, volume: Volume, case: Case) -> None:
        self.volume, self.case, self.matter = volume, case, case.matter
        self.floats = [node for node in case.blocks if node.kind in FLOATS]

    def problems(self) -> Iterator[Problem]:
        """Say everything that is wrong with the case."""
        for look in (self.lists, self.fields, self.approval, self.sections, self.references, self.sources):
            yield from look()
        for look in (self.notes, self.ids, self.hints, self.charts, self.pictures, self.opener):
            yield from look()

    def at(self, path: Path, what: str, cure: str = "") -> Problem:
        return Problem(self.case.file, *place_of(path, self.case.places), what, cure)

    def on(self, node: Node, what: str, cure: str = "") -> Problem:
        return Problem(self.case.file, node.line, node.column, what, cure)

    def lists(self) -> Iterator[Problem]:
        """Hold the controlled words against the volume's lists."""
        matter, rules = self.matter, self.volume.matter
        if matter.country not in {"global", *rules.countries, *_countries()}:
            cure = "Write its two capital letters (ISO 3166-1), such as AM, or global."
            yield self.at(("country",), f'"{matter.country}" is no country code.', cure)
        words: list[tuple[Path, str, Mapping[str, Any]]] = [(("kind",), matter.kind, rules.kinds)]
        words += [(("themes", n), theme, rules.themes) for n, theme in enumerate(matter.themes)]
        words += [(("constraints", n), word, rules.constraints) for n, word in enumerate(matter.constraints)]
        words += [(("region",), matter.region, rules.regions)] if matter.region else []
        for path, word, known in words:
            if word not in known:
                yield self.at(path, f'"{word}" is not in the volume\'s list.', did_you_mean(word, known))

    def fields(self) -> Iterator[Problem]:
        """Hold the volume's own fields against their rules."""
        for rule in self.volume.matter.fields:
            value = self.matter.fields.get(rule.key)
            if value is None:
                if rule.required:
                    yield self.at((), f'"{rule.key}" is missing.', "Add it: this volume asks for it.")
            elif not _FIELD_TYPES[rule.type][0](value):
                yield self.at((rule.key,), f'"{rule.key}" is not what belongs here.', _FIELD_TYPES[rule.type][1])

    def approval(self) -> Iterator[Problem]:
        """Ask who approved an approved case, and when."""
        for key in ("approved_by", "approved_on"):
            if self.matter.status == "approved" and getattr(self.matter, key) is None:
                yield self.at(("status",), f'The case is approved, but "{key}" is missing.', "Add it.")

    def sections(self) -> Iterator[Problem]:
        """Hold the sections against those that the volume declares."""
        rules = {rule.key: rule for rule in self.volume.matter.sections}
        counts = Counter(section.key for section in self.case.sections)
        for section in self.case.sections:
            yield from self.section(section, counts[section.key])
        for rule in rules.values():
            if rule.required and not counts[rule.key]:
                cure = f'Add a heading "## {rule.title}" and its text.'
                yield Problem(self.case.file, 0, 0, f'The section "{rule.title}" is missing.', cure)
        found = [section.key for section in self.case.sections if section.key]
        wanted = [key for key in rules if key in found]
        if not counts[""] and len(set(found)) == len(found) and found != wanted:
            first = next(s for s, key in zip(self.case.sections, wanted, strict=True) if s.key != key)
            titles = ", ".join(rules[key].title for key in wanted)
            yield Problem(self.case.file, first.line, 1, "The sections are out of order.", f"Order them: {titles}.")

    def section(self, section: Section, count: int) -> Iterator[Problem]:
        titles = [rule.title for rule in self.volume.matter.sections]
        if not section.key:
            cure = did_you_mean(section.title, titles)
            yield Problem(self.case.file, section.line, 1, f'The volume has no section "{section.title}".', cure)
        elif count > 1:
            yield Problem(self.case.file, section.line, 1, f'The section "{section.title}" stands here twice.')
        if not section.blocks:
            cure = "Write it, or take the heading out."
            yield Problem(self.case.file, section.line, 1, f'The section "{section.title}" is empty.', cure)
        level = 2
        for block in section.blocks:
            if block.kind == "heading":
                if block.attrs["level"] > level + 1:
                    yield self.on(block, "The heading skips a level.", f'Begin it with "{"#" * (level + 1)} ".')
                level = block.attrs["level"]

    def references(self) -> Iterator[Problem]:
        """Follow every reference to a case or a figure, and every link."""
        figures = [str(node.attrs["id"]) for node in self.floats if node.attrs.get("id")]
        cases = [case.slug for case in self.volume.placed]
        if self.case.slug not in cases:
            cases = list(self.volume.cases)  # a case that is held back may speak of others that are
        for node in self.case.blocks:
            if node.kind != "link":
                continue
            kind, _, name = str(node.attrs["href"]).partition(":")
            if kind == "case" and name not in cases:
                yield self.on(node, f'There is no case "{name}" in the book.', did_you_mean(name, cases))
            elif kind == "figure" and "/" not in name and name not in figures:
                yield self.on(node, f'There is no figure or table "{name}" in this case.', did_you_mean(name, figures))
            elif kind == "figure" and "/" in name and not self.elsewhere(name):
                yield self.on(node, f'There is no figure or table "{name}".', "Write figure:case/id.")
            elif kind not in ("case", "figure", "http", "https", "mailto"):
                cure = "Link to case:…, figure:… or a web address."
                yield self.on(node, f'"{node.attrs["href"]}" leads nowhere.', cure)

    def elsewhere(self, name: str) -> bool:
        slug, _, wanted = name.partition("/")
        other = self.volume.cases.get(slug)
        return other is not None and any(n.attrs.get("id") == wanted for n in other.blocks if n.kind in FLOATS)

    def sources(self) -> Iterator[Problem]:
        """Hold citations against sources, both ways, and ask for one beside every figure."""
        ids = [source.id for source in self.matter.sources]
        for n, id in enumerate(ids):
            if id in ids[:n]:
                yield self.at(("sources", n, "id"), f'Two sources have the id "{id}".', "Give each its own.")
        used = {cost.source for cost in self.matter.cost}
        for n, cost in enumerate(self.matter.cost):
            if cost.source and cost.source not in ids:
                cure = did_you_mean(cost.source, ids)
                yield self.at(("cost", n, "source"), f'There is no source "{cost.source}".', cure)
        for node in self.case.blocks:
            if node.kind == "cite":
                used.add(node.text)
                if node.text not in ids:
                    yield self.on(node, f'There is no source "{node.text}".', did_you_mean(node.text, ids))
            elif node.kind in ("paragraph", "plain", "quote") and not self.is_sourced(node):
                cure = "Cite its source: [@id]."
                yield self.on(node, f'A figure without a source: "{self.figure(node)}".', cure)
        for n, id in enumerate(ids):
            if id not in used:
                yield self.at(("sources", n), f'The source "{id}" is cited nowhere.', "Cite it, or take it out.")

    def is_sourced(self, node: Node) -> bool:
        return not self.figure(node) or any(part.kind == "cite" for part in node.walk())

    def figure(self, node: Node) -> str:
        """Find a figure that wants a source: a percentage, or a number of two digits that is no year of the period."""
        first, last = self.matter.period
        text = _YEAR.sub(lambda year: "" if first - 1 <= int(year[0]) <= last + 1 else year[0], node.words)
        text = re.sub(r"\b\d{1,2} (?=[A-Z][a-z]+ ?(?:\b|$))", "", text) if re.search(r"\d{1,2} [A-Z]", text) else text
        match = _FIGURE.search(text)
        return match[0] if match else ""

    def notes(self) -> Iterator[Problem]:
        """Hold calls of notes against the notes."""
        for node in self.case.blocks:
            if node.kind == "note" and not node.children:
                yield self.on(node, f'There is no note "{node.text}".', f'Add a line "[^{node.text}]: …" at the end.')
        for section in self.case.sections:
            for block in section.blocks:
                if block.kind == "uncalled":
                    cure = f"Call it with [^{block.attrs['label']}], or take it out."
                    yield self.on(block, f'The note "{block.attrs["label"]}" is called nowhere.', cure)

    def ids(self) -> Iterator[Problem]:
        """See that no id stands twice."""
        seen = {section.key for section in self.case.sections}
        for node in self.floats:
            id = str(node.attrs.get("id", ""))
            if id and id in seen:
                yield self.on(node, f'The id "{id}" stands here twice.', "Give each figure and table its own.")
            if id and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id):
                yield self.on(node, f'"{id}" is no id.', "Use small letters, figures and hyphens.")
            if re.match(r"(term|source)-", id):
                yield self.on(node, f'The id "{id}" is one that the book makes itself.', "Give it another name.")
            seen.add(id)

    def hints(self) -> Iterator[Problem]:
        """See that placement hints are known ones, and that index terms have words."""
        for node in (*(section.heading for section in self.case.sections), *self.case.blocks):
            for key, known in HINTS.items():
                if key in node.attrs and node.attrs[key] not in known:
                    cure = did_you_mean(str(node.attrs[key]), known)
                    yield self.on(node, f'"{key}={node.attrs[key]}" is no hint.', cure)
            if fault := _term_fault(node):
                yield self.on(node, *fault)

    def charts(self) -> Iterator[Problem]:
        """Hold every chart against its CSV."""
        for node in self.floats:
            if node.kind == "chart":
                yield from self.chart(node.attrs["chart"], node.attrs["places"])

    def chart(self, chart: Chart, places: Mapping[Path, tuple[int, int]]) -> Iterator[Problem]:
        def at(key: str, what: str, cure: str = "") -> Problem:
            return Problem(self.case.file, *place_of((key,), places), what, cure)

        data = self.case.data.get(chart.data)
        if data is None:
            yield at("data", f'The file "{chart.data}" cannot be used.', "Put the CSV beside the case file.")
            return
        for key, column in (("x", chart.x), ("y", chart.y), ("series", chart.series)):
            if column is not None and column not in data.columns:
                yield at(key, f'{chart.data} has no column "{column}".', did_you_mean(column, data.columns))
        if chart.break_after is not None and chart.x in data.columns:
            steps = [row[data.columns.index(chart.x)] for row in data.rows]
            if chart.break_after not in steps:
                cure = f'Write the last value of "{chart.x}" before the break.'
                yield at("break", f'{chart.data} has no "{chart.break_after}" in the column "{chart.x}".', cure)
        if chart.type in ("slope", "multiples") and chart.series is None:
            yield at("type", f'A chart of the type "{chart.type}" needs "series".', "Add it: a column of the CSV.")
        if chart.y in data.columns:
            file = self.case.file.rpartition("/")[0] + "/" + chart.data
            y = data.columns.index(chart.y)
            for n, row in enumerate(data.rows, 2):
                if row[y] and not re.fullmatch(r"-?\d+(\.\d+)?", row[y]):
                    cure = "Write digits with a point, or leave the cell empty."
                    yield Problem(file, n, 0, f'"{row[y]}" in the column "{chart.y}" is no number.', cure)

    def pictures(self) -> Iterator[Problem]:
        """See that every picture is there and says what must be known of it."""
        for node in self.case.blocks:
            if node.kind == "image":
                yield from self.picture(node)
        shown = {id(node.children[0]) for node in self.floats if node.kind == "picture"}
        for node in self.case.blocks:
            if node.kind == "image" and id(node) not in shown:
                yield self.on(node, "The picture stands inside a line.", "Give it a paragraph of its own.")

    def picture(self, node: Node) -> Iterator[Problem]:
        name = str(node.attrs["src"])
        if fault := self.file_fault(name):
            yield self.on(node, *fault)
        if not node.attrs.get("alt"):
            cure = "Say between the brackets ![…] what one sees."
            yield self.on(node, f'The picture "{name}" has no alternative text.', cure)
        for key in ("caption", "credit"):
            if not node.attrs.get(key):
                yield self.on(node, f'The picture "{name}" has no {key}.', f'Add {{{key}="…"}} behind it.')

    def opener(self) -> Iterator[Problem]:
        """See that the opener's picture is there."""
        image = self.matter.image
        if image and (fault := self.file_fault(image.file)):
            yield self.at(("image", "file"), *fault)

    def file_fault(self, name: str) -> tuple[str, str] | None:
        """Say what is wrong with a picture file, and the cure."""
        image = self.case.images.get(name)
        if image is None:
            return f'The picture "{name}" cannot be used.', "Put it beside the case file, as JPEG or PNG."
        if not name.lower().endswith(_ENDINGS[image.format]):
            return f'The picture "{name}" is a {image.format} file by its content.', "Give it the ending of its kind."
        if image.width < NARROWEST:
            what = f'The picture "{name}" is only {image.width} pixels wide.'
            return what, f"Find a larger one: printed across the page it needs {NARROWEST}."
        return None


def _countries() -> frozenset[str]:
    codes = map(str, babel.Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch("[A-Z]{2}", code)) - {"EU", "EZ", "UN", "ZZ"}


_FIELD_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "Write text."),
    "number": (lambda value: isinstance(value, (int, float)) and not isinstance(value, bool), "Write a number."),
    "date": (lambda value: isinstance(value, datetime.date), "Write a date such as 2011-09-05."),
    "list": (
        lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
        "Write a list of texts.",
    ),
    "link": (lambda value: re.match(r"https?://\S+$", str(value)) is not None, "Write a web address."),
}
