"""The soft proof: the pages as press and paper will show them, on a screen, with trim, bleed and folds drawn.

Inks are taken through the profile of the press to sRGB, colour by colour and picture by picture, so that letters stay
letters and the file stays small.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, PdfImage, Stream

from compendium.pictures import ink_on_paper, on_paper, written

Box = tuple[float, float, float, float]
QUALITY = 85
"""Of its pictures, as JPEG."""
SLUG = 12.0
"""The white round the bleed, in mm: there it is said what this is."""
LONGEST = 1600
"""Pixels of a picture's longer side: 150 an inch on a full page, enough for a screen."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be proofed, and the frame that is laid over each of its pages: a page of one sheet, as PDF."""

    file: bytes
    frame: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """What is drawn round a page: its size with the white `around` the trim, and its folds from the left, in mm."""

    width: float
    height: float
    around: float
    folds: tuple[float, ...] = ()


def frame(width: float, height: float, bleed: float, folds: Sequence[float] = ()) -> Frame:
    """Measure the frame for pages of this trim."""
    around = bleed + SLUG
    return Frame(round(width + 2 * around, 4), round(height + 2 * around, 4), around, tuple(folds))


def soft_proof(shell: bytes, parts: Sequence[Part], profile: bytes) -> bytes:
    """Make the proof of several files, one after the other, in the shell. The same input gives the same bytes."""
    proof = Pdf.open(io.BytesIO(shell))
    ground = " ".join(f"{part:.4f}" for part in ink_on_paper((0, 0, 0, 0), profile))
    for part in parts:
        first = len(proof.pages)
        with Pdf.open(io.BytesIO(part.file)) as book, Pdf.open(io.BytesIO(part.frame)) as sheet:
            proof.pages.extend(book.pages)
            frame = proof.copy_foreign(sheet.pages[0].as_form_xobject())
        for page in list(proof.pages)[first:]:
            _lay_out(proof, page, frame, ground)
    _show_inks(proof, profile)
    made = io.BytesIO()
    proof.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return made.getvalue()


def _lay_out(proof: Pdf, page: pikepdf.Page, frame: pikepdf.Object, ground: str) -> None:
    """Put a page on paper that ends with the bleed, and lay the frame over it, which is wider than its trim."""
    left, bottom, right, top = _box(page.trimbox)
    start, low, end, high = _box(frame.BBox)
    aside, below = (end - start - right + left) / 2, (high - low - top + bottom) / 2
    bled = _box(page.obj.get("/BleedBox", page.trimbox))
    area = f"{bled[0]:.4f} {bled[1]:.4f} {bled[2] - bled[0]:.4f} {bled[3] - bled[1]:.4f} re"
    contents = page.obj.get("/Contents", Array())
    page.obj.Contents = Array(
        [
            proof.make_stream(f"q {ground} rg {area} f {area} W n q".encode()),
            *(contents if isinstance(contents, Array) else [contents]),
            proof.make_stream(f"Q Q q 1 0 0 1 {left - aside:.4f} {bottom - below:.4f} cm /Frame Do Q".encode()),
        ]
    )
    page.add_resource(frame, Name.XObject, Name.Frame)
    page.obj.MediaBox = Array([left - aside, bottom - below, right + aside, top + below])
    if "/CropBox" in page.obj:
        del page.obj["/CropBox"]


def _box(sides: Any) -> Box:
    left, bottom, right, top = (float(side) for side in sides)
    return left, bottom, right, top


def _show_inks(proof: Pdf, profile: bytes) -> None:
    """Take every colour of every page, form and picture through the press."""
    for page in proof.pages:
        page.obj.Contents = proof.make_stream(_as_seen(page, profile))
        _group(page.obj)
    for thing in proof.objects:
        if isinstance(thing, Dictionary | Stream) and "/ShadingType" in thing:
            _shading(thing, profile)
    streams = [thing for thing in proof.objects if isinstance(thing, Stream)]
    masks = {thing.SMask.objgen for thing in streams if "/SMask" in thing}
    for thing in streams:
        if thing.get("/Subtype") == Name.Form or "/PatternType" in thing:
            thing.write(_as_seen(thing, profile))
            _group(thing)
        elif thing.get("/Subtype") == Name.Image and "/ImageMask" not in thing and thing.objgen not in masks:
            _picture(thing, profile)


def _group(thing: pikepdf.Object) -> None:
    """Let a transparency group blend in the colours of the screen (ISO 32000-1, 11.6.6)."""
    if thing.get("/Group", Dictionary()).get("/CS") == Name.DeviceCMYK:
        thing.Group.CS = Name.DeviceRGB


def _shading(shading: pikepdf.Object, profile: bytes) -> None:
    if shading.get("/ColorSpace") == Name.DeviceCMYK:
        shading.ColorSpace = Name.DeviceRGB
        _blend(shading.Function, profile)


def _blend(function: pikepdf.Object, profile: bytes) -> None:
    """Show where a blend begins and ends (ISO 32000-1, 7.10.3), part by part (7.10.4)."""
    for part in function.get("/Functions", Array()):
        _blend(part, profile)
    for end in ("/C0", "/C1"):
        if end in function:
            function[end] = Array(list(ink_on_paper(tuple(float(ink) for ink in function[end]), profile)))


_SCREEN = {"k": "rg", "K": "RG", "g": "rg", "G": "RG"}


def _as_seen(content: pikepdf.Page | pikepdf.Object, profile: bytes) -> bytes:
    """Write a content stream anew with the colours of the screen in place of inks (ISO 32000-1, 8.6.8)."""
    return pikepdf.unparse_content_stream(list(_steps(content, profile)))


def _steps(content: pikepdf.Page | pikepdf.Object, profile: bytes) -> Iterator[Any]:
    for step in pikepdf.parse_content_stream(content):
        operator = _SCREEN.get(str(step.operator))
        if operator is None:
            yield step
            continue
        inks = tuple(float(number) for number in step.operands)
        seen = ink_on_paper(inks if len(inks) == 4 else (0, 0, 0, 1 - inks[0]), profile)
        yield [round(part, 4) for part in seen], pikepdf.Operator(operator)


def _picture(image: Stream, profile: bytes) -> None:
    """Show a picture as it is printed, small enough for a screen; its mask stays as it is."""
    shown = on_paper(PdfImage(image).as_pil_image(), profile)
    shown.thumbnail((LONGEST, LONGEST))
    for key in ("/Decode", "/DecodeParms", "/Intent"):
        if key in image:
            del image[key]
    image.write(written(shown, "JPEG", QUALITY), filter=Name.DCTDecode)
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    image.Width, image.Height = shown.size
