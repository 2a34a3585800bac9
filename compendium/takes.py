"""A long page → takes: the copy of one compositor each, as compositors called it.

The engine needs memory for all of a chapter at once, some 300 bytes for every letter of its HTML. What is made from a
whole book grows with it; so templates mark the seams at which such a page may be cut, and what is long becomes several
chapters, which are printed by themselves and read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from .chapters import Chapter

SEAM = "<!-- seam -->"
"""Marks, in a template, where a long page may be cut: whatever follows begins a page."""
MOST = 200_000
"""About so many letters of HTML make a take: some twenty pages, and sixty megabytes while they are printed."""
_TAG = re.compile(r"<(/?)(\w+)[^>]*>|" + SEAM)
_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
_HEADS = {"head", "thead"}
"""What is said again in every take: the head of the HTML, and of a table."""


@dataclass(frozen=True, slots=True)
class _Seam:
    """A seam: its place in the HTML, the tags of all that is open there, and the level of the heading before it."""

    place: int
    opened: tuple[str, ...]
    level: int


def takes(chapter: Chapter) -> tuple[Chapter, ...]:
    """Cut a chapter at its seams, where it is long."""
    seams = _chosen(chapter.html) if len(chapter.html) > MOST else ()
    bounds = pairwise([None, *seams, None])
    return tuple(_take(chapter, number, before, after) for number, (before, after) in enumerate(bounds, 1))


def _take(chapter: Chapter, number: int, before: _Seam | None, after: _Seam | None) -> Chapter:
    """Make the take between two seams. No anchor of the book lies between its name and those of what is in it."""
    start, end = before.place if before else 0, after.place if after else len(chapter.html)
    html = chapter.html[start:end].replace(SEAM, "") + (_closing(after) if after else "")
    if before is None:
        return replace(chapter, html=html)
    html = _opening(before, number) + html
    files = {name: file for name, file in chapter.files.items() if name in html}
    name = f"{chapter.name}.{number}"
    return replace(chapter, name=name, opens="next", html=html, files=files, follows=chapter.name)


def _chosen(html: str) -> Iterator[_Seam]:
    """Choose seams that make takes of about one length: in reach the outermost, between parts rather than in one."""
    ahead, start = list(_seams(html)), 0
    while (rest := len(html) - start) > MOST and (ahead := [seam for seam in ahead if seam.place > start]):
        length = rest / ceil(rest / MOST)
        off = {seam: abs(seam.place - start - length) for seam in ahead}
        near = [seam for seam in ahead if off[seam] < length / 4] or [min(ahead, key=lambda seam: off[seam])]
        chosen = min(near, key=lambda seam: (len(seam.opened), off[seam]))
        start = chosen.place
        yield chosen


def _seams(html: str) -> Iterator[_Seam]:
    """Find the seams, and what is open at each."""
    opened: list[tuple[str, int]] = []
    level = 0
    for tag in _TAG.finditer(html):
        end, name = tag[1], tag[2]
        if tag[0] == SEAM:
            yield _Seam(tag.start(), tuple(text for text, _ in opened), level)
        elif end:
            _, start = opened.pop()
            if name in _HEADS:
                around, place = opened.pop()
                opened.append((around + html[start : tag.end()], place))
        elif name not in _VOID:
            opened.append((tag[0], tag.start()))
            level = int(name[1]) if re.fullmatch("h[1-6]", name) else level


def _opening(seam: _Seam, number: int) -> str:
    """Open again what was open at a seam; headings go on from the level there."""
    again = "".join(re.sub(r"^<\w+", r"\g<0> data-continued", tag) for tag in seam.opened)
    again = re.sub(r' id="([^"]*)"', rf' id="\1.{number}"', again)
    return "<!doctype html>\n" + again.replace(' data-tag="Sect"', f' data-tag="Div" data-level="{seam.level}"')


def _closing(seam: _Seam) -> str:
    return "".join(re.sub(r"^<(\w+).*", r"</\1>", tag, flags=re.DOTALL) for tag in reversed(seam.opened))
