"""The 13 584 prices of the public file of July 2026 against the law, counted case by case.

The oracle reads the file's own text and tries ex-factory prices with fractions, apart from the code.
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections import Counter
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from galien.law import Law
from galien.usecases.check_prices import check_public_files
from galien.warehouse.price_check import PriceCheck

DATA = Path(__file__).parents[2] / "data" / "bdpm"
TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def checked() -> PriceCheck:
    return check_public_files(DATA, law=Law.load(), today=TODAY)


@cache
def published() -> dict[str, tuple[int, int, int]]:
    """Price, fee and price with fee of each priced presentation, in cents, from the file's text."""
    found = {}
    with gzip.open(DATA / "CIS_CIP_bdpm.txt.gz", "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            cells = line.rstrip("\r\n").split("\t")
            if cells[9]:
                price, total, fee = (int(cells[at].replace(",", "")) for at in (9, 10, 11))
                found[cells[6]] = (price, fee, total)
    return found


def public_price(ex_factory: int) -> int:
    """The public price in cents of an ex-factory price in cents, on the scales of July 2026."""
    price = Fraction(ex_factory, 100)
    slices = [("0", "1.91", "0.10"), ("1.91", "22.90", "0.07"), ("22.90", "150", "0.055")]
    slices += [("150", "1930", "0.05")]
    margin = sum(
        max(min(price, Fraction(end)) - Fraction(start), Fraction(0)) * Fraction(rate)
        for start, end, rate in slices
    )
    wholesaler = min(price, Fraction("468.97")) * Fraction("0.0693")
    wholesaler = min(max(wholesaler, Fraction("0.30")), Fraction("32.50"))
    cents = (price + margin + wholesaler) * Fraction("1.021") * 100
    return int(cents + Fraction(1, 2))


def reached(price: int) -> bool:
    """Tell whether some ex-factory price in cents gives a public price."""
    low, high = 0, price
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if public_price(middle) < price else (low, middle)
    return public_price(low) == price


def test_the_file_is_judged_on_its_own_day(checked: PriceCheck) -> None:
    assert checked.on == dt.date(2026, 7, 24)
    assert set(checked.cases) == set(published())
    assert checked.presentations == 13_584


def test_how_many_prices_are_what_the_scales_give(checked: PriceCheck) -> None:
    assert {verdict.case: verdict.count for verdict in checked.verdicts} == {
        "sum": 13_581,
        "own_scale": 6_456,
        "originator_margin": 6_871,
        "fee_month": 11_075,
        "fee_quarter": 1_694,
        "sum_off": 3,
        "generic_own_scale": 51,
        "parts_rounded": 194,
        "unreachable": 12,
        "fee_month_large_pack": 675,
        "fee_quarter_small_pack": 99,
        "fee_pack_unread": 41,
        "fee_unlawful": 0,
    }
    assert (checked.prices_back, checked.consistent) == (13_327, 13_324)


def test_sums_and_fees_are_those_of_the_file_s_text(checked: PriceCheck) -> None:
    off = {code for code, (price, fee, total) in published().items() if price + fee != total}
    assert off == {code for code, cases in checked.cases.items() if cases[0] == "sum_off"}
    fees = Counter(fee for _, fee, _ in published().values())
    assert fees == {102: 11_783, 276: 1_801}


def test_prices_on_their_own_scale_are_those_a_plain_search_reaches(checked: PriceCheck) -> None:
    own = {
        "own_scale": True,
        "generic_own_scale": True,
        "unreachable": False,
        "parts_rounded": False,
    }
    for code, (_, price, _) in checked.cases.items():
        if price in own and published()[code][0] < 100_000:
            assert reached(published()[code][0]) == own[price], code


def test_chance_alone_would_give_fewer_back(checked: PriceCheck) -> None:
    moved = [reached(price + 3) for price, _, _ in list(published().values())[::20]]
    assert 0.84 < sum(moved) / len(moved) < 0.93
    assert float(checked.by_chance) < 0.92 < checked.prices_back / checked.presentations
