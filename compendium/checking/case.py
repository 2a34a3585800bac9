"""A case: its front matter, its sections, its sources."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import babel

from compendium.errors import Problem, did_you_mean, nearest
from compendium.model import Case, Node, Path, Rules, Section
from compendium.reading.located import spot_of
from compendium.reading.vetting import no_day

from .figures import Figures

_NUMBER = re.compile(r"\d+(?:[.,'\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]\d+)*")
_YEARS = re.compile(r"\b((?:1[89]|20)\d\d)(?:[-/–]\d\d)?\b")
_DAY = re.compile(r"\b\d{1,2}(?:er|st|nd|rd|th|\.)? (?=[^\W\d_]+,? ?\0)|(?<=[^\W\d_] )\d{1,2}, (?=\0)")


class CaseText(Figures):
    """Looks one case over."""

    def __init__(self, rules: Rules, case: Case) -> None:
        blocks = tuple(block for section in case.sections for block in section.blocks)
        super().__init__(rules, case.file, case.lines, blocks, case.definitions, case)

    def problems(self) -> Iterator[Problem]:
        """Say everything that is wrong with the case."""
        yield from super().problems()
        for look in (self.lists, self.fields, self.approval, self.sections, self.sources, self.costs, self.unexplained):
            yield from look()

    def knows(self, slug: str) -> bool:
        """Tell whether it may refer to a case: one that is held back may speak of others that are."""
        return super().knows(slug) or (slug in self.rules.slugs and self.rules.is_held(self.case.slug))

    # --- The front matter ---

    def at(self, path: Path, what: str, cure: str = "", severe: bool = True) -> Problem:
        """Say something of a value of the front matter."""
        return Problem(self.file, *spot_of(path, self.case.spots), what, cure, severe)

    def lists(self) -> Iterator[Problem]:
        """Hold the controlled words against the volume's lists."""
        matter, rules = self.case.matter, self.rules.matter
        if matter.country and matter.country not in {"global", *rules.countries, *countries()}:
            cure = "Write its two capital letters (ISO 3166-1), such as AM, or global."
            yield self.at(("country",), f'"{matter.country}" is no country code.', cure)
        words: list[tuple[Path, str | None]] = [(("kind",), matter.kind), (("region",), matter.region)]
        words += [(("themes", n), theme) for n, theme in enumerate(matter.themes)]
        words += [(("constraints", n), word) for n, word in enumerate(matter.constraints)]
        for path, word in words:
            name = {"kind": "kinds", "region": "regions"}.get(str(path[0]), str(path[0]))
            known = getattr(rules, name)
            if word and word not in known and not _touched(self.rules.unread, name):
                cure = did_you_mean(word, known) or f'The volume declares no "{name}".'
                yield self.at(path, f'"{word}" is not in the volume\'s list.', cure)

    def fields(self) -> Iterator[Problem]:
        """Hold the volume's own fields against their rules."""
        if () in self.case.unread:
            return
        for rule in self.rules.matter.fields:
            value = self.case.matter.fields.get(rule.key)
            if value is None:
                if rule.required and rule.key not in self.case.matter.fields:
                    yield self.at((), f'"{rule.key}" is missing.', "Add it: this volume asks for it.")
                elif rule.required:
                    yield self.at((rule.key,), f'"{rule.key}" is empty.', "Write it: this volume asks for it.")
            elif rule.type == "date" and (fault := no_day(value)):
                yield self.at((rule.key,), *fault)
            elif rule.type and not _FIELD_TYPES[rule.type][0](value):
                yield self.at((rule.key,), f'"{rule.key}" is not what belongs here.', _FIELD_TYPES[rule.type][1])

    def approval(self) -> Iterator[Problem]:
        """Ask who approved an approved case, and when, and whether dates can have come in their order."""
        matter = self.case.matter
        missing = [
            key
            for key in ("approved_by", "approved_on")
            if getattr(matter, key) is None and not _touched(self.case.unread, key)
        ]
        if matter.status == "approved" and missing:
            names = " and ".join(f'"{key}"' for key in missing)
            verb = "is" if len(missing) == 1 else "are"
            what = f"The case is approved, but {names} {verb} missing."
            yield self.at(("status",), what, "Say who approved, and when.")
        if matter.approved_on and matter.updated and matter.approved_on < matter.updated:
            cure = "Have it approved again, or correct the date."
            yield self.at(("updated",), "The case was changed after it was approved.", cure, severe=False)
        for n, source in enumerate(matter.sources):
            if source.date and source.read and source.date > source.read.isoformat()[: len(source.date)]:
                what = "The source was read before its own date."
                yield self.at(("sources", n, "read"), what, "Correct one of them.")

    # --- The sections ---

    def sections(self) -> Iterator[Problem]:
        """Hold the sections against those that the volume declares."""
        found = self.case.sections
        nothing_readable = () in self.case.unread and not found
        if nothing_readable or _touched(self.rules.unread, "sections"):
            return
        rules = {rule.key: rule for rule in self.rules.matter.sections}
        counts = Counter(section.key for section in found)
        for n, section in enumerate(found):
            yield from self.section(section, section.key in [other.key for other in found[:n]])
        meant = {nearest(section.title, self.section_titles()) for section in found if not section.key}
        for rule in rules.values():
            if rule.required and not counts[rule.key] and rule.title not in meant:
                cure = f'Add a heading "## {rule.title}" and its text.'
                yield Problem(self.file, 0, 0, f'The section "{rule.title}" is missing.', cure)
        keys = [section.key for section in found]
        wanted = [key for key in rules if key in keys]
        if not counts[""] and len(set(keys)) == len(keys) and keys != wanted:
            first = next(s for s, key in zip(found, wanted, strict=True) if s.key != key)
            titles = ", ".join(rules[key].title for key in wanted)
            spot = self.section_spot(first)
            yield Problem(self.file, *spot, "The sections are out of order.", f"Order them: {titles}.")

    def section_titles(self) -> list[str]:
        """Name the sections that the volume declares."""
        return [rule.title for rule in self.rules.matter.sections]

    def section_spot(self, section: Section) -> tuple[int, int]:
        """Find the title of a section."""
        return self.find(section.title, section.line, 1) or (section.line, 1)

    def section(self, section: Section, again: bool) -> Iterator[Problem]:
        """Look at one section, and at the headings in it."""
        if not section.key:
            cure = did_you_mean(section.title, self.section_titles())
            yield Problem(self.file, *self.section_spot(section), f'The volume has no section "{section.title}".', cure)
        elif again:
            what = f'The section "{section.title}" stands here twice.'
            yield Problem(self.file, *self.section_spot(section), what, "Make one of the two.")
        if not any(block.kind != "uncalled" for block in section.blocks):
            cure = "Write it, or take the heading out."
            yield Problem(self.file, *self.section_spot(section), f'The section "{section.title}" is empty.', cure)
        yield from self.headings(section.blocks, 2)
        yield from self.attributes(section.heading)

    # --- The sources ---

    def sources(self) -> Iterator[Problem]:
        """Hold citations against sources, both ways, and ask for one beside every figure."""
        ids = [source.id for source in self.case.matter.sources]
        unsure = _unsure(self.case.unread, "sources", "id")
        for n, id in enumerate(ids):
            if id and id in ids[:n]:
                yield self.at(("sources", n, "id"), f'Two sources have the id "{id}".', "Give each its own.")
        used = {cost.source for cost in self.case.matter.cost}
        cites = [node for node in self.nodes if node.kind == "cite"]
        for node in cites:
            used |= {node.text, nearest(node.text, filter(None, ids)) if node.text not in ids else None}
            if node.text not in ids and not unsure:
                yield self.word(node, node.text, f'There is no source "{node.text}".', _source_cure(node.text, ids))
        for node in self.nodes:
            if node.kind in ("paragraph", "plain") and (number := self.unsourced(node)):
                yield self.figure_spot(node, number)
        if not unsure and not _unsure(self.case.unread, "cost", "source"):
            for n, id in enumerate(ids):
                if id not in used and id not in ids[:n]:
                    cure = "Cite it, or take it out."
                    yield self.at(("sources", n, "id"), f'The source "{id}" is cited nowhere.', cure)

    def costs(self) -> Iterator[Problem]:
        """Hold the sources of sums against the sources."""
        ids = [source.id for source in self.case.matter.sources]
        for n, cost in enumerate(self.case.matter.cost):
            if cost.source and cost.source not in ids and not _unsure(self.case.unread, "sources", "id"):
                cure = _source_cure(cost.source, ids)
                yield self.at(("cost", n, "source"), f'There is no source "{cost.source}".', cure)

    def unsourced(self, node: Node) -> str:
        """Find a figure that wants a source and has none in its paragraph: a percentage, or a number of two digits
        that is no date of the period."""
        if any(part.kind == "cite" for part in node.walk()):
            return ""
        period = self.case.matter.period
        first, last = period or (0, 9999)
        text = _YEARS.sub(lambda year: "\0" if first <= int(year[1]) <= last else year[0], node.words)
        text = _DAY.sub("", text)
        percent = "|".join(map(re.escape, ["%", "\N{PER MILLE SIGN}", *self.rules.words["percent_words"]]))
        for number in _NUMBER.finditer(text):
            share = re.compile(rf"\s*(?:{percent})").match(text, number.end())
            if share:
                return number[0] + share[0]
            if sum(sign.isdigit() for sign in number[0]) > 1:
                return number[0]
        return ""

    def figure_spot(self, node: Node, number: str) -> Problem:
        """Say that a figure has no source, at the figure."""
        what = f'A figure without a source: "{" ".join(number.split())}".'
        digits = re.split(r"\s|%", number)[0]  # the words of a percentage may stand in the next line
        start = next((part for part in node.walk() if part.kind == "text" and digits in part.text), node)
        return self.word(start, digits, what, "Cite its source: [@id].")


