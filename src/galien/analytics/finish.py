"""From exact sums to an answer: key names, ratios, changes, totals; amounts rounded once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.answer import AnswerColumn, ColumnKind, Figure
from galien.analytics.dimensions.kinds import Dimension
from galien.analytics.measures.kinds import Measure, Ratio, Summed, Whole
from galien.analytics.planner import Plan, parts
from galien.analytics.question import OTHER
from galien.kernel import glossary
from galien.kernel.money import round_amount
from galien.kernel.units import Unit

UNKNOWN_LABEL = "Non renseigné"
OTHER_LABEL = "Autres"
AMOUNT = pa.decimal128(28, 2)
Namer = Callable[[Dimension], Mapping[str, str]]


@dataclass(frozen=True)
class Finished:
    """Columns, rows and totals of an answer."""

    columns: tuple[AnswerColumn, ...]
    table: pa.Table
    totals: dict[str, Figure]


def finish(
    plan: Plan, exact: pa.Table, *, names: Namer, whole: Mapping[str, Any] | None
) -> Finished:
    """Make the columns of an answer out of the exact sums of a plan.

    `names` gives the labels of a dimension's keys; `whole` the exact totals, where rows do not add
    up to them (None: they do).
    """
    exact_totals = dict(whole) if whole is not None else sums(plan, exact)
    columns: list[AnswerColumn] = []
    arrays: list[Any] = []
    for position, dimension in enumerate(plan.by, 1):
        keys, labels = _named(exact, position, dimension, names(dimension))
        columns += _key_columns(dimension)
        arrays += [keys, labels]
    totals: dict[str, Figure] = {}
    for column, measure in _measure_columns(plan):
        figures = _figures(measure, column, exact, exact_totals)
        columns.append(column)
        arrays.append(figures)
        total = _figures(measure, column, _one_row(exact_totals), exact_totals)
        totals[column.name] = total[0].as_py()
    table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    return Finished(tuple(columns), table, totals)


def sums(plan: Plan, exact: pa.Table) -> dict[str, Any]:
    """Return the exact total of every column of figures; 0 for no row.

    Columns keep the type of their rows, so that totals are computed as rows are.
    """
    keys = {f"k{position}" for position in range(1, len(plan.by) + 1)} | {"rest"}
    return {
        name: pc.sum(exact.column(name), min_count=0).as_py()
        for name in exact.column_names
        if name not in keys
    }


def _one_row(totals: Mapping[str, Any]) -> pa.Table:
    return pa.table(
        {
            name: pa.array([value], pa.int64() if isinstance(value, int) else pa.decimal128(38, 8))
            for name, value in totals.items()
        }
    )


def _named(
    exact: pa.Table, position: int, dimension: Dimension, names: Mapping[str, str]
) -> tuple[Any, Any]:
    """Write keys as text and name them, working on each different key once."""
    keys_found: Any = exact.column(f"k{position}").combine_chunks()
    encoded = keys_found.dictionary_encode(null_encoding="encode")
    values = [None if v is None else dimension.text(v) for v in encoded.dictionary.to_pylist()]
    labels = [UNKNOWN_LABEL if v is None else names.get(v) or dimension.name_key(v) for v in values]
    keys: Any = pa.array(values, pa.string()).take(encoded.indices)
    named: Any = pa.array(labels, pa.string()).take(encoded.indices)
    if "rest" in exact.column_names:
        rest: Any = exact.column("rest").combine_chunks().cast(pa.bool_())
        return pc.if_else(rest, OTHER, keys), pc.if_else(rest, OTHER_LABEL, named)
    return keys, named


def _key_columns(dimension: Dimension) -> list[AnswerColumn]:
    name, definition = dimension.name, dimension.definition
    return [
        AnswerColumn(
            name, dimension.label, dimension.unit, ColumnKind.KEY, name, definition,
            numeric=dimension.numeric,
        ),
        AnswerColumn(
            f"{name}_label", glossary.label(f"{name}_label"), Unit.NONE, ColumnKind.LABEL, name,
            definition,
        ),
    ]  # fmt: skip


def _measure_columns(plan: Plan) -> list[tuple[AnswerColumn, Measure]]:
    found = [(_column(m, ColumnKind.MEASURE, ""), m) for m in plan.measures]
    if plan.comparison is None:
        return found
    for measure in plan.measures:
        if isinstance(measure, Whole):
            continue
        found.append((_column(measure, ColumnKind.PREVIOUS, "_previous"), measure))
        if isinstance(measure, Summed):
            found.append((_column(measure, ColumnKind.CHANGE, "_change"), measure))
    return found


def _column(measure: Measure, kind: ColumnKind, suffix: str) -> AnswerColumn:
    term = glossary.term(measure.name + suffix)
    return AnswerColumn(term.name, term.label, term.unit, kind, measure.name, term.definition)


def _figures(
    measure: Measure, column: AnswerColumn, exact: pa.Table, totals: Mapping[str, Any]
) -> Any:
    """Compute a column over exact sums: of the rows, or of the one row of totals."""
    suffix = "_previous" if column.kind is ColumnKind.PREVIOUS else ""
    if isinstance(measure, Ratio):
        if measure.unit.is_money and isinstance(measure.to, Summed):
            return _prices(exact, measure.of.name + suffix, measure.to.name + suffix)
        over = _float(exact.column(measure.of.name + suffix))
        if isinstance(measure.to, Whole):
            under: Any = _float(_one_row(totals).column(measure.to.of.name + suffix))[0]
        else:
            under = _float(exact.column(measure.to.name + suffix))
        return _divide(over, under)
    if isinstance(measure, Whole):
        value = totals[parts(measure)[0].name]
        return pa.array([round_amount(Decimal(value))] * exact.num_rows, AMOUNT)
    if column.kind is ColumnKind.CHANGE:
        now = _float(exact.column(measure.name))
        before = _float(exact.column(f"{measure.name}_previous"))
        return _divide(pc.subtract(now, before), pc.abs(before))
    figures = exact.column(measure.name + suffix).combine_chunks()
    return _amounts(figures) if measure.unit.is_money else figures


def _float(figures: Any) -> Any:
    return figures.combine_chunks().cast(pa.float64())


def _prices(exact: pa.Table, over: str, under: str) -> Any:
    """Divide amounts by counts exactly, then round to the cent."""
    pairs = zip(exact.column(over).to_pylist(), exact.column(under).to_pylist(), strict=True)
    return pa.array([round_amount(Decimal(o or 0) / u) if u else None for o, u in pairs], AMOUNT)


def _divide(over: Any, under: Any) -> Any:
    """Divide, leaving empty what has no divisor."""
    usable = pc.if_else(pc.equal(under, pa.scalar(0.0)), pa.scalar(None, pa.float64()), under)
    return pc.divide(over, usable)


def _amounts(figures: Any) -> Any:
    rounded = pc.round(figures, 2, "half_towards_infinity")
    return rounded.cast(AMOUNT, safe=False)
