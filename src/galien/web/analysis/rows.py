"""From the rows of an answer to the rows of a table: labels, figures, shares, and where each leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from urllib.parse import quote_plus

import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.answer import Answer, ColumnKind
from galien.analytics.question import OTHER, UNKNOWN
from galien.web.analysis.address import State
from galien.web.analysis.columns import MAIN_MEASURE, SHARES
from galien.web.analysis.declared import Analysis, next_page
from galien.web.components.models import Column, Row

Record = Mapping[str, Any]
_TONES = {UNKNOWN: "unknown", OTHER: "rest"}
_KEY = "%01"


@dataclass(frozen=True)
class Rows:
    """The rows shown, the row of totals, and how many empty ones were left out."""

    shown: tuple[Row, ...]
    total: Row
    hidden: int


def table_rows(answer: Answer, analysis: Analysis, state: State, columns: Sequence[Column]) -> Rows:
    """Return the rows of an analysis table, empty ones left out unless the reader wants them.

    `columns` are those after the first, which names the row. Figures come rounded as they print.
    """
    table = answer.table if state.empty else answer.table.filter(_filled(answer))
    shares = _shares(table, answer, analysis.subject, [column.name for column in columns])
    read = [shares.get(column.name) or _figures(table, column) for column in columns]
    keys, labels = _keys(table, analysis), _labels(table, analysis)
    before, _, after = drill_template(analysis, state).partition(_KEY)
    return Rows(
        shown=tuple(
            Row(
                cells=cells,
                key=key,
                href=f"{before}{_quoted(key)}{after}" if before and key != OTHER else "",
                tone=_TONES.get(key, ""),
            )
            for key, cells in zip(keys, zip(labels, *read, strict=True), strict=True)
        ),
        total=_total(answer, analysis, columns),
        hidden=answer.table.num_rows - table.num_rows,
    )


def records_of(
    answer: Answer, analysis: Analysis, *, first: int | None = None
) -> list[dict[str, Any]]:
    """Return the rows of an answer as dictionaries, the row of the others apart.

    `first` keeps that many of them.
    """
    table = answer.table if first is None else answer.table.slice(0, first + 1)
    records = [each for each in table.to_pylist() if key_of(each, analysis) != OTHER]
    return records[:first]


def label_of(record: Record, analysis: Analysis) -> str:
    """Return what names a row: the labels of its dimensions."""
    return " · ".join(str(record[f"{name}_label"]) for name in analysis.by)


def drill_href(record: Record, analysis: Analysis, state: State) -> str:
    """Return where a click on a row leads, with every filter kept; empty at the bottom."""
    key = key_of(record, analysis)
    return "" if key == OTHER else drill_template(analysis, state).replace(_KEY, quote_plus(key))


def drill_template(analysis: Analysis, state: State) -> str:
    """Return the address a row leads to, `%01` standing for its key: written once for a table."""
    target = next_page(analysis, {each.dimension for each in state.where})
    if target is None or len(analysis.by) != 1:
        return ""
    dimension = analysis.by[0]
    narrowed = state.with_filter(dimension, "\x01")
    deeper = State(
        period=narrowed.period,
        compare=narrowed.compare,
        where=narrowed.where,
        level=narrowed.level,
        constant=narrowed.constant,
        trail=(*state.trail, f"{analysis.slug}~{dimension}"),
    )
    return target.path + deeper.query()


def key_of(record: Record, analysis: Analysis) -> str:
    """Return the key of a row as filters write it; `null` for the unknown."""
    value = record[analysis.by[0]]
    return UNKNOWN if value is None else str(value)


def _keys(table: pa.Table, analysis: Analysis) -> list[str]:
    found: list[str | None] = table.column(analysis.by[0]).to_pylist()
    return [UNKNOWN if key is None else key for key in found]


def _quoted(key: str) -> str:
    """Write a key in an address; codes need no quoting, and looking is quicker than quoting."""
    return key if key.isascii() and key.isalnum() else quote_plus(key)


def _labels(table: pa.Table, analysis: Analysis) -> list[str]:
    parts: list[list[Any]] = [table.column(f"{name}_label").to_pylist() for name in analysis.by]
    return parts[0] if len(parts) == 1 else [" · ".join(each) for each in zip(*parts, strict=True)]


def _figures(table: pa.Table, column: Column) -> list[Any]:
    """Return a column as plain values; amounts printed without cents are read as whole numbers."""
    found: Any = table.column(column.name)
    if pa.types.is_decimal(found.type) and not column.decimals:
        rounded = pc.round(found, 0, "half_towards_infinity")
        found = rounded.cast(pa.decimal128(38, 0)).cast(pa.int64())
    values: list[Any] = found.to_pylist()
    return values


def _floats(table: pa.Table, name: str) -> list[float]:
    if name not in table.column_names:
        return [0.0] * table.num_rows
    return [value or 0.0 for value in table.column(name).cast(pa.float64()).to_pylist()]


def _shares(
    table: pa.Table, answer: Answer, subject: str, wanted: Sequence[str]
) -> dict[str, list[float | None]]:
    """Return, of those wanted, the weights in the total, the running weights, the parts of the change."""
    if not set(SHARES) & set(wanted):
        return {}
    main = MAIN_MEASURE[subject]
    total, before = (float(answer.totals.get(n) or 0) for n in (main, f"{main}_previous"))
    values, previous = _floats(table, main), _floats(table, f"{main}_previous")
    return {
        "weight": _over(values, total),
        "cumulative_weight": _over(list(accumulate(values)), total),
        "contribution": _over(
            [now - then for now, then in zip(values, previous, strict=True)], abs(before)
        ),
    }


def _over(values: Sequence[float], whole: float) -> list[float | None]:
    return [value / whole if whole else None for value in values]


def _filled(answer: Answer) -> Any:
    """Tell of each row whether any of its figures, now or before, is not nothing: true, false or null."""
    found: Any = None
    for column in answer.columns:
        if column.kind not in {ColumnKind.MEASURE, ColumnKind.PREVIOUS} or column.of == "potential":
            continue
        figures: Any = answer.table.column(column.name)
        nothing: Any = pa.scalar(0).cast(figures.type)
        filled = pc.not_equal(figures, nothing)
        found = filled if found is None else pc.or_kleene(found, filled)
    return found


def _total(answer: Answer, analysis: Analysis, columns: Sequence[Column]) -> Row:
    main = MAIN_MEASURE[analysis.subject]
    shares = {
        "weight": 1.0,
        "cumulative_weight": None,
        "contribution": answer.totals.get(f"{main}_change"),
    }
    figures = {**shares, **answer.totals}
    return Row(cells=("Total", *(figures.get(column.name) for column in columns)))
