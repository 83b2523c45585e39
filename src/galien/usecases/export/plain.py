"""JSON as the commands promise it, and a table to read in a terminal."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from galien.analytics.answer import Answer, AnswerColumn, ColumnKind
from galien.kernel import french
from galien.kernel.units import Unit
from galien.usecases.export.cells import TOTAL, Cell, cells, heading, total_cells


def to_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values: `meta`, `columns`, `rows`, `totals`, `state`."""
    meta, state = answer.meta, answer.state
    return {
        "meta": {
            "release": meta.release,
            "period": meta.period.iso(),
            "comparison": meta.comparison.iso() if meta.comparison else None,
            "scope": list(meta.scope),
            "rows": meta.rows,
            "milliseconds": meta.milliseconds,
        },
        "columns": [
            {"name": column.name, "label": column.label, "unit": column.unit.value}
            for column in answer.columns
        ],
        "rows": [[_plain(cell) for cell in row] for row in cells(answer)],
        "totals": {name: _plain(value) for name, value in answer.totals.items()},
        "state": {
            "complete": state.complete,
            "pharmacies": state.pharmacies,
            "complete_pharmacies": state.complete_pharmacies,
            "data_until": state.data_until,
            "late": list(state.late),
            "notes": list(state.notes),
        },
    }


def to_json_text(answer: Answer) -> str:
    """Write an answer as JSON."""
    return json.dumps(to_json(answer), ensure_ascii=False, allow_nan=False)


def _plain(cell: Cell) -> str | int | float | None:
    return float(cell) if isinstance(cell, Decimal) else cell


def to_text(answer: Answer) -> str:
    """Write an answer as a table in fixed width, figures in French, totals last."""
    shown = [
        position
        for position, column in enumerate(answer.columns)
        if column.kind is not ColumnKind.KEY or _tells(answer, column)
    ]
    columns = [answer.columns[position] for position in shown]
    lines = [[heading(column) for column in columns]]
    lines += [
        [_read(row[position], answer.columns[position]) for position in shown]
        for row in (*cells(answer), total_cells(answer))
    ]
    if _is_text(columns[0]):
        lines[-1][0] = TOTAL
    widths = [max(len(line[position]) for line in lines) for position in range(len(columns))]
    written = [
        "  ".join(
            text.ljust(width) if _is_text(column) else text.rjust(width)
            for text, width, column in zip(line, widths, columns, strict=True)
        ).rstrip()
        for line in lines
    ]
    written.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(written)


def _tells(answer: Answer, column: AnswerColumn) -> bool:
    """Tell whether a key says more than its label."""
    labels = answer.table.column(f"{column.name}_label")
    return not column.numeric and not answer.table.column(column.name).equals(labels)


def _is_text(column: AnswerColumn) -> bool:
    return column.kind in {ColumnKind.KEY, ColumnKind.LABEL}


def _read(cell: Cell, column: AnswerColumn) -> str:
    if cell is None or isinstance(cell, str):
        undefined = cell is None and column.kind is ColumnKind.CHANGE
        return french.UNDEFINED if undefined else cell or ""
    if column.kind is ColumnKind.CHANGE:
        return french.evolution(cell)
    if column.unit is Unit.RATIO:
        return french.percent(cell)
    if column.unit.is_money or isinstance(cell, float):
        return french.number(cell, 2)
    return french.number(cell)
