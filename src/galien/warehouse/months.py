"""Making the file of one fact and month: the parent's rows of untouched days, the touched days anew."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from galien.engines.protocol import Builder
from galien.kernel.period import month_end
from galien.model.columns import ColumnType
from galien.model.facts import BASKET_MINIMUM, DELIVERED, Fact
from galien.warehouse.commit import conform
from galien.warehouse.ledger import LiveDay
from galien.warehouse.manifest import MonthFile, Sums
from galien.warehouse.store import Store

SQL_TYPES = {
    ColumnType.TEXT: "varchar",
    ColumnType.INTEGER: "bigint",
    ColumnType.AMOUNT: "decimal(18,4)",
    ColumnType.FINE_AMOUNT: "decimal(18,8)",
    ColumnType.RATE: "decimal(7,6)",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamp",
    ColumnType.BOOLEAN: "boolean",
}
QUANTITIES = ("quantity", "delivered_quantity", "count", "visits")
PSEUDONYMS = {"operator_month": "operator"}

_TOUCHED: dict[str, pa.DataType] = {"pharmacy": pa.string(), "day": pa.date32()}
_LIVE: dict[str, pa.DataType] = _TOUCHED | {"file": pa.string(), "place": pa.int64()}


@dataclass(frozen=True)
class MonthWork:
    """What to do for one fact and month: which days changed, and what the days to read are made of.

    `live` are the days to read again from their deliveries; `files` gives the verified file of a
    receipt for the delivered fact; `parent` is the parent release's file, None when there is none.
    """

    fact: Fact
    month: dt.date
    touched: frozenset[tuple[str, dt.date]]
    live: Sequence[LiveDay]
    files: Mapping[str, Path]
    parent: Path | None

    @property
    def delivered(self) -> Fact:
        """Return the fact that deliveries bring."""
        return DELIVERED[self.fact.delivered_as or self.fact.name]


def make_month(work: MonthWork, *, builder: Builder, store: Store) -> MonthFile | None:
    """Write the month's file and return its entry; None when no row is left."""
    builder.register("live", _live_table(work))
    builder.register("touched", _touched_table(work))
    try:
        rows = conform(work.fact, builder.table(_month_sql(work)))
    finally:
        builder.unregister("live")
        builder.unregister("touched")
    if rows.num_rows == 0:
        return None
    ref = store.put(rows)
    builder.register("month_rows", rows)
    try:
        parts = _parts(work.fact, builder)
        return MonthFile(
            fact=work.fact.name,
            month=work.month,
            sha256=ref.sha256,
            bytes=ref.bytes,
            identity=_identity(work.fact, ref.sha256, builder),
            whole_cents=_whole_cents(work.fact, builder),
            sums=_added(list(parts.values())),
            pharmacies=parts,
        )
    finally:
        builder.unregister("month_rows")


def _live_table(work: MonthWork) -> pa.Table:
    rows = [
        {
            "file": str(work.files[receipt]),
            "pharmacy": live.pharmacy,
            "day": live.day,
            "place": place,
        }
        for live in work.live
        for place, receipt in enumerate(live.receipts)
        if receipt in work.files
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(_LIVE))


def _touched_table(work: MonthWork) -> pa.Table:
    rows = [{"pharmacy": pharmacy, "day": day} for pharmacy, day in sorted(work.touched)]
    return pa.Table.from_pylist(rows, schema=pa.schema(_TOUCHED))


def _month_sql(work: MonthWork) -> str:
    names = ", ".join(f'"{column.name}"' for column in work.fact.columns)
    parts = [_kept_sql(work, names), _made_sql(work, names)]
    body = " union all ".join(part for part in parts if part)
    if not body:
        body = f"select {_typed_nulls(work.fact)} where false"
    order = ", ".join(f'"{name}" nulls first' for name in _order(work.fact))
    return f"select {names} from ({body}) order by {order}"


def _order(fact: Fact) -> Sequence[str]:
    """Return a total order: lines of a document may tie on the grain, added-up rows cannot."""
    return fact.sort if _adds_up(fact) else (*fact.sort, *fact.additive)


def _adds_up(fact: Fact) -> bool:
    return fact.feed == "sales"


