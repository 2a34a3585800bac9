"""The one door for pictures. What goes in is what an author sent; what comes out is upright, in the colours of the
book, and nothing but pixels: what a photograph says of its camera, its place and its maker stays outside.

The same bytes give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from PIL import Image, ImageChops, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG")
QUALITY = 95
"""Of a JPEG that is written anew before it is laid out: the loss cannot be seen, in print neither."""
_ORIENTATION = 0x0112
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_CAREFULLY = (ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION)
_STEPS = range(0, 256, 17)
_NEAR = 2
"""Steps of 255 by which two profiles may differ and still say the same."""
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)


def plain(content: bytes) -> bytes:
    """Make a JPEG or PNG fit for every edition: upright, in sRGB or grey, and nothing but pixels.

    A JPEG that is so already keeps its very pixels; what it says beside them is cut out. Raises an OSError or a
    ValueError where the picture is broken or absurdly large.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        kind = "PNG" if picture.format == "PNG" else "JPEG"
        if kind == "JPEG" and picture.mode in ("RGB", "L") and _turn(picture) == 1 and is_srgb(_profile(picture)):
            return b"".join(_pixels_alone(content))
        return written(in_srgb(ImageOps.exif_transpose(picture)), kind, QUALITY)


def size(picture: Image.Image) -> tuple[int, int]:
    """Give the width and height of a picture as one sees it: the camera may have been held on its side."""
    width, height = picture.size
    return (height, width) if _turn(picture) >= 5 else (width, height)


def written(picture: Image.Image, kind: str, quality: int) -> bytes:
    """Write a picture as JPEG or PNG, and nothing beside it; a JPEG of high quality keeps every pixel's own colour."""
    file = io.BytesIO()
    picture.info = {}  # which would be written, too
    if kind == "PNG":
        picture.save(file, "PNG")
    else:
        picture.save(file, "JPEG", quality=quality, subsampling=0 if quality >= QUALITY else 2)
    return file.getvalue()


def _turn(picture: Image.Image) -> int:
    """Say how the camera was held, from 1 (upright) to 8 (Exif 2.32, 4.6.4)."""
    return int(picture.getexif().get(_ORIENTATION, 1))


def _profile(picture: Image.Image) -> bytes | None:
    return cast("bytes | None", picture.info.get("icc_profile"))


# --- Colours ---


def in_srgb(picture: Image.Image) -> Image.Image:
    """Give a picture in sRGB or grey, with its transparency; its own profile says what its colours mean."""
    profile, picture = _profile(picture), _in_eight_bits(picture)
    if picture.mode not in ("RGBA", "LA"):
        return _converted(picture, profile)
    opaque = _converted(picture.convert(picture.mode[:-1]), profile)
    opaque.putalpha(picture.getchannel("A"))
    return opaque


def in_inks(picture: Image.Image, profile: bytes) -> Image.Image:
    """Give a picture in sRGB or grey in the CMYK of a profile: relative colorimetric, black point compensated."""
    return _to_inks(profile).apply(picture.convert("RGB"))


def on_paper(picture: Image.Image, profile: bytes) -> Image.Image:
    """Give a picture in CMYK, or in grey, which is black ink, as it looks in print, in sRGB.

    Absolute colorimetric: the paper has its colour, and black is as dark as ink can be.
    """
    if picture.mode != "CMYK":
        black = ImageChops.invert(picture.convert("L"))
        picture = Image.merge("CMYK", [*[Image.new("L", picture.size)] * 3, black])
    return _from_inks(profile).apply(picture)


@lru_cache(maxsize=4096)
def ink_on_paper(inks: tuple[float, ...], profile: bytes) -> tuple[float, ...]:
    """Give a colour of four inks, each from 0 to 1, as it looks in print: red, green and blue from 0 to 1."""
    spot = Image.new("CMYK", (1, 1), tuple(round(255 * min(1.0, max(0.0, ink))) for ink in inks))
    return tuple(level / 255 for level in on_paper(spot, profile).tobytes())


def is_srgb(profile: bytes | None) -> bool:
    """Tell whether a profile says what is taken for granted without one."""
    return profile is None or _is_srgb(profile)


