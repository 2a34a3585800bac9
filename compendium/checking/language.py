"""A volume's texts → how long, how readable and how well spelt they are: what `check --verbose` says of them."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hunspell import Hunspell

from compendium.errors import Problem
from compendium.model import Case, Node, Volume, walk
from compendium.model import Path as Key
from compendium.reading.located import spot_of

_ROWS = ("paragraph", "plain", "heading", "td", "th", "caption", "origin")
"""Pieces that hold words in a row."""
_RUNNING = ("paragraph", "plain")
_UNREAD = ("cite", "note", "code_inline", "image")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
_STOP = re.compile(r"[.!?…]['’\"”»)\]]*(?=\s+['‘\"“«(]?\s?[^\W_a-zà-ÿ])")
"""The end of a sentence: a stop before a capital letter or a figure."""
_FLESCH = {"en": (206.835, 84.6), "fr": (207.0, 73.6)}
_VOWELS = re.compile(r"[aeiouyà-öø-ÿœ]+")
_MUTE = {
    "en": re.compile(r"(?<![td])(?:(?<=[^aeiouyl])|(?<=[aeiouy]l))ed$|(?:(?<=[^aeiouylsxzcgh])|(?<=[aeiouy]l))es$"),
    "fr": re.compile(r"(?<=[^aeiouy])(?:es?|ent)$"),
}
_MUTE_E = re.compile(r"(?:(?<=[^aeiouyl])|(?<=[aeiouy]l))e$")


class Word(NamedTuple):
    """A word and its place in the file."""

    text: str
    line: int
    column: int


Sentence = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one file: the sentences of its running text, and every word that may be misspelt."""

    file: str
    sentences: tuple[Sentence, ...]
    words: tuple[Word, ...]


class Dictionary:
    """The words of a language (`<name>.dic` and `.aff`, as Hunspell reads them), and the volume's own."""

    def __init__(self, folder: Path, name: str, own: Iterable[str] = ()) -> None:
        self._knows: Callable[[str], bool] = Hunspell(name, hunspell_data_dir=str(folder)).spell
        self._own = frozenset(own)

    def has(self, word: str) -> bool:
        """Tell whether a word is spelt as the dictionary has it; of a word with hyphens, each part."""
        plain = word.replace("’", "'").removesuffix("'s")
        return self._has(plain) or ("-" in plain and all(map(self._has, plain.split("-"))))

    def _has(self, word: str) -> bool:
        return word in self._own or word[:1].lower() + word[1:] in self._own or self._knows(word)


