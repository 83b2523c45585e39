"""DuckDB by hand: for each family of analyses, the SQL an expert writes over the release's tables.

Some families have several texts; the fastest one of each case is the one Galien is compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from bench.cases import Case, Place
from bench.contenders.base import Bounds, Rows, common_form

_SALES_SUMS = (
    "sum(s.quantity) as quantity, sum(s.net_incl) as net_incl, sum(s.net_excl) as net_excl, "
    "sum(s.fee_excl) as fee_excl, sum(s.cost_excl) as cost_excl"
)
_PURCHASE_SUMS = (
    "sum(s.delivered_quantity) as delivered_quantity, sum(s.free_quantity) as free_quantity, "
    "sum(s.list_amount) as list_amount, sum(s.net_amount) as net_amount"
)
_SALES_TAIL = """, m as (
  select k, coalesce(sum(case when f = 1 then quantity end), 0) as quantity,
         coalesce(sum(case when f = 1 then net_incl end), 0) as sales_incl,
         coalesce(sum(case when f = 1 then net_excl end), 0) as sales_excl,
         coalesce(sum(case when f = 1 then net_excl + fee_excl - cost_excl end), 0) as adjusted_margin,
         coalesce(sum(case when f = 0 then quantity end), 0) as quantity_previous,
         coalesce(sum(case when f = 0 then net_incl end), 0) as sales_incl_previous,
         coalesce(sum(case when f = 0 then net_excl end), 0) as sales_excl_previous,
         coalesce(sum(case when f = 0 then net_excl + fee_excl - cost_excl end), 0)
           as adjusted_margin_previous
  from {folded} group by k)
select *, (quantity - quantity_previous) / nullif(abs(quantity_previous), 0),
       (sales_incl::double - sales_incl_previous) / nullif(abs(sales_incl_previous), 0),
       (sales_excl::double - sales_excl_previous) / nullif(abs(sales_excl_previous), 0),
       (adjusted_margin::double - adjusted_margin_previous::double)
         / nullif(abs(adjusted_margin_previous::double), 0),
       adjusted_margin::double / nullif(sales_excl, 0),
       adjusted_margin_previous::double / nullif(sales_excl_previous, 0)
from m order by quantity desc, k"""
_PURCHASE_TAIL = """, m as (
  select k, coalesce(sum(case when f = 1 then delivered_quantity end), 0) as delivered_quantity,
         coalesce(sum(case when f = 1 then free_quantity end), 0) as free_quantity,
         coalesce(sum(case when f = 1 then list_amount end), 0) as list_amount,
         coalesce(sum(case when f = 1 then net_amount end), 0) as net_amount,
         coalesce(sum(case when f = 0 then delivered_quantity end), 0) as delivered_previous,
         coalesce(sum(case when f = 0 then free_quantity end), 0) as free_previous,
         coalesce(sum(case when f = 0 then list_amount end), 0) as list_previous,
         coalesce(sum(case when f = 0 then net_amount end), 0) as net_previous
  from {folded} group by k)
select *, (delivered_quantity - delivered_previous) / nullif(abs(delivered_previous), 0),
       (free_quantity - free_previous) / nullif(abs(free_previous), 0),
       (list_amount::double - list_previous) / nullif(abs(list_previous), 0),
       (net_amount::double - net_previous) / nullif(abs(net_previous), 0),
       (list_amount::double - net_amount) / nullif(list_amount, 0),
       (list_previous::double - net_previous) / nullif(list_previous, 0)
from m order by delivered_quantity desc, k"""


@dataclass
class HandSql:
    """Runs hand-written texts on a copy of the analytical file, two threads, nothing else in between."""

    connection: duckdb.DuckDBPyConnection
    bounds: Bounds
    name: str = "hand-written SQL"
    chosen: dict[str, str] = field(default_factory=dict)

    def run(self, case: Case) -> pa.Table:
        """Run the text chosen for a case (the first one until a choice is made)."""
        return self.run_text(case, self.chosen.get(case.name) or self.texts(case)[0])

    def run_text(self, case: Case, text: str) -> pa.Table:
        """Run one text of a case."""
        values: dict[str, Any] = dict(self.bounds.parameters)
        if case.pharmacies:
            values["ids"] = self.bounds.pharmacies(case)
        if case.one_group:
            values["g"] = self.bounds.group
        reader = self.connection.execute(text, values).to_arrow_reader(65_536)
        assert reader is not None
        return reader.read_all()

    def rows(self, case: Case, result: object) -> Rows:
        """Return the answer in the common form."""
        assert isinstance(result, pa.Table)
        columns = [column.to_pylist() for column in result.columns]
        return common_form(case, zip(*columns, strict=True), self.bounds, whole=False)

    def texts(self, case: Case) -> list[str]:
        """Return the texts worth trying for a case."""
        sales = case.subject.name == "sales"
        shapes = _sales_shapes(case) if sales else _purchase_shapes(case)
        windows = [_MONTHS, _RUN] if self._holds_runs() else [_MONTHS]
        return [
            _united(case, shape, window)
            for window in windows
            for shape in shapes
            if window.serves(shape)
        ]

    def _holds_runs(self) -> bool:
        """Tell whether the file keeps both periods added up."""
        found = self.connection.execute(
            "select count(*) from month_run "
            "where (first_month = $c0 and last_month = date_trunc('month', cast($c1 as date))) "
            "or (first_month = $p0 and last_month = date_trunc('month', cast($p1 as date)))",
            dict(self.bounds.parameters),
        ).fetchone()
        return found == (2,)


Shape = tuple[str, str, str, str]  # key, from and joins, what is kept, what is folded


@dataclass(frozen=True)
class _Window:
    """How a period is cut from a table: by its months, or as a run of them already added up."""

    kept: str
    suffix: str = ""

    def serves(self, shape: Shape) -> bool:
        """Tell whether the shape's table exists this way."""
        return not self.suffix or (
            shape[1].split(" ", 1)[0] in _WITH_RUNS and shape[0] != "s.month"
        )

    def read(self, shape: Shape) -> Shape:
        """Return the shape over the table of this way."""
        key, source, kept, folded = shape
        table, rest = source.split(" ", 1)
        return (key, f"{table.removesuffix('month')}{self.suffix} {rest}" if self.suffix else source,
                kept, folded)  # fmt: skip


