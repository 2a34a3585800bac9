"""What a print shop is asked to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compendium.printers import Printer


@dataclass(frozen=True, slots=True)
class Order:
    """The printer, the colour profile of its press, and, of a cover, where the spine begins and ends.

    The folds are given in millimetres from the left of the trimmed spread. `pictures` are the files of pictures, by
    the names that they have in the resources of pages, without the sign at the end.
    """

    printer: Printer
    profile: bytes
    spine: tuple[float, float] | None = None
    pictures: Mapping[str, str] = field(default_factory=dict)
