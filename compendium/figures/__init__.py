"""Figures as the page needs them: charts drawn as SVG in the book's own fonts and colours, pictures in whole lines."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compendium.chapters import Drawing
from compendium.model import Data, Image
from compendium.records import Chart

from .charts import Look, drawing

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True)
class Plot(Drawing):
    """A chart of a table."""

    chart: Chart
    data: Data
    look: Look

    def drawn(self, fonts: Path) -> bytes:
        """Draw it, measured with these fonts."""
        _converter(fonts)
        return draw(self.chart, self.data, self.look)


@cache
def _converter(fonts: Path | None = None) -> ModuleType:
    """Load what draws charts, which takes a while: who draws none does not wait. Let it know the fonts of a folder."""
    import vl_convert  # noqa: PLC0415  # a build in which nothing is drawn does not wait for it

    if fonts:
        vl_convert.register_font_directory(str(fonts))
    return vl_convert


def draw(chart: Chart, data: Data, look: Look) -> bytes:
    """Draw a chart, as wide as the measure and whole lines of the text high."""
    separators = {"decimal": look.decimal, "thousands": look.thousands, "grouping": [3], "currency": ["", ""]}
    svg = _svg(json.dumps(drawing(chart, data, look), sort_keys=True), json.dumps(separators))
    width, height = (float(size) for size in re.findall(r'^<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg)[0])
    lines = math.ceil(height / look.line - 0.01)
    size = f'width="{max(width, look.width):g}" height="{lines * look.line:g}"'
    box = f'viewBox="0 0 {max(width, look.width):g} {lines * look.line:g}"'
    head = re.sub(r'viewBox="[^"]*"', box, re.sub(r'width="[\d.]+" height="[\d.]+"', size, svg[: svg.index(">")]))
    return (head + svg[svg.index(">") :]).encode()


def lines(image: Image, look: Look) -> int:
    """Count the whole lines of the text that a picture as wide as the measure fills; less than one is cut off."""
    return max(1, int(look.width * image.height / image.width / look.line))


@lru_cache(maxsize=256)
def _svg(spec: str, separators: str) -> str:
    return str(_converter().vegalite_to_svg(spec, format_locale=json.loads(separators), allowed_base_urls=[]))
