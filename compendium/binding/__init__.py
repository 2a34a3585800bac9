"""Shell + printed chapters → the book: pages, links across chapters, destinations, outline and tag tree, whole."""

from __future__ import annotations

import datetime
import io
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pikepdf import Name, Pdf, String

from compendium.chapters import Bookmark, Placed

from . import objects, uniting
from .objects import Section
from .outline import outline
from .signatures import DOCUMENT, PAGES, SAVE, TREE, Gathered, Place, gather, sew

_FIRST_FONT, _FIRST_CHAPTER, _STEP = DOCUMENT + 1, 512, 64
"""Numbers: after the book's own come the fonts, then the chapters, each from a round number on, so that one object
more in a chapter seldom moves those that follow."""


@dataclass(slots=True)
class Bench:
    """What lies ready from the last binding: each chapter as it was gathered, and as it was sewn in."""

    gathered: dict[Hashable, Gathered] = field(default_factory=dict)
    sewn: dict[Hashable, Section] = field(default_factory=dict)


def bind(
    shell: bytes,
    placed: Sequence[Placed],
    fonts: Mapping[str, bytes],
    dated: datetime.date | None = None,
    bench: Bench | None = None,
) -> bytes:
    """Bind the chapters, in order, into the shell; with a date, the data of their charts too, as of that day.

    `fonts` are the design's, by the names under which chapters know them. What lies on the bench is not made again;
    the same input gives the same bytes.
    """
    bench = bench or Bench()
    followed = {one.chapter.follows for one in placed}
    keys = [
        (one.printed.pdf, one.chapter.attachments if dated else (), dated, one.chapter.name in followed)
        for one in placed
    ]
    known, sewn = bench.gathered, bench.sewn
    bench.gathered = {
        key: known.get(key) or gather(one.printed, *key[1:]) for key, one in zip(keys, placed, strict=True)
    }
    chapters = [bench.gathered[key] for key in keys]
    unions, dressed = uniting.unite(one.founts for one in chapters)
    cast = [uniting.cast(union, _FIRST_FONT + n * uniting.OBJECTS, fonts) for n, union in enumerate(unions)]
    places = _places(placed, chapters, len(unions), dressed)
    wanted = zip(keys, places, chapters, strict=True)
    bench.sewn = {(key, place): sewn.get((key, place)) or sew(one, place) for key, place, one in wanted}
    back, catalogue, info, version = _back(shell, placed, chapters, places)
    return objects.file(version, [_front(chapters, places), *cast, *bench.sewn.values(), back], catalogue, info)


def _places(
    placed: Sequence[Placed], chapters: Sequence[Gathered], fonts: int, dressed: Sequence[Sequence[int]]
) -> list[Place]:
    """Find every chapter's place: its numbers, what it hangs in and what hangs in it, its fonts."""
    bases = [max(_FIRST_CHAPTER, _round(_FIRST_FONT + uniting.OBJECTS * fonts))]
    for one in chapters[:-1]:
        bases.append(_round(bases[-1] + one.count))
    above, hung = _hang(bases, placed, chapters)
    return [
        Place(
            base=base,
            start=one.start,
            blanks=one.blanks,
            numbers=one.numbers,
            above=over,
            hung=tuple(hung[base + chapter.tops[-1]]) if chapter.tops else (),
            fonts=tuple(_FIRST_FONT + uniting.OBJECTS * font + uniting.COMPOSITE for font in used),
        )
        for one, chapter, base, over, used in zip(placed, chapters, bases, above, dressed, strict=True)
    ]


