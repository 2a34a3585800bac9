"""Printed chapters → the same pages as a press gets them: in inks, with bleed, and nothing but pages.

Nothing is laid out again, so print has the lines and the page numbers of all editions. A chapter is separated by
itself, and kept; what changed is separated again, and no more.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from compendium.chapters import Chapter, Folio, Placed, Printed, Slot, digest
from compendium.press.store import Store

from .inks import Inks
from .plates import in_inks, recolour
from .sheets import Sheet

_FOR_READERS = {
    *("/StructTreeRoot", "/MarkInfo", "/Names", "/Dests", "/Outlines", "/PageMode"),
    *("/Annots", "/StructParents", "/Tabs"),
}
BLANK = Chapter("blank", "body", "next", "", {}, "")
"""A white page, which the press needs as much as any other."""


@dataclass(frozen=True, slots=True)
class Separator:
    """Separates chapters for one press; `store` keeps what it has made."""

    inks: Inks
    sheet: Sheet
    store: Store

    def book(self, placed: Sequence[Placed], outside: Collection[str], multiple: int) -> tuple[Placed, ...]:
        """Separate the pages inside a cover, white ones too, and pad them to a multiple.

        The chapters `outside`, the cover, are printed by themselves. All others keep their numbers and their sides:
        every numbering begins on a recto.
        """
        inside = list(placed)
        for end in (0, -1):
            while inside and inside[end].chapter.name in outside:
                inside.pop(end)
        return tuple(self._padded(list(self._pages(inside)), multiple))

    def chapter(self, printed: Printed) -> Printed:
        """Separate a chapter, or find it separated."""
        key = digest(printed.pdf, repr((printed.folios, self.sheet)).encode(), self.inks.digest.encode(), _program())
        if kept := self.store.get(key, Printed):
            return kept
        separated = self._separated(printed)
        self.store.put(key, separated)
        return separated

    def _pages(self, inside: Sequence[Placed]) -> Iterator[Placed]:
        last: Placed | None = None
        for one in inside:
            separated = self.chapter(one.printed)
            if last:
                yield from self._blanks(last, one.blanks)
            yield (last := replace(one, printed=separated, blanks=0))

    def _padded(self, pages: list[Placed], multiple: int) -> list[Placed]:
        missing = -sum(one.printed.pages for one in pages) % multiple
        return [*pages, *self._blanks(pages[-1], missing)] if pages else []

    def _blanks(self, last: Placed, count: int) -> Iterator[Placed]:
        """Give white pages of the size of the last ones, which they follow in number."""
        if count:
            with Pdf.open(io.BytesIO(last.printed.pdf)) as pdf:
                blank = Printed(self.sheet.blank(pdf.pages[0]), 1, {}, (), ())
        for number in range(count):
            start = Folio(last.start.matter, last.start.number + last.printed.pages + number)
            yield Placed(BLANK, blank, start, 0)

    def _separated(self, printed: Printed) -> Printed:
        with Pdf.open(io.BytesIO(printed.pdf)) as pdf:
            _strip(pdf)
            recolour(pdf, self.inks)
            for page in pdf.pages:
                self.sheet.lay(pdf, page)
            file = io.BytesIO()
            pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        folios = tuple(self._slot(slot) for slot in printed.folios)
        return replace(printed, pdf=file.getvalue(), bookmarks=(), folios=folios)

    def _slot(self, slot: Slot) -> Slot:
        return replace(slot, before=in_inks(slot.before.encode(), self.inks).decode())


@cache
def _program() -> bytes:
    """Digest what separates besides the inks: this program, and the library that knows pictures and profiles."""
    files = [file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py"))]
    return digest(*files, version("pillow").encode()).encode()


def _strip(pdf: Pdf) -> None:
    """Take out what a print shop refuses, links and names, and what only readers need, the tags."""
    for thing in (pdf.Root, *(page.obj for page in pdf.pages)):
        for key in _FOR_READERS & set(thing.keys()):
            del thing[key]
