"""What a chart looks like, by its type: Vega-Lite that holds its data inline and no address.

Charts say their numbers and names at the marks themselves; axes are left only where they tell more.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from compendium.model import Data
from compendium.records import Chart

Spec = dict[str, Any]
NAME_WIDTH = 20
"""After so many letters the name of a line goes on in a new one."""


@dataclass(frozen=True, slots=True)
class Look:
    """What charts take from the design (`styles/charts.yaml`) and from the language.

    Lengths are CSS pixels; `height` and `panel` are counted in lines of the text, each `line` high.
    """

    font: str
    size: float
    width: float
    line: float
    height: int
    panel: int
    ink: str
    faint: str
    rule: str
    paper: str
    accents: list[str]
    colours: list[str]
    decimal: str
    thousands: str
    break_word: str

    def of_part(self, number: int) -> Look:
        """Give the look of the charts of a part, counted from 1: its accent comes first."""
        return replace(self, colours=[self.accents[(number - 1) % len(self.accents)], *self.colours])


def drawing(chart: Chart, data: Data, look: Look) -> Spec:
    """Describe a chart; the cells named by `y` must hold numbers or nothing (`checking` sees to that)."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": None,
        "padding": 0,
        "data": {"values": _values(chart, data, look)},
        **_DRAWINGS[chart.type](chart, data, look),
        "config": _config(look),
    }


def _values(chart: Chart, data: Data, look: Look) -> list[dict[str, Any]]:
    """Give the rows that have a number; `label` is the number as its author wrote it."""
    x, y = data.columns.index(chart.x), data.columns.index(chart.y)
    series = data.columns.index(chart.series) if chart.series else None
    kept = [row for row in data.rows if row[y]]
    names = [row[series] if series is not None else "" for row in kept]
    last = {name: n for n, name in enumerate(names)}
    rows: list[dict[str, Any]] = [
        {
            "n": n,
            "x": _number(row[x]) if _numeric(data, x) else row[x],
            "y": _number(row[y]),
            "series": names[n],
            "name": textwrap.wrap(names[n], NAME_WIDTH),
            "label": _printed(row[y], look),
            "first": names[n] not in names[:n],
            "last": n in last.values(),
            "head": row[x] == kept[0][x],
            "side": _side(chart, row[x]),
        }
        for n, row in enumerate(kept)
    ]
    for row in rows:
        row["low"] = chart.series is not None and row["y"] == min(r["y"] for r in rows if r["x"] == row["x"])
        row["lean"] = _lean(row["x"], [r["x"] for r in rows if r["series"] == row["series"]], look)
    return rows


def _lean(x: float | str, moments: list[Any], look: Look) -> str:
    """Say how the number of a point is aligned: where neighbours stand close, it leans away from them."""
    if isinstance(x, str) or len(moments) < 3:
        return "center"
    close = 2.8 * look.size * (max(moments) - min(moments)) / look.width
    before, after = (any(0 < way * (other - x) < close for other in moments) for way in (-1, 1))
    return "center" if before == after else "left" if before else "right"


_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


def _number(cell: str) -> float:
    return float(cell)


def _printed(cell: str, look: Look) -> str:
    """Give a number as its author wrote it, with the signs of the language."""
    sign, digits = ("\N{MINUS SIGN}", cell[1:]) if cell.startswith("-") else ("", cell)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}".replace(",", look.thousands) + (look.decimal + decimals if point else "")


def _numeric(data: Data, column: int) -> bool:
    return all(_NUMBER.fullmatch(row[column]) for row in data.rows)


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


def _colour(chart: Chart, look: Look) -> Spec:
    if not chart.series:
        return {"value": look.colours[0]}
    return _field("series", "nominal", sort=None, scale={"range": look.colours}, legend=None)


def _fill(chart: Chart, look: Look) -> Spec:
    """Fill the marks of every second series with paper, so that series differ in grey as well."""
    if not chart.series:
        return {"value": look.colours[0]}
    fills = [look.paper if n % 2 else colour for n, colour in enumerate(look.colours)]
    return _field("series", "nominal", sort=None, scale={"range": fills}, legend=None)