def review(volume: Volume, dictionaries: Path, own_words: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """Say of each text in the book how long and how readable it is, and which words are in no dictionary."""
    language, found = volume.matter.language, texts(volume)
    said = [sentence for text in found if (sentence := measured(text, language))]
    names = [name for name in (language, language.partition("-")[0]) if (dictionaries / f"{name}.dic").is_file()]
    if not names:
        said.append(f'There is no dictionary for "{language}" in layouts/dictionaries/: spelling was not looked at.')
        return said, []
    dictionary = Dictionary(dictionaries, names[0], own_words)
    return said, [problem for text in found for problem in misspelt(text, dictionary)]


def texts(volume: Volume) -> list[Text]:
    """Gather the words of volume.yaml, of every case, and of the prose that front and back list.

    Titles of sources are left out: they are others' words, in any language.
    """
    listed = [volume.prose[name] for name in (*volume.matter.front, *volume.matter.back) if name in volume.prose]
    explained = [text.acronyms for text in volume.cases.values()] + [text.acronyms for text in listed]
    acronyms = set().union(*explained)
    found = [_text(volume.file, (), _volume_words(volume), acronyms)]
    for case in volume.cases.values():
        blocks = tuple(block for section in case.sections for block in section.blocks)
        found.append(_text(case.file, blocks, _matter_words(case), acronyms))
    for prose in listed:
        defined = _all_words([prose.title, *prose.acronyms.values()], (1, 1))
        found.append(_text(prose.file, prose.blocks, defined, acronyms))
    return found


def measured(text: Text, language: str) -> str:
    """Say a text's length, its mean and longest sentence, and its reading ease where its language has a formula."""
    if not text.sentences:
        return ""
    words, longest = sum(map(len, text.sentences)), max(text.sentences, key=len)
    ease = reading_ease(text.sentences, language)
    return (
        f"{text.file}: {words} words, {words / len(text.sentences):.0f} a sentence, "
        f"{len(longest)} in the longest (line {longest[0].line})"
        + ("." if ease is None else f", reading ease {ease:.0f}.")
    )


def reading_ease(sentences: Iterable[Sentence], language: str) -> float | None:
    """Give the reading ease, from about 0 (hard) to 100 (easy), by the formulas of Flesch (1948) for English and of
    Kandel and Moles (1958) for French; None for other languages, whose words are of other lengths."""
    if not (weights := _FLESCH.get(language.partition("-")[0])):
        return None
    lengths = [[syllables(word.text, language) for word in sentence] for sentence in sentences]
    words = sum(map(len, lengths))
    base, weight = weights
    return base - 1.015 * words / len(lengths) - weight * sum(map(sum, lengths)) / words if words else None


def syllables(word: str, language: str) -> int:
    """Estimate the syllables of an English or French word: its groups of vowels, without mute endings."""
    short = language.partition("-")[0]
    spoken = _MUTE[short].sub("", word.casefold())
    if short == "en":
        spoken = _MUTE_E.sub("", spoken)
    return max(1, len(_VOWELS.findall(spoken)))


def misspelt(text: Text, dictionary: Dictionary) -> list[Problem]:
    """Name the words of a text that are in no dictionary, each once, where it stands first."""
    first: dict[str, Word] = {}
    for word in text.words:
        if word.text not in first and not dictionary.has(word.text):
            first[word.text] = word
    cure = "Correct it, or add it to the volume's words.txt."
    return [
        Problem(text.file, word.line, word.column, f'"{word.text}" is in no dictionary.', cure, severe=False)
        for word in first.values()
    ]


def _text(file: str, blocks: Iterable[Node], besides: Iterable[Word], acronyms: set[str]) -> Text:
    """Read the blocks of a text row by row."""
    rows = [_Row(node) for node in walk(blocks) if node.kind in _ROWS]
    words = [*besides, *_attributes(blocks), *(word for row in rows for word in row.native)]
    spelt = (w for w in words if w.text not in acronyms and not re.search(r"\d", w.text))
    running = (row for row in rows if row.kind in _RUNNING)
    return Text(file, tuple(sentence for row in running for sentence in row.sentences()), tuple(spelt))


class _Row:
    """Words in a row: a paragraph, a heading, a cell, a caption; what it cites and its notes left out."""

    def __init__(self, node: Node) -> None:
        self.kind, self.text = node.kind, ""
        self.starts: list[int] = []
        self.pieces: list[tuple[Node, bool]] = []
        self.read(node, foreign=False)
        self.words = [(match.start(), *self.word(match)) for match in _WORD.finditer(self.text)]
        self.native = [word for _, word, foreign in self.words if not foreign]

    def read(self, node: Node, foreign: bool) -> None:
        for child in node.children:
            if child.kind in ("text", "softbreak", "hardbreak"):
                self.starts.append(len(self.text))
                self.pieces.append((child, foreign))
                self.text += child.text if child.kind == "text" else " "
            elif child.kind not in (*_UNREAD, *_ROWS):
                self.read(child, foreign or "lang" in child.attrs)

    def word(self, match: re.Match[str]) -> tuple[Word, bool]:
        """Give a word with its place, and whether it is of another language."""
        n = bisect(self.starts, match.start()) - 1
        node, foreign = self.pieces[n]
        column = node.column + match.start() - self.starts[n] if node.column else 0
        return Word(match[0], node.line, column), foreign

    def sentences(self) -> Iterator[Sentence]:
        stops = [match.end() for match in _STOP.finditer(self.text)]
        grouped: dict[int, list[Word]] = {}
        for start, word, _ in self.words:
            grouped.setdefault(bisect(stops, start), []).append(word)
        yield from map(tuple, grouped.values())


def _attributes(blocks: Iterable[Node]) -> Iterator[Word]:
    """Give the words that stand in attributes: index entries, alternative texts, titles of boxes, units."""
    for node in walk(blocks):
        said = [str(node.attrs[key]) for key in ("index", "alt", "title") if key in node.attrs]
        if node.kind == "chart":
            said += [node.attrs["chart"].unit, node.attrs["chart"].alt]
        yield from _all_words(said, (node.line, node.column))


def _matter_words(case: Case) -> Iterator[Word]:
    """Give the words of a case's front matter, of its headings, and of its explained acronyms."""
    matter = case.matter
    said: dict[Key, str] = {("title",): matter.title, ("summary",): matter.summary}
    said |= {("partners", n): name for n, name in enumerate(matter.partners)}
    said |= {("offices", n): name for n, name in enumerate(matter.offices)}
    said |= {("cost", n): cost.covers or cost.not_recorded or "" for n, cost in enumerate(matter.cost)}
    yield from _located(said, case.spots)
    yield from _all_words(case.acronyms.values(), (0, 0))


def _volume_words(volume: Volume) -> Iterator[Word]:
    """Give the words of volume.yaml that are printed."""
    matter = volume.matter
    said: dict[Key, str] = {("title",): matter.title, ("subtitle",): matter.subtitle or "", ("about",): matter.about}
    said |= {("kinds", key): f"{kind.title} {kind.meaning}" for key, kind in matter.kinds.items()}
    for name in ("themes", "constraints", "regions"):
        said |= {(name, key): words for key, words in getattr(matter, name).items()}
    said |= {("sections", n): rule.title for n, rule in enumerate(matter.sections)}
    said |= {("parts", n): f"{part.title}. {part.intro or ''}" for n, part in enumerate(matter.parts)}
    yield from _located(said, volume.spots)


def _located(said: Mapping[Key, str], spots: Mapping[Key, tuple[int, int]]) -> Iterator[Word]:
    for path, words in said.items():
        yield from _all_words([words], spot_of(path, spots))


def _all_words(said: Iterable[str], spot: tuple[int, int]) -> Iterator[Word]:
    for words in said:
        yield from (Word(word, *spot) for word in _WORD.findall(words))
