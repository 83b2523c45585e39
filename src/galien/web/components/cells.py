"""How figures become the insides of table cells: French typography, sign, arrow, colour, bar.

Columns are written whole: a thousand rows of ten columns must cost a few milliseconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from galien.kernel import french
from galien.web.components.models import Better, CellKind, Change, Column, Figure, Masked

ARROWS = {"up": "▲", "down": "▼", "flat": "="}
NOTHING = '<span class="nothing">–</span>'
UNDEFINED = f'<span class="ns" title="Non significatif : rien avant">{french.UNDEFINED}</span>'
PERCENT, POINTS = f"{french.NARROW}%", f"{french.NARROW}pt"
_BETWEEN = "\x1e"


def cell(value: Any, column: Column) -> Markup:
    """Return the inside of a cell of `column`; None is "sans objet", or "n. s." for a change."""
    return Markup(column_html([value], column)[0])  # noqa: S704  # printers escape what is text


def column_html(values: Sequence[Any], column: Column) -> list[str]:
    """Return the insides of the cells of a column, as plain text whose words are escaped."""
    written = _PRINTERS[column.kind]
    known = [value for value in values if value is not None and type(value) is not Masked]
    if len(known) == len(values):
        return written(known, column)
    texts = iter(written(known, column))
    empty = UNDEFINED if column.kind in _UNDEFINED_WHEN_EMPTY else NOTHING
    return [
        empty
        if value is None
        else f'<span class="masked" title="{escape(value.reason)}">secret</span>'
        if type(value) is Masked
        else next(texts)
        for value in values
    ]


def escaped(texts: Sequence[Any]) -> list[str]:
    """Return texts safe to print in HTML: one escape for a whole column of plain ones."""
    if all(type(text) is str for text in texts):
        found = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
        if len(found) == len(texts):
            return found
    return [str(escape(text)) for text in texts]


def change(given: Change, decimals: int = 1) -> Markup:
    """Return a change with its sign, arrow and colour; good news is green whichever way it goes."""
    if given.value is None:
        return Markup(UNDEFINED)  # noqa: S704  # a constant
    unit = POINTS if given.points else PERCENT
    text = _evolutions([given.value], decimals, unit=unit, better=given.better)[0]
    return Markup(text)  # noqa: S704  # figures only


def points(value: Figure, decimals: int = 1) -> str:
    """Write a difference of two ratios in points.

    >>> points(-0.004) == "−0,4\u202fpt"
    True
    """
    if value is None:
        return french.UNDEFINED
    text = french.numbers([value], decimals, times=100)[0]
    signed = text.startswith(french.MINUS) or not text.strip("0,")
    return f"{text}{POINTS}" if signed else f"+{text}{POINTS}"


def bar(ratio: Figure) -> Markup:
    """Return the thin bar that draws a share, 0 to 1."""
    return Markup(_bar(ratio))  # noqa: S704  # figures only


def _bar(ratio: Figure) -> str:
    width = min(max(float(ratio or 0), 0.0), 1.0) * 100
    return f'<svg class="bar" aria-hidden="true"><rect width="{width:.1f}%" height="3"/></svg>'


def _evolutions(
    values: Sequence[int | float | Decimal], decimals: int, *, unit: str, better: Better
) -> list[str]:
    texts = french.numbers(values, decimals, times=100)
    up, down, flat = (_opening(way, better) for way in ARROWS)
    zero, end = french.number(0, decimals), f"{unit}</span>"
    return [
        f"{down}{text}{end}"
        if text[0] == french.MINUS
        else f"{flat}{text}{end}"
        if text == zero
        else f"{up}+{text}{end}"
        for text in texts
    ]


def _opening(way: str, better: Better) -> str:
    judged = way != "flat" and better is not Better.NEUTRAL
    colour = ("good" if way == better.value else "bad") if judged else "same"
    return f'<span class="evo {colour}"><i aria-hidden="true">{ARROWS[way]}</i> '


def _numbers(values: Sequence[Any], column: Column) -> list[str]:
    return french.numbers(values, column.decimals)


def _ratios(values: Sequence[Any], column: Column) -> list[str]:
    return french.numbers(values, column.decimals, times=100)


def _weights(values: Sequence[Any], column: Column) -> list[str]:
    return [_bar(value) + text for value, text in zip(values, _ratios(values, column), strict=True)]


def _changes(values: Sequence[Any], column: Column) -> list[str]:
    return _evolutions(values, column.decimals or 1, unit=PERCENT, better=column.better)


def _points(values: Sequence[Any], column: Column) -> list[str]:
    return _evolutions(values, column.decimals or 1, unit=POINTS, better=column.better)


def _days(values: Sequence[dt.date], _: Column) -> list[str]:
    return [f'<time datetime="{day.isoformat()}">{day:%d/%m/%Y}</time>' for day in values]


def _texts(values: Sequence[Any], _: Column) -> list[str]:
    return escaped(values)


_UNDEFINED_WHEN_EMPTY = frozenset({CellKind.CHANGE, CellKind.POINTS})
_PRINTERS: dict[CellKind, Callable[[Sequence[Any], Column], list[str]]] = {
    CellKind.TEXT: _texts,
    CellKind.NUMBER: _numbers,
    CellKind.RATIO: _ratios,
    CellKind.CHANGE: _changes,
    CellKind.POINTS: _points,
    CellKind.WEIGHT: _weights,
    CellKind.DAY: _days,
    CellKind.MARKUP: _texts,
}
