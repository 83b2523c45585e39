"""Products by version, pharmacies, prices and the calendar of the analytical file.

Attributes are enumerations in order of text: a join and a grouping cost no more than on numbers, and
sorting them is sorting their names.
"""

from __future__ import annotations

import datetime as dt

from galien.engines.protocol import Builder
from galien.warehouse.derive.price_bands import make_given
from galien.warehouse.derive.source import Source
from galien.warehouse.reference import (
    PHARMACY_LISTS,
    PRODUCT_FLAGS,
    PRODUCT_KEYS,
    PRODUCT_LISTS,
    PRODUCT_TEXTS,
)

_CODES = {
    "sale_day": ("product_code",),
    "purchase_line": ("product_code",),
    "stock_level": ("product_code",),
    "basket_month": ("product_a", "product_b"),
}


def make_products(builder: Builder, source: Source) -> None:
    """Make `product` from catalogue and prices: a row per version, ids in order of code then date."""
    make_given(builder, source)
    given = builder.table("select * from given limit 0").schema
    extra = [n for n in given.names if n not in (*PRODUCT_KEYS, *PRODUCT_TEXTS, *PRODUCT_FLAGS)]
    lists = list(dict.fromkeys([*PRODUCT_LISTS, *extra]))
    columns = [f'{_given(name, given.names, "varchar")} as "{name}"' for name in PRODUCT_TEXTS]
    columns += [f'{_given(name, given.names, "boolean")} as "{name}"' for name in PRODUCT_FLAGS]
    for name in lists:
        if name in given.names and str(given.field(name).type) not in {"string", "large_string"}:
            columns.append(f'"{name}"')
        else:
            columns.append(_listed(builder, "given", "product", name, given.names))
    builder.run(
        "create table product as select cast(row_number() over (order by product_code, since "
        "nulls first) as integer) as product_id, product_code, since, until, "
        f"{', '.join(columns)} from given order by product_id"
    )
    builder.run("drop table given")


def add_unknown_products(builder: Builder, source: Source, months: list[dt.date]) -> None:
    """Give a row to each code sold, bought, stocked or paired that no catalogue knows."""
    reads = [
        f"select {code} as product_code from {read}"
        for fact, codes in _CODES.items()
        for month in months
        if (read := source.month(fact, month)) is not None
        for code in codes
    ]
    if not reads:
        return
    builder.run(
        "insert into product (product_id, product_code) select cast("
        "(select coalesce(max(product_id), 0) from product) + row_number() over (order by product_code) "
        f"as integer), product_code from (select distinct product_code from ({' union all '.join(reads)}) "
        "where product_code not in (select product_code from product)) order by product_code"
    )


def make_versions(builder: Builder) -> None:
    """Make the temporary table that says which version of a product holds on a day.

    The first version also holds before its date, and each until the next begins: what is known of a
    product is better than nothing known.
    """
    builder.run(
        "create temp table version as select product_id, product_code, "
        "case when row_number() over w = 1 then date '0001-01-01' else since end as valid_from, "
        "coalesce(lead(since) over w, date '9999-12-31') as valid_until "
        "from product window w as (partition by product_code order by since nulls first)"
    )


def make_pharmacies(builder: Builder, source: Source, *, ids_from_parent: bool) -> None:
    """Make `pharmacy`, for all that are declared or send facts; ids never change hands."""
    builder.run(f"create temp table declared as select * from {source.table('pharmacies')}")
    names = builder.table("select * from declared limit 0").schema.names
    kept = "select pharmacy_id, pharmacy from pharmacy" if ids_from_parent else _NO_IDS
    builder.run(f"create temp table known as {kept}")
    senders = sorted({p for file in source.manifest.files for p in file.pharmacies})
    builder.run(
        "create temp table everyone as select pharmacy from declared union "
        "select unnest($senders::varchar[])",
        {"senders": senders},
    )
    builder.run("drop table if exists pharmacy")
    columns = [_listed(builder, "declared", "pharmacy", name, names) for name in PHARMACY_LISTS]
    builder.run(
        "create table pharmacy as select cast(coalesce(k.pharmacy_id, (select coalesce(max(pharmacy_id), "
        "0) from known) + row_number() over (partition by k.pharmacy_id is null order by e.pharmacy)) "
        f"as smallint) as pharmacy_id, e.pharmacy, {_given('name', names, 'varchar')} as name, "
        f"{', '.join(columns)} from everyone e left join known k on k.pharmacy = e.pharmacy "
        "left join declared d on d.pharmacy = e.pharmacy order by 1"
    )
    for name in ("declared", "known", "everyone"):
        builder.run(f"drop table {name}")


_NO_IDS = (
    "select cast(null as smallint) as pharmacy_id, cast(null as varchar) as pharmacy where false"
)


def make_prices(builder: Builder, source: Source) -> None:
    """Copy the history of prices, in order of product and date."""
    builder.run(
        f"create or replace table price as select * from {source.table('prices')} "
        "order by product_code, since nulls first"
    )


def make_calendar(builder: Builder, source: Source) -> None:
    """Make `calendar`, from two years before the first month to one after the last.

    Weeks and months are named by their first day; a day is open unless a Sunday or a public holiday.
    """
    months = source.months()
    first, last = (months[0].year - 2, months[-1].year + 1) if months else (2000, 2000)
    builder.run(
        "create or replace table calendar as select day, cast(date_trunc('month', day) as date) as "
        "month, cast(date_trunc('week', day) as date) as week, cast(isodow(day) as tinyint) as weekday, "
        f"isodow(day) < 7 and day not in (select day from {source.table('holidays')}) as open_day "
        "from (select cast(unnest(generate_series("
        f"date '{first}-01-01', date '{last}-12-31', interval 1 day)) as date) as day) order by day"
    )


def _given(name: str, names: list[str], sql_type: str) -> str:
    return f'cast("{name}" as {sql_type})' if name in names else f"cast(null as {sql_type})"


def _listed(builder: Builder, table: str, owner: str, name: str, names: list[str]) -> str:
    """Return the column as an enumeration of its values; as text when it has none."""
    kind = f'"{owner}_{name}"'
    builder.run(f"drop type if exists {kind}")
    if name not in names:
        return f'cast(null as varchar) as "{name}"'
    rows = builder.table(f'select 1 from {table} where "{name}" is not null limit 1').num_rows
    if not rows:
        return f'cast(null as varchar) as "{name}"'
    builder.run(
        f'create type {kind} as enum (select distinct "{name}" from {table} '
        f'where "{name}" is not null order by 1)'
    )
    return f'cast("{name}" as {kind}) as "{name}"'
