"""ECharts' option of a waterfall: from a first amount to a last one, steps hanging between."""

from __future__ import annotations

import math
from typing import Any

from galien.web.components.pictures import ChartModel

_SMALL = 12


def waterfall(model: ChartModel) -> dict[str, Any]:
    """Return lying bars, each begun where the one before ends: what is under them is not drawn."""
    hidden, shown = (
        [None if value is None else float(value) for value in series.values]
        for series in model.series
    )
    low, high = _ends(
        [under or value or 0.0 for under, value in zip(hidden, shown, strict=True)], shown
    )
    ends = {0, len(model.categories) - 1}
    bars = [
        {"value": value, "itemStyle": {"color": "--s1" if place in ends else "--s3"}}
        for place, value in enumerate(shown)
    ]
    plain = {"type": "bar", "stack": "whole", "barWidth": 14}
    return {
        "grid": {"left": 16, "right": 20, "top": 4, "bottom": 4, "containLabel": True},
        "legend": {"show": False},
        "xAxis": {
            "type": "value",
            "splitNumber": 3,
            "min": low,
            "max": high,
            "axisLabel": {
                "color": "--ink-3",
                "formatter": {"$format": "compact", "unit": model.unit, "decimals": model.decimals},
                "hideOverlap": True,
            },
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "splitLine": {"lineStyle": {"color": "--line-2"}},
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": list(model.categories),
            "axisLabel": {"color": "--ink-2", "fontSize": _SMALL},
            "axisLine": {"show": False},
            "axisTick": {"show": False},
        },
        "series": [
            {**plain, "data": hidden, "silent": True, "itemStyle": {"color": "transparent"}},
            {**plain, "name": model.series[-1].label, "data": bars},
        ],
    }


def _ends(levels: list[float], shown: list[float | None]) -> tuple[float, float]:
    """Return where the axis begins and ends: as far under the lowest step as the steps go deep.

    >>> _ends([1000.0, 950.0, 900.0], [1000.0, 50.0, 900.0])
    (800.0, 1000.0)
    """
    top, bottom = max(shown[0] or 0.0, *levels), min(levels)
    depth = top - bottom
    if depth <= 0:
        return 0.0, top
    unit: float = 10.0 ** math.floor(math.log10(depth))
    return max(0.0, math.floor((bottom - depth) / unit) * unit), math.ceil(top / unit) * unit