_MONTHS = _Window("s.month between ${p}0 and ${p}1")
_RUN = _Window(
    "s.first_month = ${p}0 and s.last_month = date_trunc('month', cast(${p}1 as date))", "run"
)
_WITH_RUNS = {
    "sales_month", "sales_group_month", "purchases_month", "purchases_group_month",
    "purchases_product_month",
}  # fmt: skip


def _sales_shapes(case: Case) -> list[Shape]:
    if case.one_group:
        return _group_shapes(case.key)
    if case.pharmacies:
        kept = " and s.pharmacy_id in (select unnest($ids))"
        return _attribute_shapes(case.key, "sales_month", kept)
    if case.key == "product_code":
        return [_by_code("sales_group_month")]
    if case.place is Place.PRODUCT:
        return _attribute_shapes(case.key, "sales_group_month", "")
    tables = {
        "pharmacy": ("sales_day_pharmacy", "sales_month"),
        "month": ("sales_group_month", "sales_day_pharmacy"),
        "sale_type": ("sales_day_pharmacy", "sales_group_month_type"),
    }[case.key]
    key = "pharmacy_id" if case.place is Place.PHARMACY else case.key
    folded = _MONTHS_MOVED if case.key == "month" else "z"
    return [(f"s.{key}", f"{table} s", "", folded) for table in tables]


def _group_shapes(key: str) -> list[Shape]:
    """One generic group: filtered through the join, or by the list of its products."""
    joined = "sales_group_month s join product d on d.product_id = s.product_id"
    listed = " and s.product_id in (select product_id from product where generic_group = $g)"
    late = f"(select d.{key} as k, z.* exclude (k) from z {_product('z.k')})"
    return [
        (f"d.{key}", joined, " and d.generic_group = $g", "z"),
        ("s.product_id", "sales_group_month s", listed, late),
    ]


def _purchase_shapes(case: Case) -> list[Shape]:
    if case.key == "product_code":
        return [_by_code("purchases_product_month")]
    if case.place is Place.PRODUCT:
        return _attribute_shapes(case.key, "purchases_product_month", "")
    if case.place is Place.PHARMACY:
        return [("s.pharmacy_id", "purchases_day_pharmacy s", "", "z")]
    folded = _MONTHS_MOVED if case.key == "month" else "z"
    tables = ("purchases_day_pharmacy", "purchases_group_month")
    if case.key == "month":
        tables = ("purchases_product_month", "purchases_day_pharmacy")
    return [(f"s.{case.key}", f"{table} s", "", folded) for table in tables]


def _attribute_shapes(key: str, table: str, kept: str) -> list[Shape]:
    """Join while scanning, or scan by product and join what is left."""
    late = f"(select d.{key} as k, z.* exclude (k) from z {_product('z.k')})"
    return [
        (f"d.{key}", f"{table} s join product d on d.product_id = s.product_id", kept, "z"),
        ("s.product_id", f"{table} s", kept, late),
    ]


def _by_code(table: str) -> Shape:
    late = f"(select d.product_code as k, z.* exclude (k) from z {_product('z.k')})"
    return ("s.product_id", f"{table} s", "", late)


def _product(key: str) -> str:
    return f"join product d on d.product_id = {key}"


_MONTHS_MOVED = (
    "(select case when f = 1 then k else cast(k + interval 1 year as date) end as k, "
    "z.* exclude (k) from z)"
)


def _united(case: Case, shape: Shape, window: _Window) -> str:
    """Write the two periods as plain scans, united, then folded into one row a key."""
    key, source, kept, folded = window.read(shape)
    sums = _PURCHASE_SUMS if case.subject.name == "purchases" else _SALES_SUMS
    now, before = (window.kept.replace("{p}", name) for name in "cp")
    tail = _PURCHASE_TAIL if case.subject.name == "purchases" else _SALES_TAIL
    return (
        f"with z as (\n  select {key} as k, 1 as f, {sums} from {source}"
        f" where {now}{kept} group by 1\n  union all\n"
        f"  select {key} as k, 0 as f, {sums} from {source}"
        f" where {before}{kept} group by 1\n)" + tail.format(folded=folded)
    )
