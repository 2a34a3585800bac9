"""Which program and which engine make the book: digests, so that what another one made is not taken for this one's."""

from __future__ import annotations

import ctypes
from functools import cache
from importlib.metadata import version
from pathlib import Path

from .chapters import digest

_ROOM = Path(__file__).parent
_SETS = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "pyphen", "fonttools", "pillow", "vl-convert-python")
_MAKES = ("jinja2", "babel", "pypdf", "pikepdf", "uharfbuzz", "markdown-it-py", "mdit-py-plugins")


@cache
def engine() -> str:
    """Digest what shapes a page besides its text and its design: the program, the engine, the libraries below it."""
    below = (_ROOM / f"{name}.py" for name in ("chapters", "pages", "pictures"))
    files = (file for room in ("printing", "figures") for file in sorted((_ROOM / room).glob("*.py")))
    return digest(*_sources([*files, *below]), *_versions(_SETS), _libraries())


@cache
def program() -> str:
    """Digest what makes a book of its sources: all of the program, and whatever it is made with."""
    return digest(*_sources(sorted(_ROOM.rglob("*.py"))), *_versions(_SETS + _MAKES), _libraries())


def _sources(files: list[Path]) -> list[bytes]:
    return [file.read_bytes() for file in files]


def _versions(packages: tuple[str, ...]) -> list[bytes]:
    return [f"{name} {version(name)}".encode() for name in packages]


def _libraries() -> bytes:
    """Ask Pango and HarfBuzz for their versions: by themselves, for to load the engine takes longer than to build.

    Where they have other names than on Linux, the engine knows them.
    """
    try:
        pango, harfbuzz = ctypes.CDLL("libpango-1.0.so.0"), ctypes.CDLL("libharfbuzz.so.0")
        subset = bool(ctypes.CDLL("libharfbuzz-subset.so.0"))
    except OSError:
        return _of_the_engine()
    pango.pango_version_string.restype = harfbuzz.hb_version_string.restype = ctypes.c_char_p
    return b"%b %b %d" % (pango.pango_version_string(), harfbuzz.hb_version_string(), subset)


def _of_the_engine() -> bytes:
    """Ask the libraries that the engine has loaded; HarfBuzz lets it tell its version by yes and no."""
    from weasyprint.text.ffi import harfbuzz, harfbuzz_subset, pango  # noqa: PLC0415  # who prints nothing does not load it

    found: list[int] = []
    for place in range(3):
        asked = ([*found, number, *[0] * (2 - place)] for number in range(100, -1, -1))
        found.append(next(one[place] for one in asked if harfbuzz.hb_version_atleast(*one)))
    return f"{pango.pango_version()} {'.'.join(map(str, found))} {bool(harfbuzz_subset)}".encode()