def _kept_sql(work: MonthWork, names: str) -> str:
    if work.parent is None:
        return ""
    same = "t.pharmacy = p.pharmacy"
    if work.fact.delivered_as is None:
        same += f' and t.day = p."{work.fact.day_column}"'
    return (
        f"select {names} from read_parquet({_path(work.parent)}) p "
        f"where not exists (select 1 from touched t where {same})"
    )


def _made_sql(work: MonthWork, names: str) -> str:
    paths = sorted({str(work.files[r]) for d in work.live for r in d.receipts if r in work.files})
    if not paths:
        return ""
    delivered = work.delivered
    day, last = delivered.day_column, month_end(work.month)
    source = (
        f"(select f.* exclude (filename), l.place "
        f"from read_parquet([{', '.join(_path(path) for path in paths)}], filename = true) f "
        f'join live l on l.file = f.filename and l.pharmacy = f.pharmacy and l.day = f."{day}" '
        f"where f.\"{day}\" between date '{work.month}' and date '{last}')"
    )
    if work.fact.delivered_as:
        return _monthly_sql(work, source)
    if not any(len(live.receipts) > 1 for live in work.live):
        return f"select {names} from {source}"
    if _adds_up(work.fact):
        grain = ", ".join(f'"{name}"' for name in work.fact.grain)
        return f"select {_summed(work.fact)} from {source} group by {grain}"
    grain = ", ".join(f'"{name}"' for name in work.fact.grain)
    return (
        f"select {names} from {source} "
        f"qualify row_number() over (partition by {grain} order by place desc) = 1"
    )


def _monthly_sql(work: MonthWork, source: str) -> str:
    fact = work.fact
    monthly = f"(select * exclude (place), date '{work.month}' as month from {source})"
    grain = ", ".join(f'"{name}"' for name in fact.grain)
    text = f"select {_summed(fact)} from {monthly} group by {grain}"
    if fact.name == "basket_month":
        text += f" having sum(visits) >= {BASKET_MINIMUM}"
    return text


def _summed(fact: Fact) -> str:
    return ", ".join(
        f'"{column.name}"'
        if column.name in fact.grain
        else f'cast(sum("{column.name}") as {SQL_TYPES[column.type]}) as "{column.name}"'
        for column in fact.columns
    )


def _typed_nulls(fact: Fact) -> str:
    return ", ".join(f'cast(null as {SQL_TYPES[c.type]}) as "{c.name}"' for c in fact.columns)


def _path(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _whole_cents(fact: Fact, builder: Builder) -> bool:
    amounts = [c.name for c in fact.columns if c.type is ColumnType.AMOUNT]
    if not amounts:
        return True
    test = " and ".join(f'coalesce("{name}" = round("{name}", 2), true)' for name in amounts)
    return bool(
        builder.table(f"select bool_and({test}) as whole from month_rows")["whole"][0].as_py()
    )


def _parts(fact: Fact, builder: Builder) -> dict[str, Sums]:
    """Return rows and sums by pharmacy, in order of pharmacy."""
    amount = f'sum("{fact.amount_column}")' if fact.amount_column else "null"
    names = {column.name for column in fact.columns}
    quantity = next((name for name in QUANTITIES if name in names), None)
    counted = f'cast(sum("{quantity}") as bigint)' if quantity else "null"
    rows = builder.table(
        f"select pharmacy, count(*) as n, {amount} as amount, {counted} as quantity "
        "from month_rows group by pharmacy order by pharmacy"
    ).to_pylist()
    return {row["pharmacy"]: Sums(row["n"], row["amount"], row["quantity"]) for row in rows}


def _added(parts: Sequence[Sums]) -> Sums:
    amounts = [part.amount for part in parts if part.amount is not None]
    quantities = [part.quantity for part in parts if part.quantity is not None]
    return Sums(
        rows=sum(part.rows for part in parts),
        amount=sum(amounts, Decimal(0)) if amounts else None,
        quantity=sum(quantities) if quantities else None,
    )


def _identity(fact: Fact, sha256: str, builder: Builder) -> str:
    """Hash what the file says apart from pseudonyms, which another workspace would draw differently."""
    pseudonym = PSEUDONYMS.get(fact.name)
    if pseudonym is None:
        return sha256
    rows = builder.table(f"select * exclude ({pseudonym}) from month_rows order by all")
    sink = pa.BufferOutputStream()
    pq.write_table(rows.combine_chunks(), sink, compression="none", store_schema=False)
    return hashlib.sha256(sink.getvalue()).hexdigest()
