"""The bookmarks of all chapters → one outline (ISO 32000-1, 12.3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pikepdf import String

from compendium.chapters import Bookmark


@dataclass(eq=False, slots=True)
class _Item:
    """A line of the outline: its own entries, and the lines around it; below the first level, lines stand closed."""

    level: int
    number: int
    entries: bytes
    above: _Item | None = None
    before: _Item | None = None
    after: _Item | None = None
    below: list[_Item] = field(default_factory=list)

    def add(self, item: _Item) -> _Item:
        """Put a line below this one, after the others."""
        item.above = self
        if self.below:
            item.before, self.below[-1].after = self.below[-1], item
        self.below.append(item)
        return item

    @property
    def shown(self) -> int:
        """Count the lines that show below it when it is open."""
        return len(self.below) + sum(item.shown for item in self.below if item.level <= 1)

    def written(self) -> Iterator[bytes]:
        """Write its entries."""
        yield self.entries
        if self.below:
            yield b"/Count %d" % (-self.shown if self.level > 1 else self.shown)
            yield b"/First %d 0 R /Last %d 0 R" % (self.below[0].number, self.below[-1].number)
        if self.above:
            yield b"/Parent %d 0 R" % self.above.number
        if self.before:
            yield b"/Prev %d 0 R" % self.before.number
        if self.after:
            yield b"/Next %d 0 R" % self.after.number


def outline(marks: Iterable[tuple[Bookmark, int]], first: int) -> list[bytes]:
    """Write the outline's objects, numbered from `first` on; every bookmark comes with the number of its page."""
    items = [last := _Item(0, first, b"/Type /Outlines")]
    for number, (mark, page) in enumerate(marks, first + 1):
        while last.above and last.level >= mark.level:
            last = last.above
        place = f"{mark.x:f} {mark.y:f}".encode()
        entries = b"/Dest [ %d 0 R /XYZ %b 0 ] /Title %b" % (page, place, String(mark.title).unparse())
        items.append(last := last.add(_Item(mark.level, number, entries)))
    return [b"<< %b >>" % b" ".join(item.written()) for item in items]
