"""The law over the whole catalogue: the margin of every priced presentation, from its public price."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np

from bench.options import Options
from bench.report import Budget, Report, Table
from bench.timing import in_turn, milliseconds
from galien.calculators.margin import ex_factory_from_public_price
from galien.kernel.money import cents
from galien.law import Law, PriceStructure
from galien.law.price_batch import ex_factory_cents, margin_cents
from galien.warehouse.bdpm import read_bdpm
from galien.warehouse.product_prices import priced_rows

FILES = Path(__file__).parents[2] / "data" / "bdpm"
PUBLISHED_ON = dt.date(2026, 7, 24)
ONE_BY_ONE = 500


def measure(options: Options) -> Report:
    """Take every public price of July 2026 apart at once, and some of them one at a time."""
    report = Report("law")
    bdpm = read_bdpm(FILES, published_on=PUBLISHED_ON)
    prices = [row.point.price or 0 for row in priced_rows(bdpm) if row.until is None]
    structure = PriceStructure.on(Law.load(), PUBLISHED_ON)
    public = np.array(prices, dtype=np.int64)
    ex_factory = ex_factory_cents(public, structure)
    runs = {
        "ex-factory prices and margins, all at once": lambda: margin_cents(
            ex_factory_cents(public, structure), structure
        ),
        "margins alone, all at once": lambda: margin_cents(ex_factory, structure),
    }
    times = in_turn(runs, max(options.rounds, 5))
    by_one = milliseconds(lambda: _one_by_one(prices[:ONE_BY_ONE], structure))
    times["ex-factory prices and margins, one at a time"] = by_one * len(prices) / ONE_BY_ONE
    loading = milliseconds(lambda: Law.load().parameters())
    report.tables.append(
        Table(
            f"Regulated margin of {len(prices)} presentations",
            ("work", "milliseconds"),
            list(times.items()),
            f"one at a time: {ONE_BY_ONE} prices, scaled; every file of the law read: {loading:.0f} ms",
        )
    )
    whole = times["ex-factory prices and margins, all at once"]
    report.budgets.append(Budget("margin of the whole catalogue", whole, 50, "ms"))
    return report


def _one_by_one(prices: list[int], structure: PriceStructure) -> list[int]:
    return [
        cents(structure.margin(ex_factory_from_public_price(Decimal(price).scaleb(-2), structure)))
        for price in prices
    ]
