"""From exact sums to an answer: key names, ratios, changes, totals; amounts rounded once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from galien.analytics.answer import AnswerColumn, ColumnKind, Figure
from galien.analytics.dimensions.kinds import Dimension
from galien.analytics.measures.formulas import work_out
from galien.analytics.measures.kinds import Formula, Measure, Ratio, Summed, Whole
from galien.analytics.measures.purchases import worded_at
from galien.analytics.naming import Labels, keys_and_labels
from galien.analytics.numbers import Floats, Numbers, amounts, divide, ratios
from galien.analytics.planner import Plan
from galien.analytics.question import OTHER
from galien.kernel import glossary
from galien.kernel.units import Unit

OTHER_LABEL = "Autres"
Labeller = Callable[[Dimension], Labels | None]
_SIGNS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": divide,
}


@dataclass(frozen=True)
class Finished:
    """Columns, rows and totals of an answer."""

    columns: tuple[AnswerColumn, ...]
    table: pa.Table
    totals: dict[str, Figure]


def finish(
    plan: Plan, exact: pa.Table, *, labels: Labeller, whole: pa.Table | None = None
) -> Finished:
    """Make the columns of an answer out of the exact sums of a plan.

    `labels` gives the labels that the release has of a dimension's keys; `whole` the exact totals, in one
    row, where rows do not add up to them (None: they do).
    """
    figures = _Exact(exact, whole)
    columns: list[AnswerColumn] = []
    arrays: list[Any] = []
    for position, dimension in enumerate(plan.by, 1):
        columns += _key_columns(dimension.name, numeric=dimension.numeric)
        arrays += _named(exact, position, dimension, labels(dimension))
    totals: dict[str, Figure] = {}
    for column, measure in _measure_columns(plan):
        computed = _figures(measure, column, figures)
        columns.append(column)
        arrays.append(computed.slice(0, exact.num_rows))
        totals[column.name] = computed[exact.num_rows].as_py()
    table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    return Finished(tuple(columns), table, totals)


class _Exact:
    """Exact columns of the rows, each with its total as one more row at the end."""

    def __init__(self, rows: pa.Table, whole: pa.Table | None) -> None:
        self._rows = rows
        self._whole = whole
        self._columns: dict[str, Numbers] = {}

    def __getitem__(self, name: str) -> Numbers:
        if name not in self._columns:
            total = None if self._whole is None else self._whole.column(name)[0].as_py()
            self._columns[name] = Numbers.of(self._rows.column(name)).with_total(total)
        return self._columns[name]


def _named(
    exact: pa.Table, position: int, dimension: Dimension, labels: Labels | None
) -> tuple[Any, Any]:
    """Return the keys of a dimension as text, and their labels."""
    numbers = exact.column(f"n{position}") if dimension.numbered else None
    keys, named = keys_and_labels(exact.column(f"k{position}"), dimension, labels, numbers)
    if "rest" in exact.column_names:
        rest: Any = exact.column("rest").combine_chunks().cast(pa.bool_())
        return pc.if_else(rest, OTHER, keys), pc.if_else(rest, OTHER_LABEL, named)
    return keys, named


@cache
def _key_columns(name: str, *, numeric: bool) -> tuple[AnswerColumn, ...]:
    term, label = glossary.term(name), f"{name}_label"
    definition = term.definition
    return (
        AnswerColumn(
            name, term.label, term.unit, ColumnKind.KEY, name, definition, numeric=numeric
        ),
        AnswerColumn(
            label, glossary.label(label), Unit.NONE, ColumnKind.LABEL, name, definition
        ),
    )  # fmt: skip


def _measure_columns(plan: Plan) -> list[tuple[AnswerColumn, Measure]]:
    level = plan.question.level
    found = [(_column(m.name, ColumnKind.MEASURE, "", level), m) for m in plan.measures]
    if plan.comparison is None:
        return found
    for measure in plan.measures:
        if isinstance(measure, Whole):
            continue
        found.append((_column(measure.name, ColumnKind.PREVIOUS, "_previous", level), measure))
        if isinstance(measure, Summed):
            found.append((_column(measure.name, ColumnKind.CHANGE, "_change", level), measure))
    return found


@cache
def _column(measure: str, kind: ColumnKind, suffix: str, level: str) -> AnswerColumn:
    name = measure + suffix
    term = glossary.term(worded_at(name, level))
    return AnswerColumn(name, term.label, term.unit, kind, measure, term.definition)


def _figures(measure: Measure, column: AnswerColumn, exact: _Exact) -> Any:
    """Compute a column over exact sums: the rows, then the total."""
    suffix = "_previous" if column.kind is ColumnKind.PREVIOUS else ""
    if isinstance(measure, Ratio):
        return _ratio(measure, suffix, exact)
    if isinstance(measure, Formula):
        return ratios(work_out(measure.text, lambda name: exact[name + suffix].floats, _SIGNS))
    if isinstance(measure, Whole):
        cents = exact[measure.of.name].cents
        return amounts(np.repeat(cents[-1:], len(cents)))
    if column.kind is ColumnKind.CHANGE:
        now, before = exact[measure.name].floats, exact[f"{measure.name}_previous"].floats
        return ratios(divide(now - before, np.abs(before)))
    figures = exact[measure.name + suffix]
    return amounts(figures.cents) if measure.unit.is_money else figures.whole()


def _ratio(measure: Ratio, suffix: str, exact: _Exact) -> Any:
    over = exact[measure.of.name + suffix]
    if isinstance(measure.to, Whole):
        under = exact[measure.to.of.name + suffix].floats
        return ratios(divide(over.floats, np.repeat(under[-1:], len(under))))
    counts = exact[measure.to.name + suffix]
    if measure.unit.is_money:
        return over.prices(counts)
    return ratios(divide(over.floats, counts.floats))
