"""Orders: what triggers them, how much, what counts as stock, and each reason in words."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.calculators.stock.orders.lead import Delivery, Round, lead_times, next_delivery
from galien.calculators.stock.orders.levels import factor, reorder_point, safety_stock
from galien.calculators.stock.orders.position import due, usable
from galien.calculators.stock.orders.proposal import COLD, Settings, Shelf, Why, propose
from galien.calculators.stock.orders.quantity import (
    Bounds,
    Costs,
    Prices,
    economic_quantity,
    yearly_cost,
)
from galien.calculators.stock.orders.tiers import free_units, refused_tiers
from galien.calculators.stock.orders.wording import refusals, sentence

ONE = np.ones(1)
POSITIVE = st.floats(0.01, 40)
DAYS = st.floats(0, 30)


def point(demand: float, deviation: float, *, lead: float, varies: float, service: float) -> float:
    safety = safety_stock(
        demand * ONE, deviation * ONE,
        lead=lead * ONE, lead_deviation=varies * ONE, factors=factor(service) * ONE,
    )  # fmt: skip
    return float(reorder_point(demand * ONE, lead * ONE, safety)[0])


@given(POSITIVE, POSITIVE, DAYS, DAYS, st.floats(0, 10), st.floats(0, 0.999))
def test_a_longer_lead_time_never_lowers_the_reorder_point(
    demand: float, deviation: float, lead: float, more: float, varies: float, service: float
) -> None:
    short = point(demand, deviation, lead=lead, varies=varies, service=service)
    assert point(demand, deviation, lead=lead + more, varies=varies, service=service) >= short


@given(POSITIVE, POSITIVE, DAYS, st.floats(0, 10), st.floats(0, 0.998))
def test_a_better_service_or_a_surer_supplier_asks_what_one_expects(
    demand: float, deviation: float, lead: float, varies: float, service: float
) -> None:
    usual = point(demand, deviation, lead=lead, varies=varies, service=service)
    assert point(demand, deviation, lead=lead, varies=varies, service=service + 0.001) >= usual
    assert point(demand, deviation, lead=lead, varies=varies + 1, service=service) >= usual


@st.composite
def priced(draw: st.DrawFn) -> Prices:
    tiers = draw(st.lists(st.tuples(st.integers(2, 200), st.integers(1, 40)), max_size=3))
    minima = np.array([[float(start) for start, _ in tiers]]).reshape(1, -1)
    rates = np.sort(np.array([[rate / 100 for _, rate in tiers]]).reshape(1, -1))
    paid, free = draw(st.sampled_from([(0, 0), (10, 1), (5, 1), (10, 2)]))
    price = draw(st.floats(0.5, 80))
    return Prices(price * ONE, np.sort(minima), rates, paid * ONE, free * ONE)


@settings(max_examples=150)
@given(
    POSITIVE, priced(), st.integers(1, 12), st.integers(1, 30), st.floats(0, 0.6), st.floats(0, 1)
)
def test_a_dearer_holding_never_raises_the_quantity(
    demand: float, prices: Prices, multiple: int, least: int, holding: float, more: float
) -> None:
    bounds = Bounds(least * ONE, 400 * ONE, multiple * ONE)
    cheap = economic_quantity(demand * ONE, prices, bounds, Costs(0.4, holding))
    dear = economic_quantity(demand * ONE, prices, bounds, Costs(0.4, holding + more))
    assert dear[0] <= cheap[0]
    assert cheap[0] % multiple == 0
    assert cheap[0] >= least


@settings(max_examples=60)
@given(POSITIVE, st.floats(1, 50), st.integers(1, 6), st.floats(0.05, 0.5))
def test_the_economic_quantity_is_the_best_of_all(
    demand: float, price: float, multiple: int, holding: float
) -> None:
    bounds = Bounds(ONE, 600 * ONE, multiple * ONE)
    prices, costs = Prices.plain(price * ONE), Costs(0.8, holding)
    every = np.arange(multiple, 601, multiple, dtype=np.float64)[None]
    best = every[0, int(np.argmin(yearly_cost(demand * ONE, every, prices, costs)[0]))]
    assert economic_quantity(demand * ONE, prices, bounds, costs)[0] == best


@settings(max_examples=60)
@given(
    POSITIVE, st.floats(0.5, 50), st.integers(1, 6), st.sampled_from([(0, 0), (10, 1), (3, 2), (24, 6)]),
    st.lists(st.tuples(st.integers(2, 400), st.floats(0.01, 0.3)), max_size=3),
)  # fmt: skip
def test_with_tiers_and_free_units_too(
    demand: float,
    price: float,
    multiple: int,
    gift: tuple[int, int],
    tiers: list[tuple[int, float]],
) -> None:
    minima = np.array([[float(start) for start, _ in tiers]]).reshape(1, len(tiers))
    rates = np.array([[rate for _, rate in tiers]]).reshape(1, len(tiers))
    prices = Prices(price * ONE, minima, rates, gift[0] * ONE, gift[1] * ONE)
    chosen = economic_quantity(
        demand * ONE, prices, Bounds(3 * ONE, 1800 * ONE, multiple * ONE), Costs(0.3, 0.15)
    )[0]

    def cost(units: int) -> float:
        lot = gift[0] + gift[1]
        paid = units - (gift[1] * (units // lot) if lot else 0)
        rate = max([each for start, each in tiers if paid >= start], default=0.0)
        unit = price * (1 - rate) * paid / units
        return 365 * demand * (unit + 0.3 / units) + 0.15 * unit * units / 2

    first = -(-3 // multiple) * multiple
    best = min(range(first, 1801, multiple), key=cost)
    assert cost(int(chosen)) == pytest.approx(cost(best), rel=1e-12)


def test_a_tier_is_taken_when_it_pays_and_refused_when_it_does_not() -> None:
    prices = Prices(10 * ONE, np.array([[60.0]]), np.array([[0.10]]), 0 * ONE, 0 * ONE)
    bounds, costs = Bounds(ONE, 1000 * ONE, ONE), Costs(0.3, 0.15)
    assert economic_quantity(2 * ONE, prices, bounds, costs)[0] >= 60
    slow = economic_quantity(0.01 * ONE, prices, bounds, costs)[0]
    assert slow < 60
    ((refused,),) = refused_tiers(0.01 * ONE, prices, bounds, costs, chosen=slow * ONE)
    assert refused.stock_cost > refused.saved
    assert "écarté" in refused.sentence()


def test_one_free_for_ten_is_9_09_percent_and_an_invoice_discount_wins() -> None:
    found = free_units(1.0, 10, 1, price=10.0, usual=1.0, costs=Costs(0.0, 0.12))
    assert f"{found.rate:.2%}" == "9.09%"
    assert found.advantage == pytest.approx(0.12 * (10 * 10 / 11) * (11 - 1) / 2)
    assert "9,09" in found.sentence()


def test_multiple_3_maximum_20_is_21_and_says_so() -> None:
    shelf = Shelf.of(Prices.plain(5 * ONE), demand=1 * ONE, multiple=3 * ONE, maximum=20 * ONE)
    found = propose(shelf)
    assert found.quantity[0] == 21
    assert "21, arrondi au multiple de 3 (maximum 20)" in sentence(found, 0)


def test_a_maximum_below_the_reorder_point_is_obeyed_and_said() -> None:
    two = np.ones(2)
    shelf = Shelf.of(
        Prices.plain(5 * two), demand=5 * two, deviation=3 * two, on_hand=np.array([4.0, 7.0]),
        maximum=7 * two,
    )  # fmt: skip
    found = propose(shelf)
    assert found.quantity.tolist() == [3, 0]
    assert "un maximum de 7, sous le seuil de 17" in sentence(found, 0)
    assert "3, jusqu’au maximum 7" in sentence(found, 0)
    asked = propose(Shelf.of(Prices.plain(ONE), demand=ONE, maximum=3 * ONE, duty=5 * ONE))
    assert asked.quantity[0] == 5
    assert "maximum" not in sentence(asked, 0)


def test_an_order_counts_only_if_due_in_time() -> None:
    outstanding, days = np.array([[6.0, 4.0, 0.0]]), np.array([[2.0, 9.0, np.nan]])
    assert due(outstanding, days, np.array([5.0])) == 6
    assert due(outstanding, days, np.array([9.0])) == 10


def test_what_expires_before_it_is_sold_does_not_count() -> None:
    lots, left = np.array([[10.0, 4.0, 3.0]]), np.array([[2.0, 0.0, 500.0]])
    assert usable(lots, left, np.array([1.0]), np.array([6.0]))[0] == 2 + 0 + 3
    shelf = Shelf.of(
        Prices.plain(5 * ONE), demand=1 * ONE, on_hand=17 * ONE, usable=5 * ONE, lead=6 * ONE
    )
    found = propose(shelf)
    assert found.quantity[0] > 0
    assert "12 en stock périment avant d’être vendus" in sentence(found, 0)


def test_one_proposal_at_a_time() -> None:
    shelf = Shelf.of(Prices.plain(5 * ONE), demand=4 * ONE, proposed=1 * ONE)
    found = propose(shelf)
    assert (found.quantity[0], Why.OPEN in Why(int(found.why[0]))) == (0, True)
    assert "déjà ouverte" in sentence(found, 0)


def test_cold_chain_is_ordered_one_by_one() -> None:
    tiers = Prices(10 * ONE, np.array([[30.0]]), np.array([[0.3]]), 0 * ONE, 0 * ONE)
    shelf = Shelf.of(tiers, demand=0.5 * ONE, owed=2 * ONE, apart=COLD * ONE, held=0 * ONE)
    found = propose(shelf)
    assert found.quantity[0] == 2
    assert "chaîne du froid : à valider un par un" in sentence(found, 0)


def test_a_bridge_buys_the_need_and_no_more() -> None:
    one = np.ones(2)
    prices = Prices.plain(2.0 * one)
    shelf = Shelf.of(prices, demand=one, deviation=0.5 * one, bridge=np.array([0.0, 1.0]))
    whole, bare = propose(shelf).quantity
    assert bare == propose(shelf).need[1]
    assert whole > bare


def test_minimum_and_duty_trigger() -> None:
    prices = Prices.plain(np.full(3, 5.0))
    shelf = Shelf.of(
        prices,
        on_hand=np.array([2.0, 3.0, 3.0]),
        minimum=np.array([2.0, 2.0, -1.0]),
        duty=np.array([0.0, 0.0, 6.0]),
    )
    found = propose(shelf)
    assert found.quantity.tolist() == [1, 0, 3]
    assert "stock minimum déclenchant 2" in sentence(found, 0)
    assert "rien à commander" in sentence(found, 1)
    assert "garde" in sentence(found, 2)


def test_a_short_shelf_life_bounds_the_quantity() -> None:
    tiers = Prices(10 * ONE, np.array([[200.0]]), np.array([[0.4]]), 0 * ONE, 0 * ONE)
    long = propose(Shelf.of(tiers, demand=3 * ONE), Settings())
    short = propose(Shelf.of(tiers, demand=3 * ONE, shelf_life=20 * ONE), Settings())
    assert long.quantity[0] >= 200
    assert short.quantity[0] <= 60
    (refused,) = refusals(short)[0]
    assert refused.expires


def test_products_not_held_wait_for_a_client() -> None:
    prices = Prices.plain(np.full(2, 5.0))
    found = propose(Shelf.of(prices, demand=0.05, held=0.0, owed=np.array([0.0, 1.0])))
    assert found.quantity[0] == 0
    assert found.quantity[1] >= 1


def test_lead_times_lean_on_all_when_few() -> None:
    at = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    seen = [Delivery("A", at, at + dt.timedelta(days=1))] * 50
    seen += [Delivery("B", at, at + dt.timedelta(days=7)), Delivery("B", at, None)]
    first, second = lead_times(seen)
    assert first.days == pytest.approx(1.0, abs=0.02)
    assert 1.5 < second.days < 7
    assert second.delivered_share == 0.5


def test_the_next_van_is_the_first_that_can_be_caught() -> None:
    vans = [Round(day, dt.time(12), dt.time(16)) for day in range(1, 6)]
    vans += [Round(day, dt.time(19), dt.time(9), after=1) for day in range(1, 6)]
    friday = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
    assert next_delivery(friday, vans) == friday.replace(day=21, hour=9)
    closed = frozenset({dt.date(2026, 11, 21)})
    assert next_delivery(friday, vans, closed) == friday.replace(day=23, hour=16)
    assert next_delivery(friday, []) is None
