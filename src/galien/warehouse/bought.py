"""What each pharmacy bought by month of the products of a clause, counted from a release's purchase files.

What the parent release has in its analytical file already is counted there, where it is added up; lines
are read only for the months that are not its own, and for those a contract begins or ends in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from galien.engines.protocol import Engines
from galien.kernel.period import month_end
from galien.model.net_net import SCOPES
from galien.warehouse.derive.file import Made
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
_COUNTS_OF_PARENT = """
with counting as (select row_number() over () as id, * from countings),
part as (
  select c.id, c.supplier, p.product_id
  from counting c join scopes s using (scope) join parent.product p using (product_code)
), placed as (
  select c.id, m.* from parent.purchases_month m semi join kept using (month)
  join part c on c.product_id = m.product_id and (c.supplier = '' or c.supplier = m.supplier)
  union all by name
  select c.id, m.* from parent.purchases_day_pharmacy m semi join kept using (month)
  join counting c on c.scope = '' and c.supplier = m.supplier
), added as (
  select id, pharmacy_id, month, sum(delivered_quantity) as quantity, sum(list_amount) as list_amount,
         sum(net_amount) as net_amount
  from placed group by id, pharmacy_id, month
)
select key, pharmacy, month, cast(quantity as decimal(38,0)) as quantity,
       cast(list_amount as decimal(38,4)) as list_amount, cast(net_amount as decimal(38,4)) as net_amount
from added join counting using (id) join parent.pharmacy using (pharmacy_id)
order by key, pharmacy, month
"""
_KNOWN_OF_PARENT = """
with bought as (
  select distinct supplier, product_id from parent.purchases_group_month semi join kept using (month)
)
select distinct supplier, product_code,
       (select max(day) from parent.purchases_day_pharmacy semi join kept using (month)) as last_day
from bought join parent.product using (product_id)
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
    parent: Made | None = None

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
        wanted = tuple(countings)
        if not wanted:
            return ()
        asked = pa.Table.from_pylist([vars(each) for each in wanted], schema=_ASKED)
        kept = self._of_parent - _cut_months(wanted)
        tables = {"countings": asked, "scopes": scopes.select(SCOPES.names)}
        sql = _COUNTS.replace("{columns}", _COLUMNS).replace("{within}", _WITHIN)
        found = (
            *self._asked(sql, kept, tables),
            *self._asked_parent(_COUNTS_OF_PARENT, kept, tables),
        )
        return tuple(Counted(**row) for rows in found for row in rows.to_pylist())

    def _distinct(self, name: str) -> tuple[str, ...]:
        return tuple(sorted(str(each) for each in pc.unique(self._known.column(name)).to_pylist()))

    @cached_property
    def _known(self) -> pa.Table:
        """Who sells which product, until when: every line is read once for all that."""
        names = "supplier, product_code"
        sql = f"select {names}, max(delivered_on) as last_day from {{read}} group by {names}"
        kept = self._of_parent
        found = (*self._asked(sql, kept, {}), *self._asked_parent(_KNOWN_OF_PARENT, kept, {}))
        return pa.concat_tables([_KNOWN.empty_table(), *found])

    @cached_property
    def _months(self) -> Mapping[dt.date, str]:
        return {file.month: file.sha256 for file in self.files if file.fact == FACT}

    @cached_property
    def _of_parent(self) -> frozenset[dt.date]:
        """Return the months that are the parent's, line for line."""
        if self.parent is None:
            return frozenset()
        then = {file.key: file.sha256 for file in self.parent.manifest.files}
        return frozenset(m for m, sha256 in self._months.items() if then.get((FACT, m)) == sha256)

    def _asked(
        self, sql: str, kept: frozenset[dt.date], tables: Mapping[str, pa.Table]
    ) -> Iterator[pa.Table]:
        """Ask the lines of the months that are not `kept`: nothing when they all are."""
        hashes = [sha256 for month, sha256 in self._months.items() if month not in kept]
        if hashes:
            paths = (_quoted(self.store.verify(each)) for each in hashes)
            with self.engines.build() as bench:
                for name, table in tables.items():
                    bench.register(name, table)
                yield bench.table(sql.replace("{read}", f"read_parquet([{', '.join(paths)}])"))

    def _asked_parent(
        self, sql: str, kept: frozenset[dt.date], tables: Mapping[str, pa.Table]
    ) -> Iterator[pa.Table]:
        """Ask the analytical file of the parent about the months `kept`: nothing without any."""
        if self.parent is not None and kept:
            months = pa.table({"month": pa.array(sorted(kept), pa.date32())})
            with self.engines.build() as bench:
                bench.run(f"attach {_quoted(self.parent.path)} as parent (read_only)")
                for name, table in {**tables, "kept": months}.items():
                    bench.register(name, table)
                yield bench.table(sql)


def _cut_months(countings: Iterable[Counting]) -> frozenset[dt.date]:
    """Return the months that a counting begins or ends within: their lines tell which days count."""
    bounds = {(each.since, each.until) for each in countings}
    cut = {since for since, _ in bounds if since.day > 1}
    cut |= {until for _, until in bounds if until != month_end(until)}
    return frozenset(day.replace(day=1) for day in cut)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


_TYPES: dict[str, pa.DataType] = dict.fromkeys(("key", "scope", "supplier"), pa.string())
_TYPES |= dict.fromkeys(("since", "until"), pa.date32())
_ASKED = pa.schema(_TYPES)
_PRODUCTS: dict[str, pa.DataType] = {"supplier": pa.string(), "product_code": pa.string()}
_KNOWN = pa.schema(_PRODUCTS | {"last_day": pa.date32()})