def _round(number: int) -> int:
    return -(-number // _STEP) * _STEP


def _hang(
    bases: Sequence[int], placed: Sequence[Placed], chapters: Sequence[Gathered]
) -> tuple[list[int], dict[int, list[int]]]:
    """Say in which element each chapter hangs, and what hangs in each: cases hang in the part that they follow, later
    takes in the first one."""
    above, hung, part, named = [], defaultdict[int, list[int]](list), DOCUMENT, dict[str, int]()
    for base, bound, one in zip(bases, placed, chapters, strict=True):
        part = part if one.kind == Name.Art else DOCUMENT
        above.append(named.get(bound.chapter.follows, part))
        hung[above[-1]] += [base + top for top in one.tops]
        if one.tops:
            named[bound.chapter.name] = base + one.tops[-1]
        part = base + one.tops[-1] if one.kind == Name.Part else part
    return above, hung


def _front(chapters: Sequence[Gathered], places: Sequence[Place]) -> Section:
    """Write what the chapters lead to: the heads of the page tree and of the tag tree."""
    pairs = list(zip(chapters, places, strict=True))
    count = sum(len(one.pages) + place.blanks for one, place in pairs)
    nodes = _references(place.base + one.node for one, place in pairs)
    tops = _references(place.base + top for one, place in pairs if place.above == DOCUMENT for top in one.tops)
    trees = _leaves("ids", pairs), DOCUMENT, _leaves("keys", pairs), places[-1].base + chapters[-1].count
    things = [
        b"<< /Count %d /Kids [ %b ] /Type /Pages >>" % (count, nodes),
        b"<< /IDTree %b /K [ %d 0 R ] /ParentTree %b /ParentTreeNextKey %d /Type /StructTreeRoot >>" % trees,
        b"<< /K [ %b ] /P %d 0 R /S /Document /Type /StructElem >>" % (tops, TREE),
    ]
    return objects.section(SAVE, [(b"<< /Length 1 >>", b"q")], things)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _leaves(tree: str, pairs: Sequence[tuple[Gathered, Place]]) -> bytes:
    """Write the head of a tree of names or numbers over the chapters' leaves (ISO 32000-1, 7.9.6 and 7.9.7).

    The names in a chapter begin with its own, so that no leaf reaches into another.
    """
    with_leaf = ((one.leaves[tree], place.base) for one, place in pairs if tree in one.leaves)
    leaves = [(first, base + leaf) for (first, leaf), base in with_leaf]
    return b"<< /Kids [ %b ] >>" % _references(number for _, number in sorted(leaves))


def _back(
    shell: bytes, placed: Sequence[Placed], chapters: Sequence[Gathered], places: Sequence[Place]
) -> tuple[Section, int, int, str]:
    """Write what leads to the chapters: the catalogue, with all that the shell says, and the outline.

    Give the numbers of the catalogue and of Info, and the version of PDF, too.
    """
    with Pdf.open(io.BytesIO(shell)) as source:
        del source.Root.Pages
        version = source.pdf_version
        root, info = source.Root.objgen[0], source.trailer.Info.objgen[0]
        found = objects.read(source, [root, info], {})
    streams = [number for number, thing in found.items() if thing.data is not None]
    things = [number for number, thing in found.items() if thing.data is None]
    first = _round(places[-1].base + chapters[-1].count)
    numbers = {number: n for n, number in enumerate([*streams, "holder", *things], first)}
    written = {number: thing.filled(numbers) for number, thing in found.items()}
    marks = outline(_marks(placed, chapters, places), first + len(numbers))
    written[root] = b"<< %b %b" % (
        _catalogue(chapters, places, first + len(numbers) if len(marks) > 1 else 0),
        written[root].removeprefix(b"<< "),
    )
    back = objects.section(
        first,
        [(written[number], found[number].data or b"") for number in streams],
        [*(written[n] for n in things), *marks],
    )
    return back, numbers[root], numbers[info], version


def _catalogue(chapters: Sequence[Gathered], places: Sequence[Place], marks: int) -> bytes:
    """Write the entries of the catalogue that lead to the chapters (ISO 32000-1, 7.7.2)."""
    pairs = list(zip(chapters, places, strict=True))
    files = sorted((name, place.base + number) for one, place in pairs for name, number in one.files.items())
    names = [b"/Dests %b" % _leaves("dests", pairs)] if any("dests" in one.leaves for one in chapters) else []
    entries = [b"/Pages %d 0 R" % PAGES, *([b"/Outlines %d 0 R" % marks] if marks else [])]
    if any(one.tops for one in chapters):
        entries.append(b"/MarkInfo << /Marked true >> /StructTreeRoot %d 0 R" % TREE)
    if files:
        flat = b" ".join(b"%b %d 0 R" % (String(name).unparse(), number) for name, number in files)
        names.append(b"/EmbeddedFiles << /Names [ %b ] >>" % flat)
        entries.append(b"/AF [ %b ]" % _references(number for _, number in files))
    return b" ".join([*entries, *([b"/Names << %b >>" % b" ".join(names)] if names else [])])


def _marks(
    placed: Sequence[Placed], chapters: Sequence[Gathered], places: Sequence[Place]
) -> Iterator[tuple[Bookmark, int]]:
    """Give every bookmark with the number of its page."""
    for one, chapter, place in zip(placed, chapters, places, strict=True):
        for mark in one.printed.bookmarks:
            yield mark, place.base + chapter.pages[mark.page]
