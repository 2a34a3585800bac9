"""What goes to the print shop beside the pages: the cover and the job ticket; and a proof for the editor's eyes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from compendium import binding, stamping
from compendium.chapters import Chapter, Folio, Matter, Metadata, Placed, Printed
from compendium.composing import Composer
from compendium.pages import unpacked
from compendium.printers import Printer
from compendium.separating import BLANK

from . import ticket
from .cover import cover
from .proof import Part, frame, soft_proof
from .spine import Spine, spine

MM = 25.4 / 72
"""Millimetres in a point."""


@dataclass(frozen=True, slots=True)
class Despatch:
    """Makes what goes to a print shop with the pages of one book.

    `placed` are the pages as the press gets them, and `metadata` what their file says of itself. `typeset` prints a
    chapter, and `separate` makes of it what a press gets. `producer` made the pages.
    """

    composer: Composer
    printer: Printer
    profile: bytes
    fonts: Mapping[str, bytes]
    placed: Sequence[Placed]
    metadata: Metadata
    producer: str
    typeset: Callable[[Chapter], Printed]
    separate: Callable[[Printed], Printed]

    @property
    def trim(self) -> tuple[float, float]:
        """Give the width and the height of a page in mm."""
        page = unpacked(self.placed[0].printed.record).pages[0]
        return round(page.width * MM, 2), round(page.height * MM, 2)

    @property
    def pages(self) -> int:
        """Count the pages, white ones too."""
        return sum(one.blanks + one.printed.pages for one in self.placed)

    @property
    def white(self) -> int:
        """Count the white pages at the end."""
        used = max(n for n, one in enumerate(self.placed, 1) if one.chapter is not BLANK)
        return sum(one.printed.pages for one in self.placed[used:])

    @property
    def spine(self) -> Spine:
        """Measure the spine."""
        matter = self.composer.volume.matter
        return spine(self.pages, matter.title, matter.publisher.name, self.trim[1], self.printer)

    @property
    def folds(self) -> tuple[float, float]:
        """Say where the cover is folded, in mm from its left."""
        return self.trim[0], round(self.trim[0] + self.spine.width, 2)

    def cover(self) -> tuple[Placed, Metadata]:
        """Give the cover as a press gets it, and what its file says of itself."""
        chapter = cover(self.composer, self.spine, self.trim[0])
        sheet = self.separate(self.typeset(chapter))
        return Placed(chapter, sheet, Folio("cover", 1), 0), self._named("cover")

    def ticket(self, goods: Sequence[ticket.Goods]) -> tuple[bytes, bytes]:
        """Give the job ticket of some files: for machines, and for people."""
        matter = self.composer.volume.matter
        said = ticket.ticket(matter, self.printer, self.spine, self.trim, self.white, goods)
        chapter = self.composer.paper("ticket", ticket=said)
        return ticket.as_json(said), self._bound("ticket", chapter, self.typeset(chapter))

    def proof(self, pages: bytes, cover: bytes) -> bytes:
        """Give the soft proof of both files, the cover first."""
        (width, height), (_, right) = self.trim, self.folds
        frames = self._frame(width + right, height, self.folds), self._frame(width, height)
        parts = [Part(file, frame) for file, frame in zip((cover, pages), frames, strict=True)]
        inside = [(page + 1, matter, number) for page, matter, number in stamping.numberings(self.placed)]
        return soft_proof(self._shell("proof", [(0, "cover", 1), *inside]), parts, self.profile)

    def _frame(self, width: float, height: float, folds: Sequence[float] = ()) -> bytes:
        measures, condition = frame(width, height, self.printer.bleed, folds), self.printer.condition
        chapter = self.composer.paper("frame", frame=measures, bleed=self.printer.bleed, condition=condition)
        return self._bound("proof", chapter, self.separate(self.typeset(chapter)))

    def _bound(self, paper: str, chapter: Chapter, printed: Printed) -> bytes:
        """Bind a paper by itself: only then it has its fonts."""
        placed = Placed(chapter, printed, Folio("body", 1), 0)
        return binding.bind(self._shell(paper, [(0, "body", 1)]), [placed], self.fonts)

    def _shell(self, paper: str, labels: Sequence[tuple[int, Matter, int]]) -> bytes:
        cover = self.composer.wording.words["cover"]
        return stamping.stamp(replace(self._named(paper), claims=()), self.producer, labels, cover, None)

    def _named(self, paper: str) -> Metadata:
        """Say what one of the papers is: its kind stands in its title."""
        title = f"{self.metadata.title}: {self.composer.wording.words[paper]}"
        return replace(self.metadata, title=title, edition=paper)
