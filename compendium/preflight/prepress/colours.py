"""What the colour operators of a page mean on the press: spaces, and how much of each ink (ISO 32000-1, 8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pikepdf import Array, Dictionary, Name, Object

Inks: TypeAlias = tuple[float, float, float, float]
"""Cyan, magenta, yellow and black, from 0 to 1."""

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
_DEVICE = {"/G": "DeviceGray", "/RGB": "DeviceRGB", "/CMYK": "DeviceCMYK", "/I": "Indexed"}
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour: every space that it passes through, its inks, where they can be told without drawing it, and the
    pattern that it is."""

    spaces: tuple[str, ...]
    inks: Inks | None = None
    pattern: Any = None

    @property
    def is_white(self) -> bool:
        """Tell whether it leaves the paper as it is."""
        return self.inks is not None and max(self.inks) < 0.005

    @property
    def is_black(self) -> bool:
        """Tell whether it is the black ink alone, in full."""
        return self.inks is not None and max(self.inks[:3]) < 0.005 and self.inks[3] > 0.995

    @property
    def plates(self) -> int:
        """Give how many inks it needs."""
        return sum(ink >= 0.005 for ink in self.inks or ())


BLACK = Colour(("DeviceGray",), (0, 0, 0, 1))


def colour(space: Any, values: Sequence[float], resources: Any) -> Colour:
    """Give a colour from its space and its values."""
    return Colour(spaces(space, resources), _inks(space, list(values), resources))


def spaces(space: Any, resources: Any, depth: int = 0) -> tuple[str, ...]:
    """Name a colour space, and those below it; inks of their own are named as they are called."""
    space = _resolved(space, resources)
    if not isinstance(space, Array) or not len(space) or depth > _DEPTH:
        return (_named(space),)
    kind = _named(space[0])
    if kind in ("Indexed", "Pattern"):
        return (kind, *(spaces(space[1], resources, depth + 1) if len(space) > 1 else ()))
    if kind in ("Separation", "DeviceN"):
        colorants = " ".join(colorants_of(space))
        return (f"{kind} {colorants}", *spaces(space[2], resources, depth + 1))
    return (kind,)


def colorants_of(space: Any) -> list[str]:
    """Name the inks of a Separation or DeviceN space."""
    names = [space[1]] if isinstance(space[1], Name) else list(space[1])
    return [str(name)[1:] for name in names]


def _resolved(space: Any, resources: Any) -> Any:
    """Follow a name into the resources; a device space may be replaced there, too (ISO 32000-1, 8.6.5.6)."""
    if not isinstance(space, Name):
        return space
    listed = resources.get("/ColorSpace", Dictionary())
    device = _named(space).removeprefix("Device")
    return listed.get(f"/Default{device}", listed.get(str(space), space))


def _named(space: Any) -> str:
    name = str(space)
    return _DEVICE.get(name, name.removeprefix("/")) if isinstance(space, Name) else "nothing"


def _inks(space: Any, values: list[float], resources: Any) -> Inks | None:
    space = _resolved(space, resources)
    kind = _named(space[0] if isinstance(space, Array) and len(space) else space)
    if kind == "DeviceCMYK" and len(values) == 4:
        return values[0], values[1], values[2], values[3]
    if kind == "DeviceGray" and len(values) == 1:
        return 0, 0, 0, 1 - values[0]
    if kind in ("Separation", "DeviceN") and isinstance(space, Object):
        return _of_colorants(dict(zip(colorants_of(space), values, strict=False)))
    return None


def _of_colorants(amounts: dict[str, float]) -> Inks | None:
    if "All" in amounts:
        return (amounts["All"],) * 4
    if not set(amounts) <= {*PROCESS, "None"}:
        return None
    cyan, magenta, yellow, black = (amounts.get(ink, 0) for ink in PROCESS)
    return cyan, magenta, yellow, black
