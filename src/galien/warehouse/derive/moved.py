"""Purchases that owe other terms than in the parent release, their lines unchanged: brought up in place.

One more day of purchases takes a pharmacy's year to another tier, hence what each of its months is owed.
Only the steps of its lines and the sums they are in are written again.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from galien.engines.protocol import Builder
from galien.warehouse.derive.facts import PURCHASE_SUMS, STEP_ORDER, purchase_steps
from galien.warehouse.derive.net_net import STEPS, drop_steps, make_steps, step_sums
from galien.warehouse.derive.runs import RUN_TABLES, held_runs
from galien.warehouse.derive.source import Source

PURCHASES = "purchase_line"
_MOVED = """
create or replace temp table moved as
select pharmacy_id, pharmacy, month from pharmacy join given using (pharmacy)
"""
# In the order of their file, which says who has the last cents of a clause's amount.
_LINES = """
create or replace temp table line as
select l.*, pharmacy, product_code, l.rowid as place
from purchase_line l join moved using (pharmacy_id, month) join product using (product_id)
order by pharmacy, product_code, day, document_id nulls first, line_no nulls first
"""
_DIFFERENCES = """
create or replace temp table difference as
select * from (
  select l.place, l.day, l.month, l.pharmacy_id, l.product_id, l.supplier, l.channel, l.vat_rate, {less}
  from line l left join
  (select line_id, {sums} from step join share using (share_id) group by line_id) g on g.line_id = l.rowid
) where {differ}
"""
_ADD = """
update {table} as t set {sets}
from (select {keys}, {sums} from difference {within} group by {keys}) d where {same}
"""
_STEPS_THEN = """
create or replace temp table step_then as
select t.rowid as place, t.* from purchase_step t join moved using (pharmacy_id, month)
"""


def move_steps(builder: Builder, source: Source, moved: pa.Table, *, rows: int) -> None:
    """Bring purchases of the pharmacies and months in `moved` to the release's terms.

    Done by lots of months of about so many rows of purchases, which bounds the memory.
    """
    months = set(moved.column("month").to_pylist())
    for lot in source.lots(PURCHASES, rows):
        if months.intersection(lot):
            inside = pc.is_in(moved.column("month"), pa.array(lot, pa.date32()))
            builder.register("given", moved.filter(inside))
            builder.run(_MOVED)
            builder.unregister("given")
            _move(builder, source)


def _move(builder: Builder, source: Source) -> None:
    builder.run(_LINES)
    make_steps(builder, source)
    builder.run(
        _DIFFERENCES.format(
            less=", ".join(f"coalesce(g.{name}, 0) - l.{name} as {name}" for name in STEPS),
            sums=step_sums(source.money(PURCHASES)),
            differ=" or ".join(f"{name} <> 0" for name in STEPS),
        )
    )
    _add_differences(builder, source)
    _replace_steps(builder, source)
    drop_steps(builder)
    for name in ("line", "moved", "difference"):
        builder.run(f"drop table {name}")


def _add_differences(builder: Builder, source: Source) -> None:
    """Add what lines owe more or less to them and to every sum they are in."""
    moves = ", ".join(f"coalesce(bool_or({name} <> 0), false) as {name}" for name in STEPS)
    found = builder.table(f"select {moves} from difference").to_pylist()[0]
    steps = [name for name in STEPS if found[name]]
    if not steps:
        return
    money = source.money(PURCHASES)
    sums = ", ".join(f"sum({name}) as {name}" for name in steps)
    sets = ", ".join(f"{name} = cast(t.{name} + d.{name} as {money})" for name in steps)

    def add(table: str, keys: Sequence[str], within: str = "", apart: str = "true") -> None:
        same = " and ".join([apart, *(f"t.{key} is not distinct from d.{key}" for key in keys)])
        named = ", ".join(keys)
        builder.run(
            _ADD.format(table=table, sets=sets, keys=named, sums=sums, within=within, same=same)
        )

    builder.run(f"update {PURCHASES} as t set {sets} from difference d where t.rowid = d.place")
    for table, keys in PURCHASE_SUMS.items():
        add(table, keys)
    for first, last in held_runs(builder):
        within = f"where month >= date '{first}' and month <= date '{last}'"
        apart = f"t.first_month = date '{first}' and t.last_month = date '{last}'"
        for run in RUN_TABLES:
            if run.fact == PURCHASES:
                add(run.name, run.keys, within, apart)


def _replace_steps(builder: Builder, source: Source) -> None:
    """Put the steps that are new in the place of those that are no more."""
    builder.run(f"create or replace temp table step_now as {purchase_steps(source, '')}")
    builder.run(_STEPS_THEN)
    names = builder.table("select * from step_now limit 0").schema.names
    same = " and ".join(f"n.{name} is not distinct from t.{name}" for name in names)
    builder.run(
        "delete from purchase_step where rowid in (select place from step_then t "
        f"where not exists (select 1 from step_now n where {same}))"
    )
    builder.run(
        "insert into purchase_step select * from step_now n "
        f"where not exists (select 1 from step_then t where {same}) order by month, {STEP_ORDER}"
    )
    builder.run("drop table step_now; drop table step_then")
