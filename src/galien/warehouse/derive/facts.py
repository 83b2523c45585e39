"""The fact tables of the analytical file: day facts, and every pre-aggregate made from them.

Each is filled by lots of months, sorted by month, pharmacy and product, and replaced month by month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from galien.engines.protocol import Builder
from galien.model.enums import CHANNELS, SALE_TYPES
from galien.model.facts import PUBLISHED
from galien.warehouse.derive.net_net import (
    BELOW_INVOICE,
    STEPS,
    drop_steps,
    free_amount,
    make_steps,
    step_sums,
)
from galien.warehouse.derive.source import Source

_LISTS = {
    "sale_type": sorted(SALE_TYPES),
    "channel": sorted(CHANNELS),
    "kind": ["invoice", "visit"],
}
_PHARMACY = "join pharmacy using (pharmacy)"
_SALE_KEYS = ("month", "day", "product_id", "pharmacy_id", "sale_type", "vat_rate")
_SALES = PUBLISHED["sale_day"].additive
_PURCHASES = {
    "ordered_quantity": "coalesce(ordered_quantity, 0)",
    "delivered_quantity": "delivered_quantity",
    "free_quantity": "coalesce(free_quantity, 0)",
    "list_amount": "list_amount_excl",
    "net_amount": "net_amount_excl",
    **{name: name for name in BELOW_INVOICE},
    "lines": "1",
}
_IN_MONEY = {"list_amount", "net_amount", *BELOW_INVOICE}


@dataclass(frozen=True)
class FactTable:
    """A table: the fact it comes from, and the SELECT that makes one month's rows from `origin`.

    `origin` is None for the first table of a fact, which reads its file; the others read a table that
    holds the same month, made before them.
    """

    name: str
    fact: str
    select: Callable[[Source, str], str]
    order: str
    origin: str | None = None


def _version(code: str, day: str, alias: str = "v") -> str:
    return (
        f"join version {alias} on {alias}.product_code = f.{code} "
        f"and f.{day} >= {alias}.valid_from and f.{day} < {alias}.valid_until"
    )


def _columns(source: Source, fact: str, *, without: tuple[str, ...]) -> str:
    """Return the fact's own columns, each cast to its type in the analytical file."""
    return ", ".join(
        f'cast(f."{name}" as {name if name in _LISTS else source.sql_type(fact, name)}) as "{name}"'
        for name in (column.name for column in PUBLISHED[fact].columns)
        if name not in without
    )


def _plain(fact: str, day: str, *, product: bool) -> Callable[[Source, str], str]:
    """Return the SELECT of a fact as it is, ids in place of codes."""

    def select(source: Source, read: str) -> str:
        without = ("pharmacy", "product_code", day if day != "on_date" else "", "month")
        moment = "" if day in {"month", "on_date"} else f"f.{day} as day, "
        ids = "pharmacy_id, product_id" if product else "pharmacy_id"
        joins = f"{_PHARMACY} {_version('product_code', day) if product else ''}"
        return (
            f"select {moment}cast(date_trunc('month', f.{day}) as date) as month, {ids}, "
            f"{_columns(source, fact, without=without)} from {read} f {joins}"
        )

    return select


def _make_lines(builder: Builder, source: Source, read: str) -> None:
    """Make the temporary table `line`: purchase lines with their ids, read once for all that needs them."""
    own = _columns(source, "purchase_line", without=("pharmacy", "product_code"))
    builder.run(
        "create or replace temp table line as select f.delivered_on as day, "
        "cast(date_trunc('month', f.delivered_on) as date) as month, pharmacy_id, product_id, "
        f"f.pharmacy, f.product_code, {own} from {read} f {_PHARMACY} "
        f"{_version('product_code', 'delivered_on')}"
    )


def _drop_lines(builder: Builder) -> None:
    drop_steps(builder)
    builder.run("drop table line")


