"""Replaying a year: nothing is lost on the way, policies know nothing of the future, a year is quick."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.outcomes import Replay
from galien.calculators.stock.policies import Cover, Goods, MinMax, OnSale, Policy, Service
from galien.calculators.stock.simulation import happened, simulate, trace
from galien.kernel.errors import InvalidInput

POLICIES: tuple[Policy, ...] = (Service(), MinMax(), Cover(), OnSale())


def goods(count: int, lead: float = 1.0, multiple: float = 1.0, opening: float = 0.0) -> Goods:
    one = np.ones(count)
    return Goods(
        tuple(map(str, range(count))), 5 * one, 3 * one, opening * one, lead * one, 0 * one,
        multiple * one, ("A",) * count,
    )  # fmt: skip


def drawn(seed: int, products: int = 30, days: int = 120) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    rates = chance.lognormal(-1, 1, (products, 1))
    asked = chance.poisson(rates, (products, days + 60)).astype(np.float64)
    return asked[:, :60], asked[:, 60:]


@given(st.integers(0, 50), st.sampled_from(POLICIES), st.integers(1, 6), st.integers(1, 6))
def test_stock_in_less_stock_out_is_the_change(
    seed: int, policy: Policy, lead: int, multiple: int
) -> None:
    before, asked = drawn(seed)
    found = simulate(Replay(goods(30, lead, multiple, opening=4), asked, before), policy)
    opening, bought, sold, closing = found.moves
    assert (opening + bought - sold == closing).all()
    assert (closing >= 0).all()
    assert (bought % multiple == 0).all()
    assert sold.sum() + found.lost_units == asked.sum()
    assert found.service_level == pytest.approx(sold.sum() / asked.sum())
    assert found.purchases == pytest.approx(3 * bought.sum())
    assert found.turnover == pytest.approx(5 * sold.sum())


@dataclass(frozen=True)
class Spy:
    """A policy that keeps how many days it was shown."""

    seen: list[int]
    every: int = 10
    name: str = "spy"

    def levels(self, goods: Goods, asked: Floats) -> tuple[Floats, Floats]:
        """Note the days shown; hold nothing."""
        self.seen.append(asked.shape[1])
        none = np.zeros(len(goods.codes))
        return none, none


def test_a_policy_is_shown_the_past_only() -> None:
    before, asked = drawn(1, days=35)
    seen: list[int] = []
    simulate(Replay(goods(30), asked, before), Spy(seen))
    assert seen == [60, 71, 81, 91]


def test_by_hand_one_product_three_days() -> None:
    asked = np.array([[2.0, 5.0, 1.0]])
    replay = Replay(goods(1, opening=4), asked, np.array([[1.0, 1.0]]), payment_days=1)
    found = simulate(replay, MinMax(minimum_days=3, maximum_days=5))
    # 4 − 2 = 2 < 3: 3 ordered; 5 there for 5 asked; 0 < 3: 5 ordered; 5 − 1 = 4.
    assert [float(each[0]) for each in found.moves] == [4, 8, 8, 4]
    assert (found.service_level, found.shortages, found.lines) == (1.0, 0, 2)
    assert found.stock_value == pytest.approx(3 * (2 + 0 + 4) / 3)
    assert found.cash == pytest.approx(5 * 8 - 3 * 3)


def test_what_happened_is_counted_alike() -> None:
    asked = np.array([[2.0, 5.0, 1.0]])
    replay = Replay(goods(1, opening=4), asked, np.zeros((1, 0)), payment_days=0)
    found = happened(replay, np.array([[2.0, 2.0, 0.0]]), np.array([[0.0, 0.0, 0.0]]))
    assert found.service_level == pytest.approx(4 / 8)
    assert (found.lost_units, found.lost_turnover, found.lost_margin) == (4, 20, 8)
    assert found.shortages == 2


def test_more_service_costs_more_stock() -> None:
    before, asked = drawn(3, products=200)
    replay = Replay(goods(200, lead=3), asked, before)
    low = simulate(replay, Service({"A": 0.6}))
    high = simulate(replay, Service({"A": 0.995}))
    assert high.service_level > low.service_level
    assert high.stock_value > low.stock_value


def test_returns_are_refused() -> None:
    with pytest.raises(InvalidInput, match="ôtez les retours"):
        Replay(goods(1), np.array([[-1.0]]), np.zeros((1, 0)))


def test_what_is_sold_is_ordered_again() -> None:
    asked = np.array([[2.0, 0.0, 3.0, 0.0]])
    found = trace(Replay(goods(1, opening=4), asked, np.zeros((1, 0))), OnSale())
    assert found.ordered[0].tolist() == [2, 0, 3, 0]
    assert found.stock[0].tolist() == [2, 4, 1, 4]


def test_orders_leave_on_evenings_of_order_only() -> None:
    replay = Replay(goods(1, opening=4), np.ones((1, 6)), np.zeros((1, 0)), review=3)
    assert trace(replay, OnSale()).ordered[0].tolist() == [1, 0, 0, 3, 0, 0]


def test_what_nobody_holds_is_bought_for_the_client_who_asks() -> None:
    asked = np.array([[0.0, 2.0, 1.0]])
    nobody = np.array([[True, True, False]])
    replay = Replay(goods(1), asked, np.zeros((1, 0)), on_demand=nobody)
    found = simulate(replay, MinMax())
    assert (found.lost_units, found.shortages, found.lines) == (1, 1, 1)
    assert [float(each[0]) for each in found.moves] == [0, 2, 2, 0]


def test_cash_tied_is_stock_less_what_is_not_paid_yet() -> None:
    # Three boxes at 3 € lie two evenings; bought the first day, paid the day after.
    asked = np.zeros((1, 2))
    replay = Replay(goods(1), asked, np.zeros((1, 0)), payment_days=1)
    found = happened(replay, asked, np.array([[3.0, 0.0]]))
    assert found.stock_value == pytest.approx(9.0)
    assert found.cash_tied == pytest.approx((0 + 9) / 2)


@given(st.integers(0, 30), st.sampled_from(POLICIES))
def test_every_day_told_sums_to_the_outcome(seed: int, policy: Policy) -> None:
    before, asked = drawn(seed, products=5)
    replay = Replay(goods(5, opening=4), asked, before)
    days, whole = trace(replay, policy), simulate(replay, policy)
    assert (days.sold.sum(axis=1) == whole.moves[2]).all()
    assert (days.delivered.sum(axis=1) == whole.moves[1]).all()
    assert (days.stock[:, -1] == whole.moves[3]).all()
    assert whole.by_product.lost_units.sum() == pytest.approx((days.asked - days.sold).sum())
    assert whole.by_product.stock_value.sum() == pytest.approx(whole.stock_value)
