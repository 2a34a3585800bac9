"""The pictures of a printed chapter → no more pixels than their places ask for.

A chapter is printed with its pictures whole; how many of their pixels travel is the edition's choice. A picture fills
the same place afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Pdf, PdfImage

from compendium import pictures

POINTS_PER_INCH = 72
_WORTH = 0.9
"""A picture is written anew where that saves a tenth of it or more."""
Place = tuple[float, float]
"""Width and height in points."""


def fit(book: Pdf, resolution: int, quality: int) -> None:
    """Give every picture at most `resolution` pixels to the inch at its largest place.

    Photographs are written as JPEG of that quality (1 to 95), where that makes them lighter; line art stays lossless.
    """
    for picture, place in largest(book):
        wide, high = (max(1, math.ceil(points / POINTS_PER_INCH * resolution)) for points in place)
        _fit(picture, (wide, high), quality)
        if "/SMask" in picture:
            _fit(picture.SMask, (wide, high), 0)


def largest(book: Pdf) -> list[tuple[Any, Place]]:
    """Give every picture of a book once, with the largest place at which it stands."""
    found: dict[tuple[int, int], tuple[Any, Place]] = {}
    for page in book.pages:
        for picture, (width, height) in placed(page.obj):
            _, (wide, high) = found.get(picture.objgen, (picture, (0.0, 0.0)))
            found[picture.objgen] = picture, (max(wide, width), max(high, height))
    return list(found.values())


def placed(page: Any) -> Iterator[tuple[Any, Place]]:
    """Give every picture that a page shows, with its place."""
    yield from _drawn(page, page.get("/Resources", Dictionary()), Matrix())


def _drawn(content: Any, resources: Any, at: Matrix) -> Iterator[tuple[Any, Place]]:
    """Follow the current transformation matrix (ISO 32000-1, 8.3.4) to every picture, through forms too."""
    things, saved = resources.get("/XObject", Dictionary()), list[Matrix]()
    for step in pikepdf.parse_content_stream(content, "q Q cm Do") if len(things) else ():
        name, operands = str(step.operator), step.operands
        if name == "q":
            saved.append(at)
        elif name == "Q":
            at = saved.pop()
        elif name == "cm":
            at = _matrix(operands) @ at
        elif (thing := things.get(str(operands[0]))) is not None:
            yield from _shown(thing, at)


def _shown(thing: Any, at: Matrix) -> Iterator[tuple[Any, Place]]:
    if thing.get("/Subtype") == Name.Image:
        yield thing, (math.hypot(at.a, at.b), math.hypot(at.c, at.d))
    else:
        own = _matrix(thing.get("/Matrix", (1, 0, 0, 1, 0, 0)))
        yield from _drawn(thing, thing.get("/Resources", Dictionary()), own @ at)


def _matrix(numbers: Any) -> Matrix:
    return Matrix(*(float(number) for number in numbers))


def _fit(picture: Any, most: tuple[int, int], quality: int) -> None:
    """Write a picture anew in its place, unless that saves too little; quality 0 is lossless."""
    raw, photograph = bytes(picture.read_raw_bytes()), picture.Filter == Name.DCTDecode
    whole = pictures.opened(raw, most) if photograph else PdfImage(picture).as_pil_image()
    file = pictures.light(pictures.scaled(whole, most), photograph, quality)
    if len(file) < _WORTH * len(raw):
        _replace(picture, file)


def _replace(picture: Any, file: bytes) -> None:
    made = pictures.embedded(file)
    picture.Width, picture.Height, picture.ColorSpace = made.width, made.height, Name(made.colours)
    parameters = Dictionary({f"/{key}": value for key, value in made.parameters.items()})
    picture.write(made.data, filter=Name(made.filter), decode_parms=parameters)
