"""What a print shop is asked to print."""

from __future__ import annotations

from dataclasses import dataclass

from compendium.printers import Printer


@dataclass(frozen=True, slots=True)
class Order:
    """The printer, the colour profile of its press, and, of a cover, where the spine begins and ends.

    The folds are given in millimetres from the left of the trimmed spread.
    """

    printer: Printer
    profile: bytes
    spine: tuple[float, float] | None = None
