"""What holds for every text of the book: links, notes, headings, attributes, acronyms."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from compendium.errors import Problem, did_you_mean, nearest
from compendium.model import FLOATS, Node, Rules, Spot, walk

HINTS = {"place": ("next page",), "keep": ("with next", "together"), "set": ("tighter", "looser")}
_PICTURE = {"src", "alt", "title", "id", "caption", "credit", "rights", "consent", "persons"}
_OWN = {
    "span": {"index", "lang"},
    "link": {"href", "title", "lang"},
    "image": {*_PICTURE, *HINTS},
    "picture": _PICTURE,
    "table": {"id", "caption", "source"},
    "chart": {"id", "chart", "spots", "unread", "language"},
    "code": {"language"},
    "heading": {"level"},
    "ordered_list": {"start"},
    "box": {"title"},
}
_PLACED = {*FLOATS, "paragraph", "heading", "bullet_list", "ordered_list", "blockquote", "code", "box", "quote"}
_CAPITALS = re.compile(r"\b[^\W\d_a-z]{2,6}(?=s?\b)(?!s?\$)")


@dataclass(frozen=True)
class Text:
    """A text to be looked over: its file and lines, its blocks, and what it explains."""

    rules: Rules
    file: str
    lines: Sequence[str]
    blocks: Sequence[Node]
    definitions: Sequence[Node]

    def problems(self) -> Iterator[Problem]:
        """Say what is wrong with the text."""
        for node in self.nodes:
            if node.kind == "link":
                yield from self.link(node)
            if node.attrs:
                yield from self.attributes(node)
        yield from self.notes()
        yield from self.twice_explained()

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Give every piece of the text, in reading order."""
        return tuple(walk(self.blocks))

    # --- Where it is ---

    def on(self, node: Node, what: str, cure: str = "") -> Problem:
        """Say something of a piece."""
        return Problem(self.file, node.line, node.column, what, cure)

    def word(self, node: Node, word: str, what: str, cure: str = "") -> Problem:
        """Say something of a word in a piece, at the word."""
        spot = self.find(word, node.line, node.column) or (node.line, node.column)
        return Problem(self.file, *spot, what, cure)

    def find(self, word: str, line: int, column: int) -> Spot | None:
        """Find a word from a place on, as far as the paragraph goes: first as a whole word, then as part of one."""
        whole = re.escape(word)
        whole = (r"(?<!\w)" if word[:1].isalnum() else "") + whole + (r"(?!\w)" if word[-1:].isalnum() else "")
        # The file may hold its letters decomposed.
        for pattern in (whole, unicodedata.normalize("NFD", whole), re.escape(word)):
            begin = max(column - 1, 0)
            for number, source in enumerate(self.lines[line - 1 :], line):
                if found := re.compile(pattern).search(source, begin):
                    return number, found.start() + 1
                if not source.strip():
                    break
                begin = 0
        return None

    def attribute(self, node: Node, key: str, what: str, cure: str = "") -> Problem:
        """Say something of an attribute: it stands in the lines directly above a block, or behind the words."""
        sign = {"id": "#", "class": "."}.get(key, f"{key}=")
        for number in range(node.line - 1, 0, -1):
            source = self.lines[number - 1].strip(" >")
            if source and not source.startswith("{"):
                break
            if sign in source:
                return Problem(self.file, number, self.lines[number - 1].find(sign) + 1, what, cure)
        return self.word(node, sign, what, cure)

    # --- What is wrong ---

    def link(self, node: Node) -> Iterator[Problem]:
        """Follow a link, and read its words as one who hears them alone."""
        yield from self.target(node, str(node.attrs["href"]))
        words = " ".join(node.words.split())
        if not words:
            yield self.on(node, "The link has no words.", "Say between the brackets where it leads.")
        elif words.casefold().strip(".… ") in self.rules.words["vague_links"]:
            cure = "Say where it leads: a reader may hear the link alone."
            yield self.word(node, node.words, f'The words "{words}" do not say where the link leads.', cure)
        elif re.match(r"(https?:|www\.)", words):
            yield self.word(node, words[:8], "The words of this link are an address.", "Write [words](address).")

    def target(self, node: Node, target: str) -> Iterator[Problem]:
        """See that a link leads somewhere."""
        kind, _, name = target.partition(":")
        if kind == "case" and not self.knows(name):
            cure = did_you_mean(name, self.known_cases)
            yield self.word(node, target, f'There is no case "{name}" in the book.', cure)
        elif kind not in ("case", "http", "https", "mailto"):
            yield self.word(node, target, f'"{target}" leads nowhere.', "Link to case:… or a web address.")

    def knows(self, slug: str) -> bool:
        """Tell whether the text may refer to a case."""
        return slug in self.rules.slugs and not self.rules.is_held(slug)

    @property
    def known_cases(self) -> list[str]:
        """Name the cases that the text may refer to."""
        return [slug for slug in self.rules.slugs if self.knows(slug)]

    def notes(self) -> Iterator[Problem]:
        """Hold the calls of notes against the notes; a note that a misspelt call means is no second fault."""
        uncalled = {str(node.attrs["label"]): node for node in self.blocks if node.kind == "uncalled"}
        for node in self.nodes:
            if node.kind == "note" and not node.children:
                meant = nearest(node.text, uncalled) or next(iter(uncalled), "")
                cure = f'Did you mean "{meant}"?' if meant else f'Add a line "[^{node.text}]: …" at the end.'
                yield self.word(node, node.text, f'There is no note "{node.text}".', cure)
                uncalled.pop(meant, None)
        for label, node in uncalled.items():
            cure = f"Call it with [^{label}], or take it out."
            yield self.word(node, label, f'The note "{label}" is called nowhere.', cure)

    def headings(self, blocks: Sequence[Node], level: int) -> Iterator[Problem]:
        """See that headings go down step by step, and that something stands under each."""
        blocks = [block for block in blocks if block.kind != "uncalled"]
        for block, follows in zip(blocks, [*blocks[1:], None], strict=False):
            if block.kind != "heading":
                continue
            if block.attrs["level"] > level + 1:
                yield self.on(block, "The heading skips a level.", f'Begin it with "{"#" * (level + 1)} ".')
            level = block.attrs["level"]
            if follows is None or (follows.kind == "heading" and follows.attrs["level"] <= level):
                yield self.on(block, "Nothing stands under this heading.", "Write it, or take the heading out.")

    def attributes(self, node: Node) -> Iterator[Problem]:
        """See that attributes are known ones, with values that say something."""
        own = _OWN.get(node.kind, set()) | (HINTS.keys() if node.kind in _PLACED else set())
        for key in node.attrs:
            if key not in own and node.kind not in ("th", "td", "acronym", "uncalled"):
                cure = did_you_mean(key, sorted(own - {"src", "alt", "href", "level", "start", "chart", "spots"}))
                yield self.attribute(node, key, f'"{key}" does nothing here.', cure if own else "Take it out.")
            elif key in HINTS and node.attrs[key] not in HINTS[key] and node.kind != "image":
                cure = did_you_mean(str(node.attrs[key]), HINTS[key])
                yield self.attribute(node, key, f'"{key}={node.attrs[key]}" is no hint.', cure)
        language = node.attrs.get("lang")
        if language is not None and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(language)):
            cure = "Write a language's code, such as fr or pt-BR."
            yield self.attribute(node, "lang", f'"{language}" is no language.', cure)
        entry = node.attrs.get("index")
        if entry is not None and node.kind == "span" and not any(sign.isalnum() for sign in str(entry)):
            cure = 'Write the entry: {index="cash transfers"}.'
            yield self.attribute(node, "index", "The index term has no words.", cure)

    def twice_explained(self) -> Iterator[Problem]:
        """See that an acronym is explained once."""
        for n, node in enumerate(self.definitions):
            short = node.attrs["short"]
            if short in [other.attrs["short"] for other in self.definitions[:n]]:
                yield self.word(node, short, f'The acronym "{short}" is explained twice.', "Keep one of the lines.")

    def unexplained(self) -> Iterator[Problem]:
        """Find words in capitals that nobody explains, each where it first stands, and explanations given twice."""
        if any(path[0] == "known_acronyms" for path in self.rules.unread):
            return
        known = {*self.rules.matter.known_acronyms, *(node.attrs["short"] for node in self.definitions)}
        given: Counter[str] = Counter()
        for block in self.blocks:
            texts = [node for node in block.walk() if node.kind == "text"]
            telling = [(node, self.acronyms_of(node.text)) for node in texts]
            telling = [(node, found) for node, found in telling if "(" in node.text or not known.issuperset(found)]
            if not telling or block.words.isupper():
                continue
            for node, found in telling:
                for short in found:
                    if short not in known:
                        known.add(short)
                        cure = f"Add a line *[{short}]: and what it means, or name it in known_acronyms in volume.yaml."
                        yield self.word(node, short, f'The acronym "{short}" is explained nowhere.', cure)
                yield from self.repeated(node, given)

    @staticmethod
    def acronyms_of(text: str) -> list[str]:
        """Name the words of 2 to 6 capitals in a text, also with a plural's s; Roman numbers are none."""
        return [word for word in _CAPITALS.findall(text) if word.isupper() and not re.fullmatch("[IVX]+", word)]

    def repeated(self, node: Node, given: Counter[str]) -> Iterator[Problem]:
        """Find an explanation in brackets, "integrated social services (ISS)", that was given before."""
        if "(" not in node.text:
            return
        for short, meaning in {node.attrs["short"]: node.text for node in self.definitions}.items():
            written = f"{meaning} ({short})"
            straight = node.text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
            if written.casefold() in straight.casefold():
                given[short] += 1
                if given[short] > 1:
                    cure = "Write the acronym alone."
                    yield self.word(node, f"({short})", f'The acronym "{short}" is explained again here.', cure)
