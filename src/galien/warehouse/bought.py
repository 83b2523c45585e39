"""What each pharmacy bought by month of the products of a clause, counted from a release's purchase files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from galien.engines.protocol import Engines
from galien.model.net_net import SCOPES
from galien.warehouse.manifest import MonthFile
from galien.warehouse.store import Store

FACT = "purchase_line"


@dataclass(frozen=True)
class Counting:
    """What to count: products of a scope (all when empty), of a supplier (any when empty).

    `since` and `until` bound the days of their own months; other months count whole.
    """

    key: str
    scope: str
    supplier: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True)
class Counted:
    """What a pharmacy bought in a month: boxes paid, euros excl. tax at list and at invoice price."""

    key: str
    pharmacy: str
    month: dt.date
    quantity: Decimal
    list_amount: Decimal
    net_amount: Decimal


_COLUMNS = (
    "pharmacy, product_code, supplier, delivered_on, "
    "cast(date_trunc('month', delivered_on) as date) as month, delivered_quantity, list_amount_excl, "
    "net_amount_excl"
)
_COUNTS = """
with line as (select {columns} from {read}),
placed as (
  select c.key, l.* from line l join scopes s on s.product_code = l.product_code
  join countings c on c.scope = s.scope and (c.supplier = '' or c.supplier = l.supplier)
  where {within}
  union all
  select c.key, l.* from line l join countings c on c.scope = '' and c.supplier = l.supplier
  where {within}
)
select key, pharmacy, month, cast(sum(delivered_quantity) as decimal(38,0)) as quantity,
       sum(list_amount_excl) as list_amount, sum(net_amount_excl) as net_amount
from placed group by key, pharmacy, month order by key, pharmacy, month
"""
_WITHIN = (
    "not (l.month = date_trunc('month', c.since) and l.delivered_on < c.since) "
    "and not (l.month = date_trunc('month', c.until) and l.delivered_on > c.until)"
)


@dataclass(frozen=True)
class Purchases:
    """The purchase lines of a release's files, read without any release being made of them yet."""

    files: Sequence[MonthFile]
    store: Store
    engines: Engines

    def suppliers(self) -> tuple[str, ...]:
        """Return every supplier that invoices a line."""
        return self._distinct("supplier")

    def products(self) -> tuple[str, ...]:
        """Return the code of every product bought."""
        return self._distinct("product_code")

    def last_day(self) -> dt.date | None:
        """Return the last day of delivery, None without any line."""
        last: dt.date | None = pc.max(self._known.column("last_day")).as_py()
        return last

    def counted(self, countings: Iterable[Counting], scopes: pa.Table) -> tuple[Counted, ...]:
        """Count each of what is to be counted; `scopes` lists the products of each scope."""
        asked = pa.Table.from_pylist([vars(each) for each in countings], schema=_ASKED)
        if not asked.num_rows or not self._paths():
            return ()
        found = self._ask(
            _COUNTS.replace("{columns}", _COLUMNS).replace("{within}", _WITHIN),
            countings=asked,
            scopes=scopes.select(SCOPES.names),
        )
        return tuple(Counted(**row) for row in found.to_pylist())

    def _distinct(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(str(each) for each in pc.unique(self._known.column(name)).to_pylist()))

    @cached_property
    def _known(self) -> pa.Table:
        """Who sells which product, until when: every line is read once for all that."""
        if not self._paths():
            return _KNOWN.empty_table()
        names = "supplier, product_code"
        return self._ask(
            f"select {names}, max(delivered_on) as last_day from {{read}} group by {names}"
        )

    def _paths(self) -> list[str]:
        hashes = [file.sha256 for file in self.files if file.fact == FACT]
        return [str(self.store.verify(each)).replace("'", "''") for each in hashes]

    def _ask(self, sql: str, **tables: pa.Table) -> pa.Table:
        names = ", ".join(f"'{path}'" for path in self._paths())
        with self.engines.build() as bench:
            for name, table in tables.items():
                bench.register(name, table)
            return bench.table(sql.replace("{read}", f"read_parquet([{names}])"))


_TYPES: dict[str, pa.DataType] = dict.fromkeys(("key", "scope", "supplier"), pa.string())
_TYPES |= dict.fromkeys(("since", "until"), pa.date32())
_ASKED = pa.schema(_TYPES)
_PRODUCTS: dict[str, pa.DataType] = {"supplier": pa.string(), "product_code": pa.string()}
_KNOWN = pa.schema(_PRODUCTS | {"last_day": pa.date32()})
