"""A bound file → where its weight lies: pictures by case and file, fonts, the pages of each chapter, attached data."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from .chapters import Chapter, Placed
from .errors import Problem
from .printing import picture_name

_NAMED = 5
"""So many causes are named: an editor mends the first few."""
Weights = Mapping[str, int]
"""What weighs, in words → bytes."""


def over_budget(book: bytes, placed: Sequence[Placed], budget: int, title: str, sheet: str) -> list[Problem]:
    """Say, where a file is heavier than its budget, by how much, and what weighs most."""
    if len(book) <= budget:
        return []
    heaviest = sorted(weights(book, placed).items(), key=lambda one: (-one[1], one[0]))[:_NAMED]
    what = (
        f"{title}: {_said(len(book))}, {_said(len(book) - budget)} more than its budget of {_said(budget)}. "
        f"The heaviest: {'; '.join(f'{name} ({_said(weight)})' for name, weight in heaviest)}."
    )
    cure = f"Take out or crop what is heaviest, lower resolution or quality in {sheet}, or raise its budget."
    return [Problem(sheet, 0, 0, what, cure)]


def weights(book: bytes, placed: Sequence[Placed]) -> Weights:
    """Weigh what a file is made of: each thing once, as it lies in the file."""
    found: dict[tuple[int, int], tuple[str, int]] = {}
    with Pdf.open(io.BytesIO(book)) as pdf:
        pages = [one.chapter for one in placed for _ in range(one.blanks + one.printed.pages)]
        for chapter, page in zip(pages, pdf.pages, strict=False):
            for what, thing in _of_page(page.obj, chapter):
                found.setdefault(thing.objgen, (what, len(thing.read_raw_bytes())))
        for what, thing in _of_the_whole(pdf):
            found.setdefault(thing.objgen, (what, len(thing.read_raw_bytes())))
    together: dict[str, int] = {}
    for what, weight in found.values():
        together[what] = together.get(what, 0) + weight
    return together


def _of_page(page: Any, chapter: Chapter) -> Iterator[tuple[str, Any]]:
    """Give the pictures and the text of a page."""
    pictures = {picture_name(file): file for file in chapter.files}
    for name, thing in page.get("/Resources", Dictionary()).get("/XObject", Dictionary()).items():
        if thing.get("/Subtype") == Name.Image:
            what = f"the picture {pictures.get(name[:-1], name)}"
            yield what, thing
            if "/SMask" in thing:
                yield what, thing.SMask
    contents = page.get("/Contents", Array())
    for stream in contents if isinstance(contents, Array) else [contents]:
        yield f'the pages of "{chapter.name}"', stream


def _of_the_whole(pdf: Pdf) -> Iterator[tuple[str, Any]]:
    """Give the fonts, and the files inside."""
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and isinstance(thing.get("/FontFile2"), Stream):
            name = str(thing.FontName).partition("+")[2].replace("-", " ").rstrip(", ")
            yield f"the font {name}", thing.FontFile2
        elif isinstance(thing, Dictionary) and thing.get("/Type") == Name.Filespec:
            yield f"the attached file {thing.UF}", thing.EF.F


def _said(weight: int) -> str:
    return f"{weight / 1_000_000:.2f} MB" if weight >= 1_000_000 else f"{weight / 1000:.0f} KB"
