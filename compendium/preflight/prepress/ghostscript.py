"""Ghostscript, a program of its own (AGPL), which draws pages as the press prints them: in its four inks.

It is started beside this program and never linked with it; what passes between them are files and pictures.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TypeAlias, TypeVar

from PIL import Image

Drawn: TypeAlias = Image.Image
"""A page in cyan, magenta, yellow and black, from 0 to 255."""
Seen = TypeVar("Seen")

_NAMES = ("gs", "gswin64c")
_OPTIONS = ("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dNOPROMPT", "-sDEVICE=pamcmyk32", "-sOutputFile=-")


class NotDrawn(Exception):
    """Say in a sentence why pages could not be drawn."""


def look(content: bytes, pages: Sequence[int], resolution: int, see: Callable[[int, Drawn], Seen]) -> list[Seen]:
    """Draw pages of a file (from 0), whole, and give what is seen on each: a picture in mode CMYK.

    `resolution` is pixels per inch. As many pages are drawn side by side as the machine has processors, and none is
    kept longer than it is looked at. What the program itself says may hold paths, so it is not passed on.
    """
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if program is None:
        raise NotDrawn("Ghostscript is not installed.")
    share = -(-len(pages) // (os.cpu_count() or 1))
    shares = [pages[n : n + share] for n in range(0, len(pages), share)] if pages else []
    with tempfile.TemporaryDirectory(prefix="compendium-") as folder:
        file = Path(folder) / "file.pdf"
        file.write_bytes(content)

        def draw(share: Sequence[int]) -> list[Seen]:
            command = [program, *_OPTIONS, f"-r{resolution}", f"-sPageList={','.join(str(page + 1) for page in share)}"]
            # Nothing of it comes from a case: program, options, numbers of pages, a file of our own.
            with subprocess.Popen(  # noqa: S603  # only our own words and files
                [*command, str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ) as process:
                assert process.stdout is not None  # noqa: S101  # for mypy: it was asked for
                return [see(page, image) for page, image in zip(share, _images(process.stdout), strict=True)]

        try:
            with ThreadPoolExecutor(max(1, len(shares))) as hands:
                return [one for seen in hands.map(draw, shares) for one in seen]
        except (ValueError, OSError) as fault:
            raise NotDrawn("Ghostscript could not draw the file.") from fault


def _images(stream: IO[bytes]) -> Iterator[Drawn]:
    """Read pictures one after another, as Netpbm's PAM writes them: lines that describe, then bytes."""
    told: dict[str, int] = {}
    while line := stream.readline():
        if line == b"ENDHDR\n":
            size = told["WIDTH"], told["HEIGHT"]
            yield Image.frombytes("CMYK", size, stream.read(size[0] * size[1] * 4))
        elif line.startswith((b"WIDTH", b"HEIGHT")):
            told[line.split()[0].decode()] = int(line.split()[1])
