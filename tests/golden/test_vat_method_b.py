"""Method B on the worked examples of the handbook, and what holds for any pharmacy."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.accounting.vat import (
    ProductShare,
    Split,
    markup_of_margin,
    split_receipts,
    total_split,
    weighted_markup,
    year_end,
)
from galien.kernel.errors import InvalidInput

LOW, REDUCED, NORMAL = Decimal("0.021"), Decimal("0.055"), Decimal("0.196")
TIMES = {REDUCED: Decimal("1.529"), NORMAL: Decimal("1.455")}
BOUGHT = {REDUCED: Decimal(10000), NORMAL: Decimal(5000)}
EUROS = st.decimals(min_value=0, max_value=1_000_000, places=2)


def month(receipts: Decimal, bought: dict[Decimal, Decimal]) -> Split:
    return split_receipts(receipts, bought, TIMES, remaining_rate=LOW)


def test_the_worked_example_of_a_month() -> None:
    found = month(Decimal(100_000), BOUGHT)
    assert [round(part.incl) for part in found.parts] == [16_131, 8_701, 75_168]
    assert [round(part.excl) for part in found.parts] == [15_290, 7_275, 73_622]


@pytest.mark.parametrize(
    ("shares", "markups", "expected"),
    [((10, 50, 40), (29, 80, 25), "0.529"), ((30, 30, 40), (60, 45, 35), "0.455")],
)
def test_the_worked_weights(
    shares: tuple[int, ...], markups: tuple[int, ...], expected: str
) -> None:
    families = [
        ProductShare("", Decimal(share) / 100, Decimal(markup) / 100)
        for share, markup in zip(shares, markups, strict=True)
    ]
    assert weighted_markup(families) == Decimal(expected)


def test_a_margin_of_30_percent_is_a_markup_of_42_86() -> None:
    assert round(markup_of_margin(Decimal("0.30")) * 100, 2) == Decimal("42.86")


def test_shares_that_are_not_a_whole_are_refused() -> None:
    with pytest.raises(InvalidInput, match="font 90,00"):
        weighted_markup([ProductShare("", Decimal("0.9"), Decimal("0.3"))])


def test_a_rate_without_coefficient_is_named() -> None:
    with pytest.raises(InvalidInput, match="10,0"):
        month(Decimal(100), {Decimal("0.10"): Decimal(10)})


def test_sales_above_the_receipts_are_refused_with_the_excess() -> None:
    with pytest.raises(InvalidInput, match=r"dépassent les recettes de 6.130,95"):
        month(Decimal(10_000), {REDUCED: Decimal(10_000)})


@given(EUROS, EUROS, EUROS)
def test_the_parts_add_back_to_the_receipts(left: Decimal, a: Decimal, b: Decimal) -> None:
    bought = {REDUCED: a, NORMAL: b}
    sold = sum((v * (1 + rate) * TIMES[rate] for rate, v in bought.items()), Decimal(0))
    found = month(sold + left, bought)
    assert sum(part.incl for part in found.parts) == sold + left
    for part in found.parts:
        exact = Fraction(part.incl) / (1 + Fraction(part.rate))
        assert abs(Fraction(part.excl) - exact) < Fraction(1, 10**15)
        assert part.excl + part.vat == part.incl


def test_the_year_is_adjusted_only_where_the_share_moved_by_more_than_ten_points() -> None:
    year = total_split([month(Decimal(100_000), BOUGHT)] * 12, remaining_rate=LOW)
    bought = {rate: 12 * value for rate, value in BOUGHT.items()}
    opening = {LOW: Decimal(70_000), REDUCED: Decimal(20_000), NORMAL: Decimal(10_000)}
    # At 5,5 % the share goes from 20 % to 32 %; at 19,6 % from 10 % to exactly 20 %.
    closing = {LOW: Decimal(48_000), REDUCED: Decimal(32_000), NORMAL: Decimal(20_000)}
    reduced, normal, low = year_end(year, bought, TIMES, opening=opening, closing=closing)

    assert reduced.adjusted and not normal.adjusted
    assert reduced.difference == -Decimal(12_000) * Decimal("1.055") * Decimal("1.529")
    assert normal.difference == 0
    assert low.difference == -reduced.difference
    by_hand = Fraction(reduced.difference) * (Fraction(55, 1055) - Fraction(21, 1021))
    assert abs(Fraction(reduced.vat + low.vat) - by_hand) < Fraction(1, 10**15)


@given(st.lists(EUROS, min_size=6, max_size=6))
def test_an_adjustment_never_changes_the_receipts(stocks: list[Decimal]) -> None:
    year = month(Decimal(100_000), BOUGHT)
    opening = dict(zip((LOW, REDUCED, NORMAL), (s + 1 for s in stocks[:3]), strict=True))
    closing = dict(zip((LOW, REDUCED, NORMAL), (s + 1 for s in stocks[3:]), strict=True))
    found = year_end(year, BOUGHT, TIMES, opening=opening, closing=closing)
    assert sum(each.difference for each in found) == 0


def test_a_year_end_without_stock_is_refused() -> None:
    with pytest.raises(InvalidInput, match="stock d’ouverture"):
        year_end(month(Decimal(100_000), BOUGHT), BOUGHT, TIMES, opening={}, closing={})
