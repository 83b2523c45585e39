"""From a plan to one SQL text in the portable subset: identifiers from registries, values bound.

Each period is a plain range scan of its own (`f` is 1 for the period, 0 for the compared one); they are
united, then folded into one row a key with exact sums. Ratios and rounding come after, in `finish`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from galien.analytics.conditions import Conditions
from galien.analytics.dimensions.kinds import ScanKey, Shift
from galien.analytics.dimensions.times import TimeKey
from galien.analytics.measures.formulas import as_sql
from galien.analytics.measures.kinds import Formula, Ratio, Summed, Whole
from galien.analytics.planner import Order, Plan, Scan, parts
from galien.analytics.tables import folded_type

ROW_LIMIT = 1_000_000


@dataclass(frozen=True)
class Statement:
    """SQL text and the values bound to its parameters."""

    text: str
    parameters: dict[str, object]


def compile_plan(plan: Plan) -> Statement:
    """Write the SQL of a plan: columns k1, k2, then NAME and NAME_previous of each summed measure.

    With a top, rows past it come as one, marked by `rest` = 1.
    """
    conditions = Conditions(plan)
    scans = "\nunion all\n".join(
        _scan(plan, scan, index, conditions) for index, scan in enumerate(plan.scans)
    )
    text = (
        f"with z as (\n{scans}\n),\na as (\n{_fold(plan)}\n),\nb as (\n{_measures(plan)}\n)"
        f"{_top(plan) if plan.question.top else _all(plan)}"
    )
    return Statement(text, conditions.parameters)


def _keys(plan: Plan) -> list[str]:
    return [f"k{position}" for position in range(1, len(plan.by) + 1)]


def _columns(plan: Plan) -> list[str]:
    return list(dict.fromkeys(column for measure in plan.summed for column in measure.columns))


def _scan(plan: Plan, scan: Scan, index: int, conditions: Conditions) -> str:
    keys = [d.scan(scan.table, shift_of(plan, d, scan)) for d in plan.by]
    own = {c for m in plan.summed if m.source is scan.table.source for c in m.columns}
    shown = [f"{key.shown} as k{position}" for position, key in enumerate(keys, 1)]
    shown.append(f"{int(scan.current)} as f")
    for column in _columns(plan):
        if column in own:
            shown.append(f"sum({scan.table.columns[column]}) as {column}")
        else:
            shown.append(f"cast(null as {folded_type(column)}) as {column}")
    kept = conditions.of(scan, index)
    lines = [
        f"select {', '.join(shown)}",
        f"from {scan.table.name} s",
        *_joins(plan, scan, keys, conditions.dates(scan, index)),
        f"where {' and '.join(kept)}",
    ]
    if keys:
        lines.append(f"group by {', '.join(key.grouped for key in keys)}")
    return "\n".join(lines)


def shift_of(plan: Plan, dimension: object, scan: Scan) -> Shift:
    """Return how a time dimension of a scan moves: not at all for the period itself."""
    if scan.current or plan.comparison is None or not isinstance(dimension, TimeKey):
        return Shift()
    return dimension.shift(plan.period, plan.comparison)


def _joins(plan: Plan, scan: Scan, keys: list[ScanKey], dates: list[str]) -> list[str]:
    joins = []
    if any(d.product for d in plan.by):
        joins.append("join product d on d.product_id = s.product_id")
    joins += [key.join for key in keys if key.join]
    if scan.table.last_day:
        day = scan.table.key("day")
        units = [d.unit_sql or "month" for d in plan.by if isinstance(d, TimeKey)]
        finest = min(units, key=("month", "quarter", "year").index, default=None)
        groups = "s.pharmacy_id" + (f", date_trunc('{finest}', {day})" if finest else "")
        joins.append(
            f"join (select s.pharmacy_id, max({day}) as last_day from {scan.table.name} s "
            f"where {' and '.join(dates)} group by {groups}) l "
            f"on l.pharmacy_id = s.pharmacy_id and l.last_day = {day}"
        )
    return joins


def _fold(plan: Plan) -> str:
    folds = [d.fold(f"z.k{n}", f"o{n}") for n, d in enumerate(plan.by, 1)]
    shown = [f"{key} as k{n}" for n, (key, _) in enumerate(folds, 1)]
    flags = ((1, "c_"), (0, "p_")) if plan.comparison else ((1, "c_"),)
    shown += [
        f"cast(coalesce(sum(case when z.f = {flag} then z.{column} end), 0) "
        f"as {folded_type(column)}) as {prefix}{column}"
        for column in _columns(plan)
        for flag, prefix in flags
    ]
    lines = [f"select {', '.join(shown)}", "from z", *(join for _, join in folds if join)]
    if folds:
        lines.append(f"group by {', '.join(key for key, _ in folds)}")
    return "\n".join(lines)


def _measures(plan: Plan) -> str:
    shown = _keys(plan)
    shown += [f"{measure.over('c_')} as {measure.name}" for measure in plan.summed]
    if plan.comparison:
        shown += [f"{measure.over('p_')} as {measure.name}_previous" for measure in plan.summed]
    text = f"select {', '.join(shown)}\nfrom a"
    if not plan.by:
        return text
    asked = dict.fromkeys(part for measure in plan.measures for part in parts(measure))
    at_level = {measure.name: measure for measure in plan.summed}
    prefixes = ("c_", "p_") if plan.comparison else ("c_",)
    filled = [f"{at_level[m.name].over(prefix)} <> 0" for m in asked for prefix in prefixes]
    return f"{text}\nwhere {' or '.join(filled)}"


def figures(plan: Plan) -> list[str]:
    """Return the columns of figures a compiled plan gives, in order."""
    names = [measure.name for measure in plan.summed]
    return names + ([f"{name}_previous" for name in names] if plan.comparison else [])


def _all(plan: Plan) -> str:
    if not plan.by:
        return "\nselect * from b"
    return f"\nselect * from b\norder by {_sorted(plan)}\nlimit {ROW_LIMIT + 1}"


def _top(plan: Plan) -> str:
    """Keep the first rows; what they leave of the sum is one more row."""
    if not plan.by:
        return _all(plan)
    top, names = plan.question.top, figures(plan)
    keys = ", ".join(_keys(plan))
    sums = ", ".join(f"sum({name}) as {name}" for name in names)
    nothing = ", ".join("null" for _ in plan.by)
    left = ", ".join(f"cast(w.{name} - t.{name} as {_type(plan, name)})" for name in names)
    return (
        f",\nr as (select * from b order by {_sorted(plan)} limit {top}),\n"
        f"t as (select {sums} from r),\n"
        f"w as (select count(*) as n, {sums} from b)\n"
        f"select * from (\nselect {keys}, 0 as rest, {', '.join(names)} from r\nunion all\n"
        f"select {nothing}, 1, {left} from w cross join t where w.n > {top}\n) q\n"
        f"order by rest, {_sorted(plan)}"
    )


def _type(plan: Plan, name: str) -> str:
    measure = next(m for m in plan.summed if m.name == name.removesuffix("_previous"))
    integer = all(folded_type(column) == "bigint" for column in measure.columns)
    return "bigint" if integer else "decimal(38, 8)"


def _sorted(plan: Plan) -> str:
    orders = [*plan.order, *(Order(d.name, descending=False) for d in plan.by)]
    return ", ".join(
        f"{expression} {'desc' if order.descending else 'asc'} nulls last"
        for order in dict.fromkeys(orders)
        for expression in _order(plan, order)
    )


def _order(plan: Plan, order: Order) -> Iterable[str]:
    names = [d.name for d in plan.by]
    if order.name in names:
        return [f"k{names.index(order.name) + 1}"]
    measure = {m.name: m for m in (*plan.summed, *plan.measures)}[order.name]
    if isinstance(measure, Whole):
        return []
    if isinstance(measure, Ratio) and isinstance(measure.to, Whole):
        measure = measure.of
    if isinstance(measure, Summed) and order.suffix == "_change":
        now, before = f"cast({measure.name} as double)", f"cast({measure.name}_previous as double)"
        return [f"({now} - {before}) / nullif(abs({before}), 0)"]
    if isinstance(measure, Summed):
        return [measure.name + order.suffix]
    if isinstance(measure, Ratio):
        over, under = f"{measure.of.name}{order.suffix}", f"{measure.to.name}{order.suffix}"
        return [f"cast({over} as double) / nullif(cast({under} as double), 0)"]
    if isinstance(measure, Formula):
        return [as_sql(measure.text, order.suffix)]
    raise NotImplementedError(type(measure))
