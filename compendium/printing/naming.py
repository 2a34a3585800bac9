"""Fonts are cast when bound: a chapter names the file of each font, and tells the glyphs that it uses.

Cutting the same fonts down for every chapter is half the time of writing one, and most of what a chapter weighs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import weasyprint.pdf


@contextmanager
def fonts_named(names: Mapping[bytes, str]) -> Iterator[None]:
    """Let the engine write the name of a font's file where it would embed the font; `names` are those of files.

    A font of another file, or one that is no plain TrueType font, is embedded by the engine as ever.
    """
    build = weasyprint.pdf.build_fonts_dictionary

    def build_named(pdf: Any, fonts: Mapping[str, Any], *rest: Any) -> Any:
        for font in fonts.values():
            name = names.get(font.file_content)
            if name and font.type == "ttf" and "fvar" not in font.tables:
                font.clean, font.file_content = _as_it_is, name.encode()
        return build(pdf, fonts, *rest)

    weasyprint.pdf.build_fonts_dictionary = build_named
    try:
        yield
    finally:
        weasyprint.pdf.build_fonts_dictionary = build


def _as_it_is(*_: object) -> None:
    """Take nothing out of a font: there is nothing in it but a name."""
