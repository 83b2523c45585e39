"""Demand: every method beside its definition written out, patterns, the choice by back-test, events."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.demand import methods
from galien.calculators.stock.demand.choice import METHODS, Season, choose, held_out
from galien.calculators.stock.demand.errors import errors
from galien.calculators.stock.demand.events import Event, lift, seen_effect
from galien.calculators.stock.demand.forecast import Calendar, forecast
from galien.calculators.stock.demand.panel import Panel
from galien.calculators.stock.demand.patterns import Pattern, patterns
from galien.calculators.stock.demand.seasons import family_indices, seasonal_indices
from galien.kernel.errors import InvalidInput

DEMANDS = st.lists(st.integers(0, 12), min_size=2, max_size=40)
YEAR = (90, 80, 50, 20, 10, 5, 5, 5, 10, 40, 70, 90)


def panel_of(*rows: list[float], season: int = 12, families: tuple[str, ...] = ()) -> Panel:
    sold = np.array(rows, dtype=np.float64)
    days = np.where(np.isnan(sold), np.nan, 30.0)
    codes = tuple(f"P{n}" for n in range(len(rows)))
    return Panel(codes, sold, days, days, season, 30.0, families)


def croston_by_hand(demand: list[int], weight: float = 0.1) -> float:
    size: float | None = None
    interval: float | None = None
    waited = 0
    for each in demand:
        waited += 1
        if each > 0:
            size = each if size is None else weight * each + (1 - weight) * size
            interval = waited if interval is None else weight * waited + (1 - weight) * interval
            waited = 0
    return 0.0 if size is None or interval is None else size / interval


def smoothing_by_hand(values: list[float], weight: float) -> float:
    level = values[0]
    for each in values[1:]:
        level = weight * each + (1 - weight) * level
    return level


@given(DEMANDS)
def test_methods_for_intermittent_demand_are_those_of_their_authors(demand: list[int]) -> None:
    laid = np.array([demand], dtype=np.float64)
    by_hand = croston_by_hand(demand)
    assert methods.croston(laid)[0, -1] == pytest.approx(by_hand, rel=1e-12)
    assert methods.sba(laid)[0, -1] == pytest.approx(0.95 * by_hand, rel=1e-12)
    chance = smoothing_by_hand([float(each > 0) for each in demand], 0.1)
    sizes = [float(each) for each in demand if each > 0]
    size = smoothing_by_hand(sizes, 0.1) if sizes else 0.0
    assert methods.tsb(laid)[0, -1] == pytest.approx(chance * size, rel=1e-12)


@given(DEMANDS, st.integers(1, 6))
def test_methods_for_steady_demand_are_their_definitions(demand: list[int], window: int) -> None:
    laid = np.array([demand], dtype=np.float64)
    last = demand[-window:]
    assert methods.moving_average(laid, window)[0, -1] == pytest.approx(sum(last) / len(last))
    assert methods.naive(laid)[0, -1] == demand[-1]
    level = smoothing_by_hand([float(each) for each in demand], 0.3)
    assert methods.simple_smoothing(laid, 0.3)[0, -1] == pytest.approx(level)
    expected = demand[-window] if window <= len(demand) else None
    found = methods.seasonal_naive(laid, window)[0, -1]
    assert (None if np.isnan(found) else found) == expected


@pytest.mark.parametrize("name", METHODS)
def test_a_forecast_knows_nothing_of_what_comes_after(name: str) -> None:
    chance = random.Random(4)
    whole = np.array([[float(chance.randrange(9)) for _ in range(30)]])
    forecasts = METHODS[name](whole, Season(4))
    for cut in range(1, 30):
        before = METHODS[name](whole[:, :cut], Season(4))
        assert before[0, -1] == pytest.approx(forecasts[0, cut], nan_ok=True)


@pytest.mark.parametrize("name", METHODS)
def test_an_unknown_period_is_no_sale_of_zero(name: str) -> None:
    demand = np.full((1, 24), 6.0)
    demand[0, 10] = np.nan
    assert METHODS[name](demand, Season(4))[0, -1] == pytest.approx(
        6.0 * (0.95 if name == "sba" else 1)
    )


def test_seasonal_indices_find_a_season_at_another_level() -> None:
    past = np.array([[*YEAR, *YEAR, *(2 * each for each in YEAR[:6])]], dtype=np.float64)
    found = seasonal_indices(past, 12, 0.3)[0]
    assert found[24] > 2 * found[18]
    assert found[-1] < found[25] / 2


def test_a_family_lends_its_season_to_products_too_slow_to_show_it() -> None:
    chance = np.random.default_rng(6)
    rates = np.tile(np.array(YEAR) / 39.0, 2) * 0.4
    slow = chance.poisson(rates, (300, 24)).astype(np.float64)
    found = forecast(panel_of(*slow.tolist(), families=("toux",) * 300))
    kept = found.choice.method_of[Pattern.INTERMITTENT]
    assert kept.startswith("family_season")
    assert found.daily.mean() * 30 == pytest.approx(rates[0], rel=0.25)


def test_a_family_index_knows_nothing_of_what_comes_after() -> None:
    chance = np.random.default_rng(7)
    rows, families = chance.poisson(3, (6, 30)).astype(np.float64), ["a", "a", "b", "b", "", ""]
    whole = family_indices(rows, families, 12)
    assert (whole[4:] == 1).all()
    for cut in range(13, 30):
        assert (family_indices(rows[:, :cut], families, 12) == whole[:, : cut + 1]).all()


def test_patterns_are_told_apart() -> None:
    chance = random.Random(2)
    steady = [100.0 + chance.randint(-4, 4) for _ in range(36)]
    rows = [
        steady,
        [float(YEAR[n % 12] + chance.randint(-3, 3)) for n in range(36)],
        [0.0, 0, 1, 0, 2, 0] * 6,
        [0.0, 0, 1, 0, 20, 0] * 6,
        ([1.0, 30, 2, 1, 40, 2, 3] * 6)[:36],
        [float("nan")] * 32 + [5.0] * 4,
        [0.0] * 36,
    ]
    assert patterns(np.array(rows), 12) == (
        Pattern.REGULAR, Pattern.SEASONAL, Pattern.INTERMITTENT, Pattern.LUMPY, Pattern.ERRATIC,
        Pattern.NEW, Pattern.INTERMITTENT,
    )  # fmt: skip


def test_growth_and_months_of_unequal_length_are_no_season() -> None:
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] * 3
    growth = [10.0 + 5 * n for n in range(36)]
    lengths = [60 / day for day in days]
    both = [level / day for level, day in zip(growth, days, strict=True)]
    season = [level * YEAR[n % 12] for n, level in enumerate(growth)]
    found = patterns(np.array([growth, lengths, both, season]), 12)
    assert found[:3] == (Pattern.REGULAR,) * 3
    assert found[3] is Pattern.SEASONAL


def test_chance_alone_is_seldom_a_season() -> None:
    noise = np.random.default_rng(5).normal(50, 8, (4000, 36))
    seasonal = patterns(noise, 12).count(Pattern.SEASONAL)
    assert seasonal / 4000 < 0.02


def test_the_best_of_the_last_periods_is_kept_for_the_class() -> None:
    chance = random.Random(8)
    rows = np.array([[float(YEAR[n % 12] + chance.randint(-2, 2)) for n in range(48)]] * 3)
    choice = choose(rows, (Pattern.SEASONAL,) * 3, Season(12))
    best = min(choice.tried, key=lambda each: each.score)
    assert choice.method_of == {Pattern.SEASONAL: best.method}
    assert "season" in best.method
    again = errors(rows, METHODS[best.method](rows, Season(12))[:, :-1], held_out(48))
    assert best.score == pytest.approx(again.squared.mean())


def test_errors_are_what_they_say() -> None:
    demand, told = np.array([[4.0, 8.0, 2.0, 6.0]]), np.array([[0.0, 0.0, 3.0, 3.0]])
    found = errors(demand, told, np.array([False, False, True, True]))
    assert found.wape == pytest.approx([(1 + 3) / 8])
    assert found.bias == pytest.approx([(1 - 3) / 8])
    assert found.mase == pytest.approx([2 / 4])
    assert found.squared == pytest.approx([5 / 16])


def test_where_returns_outweigh_sales_there_is_no_share_of_what_sold() -> None:
    found = errors(np.array([[-3.0, -3, -3]]), np.array([[0.0, 0, 0]]), np.ones(3) > 0)
    assert np.isnan(found.wape[0])


def test_a_new_product_leans_on_its_family_less_and_less() -> None:
    old = [60.0] * 24
    nan = float("nan")
    first = panel_of(old, [nan] * 23 + [120.0], families=("f", "f"))
    fourth = panel_of(old, [nan] * 20 + [120.0] * 4, families=("f", "f"))
    assert forecast(first).method[1] == "family"
    assert forecast(first).units[1] == pytest.approx((1 * 120 + 3 * 60) / 4)
    assert forecast(fourth).units[1] == pytest.approx((4 * 120 + 3 * 60) / 7)


def test_too_short_says_nothing() -> None:
    found = forecast(panel_of([150.0, 160.0]))
    assert (found.pattern[0], found.method[0]) == (Pattern.NEW, "")
    assert np.isnan(found.units[0])


def test_days_without_stock_are_not_days_without_demand() -> None:
    sold = np.full((1, 12), 150.0)
    sold[0, 5] = 50.0
    there = np.full((1, 12), 30.0)
    there[0, 5] = 10.0
    panel = Panel(("A",), sold, there, np.full((1, 12), 30.0))
    assert forecast(panel).units == pytest.approx([150.0])
    assert panel.lost_units == pytest.approx([100.0])
    assert panel.raw_daily[0] < panel.corrected_daily[0] == pytest.approx(5.0)


def test_an_event_is_taken_out_of_the_past_and_put_into_the_future() -> None:
    months = [(dt.date(2025, n, 1), dt.date(2025, n, 28)) for n in range(1, 13)]
    coming = (dt.date(2026, 1, 1), dt.date(2026, 1, 28))
    campaign = Event("Campagne", "plan du groupe", *months[-1], 0.5)
    duty = Event("Garde", "planning", coming[0], coming[0] + dt.timedelta(days=13), 0.2)
    sold = [100.0] * 11 + [150.0]
    found = forecast(panel_of(sold), Calendar(tuple(months), coming, (campaign, duty)))
    assert found.usual == pytest.approx([100.0])
    assert found.units == pytest.approx([110.0])
    assert seen_effect(np.array([sold]), np.arange(12) == 11) == pytest.approx([0.5])


def test_events_touch_what_they_name_and_multiply() -> None:
    span = (dt.date(2026, 1, 1), dt.date(2026, 1, 10))
    one = Event("A", "x", *span, 0.5, products=frozenset({"P"}))
    family = Event("B", "x", *span, 1.0, families=frozenset({"f"}))
    assert lift(span, ["P", "Q"], ["f", "g"], [one, family]).tolist() == [3.0, 1.0]
    with pytest.raises(InvalidInput, match="finit avant"):
        Event("C", "x", span[1], span[0], 0.1)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30)), min_size=1, max_size=12))
def test_correction_never_lowers_demand(rows: list[tuple[int, int]]) -> None:
    sold: Floats = np.array([[float(q if d else 0) for q, d in rows]])
    there = np.array([[float(d) for _, d in rows]])
    panel = Panel(("A",), sold, there, np.full_like(sold, 30.0))
    if there.sum():
        assert panel.corrected_daily[0] >= panel.raw_daily[0]
        missed = panel.corrected_daily[0] * panel.days.sum()
        assert panel.lost_units[0] + sold.sum() == pytest.approx(missed)


def test_selling_out_does_not_make_a_slow_product_a_fast_one() -> None:
    """Twelve boxes a year, two at a time on the shelf, refilled a month after the last is gone."""
    rng, truth, days = np.random.default_rng(7), 12 / 360, 30
    sold, there = np.zeros((400, 24)), np.zeros((400, 24))
    for row in range(400):
        stock, back = 2, 0
        for day in range(24 * days):
            back -= stock == 0
            if stock == 0 and back <= -days:
                stock, back = 2, 0
            if stock:
                there[row, day // days] += 1
                units = min(stock, int(rng.poisson(truth)))
                sold[row, day // days] += units
                stock -= units
    whole = np.full((400, 24), float(days))
    panel = Panel(tuple(str(row) for row in range(400)), sold, there, whole)
    assert np.nanmean(panel.rates[:, 12:]) == pytest.approx(truth, rel=0.15)
    bare = np.where(there >= 0.2 * whole, sold / np.maximum(there, 1), np.nan)
    assert np.nanmean(bare[:, 12:]) > 1.25 * truth


def test_a_fast_product_keeps_its_own_rate_on_the_days_it_lacked() -> None:
    whole = np.full((1, 13), 30.0)
    sold = np.array([[30.0] * 12 + [60.0]])
    there = np.array([[30.0] * 12 + [15.0]])
    assert Panel(("A",), sold, there, whole).rates[0, -1] == pytest.approx(3.75, abs=0.05)
