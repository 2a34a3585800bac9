"""The record of a print shop: the rules by which it takes files (`styles/printers/<name>.yaml`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .values import FileName, Key, Text, Value

Colour = tuple[int, int, int]
"""A colour of the screen: red, green and blue of sRGB, from 0 to 255."""
Ink = tuple[float, float, float, float]
"""What it becomes on the press: cyan, magenta, yellow and black, in per cent."""
Length = Annotated[float, Field(ge=0)]


def _made(standard: str) -> str:
    if standard != "pdf/x-4":
        raise ValueError(
            f"is {standard}, which is not made here; write pdf/x-4, and ask the print shop to take that: nearly all "
            "do, and those that work with X-1a can convert it themselves"
        )
    return standard


class Resolution(Value):
    """How many pixels an inch of a picture must have at the size at which it is printed."""

    good: int
    """fewer than this is said, and stops nothing"""
    least: int
    """fewer than this stops the build"""


class Printer(Value):
    """A print shop and what it asks of files. Lengths are in millimetres, sizes of lines and letters in points."""

    name: Key
    """the name of its file: `printer:` in volume.yaml, or `--printer`"""
    title: Text
    """as the job ticket prints it"""
    standard: Annotated[Text, AfterValidator(_made)]
    """pdf/x-4; no other is made"""
    profile: FileName
    """a file of styles/profiles/: how its press prints colours"""
    condition: Text
    """the name of that printing condition in the ICC's registry, such as FOGRA39"""
    bleed: Annotated[float, Field(ge=3, le=5)]
    """how far what reaches the edge goes on beyond it, in mm; the pages are laid out with 5"""
    marks: bool = False
    """true, where it wants crop marks; they stand outside the bleed"""
    ink_limit: Annotated[int, Field(ge=100, le=400)]
    """the most ink that may lie on one spot, all four together, in per cent"""
    black: Literal["plain", "rich"] = "rich"
    """rich, where other inks may lie below areas of black; plain, where not; words are of black alone"""
    resolution: Resolution
    """pixels per inch of pictures, as printed"""
    line_width: Length
    """the thinnest line, in pt"""
    type_size: Length
    """the smallest letters, in pt"""
    page_multiple: Annotated[int, Field(ge=1)] = 1
    """the pages of the book are padded with white ones to a multiple of this"""
    stock: Text
    """the paper, in words, for the job ticket"""
    caliper: Annotated[float, Field(gt=0)]
    """how thick one leaf of it (two pages) is, in mm"""
    cover_stock: Text
    """the board of the cover, in words"""
    cover_caliper: Length
    """how thick that board is, in mm; the spine has it twice"""
    binding: Literal["perfect", "sewn", "saddle-stitched"]
    """how the leaves hold together; a saddle-stitched book has no spine"""
    spine_text: Length
    """the narrowest spine that bears words, in mm"""
    safe_zone: Length
    """how far words keep from trim and folds, in mm"""
    finishing: Text
    """what is done after printing, in words, for the job ticket"""
