"""Prices in doubt, prices the law refuses, and how volumes answer prices."""

from __future__ import annotations

import datetime as dt
import math
import random
from decimal import Decimal

import pytest

from galien.calculators.pricing.coherence import Kind, Seen, doubts, quartiles
from galien.calculators.pricing.elasticity import PriceChange, estimate
from galien.calculators.pricing.legality import Nature, Regulated, Standing, check, is_free
from galien.law import Law

LAW = Law.load()
ON = dt.date(2026, 11, 22)
D = Decimal


def _others(*prices: float) -> tuple[Decimal, ...]:
    return tuple(D(str(price)) for price in prices)


def test_four_other_pharmacies_are_too_few_to_be_told() -> None:
    assert quartiles(_others(1, 2, 3, 4)) is None
    assert doubts([Seen("p", D(99), others=_others(10, 10, 10, 10))], on=ON) == ()


def test_quartiles_are_those_of_spreadsheets() -> None:
    found = quartiles(_others(10, 11, 12, 13, 14, 18))
    assert found is not None
    assert (found.first, found.median, found.third) == (D("11.25"), D("12.5"), D("13.75"))


def test_outliers_come_first_and_the_most_sold_before_the_others() -> None:
    group = _others(10, 10.2, 10.4, 10.6, 10.8)
    found = doubts(
        [
            Seen("advised", D("12.00"), units=D(900), advised_incl=D(10)),
            Seen("rare", D("20.00"), units=D(3), others=group),
            Seen("often", D("15.00"), units=D(300), others=group),
            Seen("fine", D("10.50"), units=D(999), others=group),
        ],
        on=ON,
    )
    assert [(each.seen.product_code, each.kind) for each in found] == [
        ("often", Kind.OUTLIER),
        ("rare", Kind.OUTLIER),
        ("advised", Kind.FAR_FROM_ADVISED),
    ]


def test_a_price_under_cost_is_the_gravest() -> None:
    [found] = doubts(
        [Seen("p", D("11.99"), vat_rate=D("0.2"), cost=D(10), advised_incl=D(5))], on=ON
    )
    assert found.kind is Kind.UNDER_COST


def test_a_price_left_while_its_cost_moved_is_told() -> None:
    seen = Seen(
        "p", D(20), cost=D(12), vat_rate=D("0.2"), former_cost=D(10), changed_on=dt.date(2025, 3, 1)
    )
    [found] = doubts([seen], on=ON)
    assert (found.kind, found.gap) == (Kind.COST_MOVED, D("0.2"))


@pytest.mark.parametrize(
    ("product", "free"),
    [
        (Regulated(Nature.MEDICINE, reimbursable=True), False),
        (Regulated(Nature.MEDICINE, reimbursable=False), True),
        (Regulated(Nature.OTHER), True),
        (Regulated(Nature.DEVICE, reimbursable=True), False),
        (Regulated(Nature.DEVICE, reimbursable=True, maximum_incl=D(30)), True),
        (Regulated(Nature.MEDICINE, reimbursable=False, country="BE"), False),
        (Regulated(Nature.HOMEOPATHY, country="BE"), False),
        (Regulated(Nature.DEVICE, reimbursable=True, country="BE"), False),
        (Regulated(Nature.OTHER, country="BE"), True),
    ],
)
def test_what_the_law_leaves_free(product: Regulated, free: bool) -> None:
    assert is_free(product) is free


def test_a_sale_under_the_effective_purchase_cost_is_refused() -> None:
    product = Regulated(Nature.OTHER, vat_rate=D("0.2"), effective_cost=D(10))
    [found] = check(product, D("11.99"), LAW, on=ON)
    assert (found.code, found.standing) == ("under_cost", Standing.REFUSED)
    assert check(product, D("12.00"), LAW, on=ON) == ()


def test_a_price_over_the_limit_of_the_list_is_refused() -> None:
    product = Regulated(Nature.DEVICE, reimbursable=True, maximum_incl=D(30))
    assert [each.code for each in check(product, D("30.01"), LAW, on=ON)] == ["above_maximum"]
    assert check(product, D(30), LAW, on=ON) == ()


def test_a_belgian_medicine_may_be_sold_under_its_maximum_not_over() -> None:
    product = Regulated(Nature.MEDICINE, maximum_incl=D(12), country="BE")
    assert [each.standing for each in check(product, D(11), LAW, on=ON)] == [Standing.TOLD]
    over = check(product, D(13), LAW, on=ON)
    assert [each.code for each in over] == ["above_maximum", "maximum"]
    assert over[0].cited is not None


def test_before_september_2025_a_free_belgian_product_had_an_indicative_price() -> None:
    product = Regulated(Nature.OTHER, country="BE")
    assert [x.code for x in check(product, D(9), LAW, on=dt.date(2025, 8, 31))] == ["indicative"]
    assert check(product, D(9), LAW, on=dt.date(2025, 9, 1)) == ()


def _changes(true: float, noise: float, pharmacies: int = 12, each: int = 10) -> list[PriceChange]:
    drawn = random.Random(1)
    made = []
    for pharmacy in range(pharmacies):
        for place in range(each):
            ratio = drawn.uniform(0.85, 1.15)
            season = drawn.uniform(0.7, 1.4)
            shock = math.exp(drawn.gauss(0, noise))
            after = 10 * season * ratio**true * shock
            made.append(
                PriceChange(
                    f"F{pharmacy}",
                    f"P{place}",
                    D(10),
                    D(str(10 * ratio)),
                    D(10),
                    D(str(after)),
                    D(100),
                    D(str(100 * season)),
                )
            )
    return made


def test_the_elasticity_planted_in_the_network_is_found_whatever_the_season() -> None:
    found = estimate(_changes(-1.3, 0.05))
    assert found.value is not None
    assert found.standard_error is not None
    assert abs(found.value + D("1.3")) < 3 * found.standard_error
    assert found.standard_error < D("0.15")
    assert found.usable


def test_noise_leaves_the_sign_in_doubt_and_it_is_said() -> None:
    assert not estimate(_changes(-0.2, 1.5)).usable


def test_too_few_changes_are_refused_with_what_to_do() -> None:
    found = estimate(_changes(-1.3, 0.05, pharmacies=2))
    assert found.value is None
    assert "hypothèse" in found.refusal


def test_changes_without_sales_or_too_small_are_left_out() -> None:
    nothing = PriceChange("F", "P", D(10), D(11), D(0), D(0), D(1), D(1))
    alone = PriceChange("F", "P", D(10), D(11), D(1), D(1), D(0), D(0))
    small = PriceChange("F", "P", D(100), D(101), D(1), D(1), D(1), D(1))
    assert estimate([nothing, alone, small]).events == 0
