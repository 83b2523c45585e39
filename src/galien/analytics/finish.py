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
from galien.analytics.measures.formulas import work_out
from galien.analytics.measures.kinds import Formula, Measure, Ratio, Summed, Whole
from galien.analytics.measures.purchases import worded_at
from galien.analytics.planner import Plan
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
    figures = _Exact(exact, whole if whole is not None else sums(plan, exact))
    columns: list[AnswerColumn] = []
    arrays: list[Any] = []
    for position, dimension in enumerate(plan.by, 1):
        keys, labels = _named(exact, position, dimension, names(dimension))
        columns += _key_columns(dimension)
        arrays += [keys, labels]
    totals: dict[str, Figure] = {}
    for column, measure in _measure_columns(plan):
        computed = _figures(measure, column, figures)
        columns.append(column)
        arrays.append(computed.slice(0, exact.num_rows))
        totals[column.name] = computed[exact.num_rows].as_py()
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


class _Exact:
    """Exact columns of the rows, each with its total as one more row at the end."""

    def __init__(self, rows: pa.Table, totals: Mapping[str, Any]) -> None:
        self._rows = rows
        self._totals = totals
        self._columns: dict[str, Any] = {}
        self._floats: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._columns:
            rows: Any = self._rows.column(name)
            total = pa.array([self._totals[name]], _wide(rows.type))
            self._columns[name] = pa.concat_arrays([*rows.cast(total.type).chunks, total])
        return self._columns[name]

    def float(self, name: str) -> Any:
        """Return a column as binary numbers, for ratios."""
        if name not in self._floats:
            self._floats[name] = self[name].cast(pa.float64())
        return self._floats[name]


def _wide(kind: pa.DataType) -> pa.DataType:
    return kind if pa.types.is_integer(kind) else pa.decimal128(38, 8)


def _named(
    exact: pa.Table, position: int, dimension: Dimension, names: Mapping[str, str]
) -> tuple[Any, Any]:
    """Write keys as text and name them, working on each different key once."""
    keys_found: Any = exact.column(f"k{position}").combine_chunks()
    encoded = keys_found.dictionary_encode(null_encoding="encode")
    values = encoded.dictionary.to_pylist()
    if not dimension.textual:
        values = [None if v is None else dimension.text(v) for v in values]
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
    level = plan.question.level
    found = [(_column(m, ColumnKind.MEASURE, "", level), m) for m in plan.measures]
    if plan.comparison is None:
        return found
    for measure in plan.measures:
        if isinstance(measure, Whole):
            continue
        found.append((_column(measure, ColumnKind.PREVIOUS, "_previous", level), measure))
        if isinstance(measure, Summed):
            found.append((_column(measure, ColumnKind.CHANGE, "_change", level), measure))
    return found


def _column(measure: Measure, kind: ColumnKind, suffix: str, level: str) -> AnswerColumn:
    name = measure.name + suffix
    term = glossary.term(worded_at(name, level))
    return AnswerColumn(name, term.label, term.unit, kind, measure.name, term.definition)


def _figures(measure: Measure, column: AnswerColumn, exact: _Exact) -> Any:
    """Compute a column over exact sums: the rows, then the total."""
    suffix = "_previous" if column.kind is ColumnKind.PREVIOUS else ""
    if isinstance(measure, Ratio):
        return _ratio(measure, suffix, exact)
    if isinstance(measure, Formula):
        signs: dict[str, Callable[[Any, Any], Any]] = {
            "+": pc.add,
            "-": pc.subtract,
            "*": pc.multiply,
            "/": _divide,
        }
        return work_out(measure.text, lambda name: exact.float(name + suffix), signs)
    if isinstance(measure, Whole):
        listed = exact[measure.of.name]
        total = round_amount(Decimal(listed[-1].as_py()))
        return pa.repeat(pa.scalar(total, AMOUNT), len(listed))
    if column.kind is ColumnKind.CHANGE:
        now, before = exact.float(measure.name), exact.float(f"{measure.name}_previous")
        return _divide(pc.subtract(now, before), pc.abs(before))
    figures = exact[measure.name + suffix]
    if not measure.unit.is_money:
        return figures
    return pc.round(figures, 2, "half_towards_infinity").cast(AMOUNT, safe=False)


def _ratio(measure: Ratio, suffix: str, exact: _Exact) -> Any:
    over = measure.of.name + suffix
    if isinstance(measure.to, Whole):
        under = exact.float(measure.to.of.name + suffix)
        return _divide(exact.float(over), pa.repeat(under[-1], len(under)))
    if measure.unit.is_money:
        return _prices(exact[over], exact[measure.to.name + suffix])
    return _divide(exact.float(over), exact.float(measure.to.name + suffix))


def _prices(over: Any, under: Any) -> Any:
    """Divide amounts by counts exactly, then round to the cent."""
    pairs = zip(over.to_pylist(), under.to_pylist(), strict=True)
    return pa.array([round_amount(Decimal(o) / u) if u else None for o, u in pairs], AMOUNT)


def _divide(over: Any, under: Any) -> Any:
    """Divide, leaving empty what has no divisor."""
    usable = pc.if_else(pc.equal(under, pa.scalar(0.0)), pa.scalar(None, pa.float64()), under)
    return pc.divide(over, usable)
