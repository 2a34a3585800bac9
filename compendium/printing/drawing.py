"""A mend that makes the engine faster: what a text looks like is found out once.

The engine shapes every text again when it draws it, and asks glyph by glyph what to write. But the same text in the
same style is written alike wherever it stands, but for its place and its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import wraps
from typing import Any

import weasyprint.draw
from weasyprint.draw.text import draw_first_line, draw_text
from weasyprint.matrix import Matrix
from weasyprint.text.ffi import ffi, gobject
from weasyprint.text.fonts import get_pango_font_key

from .styling import face

MOST_TEXTS = 4_000
"""How many texts are remembered, some ten megabytes: those of a few chapters."""
_UPRIGHT = Matrix(d=-1)
_SPACES = ("word_spacing", "letter_spacing", "overflow_wrap", "tab_size")

ffi.cdef("gpointer g_object_ref (gpointer object);")


@dataclass(frozen=True, slots=True)
class _Fount:
    """A font as one text uses it: the key by which documents know it, the widths and words of the glyphs."""

    pango_font: Any
    key: Any
    widths: Mapping[int, int]
    words: Mapping[int, str]

    def fits(self, fonts: Mapping[Any, Any]) -> bool:
        """Tell whether a document has no other widths for these glyphs: what stands between them counts on these."""
        if self.key not in fonts or self.widths.items() <= (known := fonts[self.key].widths).items():
            return True
        return all(known.get(glyph, width) == width for glyph, width in self.widths.items())

    def join(self, stream: Any) -> None:
        """Let a document know the font, and the glyphs that it has not had yet."""
        font = stream._fonts.get(self.key) or stream.add_font(self.pango_font)[0]
        for own, known in ((self.words, font.to_unicode), (self.widths, font.widths)):
            if not own.keys() <= known.keys():
                for glyph, value in own.items():
                    known.setdefault(glyph, value)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """How a text is drawn: its fonts, and the operations that follow its place."""

    founts: tuple[_Fount, ...]
    operations: tuple[tuple[str, tuple[Any, ...]], ...]

    def draw(self, stream: Any, textbox: Any) -> None:
        """Draw it at the place and in the colour of a box."""
        stream.set_color(textbox.style["color"])
        stream.begin_text()
        stream.set_text_matrix(1, 0, 0, -1, textbox.position_x, textbox.position_y + textbox.baseline)
        for fount in self.founts:
            fount.join(stream)
        for name, words in self.operations:
            getattr(stream, name)(*words)
        stream.end_text()


class _Recorder:
    """Takes down what is asked of a stream while a text is drawn, as if it were the first of its document."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.ink_rect, self.logical_rect = stream, stream.ink_rect, stream.logical_rect
        self.fonts: dict[Any, tuple[Any, Any]] = {}
        self.operations: list[tuple[str, tuple[Any, ...]]] = []

    def set_text_matrix(self, *_: float) -> None:
        """Leave the place to whoever draws the text there."""

    def show_text(self, *words: str) -> None:
        """Take down a text."""
        self.operations.append(("show_text", words))

    def set_font_size(self, *words: Any) -> None:
        """Take down which font the text is in."""
        self.operations.append(("set_font_size", words))

    def set_text_rise(self, *words: float) -> None:
        """Take down how far the text is raised."""
        self.operations.append(("set_text_rise", words))

    def add_font(self, pango_font: Any) -> tuple[Any, float]:
        """Give a font of which nothing has been used."""
        font, size = self.stream.add_font(pango_font)
        key, *_ = get_pango_font_key(pango_font)
        if key not in self.fonts:
            bare = copy(font)
            bare.widths, bare.to_unicode, bare.missing = {}, {}, {}
            self.fonts[key] = ffi.gc(gobject.g_object_ref(pango_font), gobject.g_object_unref), bare
        return self.fonts[key][1], size

    def drawn(self) -> _Drawn | None:
        """Give what was drawn; nothing where glyphs are pictures or missing, of which the engine has more to say."""
        fonts = [font for _, font in self.fonts.values()]
        if any(font.bitmap or font.png or font.svg or font.colr or font.missing for font in fonts):
            return None
        founts = (_Fount(kept, key, font.widths, font.to_unicode) for key, (kept, font) in self.fonts.items())
        return _Drawn(tuple(founts), tuple(self.operations))


def _once(draw: Callable[..., None]) -> Callable[..., None]:
    """Draw a text as it was drawn before."""

    @wraps(draw)
    def again(
        stream: Any, textbox: Any, offset_x: float, text_overflow: str = "clip", block_ellipsis: Any = "none"
    ) -> None:
        drawn = _known(stream, textbox) if text_overflow == "clip" and block_ellipsis == "none" else None
        if drawn and all(fount.fits(stream._fonts) for fount in drawn.founts):
            drawn.draw(stream, textbox)
        else:
            draw(stream, textbox, offset_x, text_overflow, block_ellipsis)

    return again


def _known(stream: Any, textbox: Any) -> _Drawn | None:
    """Give how a text is drawn, or find it out; nothing where there is more to it than letters."""
    style, layout = textbox.style, textbox.pango_layout
    if style["text_decoration_line"] != "none" or style["visibility"] != "visible" or not textbox.text.strip():
        return None
    texts = vars(style.font_config).setdefault("texts", {})
    spaces = (style[name] for name in _SPACES)
    key = layout.text, layout.justification_spacing, face(style), *spaces
    if key not in texts:
        if len(texts) == MOST_TEXTS:
            texts.clear()
        texts[key] = _found(stream, textbox)
    known: _Drawn | None = texts[key]
    return known


def _found(stream: Any, textbox: Any) -> _Drawn | None:
    recorder = _Recorder(stream)
    textbox.pango_layout.reactivate(textbox.style)
    draw_first_line(recorder, textbox, "clip", "none", _UPRIGHT)
    textbox.pango_layout.deactivate()
    return recorder.drawn()


MENDS: tuple[tuple[Any, str, Any], ...] = ((weasyprint.draw, "draw_text", _once(draw_text)),)
"""Where the part of the engine lives, its name, and the mended part; the engine's own is its `__wrapped__`."""
