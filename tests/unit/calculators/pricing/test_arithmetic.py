"""Prices and margins: one the inverse of the other, and prices that end as the shop wants."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.pricing.arithmetic import (
    Ending,
    Rounding,
    RoundingBand,
    Way,
    at_margin,
    at_price,
)
from galien.kernel.errors import InvalidInput

ZERO = Decimal(0)
costs = st.decimals("0.01", "999.99", places=2)
prices = st.decimals("0", "300", places=4)
endings = st.sampled_from(Ending)
ways = st.sampled_from(Way)


@given(costs, st.decimals("-2", "0.99", places=2))
def test_a_price_made_from_a_margin_leaves_that_margin(cost: Decimal, rate: Decimal) -> None:
    found = at_margin(cost, rate).margin_rate
    assert found is not None
    assert round(found, 20) == rate


@given(costs, st.decimals("0.01", "2000", places=2))
def test_the_margin_of_a_price_gives_the_price_back(cost: Decimal, price: Decimal) -> None:
    rate = at_price(cost, price).margin_rate
    assert rate is not None
    assert round(at_margin(cost, rate).price_excl, 12) == price


def test_impossible_prices_are_refused() -> None:
    with pytest.raises(InvalidInput):
        at_margin(Decimal(1), Decimal(1))
    with pytest.raises(InvalidInput):
        at_price(Decimal(-1), Decimal(1))


def test_what_has_no_divisor_is_unknown() -> None:
    assert at_price(ZERO, Decimal(5)).factor is None
    assert at_price(ZERO, Decimal(5)).markup_rate is None
    assert at_price(Decimal(5), ZERO).margin_rate is None
    assert at_price(Decimal(5), Decimal(6)).price_incl is None


@pytest.mark.parametrize(
    ("ending", "wanted", "found"),
    [
        (Ending.CENT, "7.326", "7.33"),
        (Ending.FIVE_CENTS, "7.32", "7.30"),
        (Ending.FIVE_CENTS, "7.325", "7.35"),
        (Ending.X0, "7.34", "7.30"),
        (Ending.X9, "7.34", "7.39"),
        (Ending.X9, "7.33", "7.29"),
        (Ending.NINETY, "7.32", "6.90"),
        (Ending.NINETY_NINE, "7.60", "7.99"),
        (Ending.EURO, "7.50", "8.00"),
        (Ending.X9, "0.02", "0.09"),
    ],
)
def test_endings(ending: Ending, wanted: str, found: str) -> None:
    rule = Rounding((RoundingBand(ZERO, ending),))
    assert rule.rounded(Decimal(wanted)) == Decimal(found)


def test_endings_change_with_the_price() -> None:
    rule = Rounding(
        (
            RoundingBand(ZERO, Ending.FIVE_CENTS),
            RoundingBand(Decimal(10), Ending.X9, Way.DOWN),
            RoundingBand(Decimal(50), Ending.EURO, Way.UP),
        )
    )
    assert [str(rule.rounded(Decimal(p))) for p in ("9.99", "10.28", "50.01")] == [
        "10.00",
        "10.19",
        "51.00",
    ]


def test_bands_of_rounding_leave_no_hole() -> None:
    with pytest.raises(InvalidInput):
        Rounding((RoundingBand(Decimal(1), Ending.X9),))


@given(prices, endings, ways, prices, prices)
def test_a_rounded_price_stays_between_its_bounds(
    wanted: Decimal, ending: Ending, way: Way, one: Decimal, other: Decimal
) -> None:
    least, most = sorted((one, other))
    found = Rounding((RoundingBand(ZERO, ending, way),)).rounded(wanted, least=least, most=most)
    if found is None:
        cents = int(most * 100) - int(least * 100)
        assert cents == 0
        assert least * 100 != int(least * 100)
    else:
        assert least <= found <= most
        assert found == found.quantize(Decimal("0.01"))


@given(prices, endings)
def test_the_nearest_price_that_ends_well_is_taken(wanted: Decimal, ending: Ending) -> None:
    rule = Rounding((RoundingBand(ZERO, ending),))
    found = rule.rounded(wanted)
    assert found is not None
    around = range(max(0, int(wanted * 100) - 101), int(wanted * 100) + 102)
    grid = [Decimal(cents) / 100 for cents in around if _ends(cents, ending)]
    assert abs(found - wanted) == min(abs(each - wanted) for each in grid)


def _ends(cents: int, ending: Ending) -> bool:
    return {
        Ending.CENT: True,
        Ending.FIVE_CENTS: cents % 5 == 0,
        Ending.X0: cents % 10 == 0,
        Ending.X9: cents % 10 == 9,
        Ending.NINETY: cents % 100 == 90,
        Ending.NINETY_NINE: cents % 100 == 99,
        Ending.EURO: cents % 100 == 0,
    }[ending]
