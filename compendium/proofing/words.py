"""The rules of words: all of the text is printed, notes stand at their calls, figures near their mention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from compendium.pages import Block, Line

from .galley import Finding, Galley, opening

FARTHEST = 2
"""A figure this many pages from its first mention is far."""


def missing_words(galley: Galley) -> Iterator[Finding]:
    """Find words of the chapter that no reader of its pages sees."""
    printed: dict[int, list[tuple[int, Line]]] = defaultdict(list)
    for number, sheet in enumerate(galley.pages):
        for line in sheet.lines:
            if line.seen and not line.repeated:
                printed[line.block].append((number, line))
    for block in galley.blocks.values():
        lines = printed[block.number]
        if words := _lost(block, [line for _, line in lines]):
            page = lines[0][0] if lines else galley.first_pages[block.number]
            what = f'"{opening(words)}" is in the text and not on the page.'
            yield Finding(page, block.number, what, "The stylesheet hides it, cuts it off or leaves it out.", True)


def _lost(block: Block, lines: list[Line]) -> str:
    """Give the words of a block that its lines do not have."""
    source, text = _plain(block.source), _plain(_joined(lines))
    if "".join(source.split()) == "".join(text.split()):
        return ""
    wanted, found = source.split(), text.split()
    steps = SequenceMatcher(None, wanted, found, autojunk=False).get_opcodes()
    lost = [
        " ".join(wanted[start:end])
        for _, start, end, begin, stop in steps
        if "".join(wanted[start:end]) not in "".join(found[begin:stop])
    ]
    return " … ".join(lost)


def _joined(lines: list[Line]) -> str:
    """Give the text of lines, divided words put together again."""
    return "".join(line.text[:-1] if line.hyphenated else f"{line.text} " for line in lines)


def _plain(text: str) -> str:
    return text.replace("\xad", "").casefold()


def notes_astray(galley: Galley) -> Iterator[Finding]:
    """Find notes that stand on another page than the place that calls them.

    A note goes on alone when its page has no room for it, even if its line is the first one there; or all notes of a
    line for which there is no room together.
    """
    for number, page in enumerate(galley.pages):
        for line in page.lines:
            for note in line.calls if not line.repeated else ():
                if galley.first_pages.get(note, number) != number:
                    words = opening(galley.blocks[note].source)
                    what = f'the note "{words}" stands on another page than its call.'
                    cure = 'Write {place="next page"} above the text that is broken there, or shorten the note.'
                    yield Finding(number, _next_on(galley, number, line.block), what, cure, True)


def _next_on(galley: Galley, page: int, otherwise: int) -> int:
    """Give the block with which the text of the page after begins, or the heading of it that stays behind."""
    for frame, after in pairwise(galley.frames):
        if frame.page == page and after.page > page:
            block = after.lines[0].block
            begun = next((n for n, line in enumerate(frame.lines) if line.block == block), None)
            return block if begun is None else galley.begin(frame, begun)
    return otherwise


def far_figures(galley: Galley) -> Iterator[Finding]:
    """Find figures and tables two pages or more from the place that mentions them first."""
    mentions: dict[str, int] = {}
    for number, page in enumerate(galley.pages):
        for line in page.lines:
            for target in line.links:
                mentions.setdefault(target, number)
    for block in galley.blocks.values():
        if block.id in mentions and (block.tag == "figure" or "table" in block.classes):
            away = galley.first_pages[block.number] - mentions[block.id]
            if abs(away) >= FARTHEST:
                what = f"a figure stands {abs(away)} pages {'after' if away > 0 else 'before'} its first mention."
                cure = "Move it next to the paragraph that mentions it, or mention it nearer."
                yield Finding(galley.first_pages[block.number], block.number, what, cure, False)
