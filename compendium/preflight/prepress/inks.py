"""Rules of the press about colours: spaces, inks, black, overprint, transparency (ISO 32000-1, 8.6, 10.8.2, 11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Dictionary, Name

from compendium.preflight.sheets import File, Finding

from .colours import PROCESS, spaces
from .impressions import Impression, Painted
from .telling import told

SMALL_TYPE = 9.0
"""Points below which letters may not be of four inks: no press lays one exactly on the other."""

_PLAIN = {"DeviceCMYK", "DeviceGray", "Pattern", "Indexed"}
_PROCESS = {*PROCESS, "All", "None"}
_BLENDS = {
    *("Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn"),
    *("HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"),
}
"""Blend modes of ISO 32000-1, 11.3.5."""
_TO_CMYK = "Give it a colour of the press: a token of the print edition, or the picture through the printer's profile."


def of_the_press(file: File) -> Iterator[Finding]:
    """Every object is in the inks of the press: no RGB, Lab or calibrated colours (ISO 15930-7; house rule)."""

    def strange(one: Painted, _: Impression) -> str | None:
        wrong = [space for space in one.colour.spaces if space not in _PLAIN and " " not in space]
        return f"{_NAMES[one.kind]} is in {', '.join(wrong)}." if wrong else None

    yield from told(file, strange, _TO_CMYK)


def no_spots(file: File) -> Iterator[Finding]:
    """No ink is asked for but the four of the press (house rule)."""

    def spot(one: Painted, _: Impression) -> str | None:
        inks = {ink for space in one.colour.spaces if " " in space for ink in space.split(" ")[1:]} - _PROCESS
        return f"{_NAMES[one.kind]} asks for the ink {', '.join(sorted(inks))}." if inks else None

    yield from told(file, spot, _TO_CMYK)


def black_words(file: File) -> Iterator[Finding]:
    """Words that look black are of black ink alone (printer's rule)."""

    def mixed(one: Painted, _: Impression) -> str | None:
        if one.kind != "text" or one.masking or not one.colour.inks or one.colour.plates < 2:
            return None
        cyan, magenta, yellow, black = one.colour.inks
        if black < 0.7 and min(cyan, magenta, yellow) < 0.6:
            return None
        return f"Black words are put together from {one.colour.plates} inks."

    yield from told(file, mixed, "Give them black alone (0 0 0 1): each plate that is off by a hair would show.")


def plain_black(file: File) -> Iterator[Finding]:
    """No other ink lies below areas of black, where the printer wants it so (printer's rule)."""
    if file.order is None or file.order.printer.black == "rich":
        return

    def rich(one: Painted, _: Impression) -> str | None:
        inks = one.colour.inks if one.kind in ("fill", "stroke") and not one.masking else None
        return "Black lies over other inks." if inks and inks[3] > 0.9 and max(inks[:3]) > 0.005 else None

    yield from told(file, rich, "Give the area black alone: this printer takes no rich black.")


def small_type(file: File) -> Iterator[Finding]:
    """No small letters are put together from all four inks (house rule)."""

    def coloured(one: Painted, _: Impression) -> str | None:
        is_meant = one.kind == "text" and one.size < SMALL_TYPE and not one.masking and one.colour.plates == 4
        return f"Letters of {one.size:.1f} pt are put together from four inks." if is_meant else None

    yield from told(file, coloured, "Set them larger, or in black or two inks.")


def overprint(file: File) -> Iterator[Finding]:
    """Black words print over what is below, so that no white shows round them (ISO 32000-1, 8.6.7; house rule)."""

    def knocked_out(one: Painted, _: Impression) -> str | None:
        is_black = one.kind == "text" and one.colour.is_black and not one.masking
        return "Black words cut holes into what is below." if is_black and not _overprints(one) else None

    yield from told(file, knocked_out, "Let them overprint, in mode 1 and in CMYK: a grey cannot.")


def lost(file: File) -> Iterator[Finding]:
    """Nothing white prints over what is below: it would be gone (ISO 32000-1, 8.6.7)."""

    def unseen(one: Painted, _: Impression) -> str | None:
        return (
            f"{_NAMES[one.kind]} in white overprints, and so is lost."
            if one.colour.is_white and one.overprints
            else None
        )

    yield from told(file, unseen, "Switch overprint off for it.")


def blending(file: File) -> Iterator[Finding]:
    """Transparency is blended in the inks of the press, by modes that there are (ISO 15930-7; ISO 32000-1, 11)."""
    for page, impression in enumerate(file.impressions):
        resources = file.pdf.pages[page].obj.get("/Resources", Dictionary())
        found = {space for group in impression.groups if "/CS" in group for space in spaces(group.CS, resources)}
        if wrong := sorted(found - _PLAIN):
            yield page, f"Transparency is blended in {', '.join(wrong)}."
        modes = {str(one)[1:] for state in impression.states for one in _listed(state.get("/BM", Name.Normal))}
        if wrong := sorted(modes - _BLENDS):
            yield page, f"The blend mode {', '.join(wrong)} is none that there is."


def curves(file: File) -> Iterator[Finding]:
    """No curve changes the inks on their way to the plate (ISO 15930-7)."""
    for page, impression in enumerate(file.impressions):
        states = impression.states
        if any("/TR" in one or "/HTP" in one or one.get("/TR2", Name.Default) != Name.Default for one in states):
            yield page, "A transfer curve changes the colours of the page."


def _overprints(one: Painted) -> bool:
    return one.overprints and one.colour.spaces[0] in ("DeviceCMYK", "Separation Black")


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, Name) else list(value)


_NAMES = {"text": "Text", "fill": "An area", "stroke": "A line", "picture": "A picture", "shading": "A shade"}

RULES = {
    "x-colours": of_the_press,
    "printer-inks": no_spots,
    "printer-black-words": black_words,
    "printer-plain-black": plain_black,
    "printer-small-type": small_type,
    "printer-overprint": overprint,
    "printer-lost-white": lost,
    "x-transparency": blending,
    "x-curves": curves,
}
