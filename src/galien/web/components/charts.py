"""From a chart model to ECharts' option: JSON that the browser and the server draw alike.

Colours are written as token names ("--s1") and number formats as `{"$format": …}`; chart-option.js
puts the colours of the theme and the French formats in their place, on both sides.
"""

from __future__ import annotations

from galien.kernel import french
from galien.web.components.models import Figure
from galien.web.components.options import MAX_BARS, PALETTE, SMALL, Option, build, tooltip
from galien.web.components.pictures import ChartKind, ChartModel

ROW = 30


def chart_option(model: ChartModel) -> Option:
    """Return ECharts' option of a model, with what the script needs under `galien`."""
    option = {
        "animation": False,
        "color": list(PALETTE),
        "textStyle": {"fontSize": SMALL, "color": "--ink-2", "fontFamily": "--font"},
        "aria": {"enabled": False},
        "tooltip": tooltip(model),
        **build(model),
    }
    option["galien"] = {
        "kind": model.kind.value,
        "swap": model.swap,
        "unit": model.unit,
        "decimals": model.decimals,
        "now": next((each.label for each in model.series if each.role == "current"), ""),
        "before": next((each.label for each in model.series if each.role == "previous"), ""),
        "x": model.x_label,
        "y": model.y_label,
        "yUnit": model.y_unit,
        "yDecimals": model.y_decimals,
    }
    return option


def chart_height(model: ChartModel) -> int:
    """Return the height in pixels that suits the number of things shown."""
    if model.kind is ChartKind.BARS:
        return max(130, min(len(model.categories), MAX_BARS) * ROW + 34)
    if model.kind is ChartKind.WATERFALL:
        return 34 + ROW * len(model.categories)
    if model.kind is ChartKind.HEATMAP:
        return 64 + 28 * len(model.categories)
    return 280


def chart_text(model: ChartModel) -> str:
    """Return the sentence that screen readers hear instead of the picture.

    The table beside the picture holds every figure, so the sentence names the largest only.
    """
    found = _largest(model)
    if not found:
        return f"Graphique : {model.title}."
    label, value = found
    size = _print(value, model.unit, model.decimals)
    return f"Graphique : {model.title}. Valeur la plus élevée : {label}, {size}. Détail dans le tableau."


def _largest(model: ChartModel) -> tuple[str, float] | None:
    pairs: list[tuple[str, Figure]] = [(node.label, node.value) for node in model.nodes]
    pairs += [(point.label, point.x) for point in model.points]
    for index, series in enumerate(model.series):
        if model.kind is ChartKind.HEATMAP and index < len(model.categories):
            row = model.categories[index]
            pairs += [
                (f"{row} {band}", v) for band, v in zip(model.bands, series.values, strict=False)
            ]
        elif series.role == "current":
            pairs += list(zip(model.categories, series.values, strict=False))
    known = [(label, float(value)) for label, value in pairs if value is not None]
    return max(known, key=lambda pair: pair[1], default=None)


def _print(value: Figure, unit: str, decimals: int) -> str:
    if unit.startswith("€"):
        return french.compact_amount(value) + unit.removeprefix("€").replace(" ", french.NARROW)
    if unit == "%":
        return french.percent(value, decimals or 1)
    return f"{french.number(value, decimals)}{french.NARROW}{unit}".strip(french.NARROW)