def _purchase_lines(source: Source, _read: str) -> str:
    """Return the SELECT of purchase lines, with what free units and each step take off them."""
    money = source.money("purchase_line")
    steps = ", ".join(f"cast(coalesce(g.{kind}, 0) as {money}) as {kind}" for kind in STEPS)
    prices = (
        "select product_code, month, sum(list_amount_excl) as list_amount, "
        "sum(delivered_quantity) as delivered from line where delivered_quantity > 0 and product_code in "
        "(select product_code from line where free_quantity <> 0 and list_price_excl is null) group by all"
    )
    return (
        f"select f.* exclude (pharmacy, product_code), {free_amount(money)} as free_amount, {steps} "
        f"from line f left join (select line_id, {step_sums(money)} from step join share using (share_id) "
        "group by line_id) g on g.line_id = f.rowid "
        f"left join ({prices}) m on m.product_code = f.product_code and m.month = f.month"
    )


def purchase_steps(source: Source, _read: str) -> str:
    """Return the SELECT of what each clause takes off, by day, pharmacy, product and way of buying."""
    return (
        "select day, month, pharmacy_id, product_id, supplier, channel, vat_rate, clause, "
        f"source as step_source, {step_sums(source.money('purchase_line'))} "
        "from step s join line l on l.rowid = s.line_id join share using (share_id) group by all"
    )


def _baskets(_source: Source, read: str) -> str:
    return (
        "select f.month, pharmacy_id, a.product_id as product_a_id, b.product_id as product_b_id, "
        f"cast(f.visits as integer) as visits from {read} f {_PHARMACY} "
        f"{_version('product_a', 'month', 'a')} {_version('product_b', 'month', 'b')}"
    )


def sale_sums(*keys: str) -> Callable[[Source, str], str]:
    """Return the SELECT that adds sales up, from rows of any grain that has the keys."""

    def select(source: Source, read: str) -> str:
        sums = ", ".join(
            f"cast(sum({name}) as {source.sql_type('sale_day', name)}) as {name}" for name in _SALES
        )
        return f"select {', '.join(keys)}, {sums} from {read} group by {', '.join(keys)}"

    return select


def purchase_sums(*keys: str, again: bool = False) -> Callable[[Source, str], str]:
    """Return the SELECT that adds purchases up: from their lines, or `again` from sums of them."""

    def select(source: Source, read: str) -> str:
        money = source.money("purchase_line")
        sums = ", ".join(
            f"cast(sum({name if again else sql}) as "
            f"{money if name in _IN_MONEY else 'integer'}) as {name}"
            for name, sql in _PURCHASES.items()
        )
        return f"select {', '.join(keys)}, {sums} from {read} group by {', '.join(keys)}"

    return select


_TYPED = ("sale_type", "vat_rate")
BOUGHT = ("supplier", "channel", "vat_rate")
"""Keys of a purchase beside its pharmacy and product."""
PURCHASE_SUMS = {
    "purchases_month": ("month", "pharmacy_id", "product_id", *BOUGHT),
    "purchases_group_month": ("month", "product_id", *BOUGHT),
    "purchases_product_month": ("month", "product_id"),
    "purchases_day_pharmacy": ("day", "month", "pharmacy_id", *BOUGHT),
}
"""Tables that add purchases up, each with its keys."""
STEP_ORDER = "pharmacy_id, product_id, day, clause, step_source"

