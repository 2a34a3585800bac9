"""Charts as SVG, drawn from the CSV files of a case in the book's own fonts and colours.

Authors ask in the closed vocabulary of `model.Chart`; the Vega-Lite made here holds its data inline and no address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import vl_convert

from .model import Data
from .records import Chart

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What charts take from the design (`styles/charts.yaml`) and from the language."""

    font: str
    size: float
    width: float
    height: float
    row: float
    panel: float
    ink: str
    faint: str
    rule: str
    colours: list[str]
    decimal: str
    thousands: str
    break_word: str


def use_fonts(folder: Path) -> None:
    """Let charts be measured with the design's fonts."""
    vl_convert.register_font_directory(str(folder))


def draw(chart: Chart, data: Data, look: Look) -> bytes:
    """Draw a chart; the cells named by `y` must hold numbers or nothing (`checking` sees to that)."""
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 0,
        "data": {"values": _values(chart, data, look)},
        **_DRAWINGS[chart.type](chart, data, look),
        "config": _config(look),
    }
    separators = {"decimal": look.decimal, "thousands": look.thousands, "grouping": [3], "currency": ["", ""]}
    return _svg(json.dumps(spec, sort_keys=True), json.dumps(separators))


@lru_cache(maxsize=256)
def _svg(spec: str, separators: str) -> bytes:
    svg = vl_convert.vegalite_to_svg(spec, format_locale=json.loads(separators), allowed_base_urls=[])
    return str(svg).encode()


def _values(chart: Chart, data: Data, look: Look) -> list[dict[str, Any]]:
    """Give the rows that have a number; `label` is the number as its author wrote it."""
    x, y = data.columns.index(chart.x), data.columns.index(chart.y)
    series = data.columns.index(chart.series) if chart.series else None
    kept = [row for row in data.rows if row[y]]
    last = {row[series] if series is not None else "": n for n, row in enumerate(kept)}
    lowest: dict[str, float] = {}
    for row in kept:
        lowest[row[x]] = min(_number(row[y]), lowest.get(row[x], _number(row[y])))
    return [
        {
            "n": n,
            "x": _number(row[x]) if _numeric(data, x) else row[x],
            "y": _number(row[y]),
            "series": row[series] if series is not None else "",
            "label": _printed(row[y], look),
            "last": n in last.values(),
            "low": chart.series is not None and _number(row[y]) == lowest[row[x]],
            "side": _side(chart, row[x]),
        }
        for n, row in enumerate(kept)
    ]


def _number(cell: str) -> float:
    return float(cell)


def _printed(cell: str, look: Look) -> str:
    """Give a number as its author wrote it, with the signs of the language."""
    sign, digits = ("\N{MINUS SIGN}", cell[1:]) if cell.startswith("-") else ("", cell)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}".replace(",", look.thousands) + (look.decimal + decimals if point else "")


def _numeric(data: Data, column: int) -> bool:
    try:
        return all(isinstance(_number(row[column]), float) for row in data.rows)
    except ValueError:
        return False


def _side(chart: Chart, x: str) -> str:
    """Tell the rows before a break in the series from those after it."""
    if chart.break_after is None:
        return "whole"
    try:
        return "before" if float(x) <= float(chart.break_after) else "after"
    except ValueError:
        return "whole"


def _field(name: str, kind: str, **more: Any) -> Spec:
    return {"field": name, "type": kind, "title": None, **more}


def _colour(chart: Chart, look: Look, legend: bool) -> Spec:
    if not chart.series:
        return {"value": look.colours[0]}
    shown = {"orient": "top", "offset": 4, "symbolSize": 60} if legend else None
    return _field("series", "nominal", sort=None, scale={"range": look.colours}, legend=shown)


def _x_axis(chart: Chart, data: Data) -> Spec:
    column = data.columns.index(chart.x)
    if not _numeric(data, column):
        return _field("x", "ordinal", sort=None, scale={"type": "point", "padding": 0.25}, axis={"labelAngle": 0})
    values = sorted({_number(row[column]) for row in data.rows})
    axis = {"values": values, "format": "d", "grid": False, "labelOverlap": "greedy"}
    return _field("x", "quantitative", axis=axis, scale={"zero": False, "nice": False, "padding": 14})


