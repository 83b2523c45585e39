"""Products known late, or renamed: totals never move, and nothing has to be sent again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from galien.warehouse.reader import ReleaseReader
from galien.warehouse.reference import Reference
from tests.builders.warehouse import PHARMACIES, Rows, Workspace, days_between, random_file

FIRST = dt.date(2026, 1, 30)
DAYS = days_between(FIRST, FIRST + dt.timedelta(4))
CHANGED = dt.date(2026, 2, 1)  # the third of the days
FACTS = {
    "sales": ("sales_day", "net_incl"),
    "purchases": ("purchase_line", "net_amount_excl"),
    "stock": ("stock_level", "quantity"),
}
ON = {"sales": "day", "purchases": "day", "stock": "on_date"}
DELIVERED_ON = {"sales": "day", "purchases": "delivered_on", "stock": "on_date"}
NAMES = {"sales": "sale_day", "purchases": "purchase_line", "stock": "stock_level"}


def catalogue(*versions: tuple[str, dt.date | None, str]) -> Reference:
    """A catalogue of product versions: code, since when, label."""
    codes, since, labels = zip(*versions, strict=True) if versions else ((), (), ())
    products = pa.table(
        {
            "product_code": pa.array(codes, pa.string()),
            "since": pa.array(since, pa.date32()),
            "until": pa.nulls(len(codes), pa.date32()),
            "label": pa.array(labels, pa.string()),
        }
    )
    return Reference(products=products)


def by_label(workspace: Workspace, feed: str) -> dict[tuple[dt.date, str | None], Decimal]:
    """Return the amounts of a day under each label, as the current release says."""
    table, amount = FACTS[feed]
    reader = ReleaseReader(
        ledger=workspace.ledger, store=workspace.store, engines=workspace.engines,
        clock=workspace.clock, every=0,
    )  # fmt: skip
    with reader.hold() as held:
        rows = held.engine.query(
            f"select {ON[feed]} as day, label, sum({amount}) as total "
            f"from {table} join product using (product_id) group by all"
        ).to_pylist()
    reader.close()
    return {(row["day"], row["label"]): row["total"] for row in rows}


def by_hand(rows: Rows, feed: str, label: Any) -> dict[tuple[dt.date, str | None], Decimal]:
    found: dict[tuple[dt.date, str | None], Decimal] = {}
    for row in rows[NAMES[feed]]:
        day = row[DELIVERED_ON[feed]]
        key = (day, label(row["product_code"], day))
        found[key] = found.get(key, Decimal(0)) + row[FACTS[feed][1]]
    return found


@pytest.mark.parametrize("feed", FACTS)
def test_b30_an_unknown_product_counts_at_once_and_is_named_when_it_is_known(
    tmp_path: Path, feed: str
) -> None:
    file = random_file(5, pharmacy=PHARMACIES[0], feed=feed, days=DAYS)
    codes = sorted({row["product_code"] for row in file.rows[NAMES[feed]]})
    workspace = Workspace(tmp_path)
    workspace.load(file)
    workspace.publish()
    assert by_label(workspace, feed) == by_hand(file.rows, feed, lambda _code, _day: None)
    workspace.reference = catalogue(*((code, None, f"Produit {code}") for code in codes))
    workspace.publish()
    named = by_hand(file.rows, feed, lambda code, _day: f"Produit {code}")
    assert by_label(workspace, feed) == named


@pytest.mark.parametrize("feed", FACTS)
def test_b31_a_product_is_read_under_its_name_of_the_day(tmp_path: Path, feed: str) -> None:
    file = random_file(6, pharmacy=PHARMACIES[0], feed=feed, days=DAYS)
    codes = sorted({row["product_code"] for row in file.rows[NAMES[feed]]})
    versions = [(code, since, f"{code} {name}") for code in codes
                for since, name in ((None, "avant"), (CHANGED, "après"))]  # fmt: skip
    workspace = Workspace(tmp_path, catalogue(*versions))
    workspace.load(file)
    workspace.publish()
    expected = by_hand(
        file.rows, feed, lambda code, day: f"{code} {'avant' if day < CHANGED else 'après'}"
    )
    assert by_label(workspace, feed) == expected
