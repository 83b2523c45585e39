"""A deal weighed unit by unit, by hand, gives what the formulas give at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.discounts.deal import Deal, DealCheck, Need, check
from galien.kernel.errors import InvalidInput

D = Decimal

deals = st.builds(
    Deal,
    st.decimals("0.01", 500, places=2),
    st.integers(1, 150),
    st.integers(0, 60),
    st.decimals(0, "0.9", places=2),
)
needs = st.builds(
    Need,
    st.integers(1, 40).map(D),
    st.integers(0, 50).map(D),
    st.decimals(0, "0.6", places=2),
    st.decimals(0, "0.5", places=2),
    st.none() | st.integers(0, 36).map(D),
)


def gain_by_hand(units: int, price: Decimal, usual: Decimal, need: Need) -> Decimal:
    """Sell the units one after the other, each in the middle of its turn, and count."""
    gain = D(0)
    for unit in range(units):
        months = (need.stock + unit + D("0.5")) / need.monthly_sales
        expired = need.shelf_life is not None and months > need.shelf_life
        held = need.shelf_life if expired and need.shelf_life is not None else months
        gain += (D(0) if expired else usual) - price - price * need.carrying_rate / 12 * held
    return gain


def usual_price(deal: Deal, need: Need) -> Decimal:
    return deal.list_price * (1 - need.usual_discount)


@given(deals, needs)
def test_the_gain_is_that_of_units_sold_one_by_one(deal: Deal, need: Need) -> None:
    by_hand = gain_by_hand(deal.units, deal.unit_net_price, usual_price(deal, need), need)
    assert float(check(deal, need).gain) == pytest.approx(float(by_hand), abs=1e-6)


@given(deals, needs)
def test_the_parts_of_the_gain_add_up(deal: Deal, need: Need) -> None:
    found = check(deal, need)
    parts = found.advantage - found.carrying_cost - found.expired_cost
    assert abs(parts - found.gain) < D("1e-12")


def resized(deal: Deal, units: int, need: Need) -> DealCheck:
    """Check the same unit price on another quantity: all paid, at that price."""
    return check(Deal(deal.list_price, units, 0, deal.discount_rate), need)


@given(deals, needs)
def test_no_quantity_brings_more_than_the_better_one(deal: Deal, need: Need) -> None:
    better = check(deal, need).better_quantity
    if better and better < 10**6:
        most = max(resized(deal, better + step, need).gain for step in (0, 1))
        for other in (1, deal.units, max(1, better - 5), better + 5, 2 * better):
            assert resized(deal, other, need).gain <= most + D("1e-9")


@given(deals, needs)
def test_beyond_the_break_even_quantity_the_deal_loses(deal: Deal, need: Need) -> None:
    limit = check(deal, need).break_even_quantity
    if limit is not None and limit < 10**6:
        assert resized(deal, limit + 1, need).gain <= D("1e-9")
        assert limit == 0 or resized(deal, limit, need).gain >= -D("1e-9")


def test_a_deal_that_expires_or_costs_more_than_usual_is_not_worth_it() -> None:
    slow = Need(D(2), shelf_life=D(12))
    found = check(Deal(D("8.60"), 100, 20), slow)
    assert (found.expired_units, found.worth_it) == (D(96), False)
    assert found.sales_margin == -4
    assert not check(Deal(D(10), 10, 1), Need(D(10), usual_discount=D("0.2"))).worth_it


def test_without_holding_cost_nor_expiry_the_more_the_better() -> None:
    found = check(Deal(D(10), 10, 2), Need(D(1)))
    assert (found.better_quantity, found.break_even_quantity, found.worth_it) == (None, None, True)


@pytest.mark.parametrize(
    ("price", "paid", "free", "sentence"),
    [("1", 0, 0, "Aucune unité"), ("1", -1, 2, "négatifs"), ("-1", 1, 2, "négatifs")],
)
def test_an_impossible_deal_is_refused(price: str, paid: int, free: int, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        Deal(D(price), paid, free)