def _source_cure(id: str, ids: list[str]) -> str:
    return did_you_mean(id, ids) or "Add it to the sources in the front matter."


def _touched(unread: frozenset[Path], name: str) -> bool:
    """Tell whether a field, or all of the file, could not be understood."""
    return any(path[:1] in ((), (name,)) for path in unread)


def _unsure(unread: frozenset[Path], name: str, key: str) -> bool:
    """Tell whether an entry of a list, or this key of one, could not be understood."""
    return any(path[:1] in ((), (name,)) and (len(path) < 3 or path[2] == key) for path in unread)


@cache
def countries() -> frozenset[str]:
    """Give the codes of all countries (ISO 3166-1 alpha-2)."""
    codes = map(str, babel.Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch("[A-Z]{2}", code)) - {"EU", "EZ", "UN", "ZZ"}


_FIELD_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "Write text; put what looks like a number between quotation marks."),
    "number": (lambda value: isinstance(value, (int, float)) and not isinstance(value, bool), "Write a number."),
    "date": (lambda value: isinstance(value, datetime.date), "Write a date such as 2011-09-05."),
    "list": (
        lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
        "Write a list of texts.",
    ),
    "link": (lambda value: re.match(r"https?://\S+$", str(value)) is not None, "Write a web address."),
}
