"""The Belgian pair: codes that nobody has, prices of the law, free ones since September 2025."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from galien.demo.belgium.products import Product, make_products
from galien.demo.belgium.trade import PAIR, make_trade, price_of
from galien.kernel.codes import cnk_ok
from galien.law import Law
from galien.model.country import country_of

LAST = dt.date(2025, 9, 30)


@pytest.fixture(scope="module")
def products() -> tuple[Product, ...]:
    return make_products(Law.load())


def test_codes_are_cnk_and_pharmacies_are_belgian(products: tuple[Product, ...]) -> None:
    assert all(cnk_ok(each.code) for each in products)
    assert len({each.code for each in products}) == len(products)
    assert {country_of(place.number) for place in PAIR} == {"BE"}


def test_a_prescribed_medicine_earns_the_economic_margin_and_its_fee(
    products: tuple[Product, ...],
) -> None:
    # 4 € ex-factory: 4 × 7,18 % = 0,2872 € of margin; wholesaler 4 × 13,1 % (invented); VAT 6 %.
    first = products[0]
    assert first.price_incl == Decimal("5.10")
    assert first.fee_incl == Decimal("5.36")  # 5,06 € of 2024 and 6 %
    assert {each.vat_rate for each in products} == {Decimal("0.06"), Decimal("0.21")}


def test_only_what_is_no_medicine_has_a_price_of_its_own_and_since_september(
    products: tuple[Product, ...],
) -> None:
    before, since = dt.date(2025, 8, 31), dt.date(2025, 9, 1)
    for place in PAIR:
        for each in products:
            assert price_of(each, place, before) == each.price_incl
            moved = price_of(each, place, since) != each.price_incl
            assert moved == (each.vat_rate == Decimal("0.21"))


def test_the_same_seed_gives_the_same_trade(products: tuple[Product, ...]) -> None:
    one, other = (make_trade(PAIR[0], products, last=LAST, seed=3) for _ in range(2))
    assert one == other
    assert all(dt.date.fromisoformat(str(row[1])[:10]).isoweekday() < 7 for row in one.sales)
    assert {row[1] for row in one.stock} == {
        dt.date(2025, 7, 31), dt.date(2025, 8, 31), LAST,
    }  # fmt: skip


def test_the_pair_is_built_in_a_workspace_of_its_own(tmp_path: Path) -> None:
    def galien(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "galien.site.main", "--workspace", str(tmp_path / "be")]
        line += ["--format", "json", *words]
        return subprocess.run(line, capture_output=True, text=True, timeout=200, check=False)

    built = galien("demo", "--on", "2025-10-05", "--belgium", "--no-serve")
    assert json.loads(built.stdout)["files"] == ["accepted"] * 6, built.stderr
    valued = galien(
        "stock", "value", "--on", "2025-08-31", "--method", "fiscal", "--pharmacy", PAIR[0].number
    )
    answer = json.loads(valued.stdout)
    by = {each["method"]: each["value"] for each in answer["methods"]}
    assert by["fiscal"] > by["weighted"] > 0
    french = galien("demo", "--on", "2025-10-05", "--no-serve")
    assert french.returncode == 2
