"""Policies within what is set by hand: levels obeyed, duty weeks gathered for, events told ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.outcomes import Replay
from galien.calculators.stock.policies import Goods, Service
from galien.calculators.stock.settled import Rules, Settled
from galien.calculators.stock.simulation import simulate, trace

PAST, DAYS = 60, 60


def goods(count: int) -> Goods:
    one = np.ones(count)
    return Goods(
        tuple("ABCDEFGH"[:count]), 5 * one, 3 * one, 4 * one, one, 0 * one, one, ("A",) * count
    )


def rules(count: int, **given: object) -> Rules:
    none = np.full(count, -1.0)
    usual = Rules(none, none, 0 * none, np.ones(PAST + DAYS, dtype=bool), 0 * none)
    return replace(usual, **given)  # type: ignore[arg-type]


def replay(seed: int, count: int = 4) -> Replay:
    chance = np.random.default_rng(seed)
    asked = chance.poisson(0.8, (count, PAST + DAYS)).astype(np.float64)
    return Replay(goods(count), asked[:, PAST:], asked[:, :PAST])


@given(st.integers(0, 40), st.integers(0, 12))
def test_a_maximum_is_never_passed(seed: int, maximum: int) -> None:
    year = replay(seed)
    held = Settled(Service(), rules(4, maximum=np.full(4, float(maximum))))
    assert (trace(year, held).stock <= max(maximum, 4)).all()


@given(st.integers(0, 40), st.integers(1, 9))
def test_a_higher_minimum_never_loses_more(seed: int, minimum: int) -> None:
    year = replay(seed)
    low = simulate(year, Settled(Service(), rules(4, minimum=np.full(4, float(minimum)))))
    high = simulate(year, Settled(Service(), rules(4, minimum=np.full(4, float(minimum + 3)))))
    assert high.lost_units <= low.lost_units


def test_without_rules_the_policy_is_itself() -> None:
    year = replay(1)
    assert (
        simulate(year, Settled(Service(), rules(4))).purchases
        == simulate(year, Service()).purchases
    )


def test_duty_stock_is_there_on_duty_days_only() -> None:
    nobody_asks = Replay(goods(1), np.zeros((1, DAYS)), np.zeros((1, PAST)))
    on_duty = np.zeros(PAST + DAYS, dtype=bool)
    on_duty[PAST + 30 : PAST + 40] = True
    found = trace(nobody_asks, Settled(Service(), rules(1, duty=np.array([9.0]), on_duty=on_duty)))
    assert found.stock[0, 29] == 4
    assert found.stock[0, 35] == 9
    # Nobody sends boxes back when duty is over.
    assert found.stock[0, -1] == 9


def test_an_event_is_prepared_for_and_not_taken_for_a_habit() -> None:
    asked = np.full((1, PAST + DAYS), 2.0)
    lift = np.ones((1, PAST + DAYS))
    lift[:, PAST + 20 : PAST + 30] = 10.0
    asked[:, PAST + 20 : PAST + 30] = 20.0
    year = Replay(goods(1), asked[:, PAST:], asked[:, :PAST])
    policy = Service(longest_cover=10)
    blind = simulate(year, Settled(policy, rules(1)))
    told = simulate(year, Settled(policy, rules(1, lift=lift)))
    assert told.lost_units < blind.lost_units
    after = Settled(policy, rules(1, lift=lift)).levels(goods(1), asked[:, : PAST + 35])[0]
    before = Settled(policy, rules(1, lift=lift)).levels(goods(1), asked[:, :PAST])[0]
    assert after[0] == before[0]
