"""The cover as one sheet: back, spine, front."""

from __future__ import annotations

from dataclasses import dataclass

from compendium.chapters import Chapter, Drawing
from compendium.composing import Composer
from compendium.figures.barcode import barcode
from compendium.identifiers import ean

from .spine import Spine

PIXELS = 96 / 25.4
"""CSS pixels in a millimetre."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar code: the name of its file, and its number in words."""

    file: str
    words: str


def cover(composer: Composer, spine: Spine, width: float) -> Chapter:
    """Compose the cover of a book; `width` is that of its trim, in mm.

    The drawing goes on over the spine and the back, so that nothing ends at a fold.
    """
    maps = list(composer.atlas.cover((width + spine.width) * PIXELS))
    files: dict[str, bytes | Drawing] = {drawn.file: drawn.picture for drawn in maps}
    bars = None
    if isbn := composer.volume.matter.identifiers.isbn:
        bars = Bars("cover/isbn.svg", f"ISBN {isbn}")
        files[bars.file] = barcode(ean(isbn), composer.look.font, composer.look.ink)
    return composer.paper("spread", files, spine=spine, maps=maps, bars=bars)
