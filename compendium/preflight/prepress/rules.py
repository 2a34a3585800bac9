"""The rules that are held where PDF/X-4 is claimed.

`x-`: what the standard asks of every file; `printer-`: what the record of the printer asks; `cover-`: what is asked of
covers alone.
"""

from __future__ import annotations

from . import boxes, cover, coverage, details, document, inks

RULES = {
    **document.RULES,
    **boxes.RULES,
    **inks.RULES,
    **coverage.RULES,
    **details.RULES,
    **cover.RULES,
}

OF_THE_WHOLE = {*document.RULES} - {"x-annotations", "x-whole"} | {
    *("x-boxes", "printer-equal-boxes", "printer-bleed", "printer-pages", "cover-spread")
}
"""Rules of the bound file, in which blank pages lie, too: what it says of itself, its fonts, boxes and pages."""
