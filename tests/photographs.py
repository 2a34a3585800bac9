"""Photographs as cameras write them: large, with Exif, a place on the earth and a colour profile; made, not kept."""

from __future__ import annotations

import hashlib
import io
import struct
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops

SIZE = (3000, 2000)
CARD = (200, 100, 40)
"""The colour of a card in the middle of every photograph, in the colours of its own profile."""
MAKER, PLACE, WORDS = "Camera works", (60.0, 23.0, 30.0), "A word of the photographer"
WIDE = (0.609741, 0.311111, 0.019470), (0.205276, 0.625671, 0.060867), (0.149185, 0.063217, 0.744568)
"""The colourants of Adobe RGB (1998), as X, Y, Z at D50."""


def profile(colourants: tuple[tuple[float, float, float], ...] = WIDE, gamma: float = 2.19921875) -> bytes:
    """Write a colour profile of three colourants and one curve (ICC.1:2001-04, 6.3)."""
    text = b"Wide colours\0"
    parts = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(0.9642, 1.0, 0.8249),
        **{
            tag: b"XYZ \0\0\0\0" + _fixed(*xyz)
            for tag, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colourants, strict=True)
        },
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))),
    }
    at, table, data = 128 + 4 + 12 * len(parts), struct.pack(">I", len(parts)), b""
    for tag, content in parts.items():
        padded = content + bytes(-len(content) % 4)
        table += tag + struct.pack(">II", at + len(data), len(content))
        data += padded
    head = struct.pack(">I4sI4s4s4s", at + len(data), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2021, 3, 1, 0, 0, 0, b"acsp") + bytes(28) + _fixed(0.9642, 1.0, 0.8249) + bytes(48)
    return head + table + data


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def exif(turn: int = 1) -> Image.Exif:
    """Say what a camera says: its maker, how it was held, and where."""
    told = Image.Exif()
    told[0x010F], told[0x0112] = MAKER, turn
    told.get_ifd(0x8825).update({1: "N", 2: PLACE})
    return told


@cache
def _light_and_shade() -> Image.Image:
    """Draw something with as much detail at every scale as photographs have."""
    (width, height), whole = SIZE, Image.new("RGB", SIZE, "grey")
    for step, share in ((400, 0.8), (100, 0.45), (25, 0.3), (6, 0.2), (2, 0.1)):
        grid = width // step, height // step
        chance = hashlib.shake_256(bytes([step % 256])).digest(grid[0] * grid[1] * 3)
        grains = Image.frombytes("RGB", grid, chance)
        whole = Image.blend(whole, grains.resize(SIZE, Image.Resampling.BICUBIC), share)
    return whole


def scene(number: int) -> Image.Image:
    """Give a view of it, another for each number."""
    return ImageChops.offset(_light_and_shade(), 70 * number, 30 * number)


def jpeg(picture: Image.Image, turn: int = 1, icc: bytes | None = None, **more: Any) -> bytes:
    """Write a picture as a camera does."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, exif=exif(turn), icc_profile=icc, comment=WORDS, **more)
    return file.getvalue()


def fill(folder: Path, srgb: bytes) -> None:
    """Put the forty photographs of the book into its folder: one in ten has another profile than sRGB."""
    for number in range(40):
        season, day = ("spring", "summer", "autumn", "winter")[number // 10], number % 10 + 1
        picture, icc = scene(number), profile() if day == 7 else srgb
        picture.paste(CARD, (1000, 600, 2000, 1400))
        (folder / season / f"{day:02}.jpg").write_bytes(jpeg(picture, icc=icc))
