"""The graphics state, and the operators that change it (ISO 32000-1, 8.4 and 8.6)."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary, Matrix, Name

from compendium.pages import Box

from .colours import BLACK, Colour, colour, spaces
from .typeset import Type

_FIRST = {"/DeviceRGB": [0.0, 0.0, 0.0], "/DeviceCMYK": [0.0, 0.0, 0.0, 1.0], "/DeviceGray": [0.0]}
"""The colour with which a device space begins (ISO 32000-1, 8.6.8)."""


@dataclass(slots=True)
class State:
    """The graphics state, as far as it matters to the press."""

    matrix: Matrix
    clip: Box
    fill: Colour = BLACK
    stroke: Colour = BLACK
    fill_space: Any = Name.DeviceGray
    stroke_space: Any = Name.DeviceGray
    width: float = 1
    fill_overprints: bool = False
    stroke_overprints: bool = False
    mode: int = 0
    fill_shows: bool = True
    stroke_shows: bool = True
    type: Type = field(default_factory=Type)

    def copied(self) -> State:
        """Give a state of its own that begins like this one."""
        state = copy.copy(self)
        state.type = copy.copy(self.type)
        return state


class Setting:
    """The state in which a stream of operators paints, and its resources."""

    def __init__(self, state: State, resources: Any) -> None:
        self.state, self.resources = state, resources
        self.kept: list[State] = []

    def listed(self, kind: str, name: Any) -> Any:
        """Give a resource by its name; an empty one where it is not listed."""
        return self.resources.get(kind, Dictionary()).get(str(name), Dictionary())

    def save(self, _: Sequence[Any]) -> None:
        """Keep the state (q)."""
        self.kept.append(self.state.copied())

    def restore(self, _: Sequence[Any]) -> None:
        """Go back to the state that was kept last (Q)."""
        if self.kept:
            self.state = self.kept.pop()

    def transform(self, operands: Sequence[Any]) -> None:
        """Change the coordinates (cm)."""
        self.state.matrix = Matrix(*map(float, operands)) @ self.state.matrix

    def line_width(self, operands: Sequence[Any]) -> None:
        """Set the width of lines (w)."""
        self.state.width = float(operands[0])

    def take_over(self, given: Any) -> None:
        """Take over a dictionary of the state (gs; ISO 32000-1, 8.4.5)."""
        state = self.state
        state.width = float(given.get("/LW", state.width))
        state.stroke_overprints = bool(given.get("/OP", state.stroke_overprints))
        state.fill_overprints = bool(given.get("/op", given.get("/OP", state.fill_overprints)))
        state.mode = int(given.get("/OPM", state.mode))
        state.fill_shows = float(given.get("/ca", state.fill_shows)) > 0
        state.stroke_shows = float(given.get("/CA", state.stroke_shows)) > 0

    def fill_space(self, operands: Sequence[Any]) -> None:
        """Choose the space of the colours of areas (cs)."""
        self.state.fill_space = operands[0]
        self.state.fill = colour(operands[0], _FIRST.get(str(operands[0]), ()), self.resources)

    def stroke_space(self, operands: Sequence[Any]) -> None:
        """Choose the space of the colours of lines (CS)."""
        self.state.stroke_space = operands[0]
        self.state.stroke = colour(operands[0], _FIRST.get(str(operands[0]), ()), self.resources)

    def fill_colour(self, operands: Sequence[Any]) -> None:
        """Choose the colour of areas (sc, scn)."""
        self.state.fill = self._mixed(self.state.fill_space, operands)

    def stroke_colour(self, operands: Sequence[Any]) -> None:
        """Choose the colour of lines (SC, SCN)."""
        self.state.stroke = self._mixed(self.state.stroke_space, operands)

    def _mixed(self, space: Any, operands: Sequence[Any]) -> Colour:
        """Give a colour of a space; a pattern that is a shading passes through the shading's space, too."""
        if not operands or not isinstance(operands[-1], Name):
            return colour(space, [float(value) for value in operands], self.resources)
        pattern = self.listed("/Pattern", operands[-1])
        below = spaces(pattern.Shading.get("/ColorSpace"), self.resources) if "/Shading" in pattern else ()
        return Colour((*spaces(space, self.resources), *below), pattern=pattern)