@lru_cache(maxsize=16)
def _is_srgb(profile: bytes) -> bool:
    """Try a profile on colours from all over the cube."""
    grid = Image.new("RGB", (len(_STEPS) ** 2, len(_STEPS)))
    grid.putdata([(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS])
    try:
        bands = ImageChops.difference(grid, _through(grid, profile)).getextrema()
    except (OSError, ImageCms.PyCMSError):  # it is broken, or none of RGB
        return False
    return all(most <= _NEAR for _, most in cast("tuple[tuple[int, int], ...]", bands))


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Give a picture with eight bits for each colour, and its transparency as a colour of its own."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda level: level / 257).convert("L")
    if "transparency" in picture.info or picture.mode in ("PA", "RGBa"):
        return picture.convert("RGBA")
    kept = ("RGB", "RGBA", "L", "LA", "CMYK")
    return picture if picture.mode in kept else picture.convert("L" if picture.mode == "1" else "RGB")


def _converted(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB; where a profile is broken, or for other colours than the picture's, do as if there were none."""
    kind = "L" if picture.mode == "L" else "RGB"
    try:
        return picture.convert(kind) if is_srgb(profile) else _through(picture, cast("bytes", profile)).convert(kind)
    except (OSError, ImageCms.PyCMSError):
        return picture.convert(kind)


def _through(picture: Image.Image, profile: bytes) -> Image.Image:
    """Convert from a profile to sRGB. Raises an OSError or a PyCMSError where it is broken or another kind's."""
    own, (intent, flags) = ImageCms.ImageCmsProfile(io.BytesIO(profile)), _CAREFULLY
    return cast("Image.Image", ImageCms.profileToProfile(picture, own, _SRGB, intent, "RGB", flags=flags))


@lru_cache(maxsize=4)
def _to_inks(profile: bytes) -> ImageCms.ImageCmsTransform:
    inks, (intent, flags) = ImageCms.ImageCmsProfile(io.BytesIO(profile)), _CAREFULLY
    return ImageCms.buildTransform(_SRGB, inks, "RGB", "CMYK", intent, flags)


@lru_cache(maxsize=4)
def _from_inks(profile: bytes) -> ImageCms.ImageCmsTransform:
    inks, intent = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.Intent.ABSOLUTE_COLORIMETRIC
    return ImageCms.buildTransform(inks, _SRGB, "CMYK", "RGB", intent)


# --- What a JPEG says beside its pixels ---


def _pixels_alone(content: bytes) -> Iterator[bytes]:
    """Give the parts of a JPEG without its application segments and comments, and nothing behind its end.

    (ITU-T T.81, B.1.1.) Adobe's segment stays, for it says how colours were turned; JFIF's is written anew, because
    a small copy of the picture, before it was cropped, may be in it.
    """
    yield content[:2]
    at = 2
    while at + 4 <= len(content):
        while content[at + 1] == 0xFF:  # a marker may be filled up with these
            at += 1
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xD9:
            break
        end = at + 2 + length
        if marker == 0xDA:
            match = _SCAN_END.search(content, end)
            end = match.start() if match else len(content)
        if marker == 0xE0 and content[at + 4 : at + 9] == b"JFIF\0":
            yield _JFIF
        elif marker == 0xEE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            yield content[at:end]
        at = end
    yield b"\xff\xd9"


# --- Lighter ---


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture file as a PDF holds it (ISO 32000-1, 8.9.5): its data, and what the dictionary must say of them."""

    data: bytes
    width: int
    height: int
    colours: str
    filter: str
    parameters: Mapping[str, int]


def opened(content: bytes, least: tuple[int, int]) -> Image.Image:
    """Open a JPEG for making it smaller: not more of it is unpacked than twice the size that is wanted."""
    picture = Image.open(io.BytesIO(content), formats=("JPEG",))
    picture.draft(None, (2 * least[0], 2 * least[1]))
    return picture


def scaled(picture: Image.Image, most: tuple[int, int]) -> Image.Image:
    """Scale a picture down to a size, or leave it where it is no larger."""
    if picture.width <= most[0] and picture.height <= most[1]:
        return picture
    return picture.resize(
        (min(picture.width, most[0]), min(picture.height, most[1])), Image.Resampling.LANCZOS, reducing_gap=3
    )


def light(picture: Image.Image, photograph: bool, quality: int) -> bytes:
    """Write a picture as lightly as its kind allows: line art as JPEG only where lossless it weighs twice as much.

    Quality 0 is lossless.
    """
    lossless = b"" if photograph else written(picture, "PNG", 0)
    lossy = written(picture, "JPEG", quality) if quality else b""
    return lossy if not lossless or (lossy and 2 * len(lossy) < len(lossless)) else lossless


def embedded(file: bytes) -> Embedded:
    """Take a JPEG, or a PNG without transparency, as a PDF holds it."""
    with Image.open(io.BytesIO(file), formats=FORMATS) as picture:
        (width, height), colours = picture.size, {"L": "/DeviceGray", "RGB": "/DeviceRGB"}[picture.mode]
        if picture.format == "JPEG":
            return Embedded(file, width, height, colours, "/DCTDecode", {})
        rows = {"Predictor": 15, "Colors": len(picture.getbands()), "Columns": width}
    return Embedded(b"".join(_packed_rows(file)), width, height, colours, "/FlateDecode", rows)


def _packed_rows(file: bytes) -> Iterator[bytes]:
    """Give the data of a PNG (ISO 15948, 11.2.4): a PDF packs and predicts rows in the same way."""
    at = 8
    while at < len(file):
        length = int.from_bytes(file[at : at + 4], "big")
        if file[at + 4 : at + 8] == b"IDAT":
            yield file[at + 8 : at + 8 + length]
        at += 12 + length
