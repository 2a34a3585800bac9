"""Follows the operators of a page and notes what they paint (ISO 32000-1, 8 and 9)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Rectangle, Stream

from compendium.pages import Box

from .colours import Colour, spaces
from .impressions import Impression, Kind, Painted, around, boxed, common, grown, thickness
from .states import Setting, State
from .typeset import NO_FONT, Font, font_of

_DEEPEST = 12
_EVERYWHERE = Box(-1e6, -1e6, 2e6, 2e6)


def impressions(pdf: pikepdf.Pdf) -> list[Impression]:
    """Read all pages."""
    fonts: dict[tuple[int, int], Font] = {}
    return [_impression(page, fonts) for page in pdf.pages]


def outlines(page: pikepdf.Page) -> tuple[Box, Box, Box]:
    """Give trim, bleed and media box of a page, in points from the upper left of the trimmed page."""
    found = (Rectangle(box) for box in (page.trimbox, page.bleedbox, page.mediabox))
    trim, bleed, media = (boxed(_from_trim(page).transform(box)) for box in found)
    return trim, bleed, media


def _from_trim(page: pikepdf.Page) -> Matrix:
    return Matrix(1, 0, 0, -1, -float(page.trimbox[0]), float(page.trimbox[3]))


def _impression(page: pikepdf.Page, fonts: dict[tuple[int, int], Font]) -> Impression:
    matrix = _from_trim(page)
    made = Impression(*outlines(page), [], [], [])
    if "/Group" in page.obj:
        made.groups.append(page.obj.Group)
    _Reader(made, State(matrix, made.media), page.obj.get("/Resources", Dictionary()), fonts).read(page.obj)
    return made


class _Reader(Setting):
    """Reads a page, or a form, a pattern or a mask that it uses, which lies so and so deep in others."""

    def __init__(
        self,
        made: Impression,
        state: State,
        resources: Any,
        fonts: dict[tuple[int, int], Font],
        depth: int = 0,
        masking: bool = False,
    ) -> None:
        super().__init__(state, resources)
        self.made, self.fonts, self.depth, self.masking = made, fonts, depth, masking
        self.path: list[list[tuple[float, float]]] = []
        self.is_curved = self.is_clipping = False

    def read(self, stream: Any) -> None:
        """Follow a stream of operators; those that neither paint nor change what is painted are passed over."""
        for step in pikepdf.parse_content_stream(stream, _WATCHED):
            if act := _OPERATORS.get(str(step.operator)):
                act(self, list(step.operands))

    def apply(self, operands: Sequence[Any]) -> None:
        """Take over a dictionary of the state, with what gives its form to others (gs)."""
        given = self.listed("/ExtGState", operands[0])
        self.made.states.append(given)
        self.take_over(given)
        if isinstance(mask := given.get("/SMask"), Dictionary):
            self.draw_form(mask.G, masking=True)

    # --- Paths ---

    def move(self, operands: Sequence[Any]) -> None:
        self.path.append([self.point(operands)])

    def line(self, operands: Sequence[Any]) -> None:
        if self.path:
            self.path[-1].append(self.point(operands))

    def curve(self, operands: Sequence[Any]) -> None:
        self.is_curved = True
        for n in range(0, len(operands) if self.path else 0, 2):
            self.path[-1].append(self.point(operands[n : n + 2]))

    def rectangle(self, operands: Sequence[Any]) -> None:
        x, y, width, height = map(float, operands)
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.path.append([self.point(corner) for corner in corners])

    def point(self, operands: Sequence[Any]) -> tuple[float, float]:
        x, y = self.state.matrix.transform((float(operands[0]), float(operands[1])))
        return x, y

    def clip(self, _: Sequence[Any]) -> None:
        self.is_clipping = True

    def end(self, _: Sequence[Any] = ()) -> None:
        if self.is_clipping and self.path:
            self.state.clip = common(self.state.clip, around(self.path))
        self.path, self.is_curved, self.is_clipping = [], False, False

    def fill(self, _: Sequence[Any] = ()) -> None:
        self.paint(fills=True)

    def stroke(self, _: Sequence[Any] = ()) -> None:
        self.paint(strokes=True)

    def fill_and_stroke(self, _: Sequence[Any]) -> None:
        self.paint(fills=True, strokes=True)

    def paint(self, fills: bool = False, strokes: bool = False) -> None:
        """Paint the path that has been drawn, and be done with it."""
        state = self.state
        if self.path and fills and state.fill_shows:
            self.add("fill", around(self.path), state.fill, thickness(self.path, self.is_curved, state.clip))
        if self.path and strokes and state.stroke_shows:
            a, b, c, d, _, _ = state.matrix.shorthand
            width = state.width * math.sqrt(abs(a * d - b * c))
            self.add("stroke", grown(around(self.path), width / 2), state.stroke, width)
        self.end()

    def shade(self, operands: Sequence[Any]) -> None:
        shading = self.listed("/Shading", operands[0])
        self.add("shading", self.state.clip, Colour(spaces(shading.get("/ColorSpace"), self.resources)))

    # --- Pictures and forms ---

    def draw(self, operands: Sequence[Any]) -> None:
        thing = self.listed("/XObject", operands[0])
        if thing.get("/Subtype") == Name.Form:
            self.draw_form(thing, self.masking)
        elif isinstance(thing, Stream):
            self.made.pictures[thing.objgen] = str(operands[0])
            stencil, space = bool(thing.get("/ImageMask", False)), thing.get("/ColorSpace")
            self.draw_picture(thing, int(thing.get("/Width", 1)), int(thing.get("/Height", 1)), stencil, space)
            if isinstance(mask := thing.get("/SMask"), Stream):
                masking = Colour(spaces(mask.get("/ColorSpace"), self.resources))
                box = boxed(self.state.matrix.transform(Rectangle(0, 0, 1, 1)))
                self.made.painted.append(Painted("picture", box, masking, masking=True, thing=mask))

    def draw_inline(self, operands: Sequence[Any]) -> None:
        picture = operands[0]
        space = None if picture.image_mask else Name(picture.colorspace)
        self.draw_picture(picture, picture.width, picture.height, picture.image_mask, space)

    def draw_picture(self, picture: Any, width: int, height: int, is_stencil: bool, space: Any) -> None:
        if not self.state.fill_shows:
            return
        a, b, c, d, _, _ = self.state.matrix.shorthand
        across, down = max(math.hypot(a, b), 0.01), max(math.hypot(c, d), 0.01)
        shown = self.state.fill if is_stencil else Colour(spaces(space, self.resources))
        box = boxed(self.state.matrix.transform(Rectangle(0, 0, 1, 1)))
        self.add("picture", box, shown, 72 * min(width / across, height / down), picture)

    def draw_form(self, form: Any, masking: bool) -> None:
        """Follow a form, or that of a soft mask (ISO 32000-1, 8.10 and 11.6.5)."""
        if self.depth >= _DEEPEST:
            return
        state = self.state.copied()
        state.matrix = Matrix(*map(float, form.get("/Matrix", (1, 0, 0, 1, 0, 0)))) @ state.matrix
        if "/BBox" in form:
            state.clip = common(state.clip, boxed(state.matrix.transform(Rectangle(form.BBox))))
        if "/Group" in form:
            self.made.groups.append(form.Group)
        self.below(self.made, state, form, masking)

    def below(self, made: Impression, state: State, stream: Any, masking: bool) -> None:
        """Follow a stream that this one uses."""
        resources = stream.get("/Resources", self.resources)
        _Reader(made, state, resources, self.fonts, self.depth + 1, masking).read(stream)

    # --- Text ---

    def show(self, operands: Sequence[Any]) -> None:
        type, shown = self.state.type, operands[-1]
        matrix = type.matrix @ self.state.matrix
        width = type.show(list(shown) if isinstance(shown, Array) else [shown])
        outlined = type.mode == 1
        if not type.is_seen or not width or not (self.state.stroke_shows if outlined else self.state.fill_shows):
            return
        _, _, c, d, _, _ = matrix.shorthand
        low, high = type.rise - type.size / 4, type.rise + type.size * 3 / 4
        box = boxed(matrix.transform(Rectangle(min(0, width), low, max(0, width), high)))
        colour = self.state.stroke if outlined else self.state.fill
        self.add("text", box, colour, type.size * math.hypot(c, d), type.font.obj)

    def show_on_next_line(self, operands: Sequence[Any]) -> None:
        self.state.type.next_line()
        self.show(operands)

    def choose_font(self, operands: Sequence[Any]) -> None:
        font, self.state.type.size = self.listed("/Font", operands[0]), float(operands[1])
        if len(font) and font.objgen not in self.fonts:
            self.fonts[font.objgen] = font_of(font)
        self.state.type.font = self.fonts.get(font.objgen, NO_FONT)

    # --- What is painted ---

    def add(self, kind: Kind, box: Box, colour: Colour, size: float = math.inf, thing: Any = None) -> None:
        """Note what is painted, as far as it is seen."""
        state, seen = self.state, common(box, self.state.clip)
        if seen.width < 0 or seen.height < 0:
            return
        overprints = state.mode == 1 and (state.stroke_overprints if kind == "stroke" else state.fill_overprints)
        self.made.painted.append(Painted(kind, seen, colour, size, overprints, self.masking, thing))
        if isinstance(colour.pattern, Stream) and self.depth < _DEEPEST:
            self.tile(colour.pattern, seen)

    def tile(self, pattern: Any, box: Box) -> None:
        """Note what the cell of a pattern paints, at the place of all its copies (ISO 32000-1, 8.7.3)."""
        cell = Impression(box, box, box, [], self.made.states, self.made.groups)
        state = State(Matrix(*map(float, pattern.get("/Matrix", (1, 0, 0, 1, 0, 0)))), _EVERYWHERE)
        self.below(cell, state, pattern, self.masking)
        self.made.painted += [replace(one, box=box) for one in cell.painted]


_Act: TypeAlias = Callable[[_Reader, Sequence[Any]], None]


def _number(name: str, scale: float = 1) -> _Act:
    """Make the operator that sets a number of the state of text."""
    return lambda reader, operands: setattr(reader.state.type, name, float(operands[0]) * scale)


def _device(space: Name, strokes: bool) -> _Act:
    """Make the operator that sets a space and its colour at once."""

    def act(reader: _Reader, operands: Sequence[Any]) -> None:
        (reader.stroke_space if strokes else reader.fill_space)([space])
        (reader.stroke_colour if strokes else reader.fill_colour)(operands)

    return act


def _move_and_lead(reader: _Reader, operands: Sequence[Any]) -> None:
    reader.state.type.leading = -float(operands[1])
    reader.state.type.move(float(operands[0]), float(operands[1]))


_OPERATORS: dict[str, _Act] = {
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.transform,
    "w": _Reader.line_width,
    "gs": _Reader.apply,
    "cs": _Reader.fill_space,
    "sc": _Reader.fill_colour,
    "scn": _Reader.fill_colour,
    "CS": _Reader.stroke_space,
    "SC": _Reader.stroke_colour,
    "SCN": _Reader.stroke_colour,
    "g": _device(Name.DeviceGray, False),
    "G": _device(Name.DeviceGray, True),
    "rg": _device(Name.DeviceRGB, False),
    "RG": _device(Name.DeviceRGB, True),
    "k": _device(Name.DeviceCMYK, False),
    "K": _device(Name.DeviceCMYK, True),
    "m": _Reader.move,
    "l": _Reader.line,
    "re": _Reader.rectangle,
    **dict.fromkeys(("c", "v", "y"), _Reader.curve),
    **dict.fromkeys(("W", "W*"), _Reader.clip),
    **dict.fromkeys(("f", "F", "f*"), _Reader.fill),
    **dict.fromkeys(("S", "s"), _Reader.stroke),
    **dict.fromkeys(("B", "B*", "b", "b*"), _Reader.fill_and_stroke),
    "n": _Reader.end,
    "sh": _Reader.shade,
    "Do": _Reader.draw,
    "INLINE IMAGE": _Reader.draw_inline,
    "Tf": _Reader.choose_font,
    "Tc": _number("letter_space"),
    "Tw": _number("word_space"),
    "Tz": _number("stretch", 0.01),
    "TL": _number("leading"),
    "Ts": _number("rise"),
    "Tr": _number("mode"),
    "BT": lambda reader, _: reader.state.type.begin(),
    "Td": lambda reader, operands: reader.state.type.move(float(operands[0]), float(operands[1])),
    "TD": _move_and_lead,
    "Tm": lambda reader, operands: reader.state.type.begin(Matrix(*map(float, operands))),
    "T*": lambda reader, _: reader.state.type.next_line(),
    **dict.fromkeys(("Tj", "TJ"), _Reader.show),
    **dict.fromkeys(("'", '"'), _Reader.show_on_next_line),
}
_WATCHED = " ".join([*_OPERATORS.keys() - {"INLINE IMAGE"}, "BI", "ID", "EI"])
