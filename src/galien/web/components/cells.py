"""How a figure becomes the inside of a table cell: French typography, sign, arrow, colour, bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from galien.kernel import french
from galien.web.components.models import Better, CellKind, Change, Column, Figure, Masked

ARROWS = {"up": "▲", "down": "▼", "flat": "="}
NOTHING = Markup('<span class="nothing" aria-label="sans objet">–</span>')


def cell(value: Any, column: Column) -> Markup:
    """Return the inside of a cell of `column`; None is "sans objet", or "n. s." for a change."""
    if isinstance(value, Masked):
        return Markup('<span class="masked" title="{}">secret</span>').format(value.reason)
    if value is None and column.kind not in {CellKind.CHANGE, CellKind.POINTS}:
        return NOTHING
    return _PRINTERS[column.kind](value, column)


def change(given: Change, decimals: int = 1) -> Markup:
    """Return a change with its sign, arrow and colour; good news is green whichever way it goes."""
    value = given.value
    if value is None:
        return Markup(
            '<span class="ns" title="Non significatif : pas de valeur avant">{}</span>'
        ).format(french.UNDEFINED)
    text = points(value, decimals) if given.points else french.evolution(value, decimals)
    way = _way(value, decimals)
    return Markup('<span class="evo {}"><i aria-hidden="true">{}</i> {}</span>').format(
        _colour(way, given.better), ARROWS[way], text
    )


def points(value: Figure, decimals: int = 1) -> str:
    """Write a difference of two ratios in points.

    >>> points(-0.004) == "−0,4\u202fpt"
    True
    """
    if value is None:
        return french.UNDEFINED
    exact = Decimal(str(value)) * 100
    text = f"{french.number(exact, decimals)}{french.NARROW}pt"
    return f"+{text}" if _way(value, decimals) == "up" else text


def bar(ratio: Figure) -> Markup:
    """Return the thin bar that draws a share, 0 to 1."""
    width = min(max(float(ratio or 0), 0.0), 1.0) * 100
    return Markup(
        '<svg class="bar" aria-hidden="true"><rect class="bar-back" width="100%" height="100%" rx="1.5"/>'
        '<rect width="{:.1f}%" height="100%" rx="1.5"/></svg>'
    ).format(width)


def _way(value: Figure, decimals: int) -> str:
    rounded = round(Decimal(str(value)) * 100, decimals)
    return "flat" if rounded == 0 else "up" if rounded > 0 else "down"


def _colour(way: str, better: Better) -> str:
    if way == "flat" or better is Better.NEUTRAL:
        return "same"
    return "good" if way == better.value else "bad"


def _number(value: Figure, column: Column) -> Markup:
    return escape(french.number(value, column.decimals))


def _ratio(value: Figure, column: Column) -> Markup:
    return escape(french.number(Decimal(str(value)) * 100, column.decimals))


def _weight(value: Figure, column: Column) -> Markup:
    return bar(value) + _ratio(value, column)


def _change(value: Figure, column: Column) -> Markup:
    return change(Change(value, better=column.better), column.decimals or 1)


def _points(value: Figure, column: Column) -> Markup:
    return change(Change(value, points=True, better=column.better), column.decimals or 1)


def _day(value: dt.date, _: Column) -> Markup:
    return Markup('<time datetime="{}">{:%d/%m/%Y}</time>').format(value.isoformat(), value)


def _text(value: Any, _: Column) -> Markup:
    return escape(value)


_PRINTERS: dict[CellKind, Callable[[Any, Column], Markup]] = {
    CellKind.TEXT: _text,
    CellKind.NUMBER: _number,
    CellKind.RATIO: _ratio,
    CellKind.CHANGE: _change,
    CellKind.POINTS: _points,
    CellKind.WEIGHT: _weight,
    CellKind.DAY: _day,
    CellKind.MARKUP: _text,
}
