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
NOTHING = '<span class="nothing">–</span>'
UNDEFINED = f'<span class="ns" title="Non significatif : rien avant">{french.UNDEFINED}</span>'


def cell(value: Any, column: Column) -> Markup:
    """Return the inside of a cell of `column`; None is "sans objet", or "n. s." for a change."""
    return Markup(cell_html(value, column))  # noqa: S704  # each printer escapes what is text


def cell_html(value: Any, column: Column) -> str:
    """Return the same as plain text, for long tables where each microsecond is paid a thousandfold."""
    if value is None and column.kind not in _UNDEFINED_WHEN_EMPTY:
        return NOTHING
    if isinstance(value, Masked):
        return f'<span class="masked" title="{escape(value.reason)}">secret</span>'
    return _PRINTERS[column.kind](value, column)


def change(given: Change, decimals: int = 1) -> Markup:
    """Return a change with its sign, arrow and colour; good news is green whichever way it goes."""
    text = _evolution(given.value, decimals, points=given.points, better=given.better)
    return Markup(text)  # noqa: S704  # figures only


def points(value: Figure, decimals: int = 1) -> str:
    """Write a difference of two ratios in points.

    >>> points(-0.004) == "−0,4\u202fpt"
    True
    """
    if value is None:
        return french.UNDEFINED
    text = f"{french.number(_hundredfold(value), decimals)}{french.NARROW}pt"
    signed = text.startswith(french.MINUS) or not text.strip(f"0,{french.NARROW}pt")
    return text if signed else f"+{text}"


def bar(ratio: Figure) -> Markup:
    """Return the thin bar that draws a share, 0 to 1."""
    return Markup(_bar(ratio))  # noqa: S704  # figures only


def _bar(ratio: Figure) -> str:
    width = min(max(float(ratio or 0), 0.0), 1.0) * 100
    return f'<svg class="bar" aria-hidden="true"><rect width="{width:.1f}%" height="3"/></svg>'


def _hundredfold(value: float | Decimal) -> Decimal:
    return (value if isinstance(value, Decimal) else Decimal(str(value))) * 100


def _evolution(value: Figure, decimals: int, *, points: bool, better: Better) -> str:
    if value is None:
        return UNDEFINED
    text = _points_text(value, decimals) if points else french.evolution(value, decimals)
    way = "down" if text[0] == french.MINUS else "up" if text[0] == "+" else "flat"
    judged = way != "flat" and better is not Better.NEUTRAL
    colour = ("good" if way == better.value else "bad") if judged else "same"
    return f'<span class="evo {colour}"><i aria-hidden="true">{ARROWS[way]}</i> {text}</span>'


def _number(value: Figure, column: Column) -> str:
    return french.number(value, column.decimals)


def _ratio(value: float | Decimal, column: Column) -> str:
    return french.number(_hundredfold(value), column.decimals)


def _weight(value: float | Decimal, column: Column) -> str:
    return _bar(value) + _ratio(value, column)


def _change(value: Figure, column: Column) -> str:
    return _evolution(value, column.decimals or 1, points=False, better=column.better)


def _points(value: Figure, column: Column) -> str:
    return _evolution(value, column.decimals or 1, points=True, better=column.better)


def _day(value: dt.date, _: Column) -> str:
    return f'<time datetime="{value.isoformat()}">{value:%d/%m/%Y}</time>'


def _text(value: Any, _: Column) -> str:
    return str(escape(value))


_points_text = points
_UNDEFINED_WHEN_EMPTY = frozenset({CellKind.CHANGE, CellKind.POINTS})
_PRINTERS: dict[CellKind, Callable[[Any, Column], str]] = {
    CellKind.TEXT: _text,
    CellKind.NUMBER: _number,
    CellKind.RATIO: _ratio,
    CellKind.CHANGE: _change,
    CellKind.POINTS: _points,
    CellKind.WEIGHT: _weight,
    CellKind.DAY: _day,
    CellKind.MARKUP: _text,
}
