"""A small group drawn at random: its sale lines, purchases and counts, and the tables made of them.

The tables are made here with SQL written by hand, so that questions can be asked before and beside the
warehouse; the oracle (`tests.builders.oracle`) reads the lines themselves.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from galien.engines.duckdb import DuckDB, DuckDBBuilder
from galien.kernel.period import month_end, shift_months
from galien.model.enums import CHANNELS, SALE_TYPES, sale_type_mask
from tests.builders.derived_rows import Row, calendar_rows, completeness_rows, step_row

RATES = (Decimal("0.021"), Decimal("0.055"), Decimal("0.100"), Decimal("0.200"))
FIRST, LAST = dt.date(2024, 10, 1), dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ATTRIBUTES = (
    "universe_1", "universe_2", "family_1", "family_2", "segment_1", "segment_2", "brand", "range",
    "lab", "product_type", "generic_status", "generic_group", "prescription_status", "indication",
    "price_band",
)  # fmt: skip


class Group:
    """Everything a small group has, before any table is made."""

    def __init__(self) -> None:
        self.pharmacies: list[Row] = []
        self.products: list[Row] = []
        self.lines: list[Row] = []
        self.purchases: list[Row] = []
        self.stock: list[Row] = []
        self.late: set[tuple[str, str, dt.date]] = set()

    def product(self, code: str, day: dt.date) -> Row:
        """Return the version of a product on a day."""
        versions = [p for p in self.products if p["product_code"] == code and p["since"] <= day]
        return max(versions, key=lambda version: version["since"])


def random_group(seed: int, *, visits: int = 400, pharmacies: int = 4, products: int = 12) -> Group:
    """Draw a group. Attributes are unknown, products change family or have no label, lines are returns."""
    draw = random.Random(seed)
    group = Group()
    for number in range(pharmacies):
        group.pharmacies.append(_pharmacy(number, draw))
    for number in range(products):
        group.products += _versions(number, draw)
    for product_id, version in enumerate(group.products, 1):
        version["product_id"] = product_id
    codes = sorted({version["product_code"] for version in group.products})
    for visit in range(visits):
        group.lines += _visit(visit, draw, group.pharmacies, codes)
    for number in range(visits // 2):
        group.purchases.append(_purchase(number, draw, group.pharmacies, codes))
    group.stock = _counts(draw, group.pharmacies, codes)
    group.late.add((group.pharmacies[0]["pharmacy"], "sales", dt.date(2026, 10, 1)))
    return group


def _pharmacy(number: int, draw: random.Random) -> Row:
    return {
        "pharmacy_id": number + 1,
        "pharmacy": f"75000000{number}",
        "name": f"Pharmacie {number}",
        "department": draw.choice(("75", "69")),
        "typology": draw.choice(("rural", "city", None)),
        "size_band": None,
        "banner": None,
        "lgo": "logiciel",
        "grouping": "Groupe",
    }


def _versions(number: int, draw: random.Random) -> list[Row]:
    code = f"34009{number:08d}"
    first: Row = {name: draw.choice((None, f"{name} A", f"{name} B")) for name in ATTRIBUTES}
    first |= {
        "product_code": code,
        "since": dt.date(1900, 1, 1),
        "label": None if number % 3 == 2 else f"Produit {number}",
        "generic_group_label": first["generic_group"] and f"Libellé {first['generic_group']}",
        "generic_status": draw.choice((None, "originator", "generic")),
        "reimbursable": draw.choice((True, False, None)),
        "vat_rate": draw.choice(RATES),
    }
    if number % 3:
        return [first]
    moved = first | {
        "since": dt.date(2026, 2, 1),
        "family_1": "family_1 C",
        "label": f"Neuf {number}",
    }
    return [first, moved]


def _day(draw: random.Random) -> dt.date:
    return FIRST + dt.timedelta(days=draw.randrange((LAST - FIRST).days + 1))


def _euros(draw: random.Random, most: int) -> Decimal:
    return Decimal(draw.randrange(most)) / 100


def _visit(visit: int, draw: random.Random, pharmacies: list[Row], codes: list[str]) -> list[Row]:
    pharmacy, day = draw.choice(pharmacies)["pharmacy"], _day(draw)
    band, operator = draw.randrange(4, 10), draw.choice(("op1", "op2"))
    lines = []
    for _ in range(draw.randrange(1, 5)):
        sale_type = draw.choice((*SALE_TYPES[:3], *SALE_TYPES))
        quantity = draw.choice((1, 1, 2, 3, -1))
        excl = quantity * _euros(draw, 3000)
        rate = draw.choice(RATES)
        costed = draw.random() > 0.1
        lines.append(
            {
                "pharmacy": pharmacy, "day": day, "band": band, "operator": operator,
                "visit": visit, "invoice": f"{visit}/{draw.randrange(2)}", "sale_type": sale_type,
                "product_code": draw.choice(codes), "vat_rate": rate, "quantity": quantity,
                "net_excl": excl, "net_incl": (excl * (1 + rate)).quantize(Decimal("0.01")),
                "cost_excl": (excl * Decimal("0.7")).quantize(Decimal("0.01")) if costed else None,
                "fee_excl": Decimal("1.02") / (1 + rate) if "prescription" in sale_type else Decimal(0),
            }
        )  # fmt: skip
        lines[-1]["gross_incl"] = lines[-1]["net_incl"] + quantity * Decimal("0.30")
        lines[-1]["fee_excl"] = lines[-1]["fee_excl"].quantize(Decimal("0.00000001"))
    return lines


def _purchase(number: int, draw: random.Random, pharmacies: list[Row], codes: list[str]) -> Row:
    delivered, price = draw.randrange(-2, 30), _euros(draw, 2000)
    listed = delivered * price
    return {
        "pharmacy": draw.choice(pharmacies)["pharmacy"], "delivered_on": _day(draw),
        "document_id": f"BL{number}", "line_no": 1,
        "invoiced_on": None, "list_price_excl": price, "supplier": draw.choice(("Alpha", "Bêta", "Gamma")),
        "channel": draw.choice(CHANNELS), "product_code": draw.choice(codes),
        "ordered_quantity": delivered, "delivered_quantity": delivered,
        "free_quantity": draw.choice((None, 0, 1, 2)), "list_amount_excl": listed,
        "net_amount_excl": (listed * Decimal(draw.choice(("1", "0.95", "0.8")))).quantize(Decimal("0.01")),
        "vat_rate": draw.choice(RATES), "free_amount": draw.choice((0, 0, 1)) * price,
        "cash_discount": _euros(draw, 300), "rebate": _euros(draw, 500) - 1,
        "cooperation": _euros(draw, 100),
    }  # fmt: skip


def _counts(draw: random.Random, pharmacies: list[Row], codes: list[str]) -> list[Row]:
    counts = []
    for pharmacy in pharmacies:
        for months in range(24):
            day = month_end(shift_months(dt.date(2024, 11, 1), months)) - dt.timedelta(
                draw.randrange(5)
            )
            counts += [
                {
                    "pharmacy": pharmacy["pharmacy"], "on_date": day, "product_code": code,
                    "quantity": draw.randrange(-1, 40), "location": None,
                    "minimum": None, "nearest_expiry": None,
                    "weighted_average_cost": draw.choice((None, _euros(draw, 2000), _euros(draw, 2000))),
                }
                for code in codes
                if draw.random() < 0.6
            ]  # fmt: skip
    return counts


def _sum(rows: list[Row], grain: tuple[str, ...], measures: tuple[str, ...]) -> list[Row]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in grain)
        into = found.setdefault(
            key, dict(zip(grain, key, strict=True)) | dict.fromkeys(measures, 0)
        )
        for name in measures:
            into[name] += row[name] or 0
    return list(found.values())


def facts(group: Group) -> dict[str, list[Row]]:
    """Return the day facts of a group, with the numbers of its pharmacies and products."""
    ids = {row["pharmacy"]: row["pharmacy_id"] for row in group.pharmacies}
    versions: dict[tuple[str, dt.date], int] = {}

    def version(code: str, day: dt.date) -> int:
        if (code, day) not in versions:
            versions[code, day] = group.product(code, day)["product_id"]
        return versions[code, day]

    zero = dict.fromkeys(("discount_incl", "vat_amount", "fee_incl"), Decimal(0))
    sales = [
        line
        | zero
        | {
            "pharmacy_id": ids[line["pharmacy"]],
            "month": line["day"].replace(day=1),
            "product_id": version(line["product_code"], line["day"]),
            "campaign": None,
            "lines": 1,
            "uncosted_lines": int(line["cost_excl"] is None),
            "returned_quantity": max(0, -line["quantity"]),
        }
        for line in group.lines
    ]
    visits: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for line in sales:
        where = (line["pharmacy_id"], line["day"], line["month"], line["band"])
        visits[*where, "visit", line["visit"]].add(line["sale_type"])
        visits[*where, "invoice", line["invoice"]].add(line["sale_type"])
    masks = [
        dict(zip(("pharmacy_id", "day", "month", "band", "kind"), key[:5], strict=True))
        | {"sale_types": sale_type_mask(*types), "count": 1}
        for key, types in visits.items()
    ]
    return {
        "sales": sales,
        "visits": _sum(masks, ("pharmacy_id", "day", "month", "band", "kind", "sale_types"), ("count",)),
        "purchases": [
            row
            | {
                "pharmacy_id": ids[row["pharmacy"]],
                "day": row["delivered_on"],
                "month": row["delivered_on"].replace(day=1),
                "product_id": version(row["product_code"], row["delivered_on"]),
            }
            for row in group.purchases
        ],
        "steps": [step_row(row, number, ids, version) for number, row in enumerate(group.purchases)],
        "stock": [
            row
            | {
                "pharmacy_id": ids[row["pharmacy"]],
                "month": row["on_date"].replace(day=1),
                "product_id": version(row["product_code"], row["on_date"]),
            }
            for row in group.stock
        ],
    }  # fmt: skip


_MONEY = pa.decimal128(18, 2)
_TYPES = {
    "pharmacy_id": pa.int16(), "product_id": pa.int32(), "day": pa.date32(), "month": pa.date32(),
    "delivered_on": pa.date32(), "on_date": pa.date32(), "invoiced_on": pa.date32(),
    "since": pa.date32(), "band": pa.int64(),
    "vat_rate": pa.decimal128(7, 6), "fee_excl": pa.decimal128(18, 8), "reimbursable": pa.bool_(),
    "quantity": pa.int64(), "ordered_quantity": pa.int64(), "delivered_quantity": pa.int64(),
    "free_quantity": pa.int64(), "returned_quantity": pa.int64(), "lines": pa.int64(),
    "uncosted_lines": pa.int64(), "count": pa.int64(), "sale_types": pa.int64(),
    "line_no": pa.int64(), "weighted_average_cost": pa.decimal128(18, 4), "visit": pa.int64(),
    "minimum": pa.int64(), "nearest_expiry": pa.date32(),
    "weekday": pa.int64(), "days_received": pa.int64(), "days_expected": pa.int64(),
} | dict.fromkeys(
    ("gross_incl", "discount_incl", "net_incl", "net_excl", "vat_amount", "cost_excl", "fee_incl",
     "list_price_excl", "list_amount_excl", "net_amount_excl", "free_amount", "cash_discount", "rebate",
     "cooperation"),
    _MONEY,
)  # fmt: skip


def arrow(rows: list[Row]) -> pa.Table:
    """Make an Arrow table of rows, each column with the type the derived tables have."""
    return pa.table(
        {name: pa.array([r[name] for r in rows], _TYPES.get(name, pa.string())) for name in rows[0]}
    )


_SALES = (
    ", ".join(
        f"sum({name}) as {name}"
        for name in ("quantity", "returned_quantity", "lines", "uncosted_lines")
    )
    + "".join(
        f", cast(sum({name}) as decimal(18,2)) as {name}"
        for name in (
            "gross_incl",
            "discount_incl",
            "net_incl",
            "net_excl",
            "vat_amount",
            "cost_excl",
            "fee_incl",
        )
    )
    + ", cast(sum(fee_excl) as decimal(18,8)) as fee_excl"
)
_BOUGHT = (
    "sum(ordered_quantity) as ordered_quantity, sum(delivered_quantity) as delivered_quantity, "
    "sum(free_quantity) as free_quantity, cast(sum(list_amount_excl) as decimal(18,2)) as list_amount, "
    "cast(sum(net_amount_excl) as decimal(18,2)) as net_amount, count(*) as lines"
    + "".join(
        f", cast(sum({name}) as decimal(18,2)) as {name}"
        for name in ("free_amount", "cash_discount", "rebate", "cooperation")
    )
)
_GRAINS = {
    "sales_day": "day, month, pharmacy_id, product_id, sale_type, vat_rate, campaign",
    "sales_month": "month, pharmacy_id, product_id",
    "sales_month_type": "month, pharmacy_id, product_id, sale_type, vat_rate",
    "sales_group_month": "month, product_id",
    "sales_group_month_type": "month, product_id, sale_type, vat_rate",
    "sales_day_pharmacy": "day, month, pharmacy_id, sale_type, vat_rate",
}
_PURCHASE_GRAINS = {
    "purchases_month": "month, pharmacy_id, product_id, supplier, channel, vat_rate",
    "purchases_group_month": "month, product_id, supplier, channel, vat_rate",
    "purchases_product_month": "month, product_id",
    "purchases_day_pharmacy": "day, month, pharmacy_id, supplier, channel, vat_rate",
}


def build(group: Group, path: Path) -> None:
    """Write the derived file of a group."""
    made = facts(group)
    with DuckDB().build(path) as bench:
        for name, rows in {
            "product_rows": group.products,
            "pharmacy_rows": group.pharmacies,
            "sales_rows": made["sales"],
            "visit_rows": made["visits"],
            "purchase_rows": made["purchases"],
            "step_rows": made["steps"],
            "stock_rows": made["stock"],
            "calendar_rows": calendar_rows(FIRST, LAST),
            "completeness_rows": completeness_rows(
                [row["pharmacy"] for row in group.pharmacies], group.late, FIRST
            ),
        }.items():
            bench.register(name, arrow(rows))
        bench.run("create table product as select * from product_rows")
        for column in ("lab", "family_1", "generic_status"):
            bench.run(
                f"create type {column}_e as enum (select distinct {column} from product "
                f"where {column} is not null); "
                f"alter table product alter {column} type {column}_e"
            )
        bench.run(f"create type sale_type_e as enum {SALE_TYPES}")
        bench.run(
            "create table lines as select * replace (cast(sale_type as sale_type_e) as sale_type) "
            "from sales_rows"
        )
        for name, grain in _GRAINS.items():
            bench.run(
                f"create table {name} as select {grain}, {_SALES} from lines group by all "
                f"order by {grain}"
            )
        bench.run(
            "create table traffic_day as select day, month, pharmacy_id, band, sale_type, "
            "sum(lines) as lines, sum(net_incl)::decimal(18,2) as net_incl, "
            "sum(net_excl)::decimal(18,2) as net_excl from lines group by all"
        )
        bench.run(
            "create table operator_month as select month, pharmacy_id, operator, band, "
            f"{_SALES} from lines group by all"
        )
        bench.run("drop table lines")
        bench.run("create table purchase_step as from step_rows")
        bench.run(
            "create table pharmacy as from pharmacy_rows; create table visit_day as from visit_rows; "
            "create table purchase_line as from purchase_rows; create table stock_level as from stock_rows; "
            "create table calendar as from calendar_rows; create table completeness as from completeness_rows"
        )
        for name, grain in _PURCHASE_GRAINS.items():
            bench.run(
                f"create table {name} as select {grain}, {_BOUGHT} from purchase_line group by all"
            )
        _add_runs(bench)
        bench.finish()


_RUNS = (("2025-11-01", "2026-10-01"), ("2024-11-01", "2025-10-01"), ("2025-01-01", "2025-06-01"))


def _add_runs(bench: DuckDBBuilder) -> None:
    bench.run("create table month_run (first_month date, last_month date)")
    for first, last in _RUNS:
        bench.run(f"insert into month_run values ('{first}', '{last}')")
    bought = _BOUGHT.replace("_excl)", ")").replace("count(*)", "sum(lines)")
    for name in ("sales", "sales_group", "purchases", "purchases_group", "purchases_product"):
        keys = (_GRAINS | _PURCHASE_GRAINS)[f"{name}_month"].removeprefix("month, ")
        sums = _SALES if name.startswith("sales") else bought
        bench.run(
            f"create table {name}_run as select first_month, last_month, {keys}, {sums} from "
            f"{name}_month join month_run on month between first_month and last_month group by all"
        )