def _y_axis(chart: Chart, data: Data, ticks: int) -> Spec:
    """Give a scale from zero (or below) with headroom for the numbers over the highest points."""
    column = data.columns.index(chart.y)
    values = [_number(row[column]) for row in data.rows if row[column]]
    scale = {"domain": [min(0.0, *values), max(values) * 1.2], "nice": False} if values else {}
    return _field("y", "quantitative", axis={"tickCount": ticks, "domain": False, "ticks": False}, scale=scale)


def _line(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw values over time: points with their numbers, each line named at its end."""
    x = _x_axis(chart, data)
    base = {"x": x, "y": _y_axis(chart, data, ticks=4), "color": _colour(chart, look, legend=False)}
    layers: list[Spec] = [
        {"mark": {"type": "line"}, "encoding": {**base, "detail": [{"field": "side"}]}},
        {"mark": {"type": "point", "filled": True, "size": 34, "opacity": 1}, "encoding": base},
        _text({**base, "text": {"field": "label"}}, dy=-9),
        *_breaks(chart, data, look, x),
    ]
    if chart.series:
        named = _text({**base, "text": {"field": "series"}}, dx=16, align="left", fontWeight=600)
        layers.append({**named, "transform": [{"filter": "datum.last"}]})
    return {**_fit(look, look.height), "layer": layers}


def _breaks(chart: Chart, data: Data, look: Look, x: Spec) -> list[Spec]:
    """Mark where a series stops being comparable: a dashed rule half-way to the next value, and a word."""
    column = data.columns.index(chart.x)
    if chart.break_after is None or not _numeric(data, column):
        return []
    before = float(chart.break_after)
    after = min((v for row in data.rows if (v := _number(row[column])) > before), default=before)
    at = {"values": [{"x": (before + after) / 2}]}
    rule = {"mark": {"type": "rule", "strokeDash": [3, 3], "color": look.faint}, "data": at, "encoding": {"x": x}}
    word = _text({"x": x, "y": {"value": 0}, "text": {"value": look.break_word}}, dx=4, align="left", baseline="top")
    word["mark"] |= {"color": look.faint, "fontStyle": "italic"}
    return [rule, {**word, "data": at}]


def _text(encoding: Spec, **mark: Any) -> Spec:
    return {"mark": {"type": "text", **mark}, "encoding": encoding}


def _bar(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw amounts of categories, in the order of the file, each bar with its number."""
    y = _field("x", "nominal", sort=None, axis=_CATEGORIES)
    x = _field("y", "quantitative", axis=None, scale={"zero": True})
    base: Spec = {"x": x, "y": y, "color": _colour(chart, look, legend=True)}
    if chart.series:
        base["yOffset"] = {"field": "series", "sort": None}
    number = _text({**base, "text": {"field": "label"}, "color": {"value": look.ink}}, dx=4, align="left")
    if chart.series:
        number["encoding"]["yOffset"] = {**base["yOffset"], "bandPosition": 0.5}
    return {**_fit(look, _rows(data, chart, look)), "layer": [{"mark": "bar", "encoding": base}, number]}


def _dot(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw values of categories as dots on a scale; with a series, a line joins the dots of a category."""
    y = _field("x", "nominal", sort=None, axis={**_CATEGORIES, "grid": not chart.series})
    x = _field("y", "quantitative", axis={"tickCount": 4, "domain": False, "ticks": False}, scale={"zero": True})
    base = {"x": x, "y": y, "color": _colour(chart, look, legend=True)}
    dots = {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": base}
    number = {**base, "text": {"field": "label"}, "color": {"value": look.ink}}
    left = {**_text(number, dx=-8, align="right"), "transform": [{"filter": "datum.low"}]}
    right = {**_text(number, dx=8, align="left"), "transform": [{"filter": "!datum.low"}]}
    joined = {"mark": {"type": "line", "color": look.rule}, "encoding": {"x": x, "y": y, "detail": {"field": "x"}}}
    layers = [joined, dots, left, right] if chart.series else [dots, right]
    return {**_fit(look, _rows(data, chart, look)), "layer": layers}


def _slope(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw the change between two moments: a line per series, named and numbered at its ends."""
    x = _field("x", "ordinal", sort=None, scale={"type": "point", "padding": 0.6}, axis=_MOMENTS)
    y = _field("y", "quantitative", axis=None, scale={"zero": False, "padding": 10})
    base = {"x": x, "y": y, "color": _colour(chart, look, legend=False)}
    number = {**base, "text": {"field": "label"}}
    first = {**_text(number, dx=-8, align="right"), "transform": [{"filter": "!datum.last"}]}
    name = {"calculate": "datum.label + '  ' + datum.series", "as": "end"}
    last = {
        **_text({**base, "text": {"field": "end"}}, dx=8, align="left"),
        "transform": [{"filter": "datum.last"}, name],
    }
    dots = {"mark": {"type": "point", "filled": True, "size": 40, "opacity": 1}, "encoding": base}
    return {**_fit(look, look.height), "layer": [{"mark": "line", "encoding": base}, dots, first, last]}


def _multiples(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw one small chart per series, all on one scale."""
    series = data.columns.index(chart.series) if chart.series else 0
    columns = min(3, len({row[series] for row in data.rows}))
    y = _y_axis(chart, data, ticks=3)
    base = {"x": _ends(_x_axis(chart, data)), "y": y, "color": {"value": look.colours[0]}}
    number = _text({**base, "text": {"field": "label"}}, dy=-9)
    dots = {"mark": {"type": "point", "filled": True, "size": 22, "opacity": 1}, "encoding": base}
    panel = {
        "width": look.width / columns - 34,
        "height": look.panel,
        "layer": [
            {"mark": "line", "encoding": base},
            dots,
            {**number, "transform": [{"filter": "datum.last"}]},
        ],
    }
    header = {"labelFontWeight": 600, "labelAnchor": "start", "labelPadding": 4, "title": None}
    return {
        "facet": {"field": "series", "type": "nominal", "sort": None, "header": header},
        "columns": columns,
        "spacing": 16,
        "spec": panel,
    }


def _ends(x: Spec) -> Spec:
    """Keep only the first and the last year on a small axis."""
    values = x["axis"].get("values")
    return {**x, "axis": {**x["axis"], "values": [values[0], values[-1]]}} if values else x


_MOMENTS: Spec = {"labelAngle": 0, "grid": True, "domain": False, "ticks": False}
_CATEGORIES: Spec = {"domain": False, "ticks": False, "labelPadding": 8, "labelLimit": 230}

_DRAWINGS: Mapping[str, Callable[[Chart, Data, Look], Spec]] = {
    "line": _line,
    "bar": _bar,
    "dot": _dot,
    "slope": _slope,
    "multiples": _multiples,
}


def _rows(data: Data, chart: Chart, look: Look) -> float:
    """Give the height that the categories need."""
    x = data.columns.index(chart.x)
    if chart.type == "bar":
        return len(data.rows) * look.row + 8
    return len({row[x] for row in data.rows}) * look.row + 3 * look.size


def _fit(look: Look, height: float) -> Spec:
    return {"width": look.width, "height": height, "autosize": {"type": "fit", "contains": "padding"}}


def _config(look: Look) -> Spec:
    words = {"labelFont": look.font, "labelFontSize": look.size, "labelColor": look.ink}
    return {
        "font": look.font,
        "view": {"stroke": None},
        "axis": {**words, "gridColor": look.rule, "gridWidth": 0.6, "domainColor": look.faint, "tickColor": look.faint},
        "legend": {**words, "titleFont": look.font, "labelLimit": 0},
        "header": words,
        "text": {"font": look.font, "fontSize": look.size, "color": look.ink},
        "line": {"strokeWidth": 1.8},
        "bar": {"height": {"band": 0.68}},
    }