def _x_axis(chart: Chart, data: Data, span: list[float]) -> Spec:
    """Give the axis of moments or numbers, over that stretch of the chart's width."""
    column = data.columns.index(chart.x)
    if not _numeric(data, column):
        scale = {"type": "point", "padding": 0.25, "range": span}
        return _field("x", "ordinal", sort=None, scale=scale, axis={"labelAngle": 0})
    values = sorted({_number(row[column]) for row in data.rows})
    axis = {"values": values, "format": "d", "grid": False, "labelOverlap": "greedy", "labelSeparation": 4}
    return _field("x", "quantitative", axis=axis, scale={"zero": False, "nice": False, "range": span})


def _y_axis(data: Data, column: int, **axis: Any) -> Spec:
    """Give a scale from zero (or below) with headroom for the numbers over the highest points."""
    values = [_number(row[column]) for row in data.rows if row[column]]
    scale = {"domain": [min(0.0, *values), max(values) * 1.18], "nice": False} if values else {}
    return _field("y", "quantitative", axis=axis or None, scale=scale)


def _line(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw values over time: points with their numbers, each line named at its end."""
    names = {row[data.columns.index(chart.series)] for row in data.rows} if chart.series else set()
    x = _x_axis(chart, data, [look.size * 1.4, look.width - look.size * 1.4 - _reach(names, look)])
    base = {"x": x, "y": _y_axis(data, data.columns.index(chart.y)), "color": _colour(chart, look)}
    number = {**base, "text": {"field": "label"}}
    layers: list[Spec] = [
        {"mark": {"type": "line"}, "encoding": {**base, "detail": [{"field": "side"}]}},
        {"mark": {"type": "point", "size": 40}, "encoding": {**base, "fill": _fill(chart, look)}},
        *_breaks(chart, data, look, x),
    ]
    for align, dx in (("left", -5), ("center", 0), ("right", 5)):
        layers.append(
            {**_text(number, dx=dx, dy=-11, align=align), "transform": [{"filter": f"datum.lean == '{align}'"}]}
        )
    if chart.series:
        named = _text({**base, "text": {"field": "name"}}, dx=14, align="left", baseline="middle", fontWeight=600)
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
    word = _text({"x": x, "y": {"value": 0}, "text": {"value": look.break_word}}, dx=-5, align="right", baseline="top")
    word["mark"] |= {"color": look.faint, "fontStyle": "italic"}
    return [rule, {**word, "data": at}]


def _reach(names: Iterable[str], look: Look) -> float:
    """Give the width that the names at the ends of the lines need."""
    letters = max((len(line) for name in names for line in textwrap.wrap(name, NAME_WIDTH)), default=0)
    return letters * look.size * 0.52


def _text(encoding: Spec, **mark: Any) -> Spec:
    return {"mark": {"type": "text", **mark}, "encoding": encoding}


def _bar(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw amounts of categories, in the order of the file, each with its number; the first name the series."""
    y = _field("x", "nominal", sort=None, axis=_CATEGORIES)
    x = _field("y", "quantitative", axis=None, scale=_room(data, chart, look))
    base: Spec = {"x": x, "y": y, "color": _colour(chart, look)}
    if chart.series:
        base["yOffset"] = {"field": "series", "sort": None}
    bars = {"mark": {"type": "bar", "strokeWidth": 1}, "encoding": {**base, "fill": _fill(chart, look)}}
    number = _text({**base, "text": {"field": "end"}, "color": {"value": look.ink}}, dx=5, align="left")
    if chart.series:
        number["encoding"]["yOffset"] = {**base["yOffset"], "bandPosition": 0.5}
    end = {"calculate": "datum.head && datum.series ? datum.label + '  ' + datum.series : datum.label", "as": "end"}
    rows = len(data.rows) + (len({row[data.columns.index(chart.x)] for row in data.rows}) if chart.series else 0)
    return {**_fit(look, rows), "layer": [bars, {**number, "transform": [end]}]}


def _room(data: Data, chart: Chart, look: Look) -> Spec:
    """Give a scale from zero that leaves room for the words after the longest bar."""
    values = [abs(_number(row[data.columns.index(chart.y)] or "0")) for row in data.rows]
    return {"zero": True, "nice": False, "domainMax": max(values, default=1) * (1.5 if chart.series else 1.15) or 1}


def _dot(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw values of categories as dots; with a series, a line joins the dots of a category and the first name them."""
    y = _field("x", "nominal", sort=None, axis={**_CATEGORIES, "grid": not chart.series})
    x = _field("y", "quantitative", axis=None, scale={"zero": True, "padding": 3 * look.size})
    base = {"x": x, "y": y, "color": _colour(chart, look)}
    dots = {"mark": {"type": "point", "size": 80}, "encoding": {**base, "fill": _fill(chart, look)}}
    number = {**base, "text": {"field": "label"}, "color": {"value": look.ink}}
    left = {**_text(number, dx=-9, align="right"), "transform": [{"filter": "datum.low"}]}
    right = {**_text(number, dx=9, align="left"), "transform": [{"filter": "!datum.low"}]}
    joined = {"mark": {"type": "line", "color": look.rule}, "encoding": {"x": x, "y": y, "detail": {"field": "x"}}}
    rows = len({row[data.columns.index(chart.x)] for row in data.rows})
    if not chart.series:
        return {**_fit(look, rows + 1), "layer": [dots, right]}
    names: list[Spec] = []
    for low, align, dx in (("datum.low", "right", 4), ("!datum.low", "left", -4)):
        name = _text({**base, "text": {"field": "series"}}, dx=dx, dy=-look.line, align=align, fontWeight=600)
        names.append({**name, "transform": [{"filter": f"datum.head && {low}"}]})
    return {**_fit(look, 2 * rows + 1), "layer": [joined, dots, left, right, *names]}


def _slope(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw the change between two moments: a line per series, named and numbered at its ends."""
    x = _field("x", "ordinal", sort=None, scale={"type": "point", "padding": 0.6}, axis=_MOMENTS)
    y = _field("y", "quantitative", axis=None, scale={"zero": False, "padding": 10})
    base = {"x": x, "y": y, "color": _colour(chart, look)}
    number = {**base, "text": {"field": "label"}}
    first = {**_text(number, dx=-9, align="right"), "transform": [{"filter": "!datum.last"}]}
    name = {"calculate": "datum.label + '  ' + datum.series", "as": "end"}
    last = {
        **_text({**base, "text": {"field": "end"}}, dx=9, align="left", fontWeight=600),
        "transform": [{"filter": "datum.last"}, name],
    }
    dots = {"mark": {"type": "point", "size": 44}, "encoding": {**base, "fill": _fill(chart, look)}}
    return {**_fit(look, look.height), "layer": [{"mark": "line", "encoding": base}, dots, first, last]}


def _multiples(chart: Chart, data: Data, look: Look) -> Spec:
    """Draw one small chart per series, all on one scale."""
    series = data.columns.index(chart.series) if chart.series else 0
    names = {row[series] for row in data.rows}
    columns = min(3, len(names))
    width = look.width / columns - 2 * look.size
    x = _ends(_x_axis(chart, data, [look.size, width - 2 * look.size]))
    height = (look.panel - 2) * look.line
    y = _y_axis(data, data.columns.index(chart.y))
    y["scale"] = {**y["scale"], "range": [height, look.size]}  # numbers keep inside, so that the names stand level
    base = {"x": x, "y": y, "color": {"value": look.colours[0]}}
    number = _text({**base, "text": {"field": "label"}}, dy=-11)
    dots = {"mark": {"type": "point", "size": 26}, "encoding": {**base, "fill": {"value": look.colours[0]}}}
    ends = {"filter": "datum.last || datum.first"}
    layers = [{"mark": "line", "encoding": base}, dots, {**number, "transform": [ends]}]
    panel = {"width": width, "height": height, "layer": layers}
    header = {"labelFontWeight": 600, "labelAnchor": "start", "labelPadding": 4, "title": None}
    return {
        "facet": {"field": "series", "type": "nominal", "sort": None, "header": header},
        "columns": columns,
        "spacing": look.size,
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


def _fit(look: Look, lines: int) -> Spec:
    """Give a size: the measure, and that many lines of the text."""
    return {"width": look.width, "height": lines * look.line, "autosize": {"type": "fit", "contains": "padding"}}


def _config(look: Look) -> Spec:
    words = {"labelFont": look.font, "labelFontSize": look.size, "labelColor": look.ink}
    return {
        "font": look.font,
        "view": {"stroke": None},
        "axis": {**words, "gridColor": look.rule, "gridWidth": 0.6, "domainColor": look.faint, "tickColor": look.faint},
        "header": words,
        "text": {"font": look.font, "fontSize": look.size, "color": look.ink},
        "line": {"strokeWidth": 2},
        "point": {"opacity": 1, "strokeWidth": 1.8},
        "bar": {"height": {"band": 0.66}},
    }
