"""A thousand pharmacies drawn at random: the monthly rollup and the group cube, as a release holds them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench.duck import open_duckdb
from bench.report import say
from galien.kernel.period import shift_months

PHARMACIES, PRODUCTS, MONTHS = 1_000, 24_000, 24
FIRST_MONTH = dt.date(2024, 11, 1)
_ROWS_A_MONTH = 4_560  # of each pharmacy: 109 million rows over all
_ATTRIBUTES = {
    "universe_1": 8, "universe_2": 30, "family_1": 120, "family_2": 400, "segment_1": 90,
    "segment_2": 300, "brand": 900, "range": 1_500, "lab": 600, "product_type": 9,
    "generic_status": 4, "generic_group": 1_700, "indication": 60,
}  # fmt: skip
_TEXTS = ("cip7", "generic_group_label", "prescription_status", "atc_code")
_MONEY = "decimal(18,2)"
_ROLLUP = f"""
select month, pharmacy_id, product_id, quantity, 0::integer as returned_quantity, quantity as lines,
       0::integer as uncosted_lines, (net * 0.01)::{_MONEY} as gross_incl, 0::{_MONEY} as discount_incl,
       (net * 0.01)::{_MONEY} as net_incl, (excl * 0.01)::{_MONEY} as net_excl,
       ((net - excl) * 0.01)::{_MONEY} as vat_amount, (cost * 0.01)::{_MONEY} as cost_excl,
       0::{_MONEY} as fee_incl, 0::decimal(18,8) as fee_excl
from drawn order by pharmacy_id, product_id
"""
_SUMMED = (
    "quantity", "returned_quantity", "lines", "uncosted_lines", "gross_incl", "discount_incl",
    "net_incl", "net_excl", "vat_amount", "cost_excl", "fee_incl", "fee_excl",
)  # fmt: skip


def write_national(path: Path, seed: int, pharmacies: int = PHARMACIES) -> int:
    """Write the file; returns the rows of the rollup. The same seed gives the same rows."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(20, PRODUCTS + 20) ** 0.85
    price = np.rint(np.exp(rng.normal(2.0, 0.8, PRODUCTS)) * 100).astype(np.int64) + 50
    size = np.exp(rng.normal(0, 0.35, pharmacies))
    with open_duckdb(path) as connection:
        connection.execute("set memory_limit = '4GB'; set wal_autocheckpoint = '1TB'")
        _dimensions(connection, rng, pharmacies)
        for number in range(MONTHS):
            month = shift_months(FIRST_MONTH, number)
            connection.register("drawn", _month(month, weight, price, size, rng))
            made = "insert into sales_month" if number else "create table sales_month as"
            connection.execute(f"{made} {_ROLLUP}")
            if number % 6 == 5:
                say(f"national: {number + 1} months of {MONTHS} drawn")
        sums = ", ".join(
            f"sum({name})::{'integer' if n < 4 else 'decimal(18,8)' if n == 11 else _MONEY} as {name}"
            for n, name in enumerate(_SUMMED)
        )
        connection.execute(
            f"create table sales_group_month as select month, product_id, {sums} from sales_month "
            "group by month, product_id order by month, product_id"
        )
        rows = connection.execute("select count(*) from sales_month").fetchall()[0][0]
        connection.execute("checkpoint")
    return int(rows)


def _dimensions(
    connection: duckdb.DuckDBPyConnection, rng: np.random.Generator, pharmacies: int
) -> None:
    products: dict[str, Any] = {
        "product_id": np.arange(PRODUCTS, dtype=np.int32),
        "product_code": [f"34009{n:08d}" for n in range(PRODUCTS)],
        "label": [f"Produit {n}" for n in range(PRODUCTS)],
        "reimbursable": rng.random(PRODUCTS) < 0.6,
    }
    products |= {
        name: [f"{name} {n:04d}" for n in rng.integers(0, count, PRODUCTS)]
        for name, count in _ATTRIBUTES.items()
    }
    connection.register("given", pa.table(products))
    for name in _ATTRIBUTES:
        connection.execute(f'create type "{name}_e" as enum (select distinct "{name}" from given)')
    typed = ", ".join(f'"{name}"::"{name}_e" as "{name}"' for name in _ATTRIBUTES)
    texts = ", ".join(f"null::varchar as {name}" for name in _TEXTS)
    connection.execute(
        "create table product as select product_id, product_code, label, reimbursable, "
        f"{typed}, {texts} from given"
    )
    connection.execute(
        "create table pharmacy as select n::smallint as pharmacy_id, printf('75%07d', n) as pharmacy, "
        "'Pharmacie ' || n as name, (10 + n % 85)::varchar as department, 'Ville' as typology, "
        "'1 à 2 M€' as size_band, null::varchar as banner, null::varchar as lgo, "
        "null::varchar as grouping from range($count) t(n)",
        {"count": pharmacies},
    )
    connection.execute(
        "create table calendar as select day::date as day, date_trunc('month', day)::date as month, "
        "date_trunc('week', day)::date as week, isodow(day)::tinyint as weekday, true as open_day "
        "from generate_series(date '2023-01-01', date '2026-12-31', interval 1 day) t(day)"
    )
    connection.execute(
        "create table completeness as select pharmacy_id, 'sales' as feed, month, 26 as days_received, "
        "26 as days_expected, 'complete' as state from pharmacy, "
        "(select ($first + to_months(n::integer))::date as month from range($months) t(n))",
        {"first": FIRST_MONTH, "months": MONTHS},
    )


def _month(
    month: dt.date, weight: Any, price: Any, size: Any, rng: np.random.Generator
) -> pa.Table:
    """Draw a month: which products each pharmacy sold, how many boxes, for how much in cents."""
    season = 1 + 0.25 * np.cos(2 * np.pi * (month.month - 1) / 12)
    expected = weight * (_ROWS_A_MONTH * season / weight.sum()) * 1.7
    pharmacies, products, boxes = [], [], []
    for number, factor in enumerate(size):
        drawn = rng.poisson(expected * factor)
        sold = np.flatnonzero(drawn)
        pharmacies.append(np.full(len(sold), number, np.int16))
        products.append(sold.astype(np.int32))
        boxes.append(drawn[sold].astype(np.int32))
    product, quantity = np.concatenate(products), np.concatenate(boxes)
    net = price[product] * quantity
    excl = np.rint(net / 1.055).astype(np.int64)
    drawn_rows: dict[str, Any] = {
        "month": pa.repeat(pa.scalar(month, pa.date32()), len(net)),
        "pharmacy_id": np.concatenate(pharmacies),
        "product_id": product,
        "quantity": quantity,
        "net": net,
        "excl": excl,
        "cost": excl * 7 // 10,
    }
    return pa.table(drawn_rows)
