"""The texts of a volume: its cases, each with the files beside it, and its prose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from contextlib import suppress
from typing import Any, Generic, NamedTuple, TypeVar

from compendium.errors import Problem
from compendium.model import Case, Data, Image, Node, Prose, Rules, Section, walk
from compendium.records import CaseMatter, Picture
from compendium.workers import Lend, undisturbed

from . import located, markup, vetting
from .desk import Desk
from .floats import Floats

L = TypeVar("L")
Look = Callable[[Case, Rules], L]
"""Looks a case over where it is read: what it finds travels with the case."""
SECONDS = 0.01
"""What it takes to read a case."""
MANY = 200
"""Cases from which on they are read side by side: fewer are read before other processes have heard of them."""
CHUNK = 20
"""Cases that travel at a time."""


class Read(NamedTuple, Generic[L]):
    """A case, the desk at which it was read, and what the look at it found."""

    case: Case
    desk: Desk
    look: L


class Memory(Generic[L]):
    """The cases that were read last without a fault: after a save, one case of many is another."""

    def __init__(self) -> None:
        self.rules: object = None
        self.cases: dict[str, Read[L]] = {}

    def hold_to(self, rules: object) -> None:
        """Forget what was read by other rules."""
        if rules != self.rules:
            self.rules, self.cases = rules, {}


class Reader(Generic[L]):
    """Reads the cases and the prose of one volume; travels to other processes."""

    def __init__(self, desk: Desk, rules: Rules, look: Look[L]) -> None:
        self.desk, self.rules, self.look = desk, rules, look

    def cases(self, lend: Lend, memory: Memory[L]) -> list[Read[L]]:
        """Read every case, placed or not, and look it over: side by side, where there are many.

        A case whose files are those that are remembered is not read again.
        """
        memory.hold_to((self.desk.folder, self.rules))
        read = {slug: one for slug, one in memory.cases.items() if self.is_unchanged(one.desk)}
        others = [slug for slug in self.rules.slugs if slug not in read]
        executor = lend(len(others) * SECONDS) if len(others) >= MANY else None
        for one in _side_by_side(executor, self.some, others) if executor else self.some(others):
            read[one.case.slug] = one
        memory.cases = {slug: one for slug, one in read.items() if not one.desk.problems}
        cases = [read[slug] for slug in self.rules.slugs]
        for one in cases:
            self.desk.gather(one.desk)
        return cases

    def is_unchanged(self, desk: Desk) -> bool:
        """Tell whether all that was read at a desk would be read again."""
        again = Desk(desk.root, desk.folder)
        for path in desk.read:
            again.bytes(path)
        return again.read == desk.read

    def some(self, slugs: Sequence[str]) -> list[Read[L]]:
        """Read cases, each at a desk of its own, and look them over."""
        with undisturbed():
            return [self.alone(slug) for slug in slugs]

    def alone(self, slug: str) -> Read[L]:
        """Read a case at a desk of its own, and look it over."""
        desk = Desk(self.desk.root, self.desk.folder)
        case = Reader(desk, self.rules, self.look).case(slug)
        return Read(case, desk, self.look(case, self.rules))

    def prose(self) -> dict[str, Prose]:
        """Read the front and back matter that is prose."""
        texts = {}
        for folder in ("front", "back"):
            for path in self.desk.names(f"{folder}/*.md"):
                name = path.removeprefix(f"{folder}/").removesuffix(".md")
                if name in texts:
                    cure = "Give one of them another name."
                    self.desk.fault(path, "front/ holds a text of the same name.", cure)
                texts[name] = self.one_prose(path)
        return texts

    def one_prose(self, path: str) -> Prose:
        """Read a text, and its title."""
        file, text = self.desk.text(path)
        lines = tuple(text.split("\n"))
        blocks, definitions = self.parse(path, lines, 1)
        titles = [b for b in blocks if b.kind == "heading" and b.attrs["level"] == 1]
        if not titles and path not in self.desk.broken:
            self.desk.fault(path, "The text has no title.", 'Begin it with a line "# Title".', 1, 1)
        for other in titles[1:]:
            self.desk.fault(path, "The text has a second title.", 'Begin the heading with "## ".', other.line, 1)
        body = tuple(b for b in blocks if not (b.kind == "heading" and b.attrs["level"] == 1))
        return Prose(file, titles[0].words if titles else "", body, definitions, lines)

    def case(self, slug: str) -> Case:
        """Read a case; what cannot be understood of its front matter is blank."""
        path = f"{slug}/case.md"
        file, text = self.desk.text(path)
        lines = tuple(text.split("\n"))
        head, body_line = _split(lines)
        if head is None and path not in self.desk.broken:
            cure = 'Write the fields between two lines "---" at the beginning of the file.'
            self.desk.fault(path, "The front matter is missing, or is not closed.", cure, 1, 1)
        found = located.load(head or "", file, first_line=2)
        own = [rule.key for rule in self.rules.matter.fields if rule.key]
        matter, problems, unread = vetting.validate(CaseMatter, self.with_fields(found, file), file, own)
        self.desk.problems += problems if head is not None else []
        blocks, definitions = self.parse(path, lines, body_line)
        nodes = list(walk(blocks))
        return Case(
            slug=slug,
            file=file,
            matter=matter,
            sections=tuple(self.sections(blocks, path)),
            definitions=definitions,
            data=self.data(slug, nodes),
            images=self.images(slug, nodes, matter.image),
            spots=found.spots,
            lines=lines,
            unread=unread if head is not None else frozenset({()}),
            broken=frozenset(name.partition("/")[2] for name in self.desk.broken if name.startswith(f"{slug}/")),
        )

    def parse(self, path: str, lines: tuple[str, ...], first: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """Read the Markdown from a line on, and say what is wrong with its form."""
        parsed = markup.parse("\n".join(lines[first - 1 :]), first, self.rules.quotes)
        for slip in parsed.slips:
            self.desk.fault(path, slip.what, slip.cure, slip.line, slip.column)
        floats = Floats(self.desk, self.desk.name(path), lines, self.rules.quotes)
        return tuple(map(floats.found, parsed.blocks)), parsed.acronyms

    def with_fields(self, found: located.Located, file: str) -> located.Located:
        """Gather the volume's own fields under `fields`."""
        if not isinstance(found.data, dict):
            return found
        own = {rule.key for rule in self.rules.matter.fields} - CaseMatter.model_fields.keys()
        if any(path[0] == "fields" for path in self.rules.unread):
            own |= found.data.keys() - CaseMatter.model_fields.keys()  # it may be one of those that are not understood
        data: dict[str, Any] = {key: value for key, value in found.data.items() if key not in own}
        if "fields" in data:
            cure = "Write the volume's own fields beside the others."
            where = found.keys[("fields",)]
            found.problems.append(Problem(file, *where, '"fields" is not a field.', cure))
        data["fields"] = {key: value for key, value in found.data.items() if key in own}
        return found._replace(data=data)

    def sections(self, blocks: tuple[Node, ...], path: str) -> Iterator[Section]:
        """Part the body at its second-level headings."""
        keys = {rule.title.casefold(): rule.key for rule in self.rules.matter.sections if rule.title}
        title: Node | None = None
        inside: list[Node] = []
        if blocks and blocks[0].kind not in ("heading", "uncalled"):
            cure = 'Put a heading "## …" before it.'
            self.desk.fault(path, "There is text before the first section.", cure, blocks[0].line, blocks[0].column)
        for block in blocks:
            if block.kind == "heading" and block.attrs["level"] <= 2:
                if title:
                    yield _section(title, keys, inside)
                title, inside = block, []
            else:
                inside.append(block)
        if title:
            yield _section(title, keys, inside)

    def data(self, slug: str, nodes: list[Node]) -> dict[str, Data]:
        """Read the CSV files that the charts of a case name."""
        names = dict.fromkeys(n.attrs["chart"].data for n in nodes if n.kind == "chart")
        read = {name: self.desk.data(f"{slug}/{name}") for name in names if name}
        return {name: data for name, data in read.items() if data is not None}

    def images(self, slug: str, nodes: list[Node], opener: Picture | None) -> dict[str, Image]:
        """Read the pictures that a case shows."""
        names = [str(n.attrs["src"]) for n in nodes if n.kind == "image"]
        names += [opener.file] if opener and opener.file else []
        plain = [name for name in dict.fromkeys(names) if "/" not in name and "\\" not in name]
        read = {name: self.desk.image(f"{slug}/{name}") for name in plain}
        return {name: image for name, image in read.items() if image is not None}


def _side_by_side(
    executor: Executor, read: Callable[[Sequence[str]], list[Read[L]]], slugs: Sequence[str]
) -> Iterator[Read[L]]:
    """Read cases on an executor, and give them in order; what lost workers leave behind is read here."""
    done = 0
    with suppress(BrokenExecutor):
        for cases in executor.map(read, [slugs[n : n + CHUNK] for n in range(0, len(slugs), CHUNK)]):
            yield from cases
            done += len(cases)
    yield from read(slugs[done:])


def _split(lines: tuple[str, ...]) -> tuple[str | None, int]:
    """Part a case file: its front matter, and the line on which its body begins."""
    if lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 1):
            if line.rstrip() in ("---", "..."):
                return "\n".join(lines[1:number]), number + 2
    return None, next((n for n, line in enumerate(lines, 1) if line.startswith("## ")), len(lines) + 1)


def _section(title: Node, keys: Mapping[str, str], inside: list[Node]) -> Section:
    key = keys.get(title.words.casefold(), "") if title.attrs["level"] == 2 else ""
    return Section(key, title.words, title.line, tuple(inside), title.attrs)
