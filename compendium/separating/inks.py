"""Colours → inks: what becomes of a colour of the screen, or of a picture, on a press with this profile.

Colours are sRGB, from 0 to 255. Inks are cyan, magenta, yellow and black, in per cent of full cover.
"""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache

from PIL import Image, ImageCms, ImageFilter

from compendium.chapters import digest
from compendium.printers import Colour, Ink

_SRGB, _LAB = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
_INTENT, _FLAGS = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
_GRID = 33
"""Points along each side of the cube of colours by which pictures are converted; between them is interpolated."""
_MARGIN = 10
"""Per cent by which pictures stay below the ink limit: the waves of a JPEG go over it."""
_AN_INK = 0.4
"""How much nearer (in ΔE) a colour has to come for one more ink."""


class Inks:
    """What colours become by a profile, within an ink limit; `known` holds those that the design decides itself."""

    def __init__(self, profile: bytes, limit: int, known: Mapping[Colour, Ink]) -> None:
        self.profile, self.limit, self.known = profile, limit, known
        self.digest = digest(profile, repr((limit, sorted(known.items()))).encode())
        self._found: dict[Colour, Ink] = dict(known)

    def of(self, colour: Colour) -> Ink:
        """Give a colour's inks: those of the design, or else the nearest of black and two others.

        Black takes the place of the third, so that no letter hangs on four plates that meet.
        """
        if colour not in self._found:
            self._found[colour] = self._nearest(colour)
        return self._found[colour]

    def picture(self, picture: Image.Image) -> Image.Image:
        """Convert a picture: relative colorimetric, with black point compensation, within the ink limit."""
        return picture.convert("RGB").filter(_cube(self.profile, self.limit))

    def _nearest(self, colour: Colour) -> Ink:
        aim = _labs([colour], self._seen)[0]
        rough = self._best(aim, itertools.product(range(0, 101, 10), repeat=4))
        fine = self._best(aim, itertools.product(*({ink, max(0, ink - 5), min(100, ink + 5)} for ink in rough)))
        return tuple(map(float, fine))  # type: ignore[return-value]  # four went in

    def _best(self, aim: Sequence[float], candidates: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
        """Find the inks that look most like a colour; the fewer, the better."""
        inks = sorted(ink for ink in candidates if not all(ink[:3]) and sum(ink) <= self.limit)
        seen = _labs([tuple(round(share * 2.55) for share in ink) for ink in inks], self._printed)
        cost = [_distance(lab, aim) + _AN_INK * sum(map(bool, ink)) for ink, lab in zip(inks, seen, strict=True)]
        return inks[cost.index(min(cost))]

    @cached_property
    def _seen(self) -> ImageCms.ImageCmsTransform:
        return ImageCms.buildTransform(_SRGB, _LAB, "RGB", "LAB", _INTENT, flags=_FLAGS)

    @cached_property
    def _printed(self) -> ImageCms.ImageCmsTransform:
        return ImageCms.buildTransform(_press(self.profile), _LAB, "CMYK", "LAB", _INTENT, flags=_FLAGS)


@lru_cache(maxsize=4)
def _cube(profile: bytes, limit: int) -> ImageFilter.Color3DLUT:
    """Convert a cube of colours, once for all pictures; what would be too much ink gets less of the three colours."""
    steps = [round(255 * step / (_GRID - 1)) for step in range(_GRID)]
    colours = [(red, green, blue) for blue in steps for green in steps for red in steps]
    convert = ImageCms.buildTransform(_SRGB, _press(profile), "RGB", "CMYK", _INTENT, flags=_FLAGS)
    most = (limit - _MARGIN) / 100
    table = [share for ink in _applied(colours, convert) for share in _within([part / 255 for part in ink], most)]
    return ImageFilter.Color3DLUT(_GRID, table, channels=4, target_mode="CMYK")


def _within(ink: Sequence[float], most: float) -> tuple[float, ...]:
    *colours, black = ink
    less = min(1.0, (most - black) / max(sum(colours), 1e-9))
    return (*(share * less for share in colours), black)


def _press(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _applied(colours: Sequence[Sequence[int]], convert: ImageCms.ImageCmsTransform) -> list[tuple[int, ...]]:
    """Convert colours as the pixels of one line."""
    mode = "RGB" if len(colours[0]) == 3 else "CMYK"
    line = Image.frombytes(mode, (len(colours), 1), bytes(itertools.chain.from_iterable(colours)))
    found = ImageCms.applyTransform(line, convert)
    assert found is not None  # noqa: S101  # for mypy: only a conversion in place gives nothing
    flat, wide = found.tobytes(), len(found.getbands())
    return [tuple(flat[n : n + wide]) for n in range(0, len(flat), wide)]


def _labs(colours: Sequence[Sequence[int]], convert: ImageCms.ImageCmsTransform) -> list[tuple[float, float, float]]:
    """See colours as CIE L*a*b*; Pillow keeps a* and b* as signed bytes."""
    seen = _applied(colours, convert)
    return [(light / 2.55, (a + 128) % 256 - 128, (b + 128) % 256 - 128) for light, a, b in seen]


def _distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Measure how far colours lie apart: ΔE of 1976."""
    return math.dist(one, other)
