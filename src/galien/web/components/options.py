"""ECharts' options of each kind of chart, as JSON: colours and number formats by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from galien.web.components.models import Figure
from galien.web.components.pictures import ChartKind, ChartModel, Node, Series
from galien.web.components.waterfall import waterfall

Option = dict[str, Any]
PALETTE = tuple(f"--s{rank}" for rank in range(1, 7))
MAX_BARS = 15
SMALL = 12
NAMED = 12
ONE_LINE = 30  # letters
LEGEND_LINE = 18
# Past this many figures a line has no dots: they would hide it.
_DOTTED = 60


def build(model: ChartModel) -> Option:
    """Return the axes, legend and series of a model."""
    return _BUILDERS[model.kind](model)


def tooltip(model: ChartModel) -> Option:
    """Return the box shown over a figure; a script writes what it says."""
    return {
        "trigger": "axis" if model.kind in _BY_AXIS else "item",
        "confine": True,
        "axisPointer": {
            "type": "line" if model.kind is ChartKind.LINE else "shadow",
            "lineStyle": {"color": "--control"},
            "shadowStyle": {"color": "--hover", "opacity": 0.6},
        },
        "backgroundColor": "--card",
        "borderColor": "--line",
        "textStyle": {"color": "--ink", "fontSize": SMALL},
        "formatter": {"$tip": True},
    }


def _format(unit: str, decimals: int = 0, *, compact: bool = True) -> Option:
    return {"$format": "compact" if compact else "full", "unit": unit, "decimals": decimals}


def _values(values: Sequence[Figure], hrefs: Sequence[str] = ()) -> list[Any]:
    plain = [None if value is None else float(value) for value in values]
    if not any(hrefs):
        return plain
    return [{"value": v, "href": href} for v, href in zip(plain, hrefs, strict=True)]


def _colour(series: Series, rank: int) -> str:
    return {"previous": "--prev", "target": "--s3"}.get(series.role, PALETTE[rank % len(PALETTE)])


def _legend(model: ChartModel, **more: Any) -> Option:
    return {
        "show": len(model.series) > 1,
        "left": 0,
        "top": 0,
        "itemWidth": 10,
        "itemHeight": 10,
        "itemGap": 16,
        "padding": 0,
        "selectedMode": False,
        "textStyle": {"color": "--ink-2", "fontSize": SMALL},
        **more,
    }


def _fitted_legend(model: ChartModel, **more: Any) -> tuple[Option, int]:
    """Return the legend and its lines: series stand one under another when a line cannot hold them."""
    if len(model.series) < 2:
        return _legend(model, **more), 0
    if sum(len(each.label) for each in model.series) <= ONE_LINE:
        return _legend(model, **more), 1
    return _legend(model, orient="vertical", itemGap=4, **more), len(model.series)


def _value_axis(unit: str, decimals: int = 0, **more: Any) -> Option:
    return {
        "type": "value",
        "axisLabel": {
            "color": "--ink-3",
            "formatter": _format(unit, decimals),
            "hideOverlap": True,
        },
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": "--line-2"}},
        "splitNumber": 4,
        **more,
    }


def _bars(model: ChartModel) -> Option:
    """Bars lying down, each under its name; the year before is a wider, paler bar behind."""
    shown = slice(0, MAX_BARS)
    names = list(model.categories[shown])
    axis = {"type": "category", "data": names, "inverse": True, "show": False}
    series = []
    for rank, each in enumerate(sorted(model.series, key=lambda one: one.role != "previous")):
        behind = each.role == "previous"
        hrefs = () if behind else model.hrefs[shown]
        series.append(
            {
                "type": "bar",
                "name": each.label,
                "yAxisIndex": int(behind),
                "data": _values(each.values[shown], hrefs),
                "barWidth": 11 if behind else 6,
                "z": 2 if behind else 3,
                "itemStyle": {"color": _colour(each, rank - 1 if rank else 0), "borderRadius": 2},
                "label": _name_label() if not behind else {"show": False},
                "cursor": "pointer" if any(hrefs) else "default",
            }
        )
    legend, lines = _fitted_legend(model, data=[each.label for each in model.series])
    top = {0: 12, 1: 34}.get(lines, 34 + LEGEND_LINE * (lines - 1))
    return {
        "grid": {"left": 0, "right": 8, "top": top, "bottom": 0},
        "legend": legend,
        "xAxis": {**_value_axis(model.unit), "show": False},
        "yAxis": [axis, {**axis}],
        "series": series,
    }


def _name_label() -> Option:
    return {
        "show": True,
        "formatter": "{b}",
        "position": [0, -14],
        "color": "--ink-2",
        "fontSize": SMALL,
    }


def _stack(model: ChartModel) -> Option:
    """Standing bars, the parts of a whole one upon the other."""
    series = [
        {
            "type": "bar",
            "name": each.label,
            "stack": "whole",
            "data": _values(each.values, model.hrefs),
            "barMaxWidth": 34,
            "itemStyle": {
                "color": _colour(each, rank),
                "borderColor": "--card",
                "borderWidth": 0.5,
            },
            "cursor": "pointer" if any(model.hrefs) else "default",
        }
        for rank, each in enumerate(model.series)
    ]
    return {
        "grid": {"left": 14, "right": 8, "top": 38, "bottom": 12, "containLabel": True},
        "legend": _legend(model, data=[each.label for each in model.series]),
        "xAxis": {
            "type": "category",
            "data": list(model.categories),
            "axisLabel": {"color": "--ink-3", "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": "--line"}},
            "axisTick": {"show": False},
        },
        "yAxis": _value_axis(model.unit, model.decimals),
        "series": series,
    }


def _line(model: ChartModel) -> Option:
    series = []
    for rank, each in enumerate(model.series):
        current = each.role == "current"
        colour = "--prev-2" if each.role == "previous" else _colour(each, rank)
        series.append(
            {
                "type": "line",
                "name": each.label,
                "data": _values(each.values, model.hrefs if current else ()),
                "symbol": "circle",
                "symbolSize": 6 if current and len(each.values) <= _DOTTED else 0,
                "step": "end" if model.step else False,
                "z": 3 if current else 2,
                "lineStyle": {
                    "color": colour,
                    "width": 2.25 if current else 1.75,
                    "type": "solid" if current else "dashed",
                },
                "itemStyle": {"color": colour},
                "areaStyle": {"color": colour, "opacity": 0.08} if current and rank == 0 else None,
            }
        )
    legend, lines = _fitted_legend(model)
    return {
        "grid": {
            "left": 4,
            "right": 12,
            "top": 34 if lines < 2 else 20 + LEGEND_LINE * lines,
            "bottom": 4,
            "containLabel": True,
        },
        "legend": legend,
        "xAxis": {
            "type": "category",
            "data": list(model.categories),
            "boundaryGap": False,
            "axisLabel": {
                "color": "--ink-3",
                "hideOverlap": True,
                "alignMinLabel": "left",
                "alignMaxLabel": "right",
            },
            "axisLine": {"lineStyle": {"color": "--line"}},
            "axisTick": {"show": False},
        },
        "yAxis": _value_axis(model.unit, model.decimals, scale=model.unit == "%"),
        "series": series,
    }


def _tile(node: Node, colour: str | None = None) -> Option:
    tile: Option = {"name": node.label, "value": float(node.value or 0)}
    if node.href:
        tile["href"] = node.href
    if node.change is not None:
        tile["change"] = float(node.change)
    if colour:
        tile["itemStyle"] = {"color": colour}
    if node.children:
        tile["children"] = [_tile(child) for child in node.children]
    return tile


def _treemap(model: ChartModel) -> Option:
    tiles = [node for node in model.nodes if node.value is not None and node.value > 0]
    return {
        "series": [
            {
                "type": "treemap",
                "left": 0,
                "right": 0,
                "top": 2,
                "bottom": 0,
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "colorSaturation": [0.35, 0.6],
                "label": {"color": "--tile-ink", "fontSize": SMALL, "overflow": "truncate"},
                "upperLabel": {"show": False},
                "itemStyle": {"borderColor": "--card", "borderWidth": 1, "gapWidth": 2},
                "data": [
                    _tile(node, PALETTE[rank % len(PALETTE)]) for rank, node in enumerate(tiles)
                ],
            }
        ]
    }


def _scatter(model: ChartModel) -> Option:
    """Dots whose area is their weight; the heaviest are named, the others on hover."""
    dots = [dot for dot in model.points if dot.x is not None and dot.y is not None]
    dots.sort(key=lambda dot: float(dot.size or dot.x or 0), reverse=True)
    weights = [float(dot.size or 0) for dot in dots]
    most = max(weights, default=0) or 1
    data = [
        {
            "name": dot.label,
            "value": [float(dot.x or 0), float(dot.y or 0)],
            "symbolSize": round(7 + 27 * (weight / most) ** 0.5, 1) if any(weights) else 9,
            "label": {"show": rank < NAMED},
            **({"href": dot.href} if dot.href else {}),
        }
        for rank, (dot, weight) in enumerate(zip(dots, weights, strict=True))
    ]
    groups = list(dict.fromkeys(point.group for point in model.points))
    named = {"nameTextStyle": {"color": "--ink-3", "fontSize": SMALL}}
    return {
        "grid": {
            "left": 6,
            "right": 72,
            "top": 54 if any(groups) else 30,
            "bottom": 24,
            "containLabel": True,
        },
        "xAxis": _value_axis(
            model.unit,
            model.decimals,
            scale=any(groups),
            name=model.x_label,
            nameLocation="middle",
            nameGap=28,
            **named,
        ),
        "yAxis": _value_axis(
            model.y_unit,
            model.y_decimals,
            scale=any(groups),
            name=model.y_label,
            nameTextStyle={"color": "--ink-3", "fontSize": SMALL, "align": "left"},
        ),
        "legend": {
            "show": any(groups),
            "left": 0,
            "top": 0,
            "itemWidth": 10,
            "itemHeight": 10,
            "textStyle": {"color": "--ink-2", "fontSize": SMALL},
        },
        "series": [
            _dots(
                group,
                [each for each, dot in zip(data, dots, strict=True) if dot.group == group],
                PALETTE[rank % len(PALETTE)],
            )
            for rank, group in enumerate(groups)
        ],
    }


def _dots(group: str, data: list[Option], colour: str) -> Option:
    return {
        "type": "scatter",
        "name": group,
        "data": data,
        "itemStyle": {"color": colour, "opacity": 0.6, "borderColor": "--card"},
        "labelLayout": {"hideOverlap": True},
        "label": {
            "show": True,
            "position": "right",
            "formatter": "{b}",
            "color": "--ink-2",
            "fontSize": 11,
            "width": 130,
            "overflow": "truncate",
        },
    }


def _heatmap(model: ChartModel) -> Option:
    cells = [
        [column, line, None if value is None else float(value)]
        for line, series in enumerate(model.series)
        for column, value in enumerate(series.values)
    ]
    known = [value for _, _, value in cells if value is not None]
    words = {"color": "--ink-2", "fontSize": SMALL}
    room = 14 + 7 * max((len(label) for label in model.categories), default=0)
    bare = {"axisLine": {"show": False}, "axisTick": {"show": False}, "splitArea": {"show": False}}
    return {
        "grid": {"left": room, "right": 4, "top": 26, "bottom": 4},
        "xAxis": {
            "type": "category",
            "position": "top",
            "data": list(model.bands),
            "axisLabel": words,
            **bare,
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(model.categories),
            "axisLabel": words,
            **bare,
        },
        "visualMap": {
            "show": False,
            "min": 0,
            "max": max(known, default=1) or 1,
            "inRange": {"color": ["--heat-0", "--heat-1"]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "itemStyle": {"borderColor": "--card", "borderWidth": 2, "borderRadius": 3},
            }
        ],
    }


_BY_AXIS = frozenset({ChartKind.BARS, ChartKind.LINE, ChartKind.STACK})
_BUILDERS: dict[ChartKind, Callable[[ChartModel], Option]] = {
    ChartKind.BARS: _bars,
    ChartKind.LINE: _line,
    ChartKind.STACK: _stack,
    ChartKind.TREEMAP: _treemap,
    ChartKind.SCATTER: _scatter,
    ChartKind.HEATMAP: _heatmap,
    ChartKind.WATERFALL: waterfall,
}
