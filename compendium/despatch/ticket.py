"""The job ticket: what the print shop needs to know beside its files, for machines (JSON) and for people (a page)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compendium.printers import Printer
from compendium.records import VolumeMatter

from .spine import Spine


@dataclass(frozen=True, slots=True)
class Goods:
    """A file that goes to the print shop: its name, its bytes, how many pages it has, and what it holds
    (`holds_…` in `layouts/words/`)."""

    name: str
    content: bytes
    pages: int
    holds: str


def ticket(
    matter: VolumeMatter, printer: Printer, spine: Spine, trim: tuple[float, float], white: int, goods: Sequence[Goods]
) -> dict[str, Any]:
    """Say what is to be printed, on what, and how. Lengths are in millimetres; `goods` begin with the pages, the last
    `white` of which are padding."""
    width, height = trim
    return {
        "title": matter.title,
        "publisher": matter.publisher.name,
        "date": matter.date.isoformat(),
        "isbn": matter.identifiers.isbn,
        "printer": {"name": printer.name, "title": printer.title},
        "standard": "PDF/X-4 (ISO 15930-7)",
        "lengths": "mm",
        "trim": {"width": width, "height": height},
        "bleed": printer.bleed,
        "marks": printer.marks,
        "pages": goods[0].pages,
        "page_multiple": printer.page_multiple,
        "white_pages": white,
        "stock": printer.stock,
        "caliper": printer.caliper,
        "colours": {"pages": "4/4", "cover": "4/0"},
        "inks": ["cyan", "magenta", "yellow", "black"],
        "profile": {"file": printer.profile, "condition": printer.condition},
        "ink_limit": printer.ink_limit,
        "binding": printer.binding,
        "spine": spine.width,
        "cover": {"width": round(2 * width + spine.width, 2), "height": height},
        "cover_stock": printer.cover_stock,
        "cover_caliper": printer.cover_caliper,
        "finishing": printer.finishing,
        "files": [
            {
                "name": one.name,
                "holds": one.holds,
                "pages": one.pages,
                "bytes": len(one.content),
                "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in goods
        ],
    }


def as_json(ticket: Mapping[str, Any]) -> bytes:
    """Write a ticket for machines."""
    return (json.dumps(ticket, indent=1, ensure_ascii=False) + "\n").encode()
