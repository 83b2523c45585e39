"""A small group whose products have regulated prices: what the tests of pay price line by line."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa

from galien.law import Law
from galien.usecases.services import Services
from galien.warehouse.manifest import Manifest, TableFile
from galien.warehouse.product_prices import PRICE_SCHEMA
from galien.warehouse.store import Store
from tests.builders.answering import services
from tests.builders.derived import Group
from tests.builders.derived_rows import Row

PRICE_CHANGE = dt.date(2026, 5, 12)
STATUSES = ("generic", "originator", "outside", "hybrid", "substitutable")


def price_rows(group: Group, seed: int) -> list[Row]:
    """Draw a price for most products, half of which change in the middle of a month."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for code in sorted({version["product_code"] for version in group.products}):
        if draw.random() < 0.2:
            continue
        first: Row = {
            "product_code": code,
            "since": dt.date(2020, 4, 17),
            "until": None,
            "public_price_incl": Decimal("10.0000"),
            "fee_incl": draw.choice((Decimal("1.0200"), Decimal("2.7600"), Decimal("0.0000"))),
            "price_with_fee_incl": Decimal("11.0200"),
            "ex_factory_price": Decimal(draw.randrange(20, 300000)) / 100,
            "reimbursement_rate": draw.choice((Decimal("0.65"), Decimal("0.15"), Decimal(1))),
        }
        if draw.random() < 0.5:
            later = first | {
                "since": PRICE_CHANGE,
                "ex_factory_price": Decimal(draw.randrange(20, 9000)) / 100,
            }
            first["until"] = PRICE_CHANGE
            rows += [first, later]
        else:
            rows.append(first)
    return rows


def place_rows(group: Group, seed: int) -> list[Row]:
    """Draw the place of each product in the registers: two groups of one pack size."""
    draw = random.Random(seed + 1)
    codes = sorted({version["product_code"] for version in group.products})
    return [
        {
            "product_code": code,
            "since": dt.date(1900, 1, 1),
            "until": None,
            "generic_status": draw.choice(STATUSES),
            "generic_group": draw.choice(("G1", "G2")),
            "pack_size": 30,
        }
        for code in codes
    ]


def priced_services(group: Group, prices: list[Row], places: list[Row], folder: Path) -> Services:
    """Return services over a group whose release carries these prices and places."""
    for each in ("store", "tmp"):
        (folder / each).mkdir(exist_ok=True)
    store = Store(folder)
    tables = {
        "prices": pa.Table.from_pylist(prices, schema=PRICE_SCHEMA),
        "catalogue": pa.Table.from_pylist(places),
    }
    kept = [(name, store.put(table)) for name, table in tables.items()]
    manifest = Manifest(
        files=(), tables=tuple(TableFile(n, ref.sha256, ref.rows, ref.bytes) for n, ref in kept)
    )
    made = services(group, folder)
    reader = cast("Any", made.reader)
    reader.held = replace(reader.held, manifest=manifest)
    return replace(
        made, law=Law.load(), store=store, workspace=cast("Any", SimpleNamespace(path=folder))
    )
