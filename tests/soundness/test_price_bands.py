"""Price bands: each line falls in the band of the price its product had that day, whatever changed when."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from galien.engines.protocol import Engine
from tests.builders.warehouse import (
    CODES,
    PHARMACIES,
    Workspace,
    days_between,
    random_file,
    reference,
)

Row = dict[str, Any]
DAYS = days_between(dt.date(2026, 1, 5), dt.date(2026, 3, 10))
FIRST_UNDER = ((5, "000-005"), (10, "005-010"), (20, "010-020"), (50, "020-050"),
               (150, "050-150"), (500, "150-500"))  # fmt: skip


def drawn_prices(seed: int) -> list[Row]:
    """Draw prices that change, end and come back, of products known or not, one without any."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for code in CODES[:2]:
        days = sorted(draw.sample(DAYS, 4))
        for since, until in zip(days, [*days[1:], None], strict=True):
            gone = until is None and draw.random() < 0.5
            last = days[-1] + dt.timedelta(7) if gone else until
            if until is not None and draw.random() < 0.3:
                last = since + (until - since) // 2
            if last != since:
                rows.append({"product_code": code, "since": since, "until": last})
                rows[-1]["public_price_incl"] = Decimal(draw.randrange(60_000)).scaleb(-2)
    return rows


def band_on(prices: list[Row], code: str, day: dt.date) -> str | None:
    """Return the band of a code on a day, the slow way."""
    own = sorted((row for row in prices if row["product_code"] == code), key=lambda r: r["since"])
    if not own:
        return None
    holding = own[0]
    for row in own:
        if row["since"] <= day:
            holding = row
    if holding["until"] is not None and holding["until"] <= day:
        return None
    price = holding["public_price_incl"]
    return next((band for under, band in FIRST_UNDER if price < under), "500")


def published(tmp_path: Path, prices: list[Row]) -> tuple[Workspace, Engine]:
    """Publish two pharmacies' sales with these prices."""
    types: dict[str, pa.DataType] = {"product_code": pa.string(), "since": pa.date32(), "until": pa.date32(),
             "public_price_incl": pa.decimal128(18, 4)}  # fmt: skip
    table = pa.Table.from_pylist(prices, schema=pa.schema(types))
    workspace = Workspace(tmp_path, replace(reference(), prices=table))
    for seed, pharmacy in enumerate(PHARMACIES[:2]):
        workspace.load(random_file(seed, pharmacy=pharmacy, days=DAYS))
    return workspace, opened(workspace)


def opened(workspace: Workspace) -> Engine:
    path = workspace.store.places.derived_file(workspace.publish().release)
    return workspace.engines.open(path)


def check(engine: Engine, prices: list[Row]) -> None:
    lines = engine.query(
        "select day, product_code, label, cast(price_band as varchar) as band "
        "from sales_day join product using (product_id)"
    ).to_pylist()
    assert lines
    for line in lines:
        assert line["band"] == band_on(prices, line["product_code"], line["day"]), line
        if line["product_code"] == CODES[1]:
            assert line["label"] == ("Ancien" if line["day"] < dt.date(2026, 2, 15) else "Nouveau")
    spans = engine.query("select product_code, since, until from product order by product_id")
    by_code: dict[str, list[Row]] = {}
    for row in spans.to_pylist():
        by_code.setdefault(row["product_code"], []).append(row)
    for rows in by_code.values():
        for before, after in pairwise(rows):
            assert before["until"] == after["since"]


@pytest.mark.parametrize("seed", range(6))
def test_each_line_is_in_the_band_of_its_day(tmp_path: Path, seed: int) -> None:
    prices = drawn_prices(seed)
    _, engine = published(tmp_path, prices)
    check(engine, prices)
    engine.close()


def test_a_new_price_changes_the_bands_of_the_next_release(tmp_path: Path) -> None:
    prices = drawn_prices(1)
    workspace, engine = published(tmp_path, prices)
    engine.close()
    risen = [row | {"public_price_incl": row["public_price_incl"] + 600} for row in prices]
    table = pa.Table.from_pylist(risen, schema=workspace.reference.prices.schema)
    workspace.reference = replace(workspace.reference, prices=table)
    engine = opened(workspace)
    check(engine, risen)
    engine.close()


def test_a_price_that_moves_within_its_band_makes_no_version(tmp_path: Path) -> None:
    prices = [
        {"product_code": CODES[0], "since": day, "until": None, "public_price_incl": Decimal(price)}
        for day, price in ((DAYS[0], "5.00"), (DAYS[20], "9.99"))
    ]
    prices[0]["until"] = DAYS[20]
    _, engine = published(tmp_path, prices)
    versions = engine.query(f"select price_band from product where product_code = '{CODES[0]}'")
    assert [row["price_band"] for row in versions.to_pylist()] == ["005-010"]
    engine.close()
