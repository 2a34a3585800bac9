"""Volume → problems: the content gate. Everything that is wrong is said once, where it is, with its cure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from compendium.errors import Problem, did_you_mean, nearest
from compendium.model import Case, Path, Prose, Rules, Volume, walk
from compendium.reading.located import spot_of
from compendium.records import CaseMatter, Edition

from .case import CaseText
from .figures import Reference
from .text import Text


class Look(NamedTuple):
    """What is found in a case by itself: problems, references to figures and tables, and those that it has, or None
    where the name of one could not be understood."""

    problems: list[Problem]
    references: list[Reference]
    floats: list[str] | None


def look(case: Case, rules: Rules) -> Look:
    """Look one case over; what it says of others is settled when all are known."""
    text = CaseText(rules, case)
    return Look(list(text.problems()), text.references, text.floats)


def check(
    volume: Volume, looks: Mapping[str, Look], listed_pages: Iterable[str], words: Mapping[str, Any]
) -> list[Problem]:
    """Say everything that is wrong with a volume.

    `looks` are what was found in each of its cases, `listed_pages` those that front and back may list, `words` the
    words of the volume's language.
    """
    known, rules = list(listed_pages), Rules(volume.matter, volume.unread, words, tuple(volume.cases))
    problems = [*_order(volume), *_listed(volume, known), *_names(volume, known), *_fields(volume)]
    problems += [problem for one in looks.values() for problem in one.problems]
    problems += _references(looks)
    for text in volume.prose.values():
        problems += _prose(rules, text)
    return [*problems, *_meanings(volume)]


def _references(looks: Mapping[str, Look]) -> Iterator[Problem]:
    """See that every figure and table that a case refers to is there."""
    for one in looks.values():
        for slug, name, problem in one.references:
            floats = looks[slug].floats
            if floats is not None and name not in floats:
                yield replace(problem, cure=did_you_mean(name, floats))


def of_the_book(volume: Volume, problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems as they matter to a book: those of a case that is held back are remarks."""
    folders = tuple(volume.file.rpartition("/")[0] + f"/{held.case}/" for held in volume.matter.held)
    placed = tuple(case.file.rpartition("/")[0] + "/" for case in volume.placed)
    return [
        replace(problem, severe=False)
        if problem.file.startswith(folders) and not problem.file.startswith(placed)
        else problem
        for problem in problems
    ]


def check_statuses(volume: Volume, editions: Iterable[Edition]) -> list[Problem]:
    """Say which placed cases these editions may not print yet."""
    editions = list(editions)
    problems = []
    for case in volume.placed:
        refusing = [edition.name for edition in editions if case.matter.status not in edition.statuses]
        if refusing and case.matter.status:
            what = f'The case is "{case.matter.status}", and may not be printed in: {", ".join(refusing)}.'
            cure = "Approve it, or move it under held: in volume.yaml, with a reason."
            problems.append(Problem(case.file, *spot_of(("status",), case.spots), what, cure))
    return problems


def _order(volume: Volume) -> Iterator[Problem]:
    """Hold the order against the folders: every case placed once, or held back."""
    matter = volume.matter
    named: list[tuple[str, Path]] = [
        (slug, ("parts", n, "cases", m)) for n, part in enumerate(matter.parts) for m, slug in enumerate(part.cases)
    ]
    named += [(held.case, ("held", n, "case")) for n, held in enumerate(matter.held)]
    seen: set[str | None] = set()
    for slug, path in named:
        spot = spot_of(path, volume.spots)
        if slug in seen:
            yield Problem(volume.file, *spot, f'"{slug}" is placed twice.', "Keep one of the places.")
        elif slug and slug not in volume.cases:
            unplaced = [other for other in volume.cases if other not in {name for name, _ in named}]
            cure = did_you_mean(slug, unplaced or volume.cases)
            yield Problem(volume.file, *spot, f'There is no case "{slug}" beside volume.yaml.', cure)
            seen.add(nearest(slug, unplaced))  # the misspelt name is said, and that is enough
        seen.add(slug)
    if any(path[0] in ("parts", "held") for path in volume.unread):
        return  # it may be named in what could not be understood
    for slug, case in volume.cases.items():
        if slug not in seen:
            cure = "Put it into a part in volume.yaml, or under held: with a reason."
            yield Problem(case.file, 0, 0, "The case is neither placed nor held back.", cure)


def _listed(volume: Volume, known: list[str]) -> Iterator[Problem]:
    """Hold the names in `front` and `back` against the texts and the pages that can be made."""
    seen: set[str] = set()
    for place, names in (("front", volume.matter.front), ("back", volume.matter.back)):
        for n, name in enumerate(names):
            where = spot_of((place, n), volume.spots)
            if name not in volume.prose and name not in known:
                cure = did_you_mean(name, [*volume.prose, *known])
                yield Problem(volume.file, *where, f'There is no page "{name}".', cure)
            if name in seen:
                yield Problem(volume.file, *where, f'"{name}" is listed twice.', "Keep one of them.")
            seen.add(name)


def _names(volume: Volume, known: list[str]) -> Iterator[Problem]:
    """See that no case bears the name of another chapter: links and page numbers go by it."""
    for slug, case in volume.cases.items():
        if is_other_page(slug, volume, known):
            cure = "Give the case's folder another name, here and in volume.yaml."
            yield Problem(case.file, 0, 0, f'"{slug}" is the name of another page of the book.', cure)


def is_other_page(slug: str, volume: Volume, known: Iterable[str]) -> bool:
    """Tell whether a name is that of another chapter of the book, or of the folder of its front or back matter."""
    return slug in {*volume.prose, *known, "front", "back"} or re.fullmatch(r"part-\d+", slug) is not None


def _fields(volume: Volume) -> Iterator[Problem]:
    """See that the volume's own fields have names of their own."""
    keys = [rule.key for rule in volume.matter.fields]
    for n, key in enumerate(keys):
        spot = spot_of(("fields", n, "key"), volume.spots)
        if key in CaseMatter.model_fields:
            what = f'Every case has a field "{key}" already.'
            yield Problem(volume.file, *spot, what, "Give yours another key.")
        elif key and key in keys[:n]:
            yield Problem(volume.file, *spot, f'Two fields have the key "{key}".', "Give each its own.")


def _prose(rules: Rules, prose: Prose) -> Iterator[Problem]:
    """Look over a text of the front or back matter: it has notes and references, and no sources or pictures."""
    text = Text(rules, prose.file, prose.lines, prose.blocks, prose.definitions)
    yield from text.problems()
    yield from text.headings(prose.blocks, 1)
    for node in walk(prose.blocks):
        if node.kind in ("cite", "picture", "chart"):
            yield text.on(node, "Citations, pictures and charts stand only in cases.", "Put it into a case.")


def _meanings(volume: Volume) -> Iterator[Problem]:
    """See that an acronym means one thing in the whole book, whose list has one line for it."""
    first: dict[str, tuple[str, str]] = {}
    texts: list[Case | Prose] = [*volume.placed, *volume.cases.values(), *volume.prose.values()]
    for text in {text.file: text for text in texts}.values():
        for node in text.definitions:
            short = node.attrs["short"]
            meaning, file = first.setdefault(short, (node.text, text.file))
            if meaning.casefold() != node.text.casefold() and file != text.file:
                what = f'"{short}" means something else in {file}: {meaning}.'
                spot = node.line, text.lines[node.line - 1].find(short) + 1
                yield Problem(text.file, *spot, what, "Use one meaning, or write one of them out.")
