"""From a plan to one SQL text in the portable subset: identifiers from registries, values bound.

Each period is read by itself in plain range scans (`c` the period, `p` the compared one); the two are then
joined, one row a key, with exact sums. Ratios and rounding come after, in `finish`.
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

    A key that comes with a number has it in n1 or n2. With a top, rows past it come as one, marked by
    `rest` = 1.
    """
    conditions = Conditions(plan)
    parts = [("c", _period(plan, conditions, current=True))]
    if plan.comparison:
        parts.append(("p", _period(plan, conditions, current=False)))
    parts += [*_sides(plan), ("b", _measures(plan))]
    text = "with " + ",\n".join(f"{name} as (\n{part}\n)" for name, part in parts)
    return Statement(
        text + (_top(plan) if plan.question.top else _all(plan)), conditions.parameters
    )


def _keys(plan: Plan) -> list[str]:
    return [f"k{position}" for position in range(1, len(plan.by) + 1)]


def _numbers(plan: Plan) -> list[str]:
    return [f"n{position}" for position, d in enumerate(plan.by, 1) if d.numbered]


def _columns(plan: Plan, *, current: bool) -> list[str]:
    read = (*plan.summed, *plan.noted) if current else plan.summed
    return list(dict.fromkeys(column for measure in read for column in measure.columns))


def _period(plan: Plan, conditions: Conditions, *, current: bool) -> str:
    """Read a period: in one scan when one table has it, else in several then added up by key."""
    scans = [
        _scan(plan, scan, index, conditions)
        for index, scan in enumerate(plan.scans)
        if scan.current is current
    ]
    if len(scans) == 1 and not any(key.merging for key in _scan_keys(plan, current=current)):
        return scans[0]
    shown = [f"u.{key}" for key in _keys(plan)]
    sums = [_sum(f"u.{column}", column) for column in _columns(plan, current=current)]
    united = "\nunion all\n".join(scans)
    return f"select {', '.join(shown + sums)}\nfrom (\n{united}\n) u{_grouped(shown)}"


def _sum(sql: str, column: str) -> str:
    return _exactly(f"sum({sql})", column)


def _exactly(sql: str, column: str) -> str:
    return f"cast({sql} as {folded_type(column)}) as {column}"


def _grouped(keys: list[str]) -> str:
    return f"\ngroup by {', '.join(keys)}" if keys else ""


def _scan_keys(plan: Plan, *, current: bool) -> list[ScanKey]:
    return [
        d.scan(scan.table, shift_of(plan, d, scan))
        for scan in plan.scans
        if scan.current is current
        for d in plan.by
    ]


def _scan(plan: Plan, scan: Scan, index: int, conditions: Conditions) -> str:
    keys = [d.scan(scan.table, shift_of(plan, d, scan)) for d in plan.by]
    own = {c for m in plan.read if m.source is scan.table.source for c in m.columns}
    shown = [f"{key.shown} as k{position}" for position, key in enumerate(keys, 1)]
    grouped = [key.grouped for key in keys]
    # A run has one row for each of its own keys: adding each up alone would take a third of the time.
    alone = scan.table.of_runs and set(grouped) == {f"s.{key}" for key in scan.table.keys}
    for column in _columns(plan, current=scan.current):
        if column in own:
            read = _exactly if alone else _sum
            shown.append(read(scan.table.columns[column], column))
        else:
            shown.append(f"cast(null as {folded_type(column)}) as {column}")
    kept = conditions.of(scan, index)
    lines = [
        f"select {', '.join(shown)}",
        f"from {scan.table.name} s",
        *_joins(plan, scan, keys, conditions.dates(scan, index)),
        f"where {' and '.join(kept)}",
    ]
    return "\n".join(lines) + _grouped([] if alone else grouped)


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


def _sides(plan: Plan) -> list[tuple[str, str]]:
    """Put both periods side by side, then bring scanned keys to those shown where they differ."""
    folds = [d.fold(f"j.k{n}", f"o{n}") for n, d in enumerate(plan.by, 1)]
    if all(key == f"j.k{n}" for n, (key, _) in enumerate(folds, 1)):
        return [("a", _joined(plan))]
    shown = [f"{key} as k{n}" for n, (key, _) in enumerate(folds, 1)]
    shown += [f"{d.number(f'o{n}')} as n{n}" for n, d in enumerate(plan.by, 1) if d.numbered]
    shown += [
        f"cast(sum(j.{prefix}{column}) as {folded_type(column)}) as {prefix}{column}"
        for prefix, column in _prefixed(plan)
    ]
    joins = "".join(f"\n{join}" for _, join in folds if join)
    grouped = _grouped([key for key, _ in folds])
    return [("j", _joined(plan)), ("a", f"select {', '.join(shown)}\nfrom j{joins}{grouped}")]


def _joined(plan: Plan) -> str:
    keys = _keys(plan)
    shown = [f"coalesce(c.{key}, p.{key}) as {key}" if plan.comparison else key for key in keys]
    shown += [
        f"coalesce({prefix[0]}.{column}, 0) as {prefix}{column}"
        for prefix, column in _prefixed(plan)
    ]
    text = f"select {', '.join(shown)}\nfrom c"
    if not plan.comparison:
        return text
    if not keys:
        return f"{text} cross join p"
    same = " and ".join(f"c.{key} is not distinct from p.{key}" for key in keys)
    return f"{text} full outer join p on {same}"


def _prefixed(plan: Plan) -> list[tuple[str, str]]:
    found = [("c_", column) for column in _columns(plan, current=True)]
    if plan.comparison:
        found += [("p_", column) for column in _columns(plan, current=False)]
    return found


def _measures(plan: Plan) -> str:
    shown = _keys(plan) + _numbers(plan)
    shown += [f"{measure.over('c_')} as {measure.name}" for measure in plan.read]
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
    names = [measure.name for measure in plan.read]
    previous = [f"{measure.name}_previous" for measure in plan.summed]
    return names + (previous if plan.comparison else [])


def _all(plan: Plan) -> str:
    if not plan.by:
        return "\nselect * from b"
    return f"\nselect * from b\norder by {_sorted(plan)}\nlimit {ROW_LIMIT + 1}"


def _top(plan: Plan) -> str:
    """Keep the first rows; what they leave of the sum is one more row."""
    if not plan.by:
        return _all(plan)
    top, names = plan.question.top, figures(plan)
    keys = ", ".join(_keys(plan) + _numbers(plan))
    sums = ", ".join(f"sum({name}) as {name}" for name in names)
    nothing = ", ".join("null" for _ in _keys(plan) + _numbers(plan))
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
    measure = next(m for m in plan.read if m.name == name.removesuffix("_previous"))
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