TABLES: tuple[FactTable, ...] = (
    FactTable(
        "sales_day",
        "sale_day",
        _plain("sale_day", "day", product=True),
        "pharmacy_id, product_id, day, sale_type",
    ),
    FactTable(
        "sales_month_type",
        "sale_day",
        sale_sums("month", "pharmacy_id", "product_id", *_TYPED),
        "pharmacy_id, product_id, sale_type",
        origin="sales_day",
    ),
    FactTable(
        "sales_month",
        "sale_day",
        sale_sums("month", "pharmacy_id", "product_id"),
        "pharmacy_id, product_id",
        origin="sales_month_type",
    ),
    FactTable(
        "sales_group_month_type",
        "sale_day",
        sale_sums("month", "product_id", *_TYPED),
        "product_id, sale_type, vat_rate",
        origin="sales_month_type",
    ),
    FactTable(
        "sales_group_month",
        "sale_day",
        sale_sums("month", "product_id"),
        "product_id",
        origin="sales_group_month_type",
    ),
    FactTable(
        "sales_day_pharmacy",
        "sale_day",
        sale_sums("day", "month", "pharmacy_id", *_TYPED),
        "pharmacy_id, day, sale_type, vat_rate",
        origin="sales_day",
    ),
    FactTable(
        "purchase_line",
        "purchase_line",
        _purchase_lines,
        "pharmacy_id, product_id, day, document_id, line_no",
    ),
    FactTable(
        "purchase_step",
        "purchase_line",
        purchase_steps,
        STEP_ORDER,
    ),
    FactTable(
        "purchases_month",
        "purchase_line",
        purchase_sums(*PURCHASE_SUMS["purchases_month"]),
        "pharmacy_id, product_id, supplier, channel, vat_rate",
        origin="purchase_line",
    ),
    FactTable(
        "purchases_group_month",
        "purchase_line",
        purchase_sums(*PURCHASE_SUMS["purchases_group_month"], again=True),
        "product_id, supplier, channel, vat_rate",
        origin="purchases_month",
    ),
    FactTable(
        "purchases_product_month",
        "purchase_line",
        purchase_sums(*PURCHASE_SUMS["purchases_product_month"], again=True),
        "product_id",
        origin="purchases_group_month",
    ),
    FactTable(
        "purchases_day_pharmacy",
        "purchase_line",
        purchase_sums(*PURCHASE_SUMS["purchases_day_pharmacy"]),
        "pharmacy_id, day, supplier, channel, vat_rate",
        origin="purchase_line",
    ),
    FactTable(
        "traffic_day",
        "traffic_day",
        _plain("traffic_day", "day", product=False),
        "pharmacy_id, day, band, sale_type",
    ),
    FactTable(
        "visit_day",
        "visit_day",
        _plain("visit_day", "day", product=False),
        "pharmacy_id, day, band, kind, sale_types",
    ),
    FactTable(
        "operator_month",
        "operator_month",
        _plain("operator_month", "month", product=False),
        "pharmacy_id, operator, band",
    ),
    FactTable("basket_month", "basket_month", _baskets, "pharmacy_id, product_a_id, product_b_id"),
    FactTable(
        "stock_level",
        "stock_level",
        _plain("stock_level", "on_date", product=True),
        "pharmacy_id, product_id, on_date, location",
    ),
)


def make_types(builder: Builder) -> None:
    """Make the closed lists that fact columns are typed by."""
    for name, values in _LISTS.items():
        builder.run(f"create type {name} as enum ({', '.join(repr(value) for value in values)})")


def make_tables(builder: Builder, source: Source) -> None:
    """Make every fact table, empty, with the types its rows will have."""
    for fact in PUBLISHED.values():
        empty = ", ".join(
            f'cast(null as {_parquet_type(fact.name, name, source)}) as "{name}"'
            for name in fact.schema().names
        )
        builder.run(f"create temp table empty_{fact.name} as select {empty} where false")
    _make_lines(builder, source, "empty_purchase_line")
    make_steps(builder, source)
    for table in TABLES:
        read = table.origin or f"empty_{table.fact}"
        builder.run(f"create table {table.name} as {table.select(source, read)}")
    _drop_lines(builder)
    for fact in PUBLISHED.values():
        builder.run(f"drop table empty_{fact.name}")


def _parquet_type(fact: str, column: str, source: Source) -> str:
    return source.sql_type(fact, column)


def fill_months(builder: Builder, source: Source, fact: str, months: Sequence[dt.date]) -> None:
    """Put a fact's months in every table made from it."""
    read = source.read(fact, months)
    if read is None:
        return
    if fact == "purchase_line":
        _make_lines(builder, source, read)
        make_steps(builder, source)
    tables = [table for table in TABLES if table.fact == fact]
    origins = {table.origin for table in tables}
    for table in tables:
        rows = table.select(source, f"draft_{table.origin}" if table.origin else read)
        rows = f"{rows} order by month, {table.order}"
        # What others are made from is worked on beside its table, where its months are alone.
        if table.name in origins:
            builder.run(f"create or replace temp table draft_{table.name} as {rows}")
            rows = f"select * from draft_{table.name}"
        builder.run(f"insert into {table.name} {rows}")
    for name in sorted(name for name in origins if name):
        builder.run(f"drop table draft_{name}")
    if fact == "purchase_line":
        _drop_lines(builder)


def clear_month(builder: Builder, fact: str, month: dt.date) -> None:
    """Take a fact's month out of every table made from it."""
    for table in (table for table in TABLES if table.fact == fact):
        builder.run(f"delete from {table.name} where month = $month", {"month": month})
