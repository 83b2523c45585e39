"""The demonstration's elasticities are known to what makes it: the method must find them in its sales."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest

from galien.calculators.pricing.elasticity import Elasticity, PriceChange, estimate
from galien.calculators.pricing.price_changes import Months, price_changes
from galien.demo.baskets import make_lines
from galien.demo.free_prices import ELASTICITY, make_prices
from galien.demo.generate import World, make_world
from galien.demo.members import Member, make_members
from galien.demo.taste import make_taste
from galien.demo.trade import Trade
from galien.demo.visits import COUNTER, make_invoices

PHARMACIES, MONTHS, SEED = 20, 25, 5


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(MONTHS, SEED, dt.date(2026, 11, 22))


@pytest.fixture(scope="module")
def changes(world: World) -> list[PriceChange]:
    members = make_members(PHARMACIES, np.random.default_rng(SEED))
    months = [_sold(world, member) for member in members]
    codes = tuple(str(code) for code in world.shop.catalogue.code)
    columns = (np.concatenate(column) for column in zip(*months, strict=True))
    names = tuple(member.finess for member in members)
    return list(price_changes(Months(names, codes, *columns)))


def _sold(world: World, member: Member) -> tuple[np.ndarray, ...]:
    """Sell two years at the counter of a pharmacy, its free prices moving; add up by product and month."""
    rng = np.random.default_rng([SEED, member.rank])
    catalogue, calendar = world.shop.catalogue, world.calendar
    taste = make_taste(catalogue, member, rng)
    prices = make_prices(catalogue, calendar, member, rng)
    trade = Trade(catalogue, calendar, member, taste, world.themes, world.campaigns, prices)
    invoices = make_invoices(calendar, member, taste, rng)
    lines = make_lines(trade, invoices, rng)
    mine = (invoices.sale_type[lines.invoice] == COUNTER) & ~catalogue.regulated[lines.product]
    months = int(calendar.month[-1]) + 1
    place = lines.product[mine] * months + calendar.month[invoices.day[lines.invoice[mine]]]
    cells = len(catalogue) * months
    units = np.bincount(place, weights=lines.quantity[mine], minlength=cells)
    gross = np.bincount(place, weights=lines.gross[mine], minlength=cells)
    some = np.flatnonzero(units > 0)
    return (np.full(len(some), member.rank), some // months, some % months,
            units[some].astype(np.int64), gross[some] / units[some] / 100)  # fmt: skip


def _by_universe(world: World, changes: list[PriceChange]) -> dict[str, Elasticity]:
    catalogue = world.shop.catalogue
    universe = dict(zip(map(str, catalogue.code), map(str, catalogue.universe), strict=True))
    kept: dict[str, list[PriceChange]] = defaultdict(list)
    for each in changes:
        kept[universe[each.product_code]].append(each)
    return {name: estimate(each) for name, each in kept.items()}


def test_intervals_hold_what_was_planted_in_most_universes(
    world: World, changes: list[PriceChange]
) -> None:
    found = _by_universe(world, changes)
    told = {name: each.interval for name, each in found.items() if each.interval is not None}
    assert len(told) >= 9
    held = [
        name for name, (low, high) in told.items() if low <= Decimal(str(ELASTICITY[name])) <= high
    ]
    assert len(held) >= len(told) - 1, {name: told[name] for name in told.keys() - set(held)}


def test_the_whole_is_measured_beyond_doubt_and_between_the_extremes(
    changes: list[PriceChange],
) -> None:
    found = estimate(changes)
    assert found.usable
    assert found.value is not None
    assert min(ELASTICITY.values()) < found.value < max(ELASTICITY.values())
    assert found.interval is not None
    assert found.interval[1] - found.interval[0] < Decimal("0.8")


def test_no_universe_is_given_a_sign_it_does_not_have(
    world: World, changes: list[PriceChange]
) -> None:
    for each in _by_universe(world, changes).values():
        assert each.interval is None or each.interval[0] < 0


def test_prices_move_apart_and_regulated_ones_do_not(world: World) -> None:
    catalogue, calendar = world.shop.catalogue, world.calendar
    members = make_members(2, np.random.default_rng(SEED))
    one, other = (
        make_prices(catalogue, calendar, each, np.random.default_rng([SEED, each.rank]))
        for each in members
    )
    free = np.flatnonzero(~catalogue.regulated)
    last = np.full(len(free), len(calendar.days) - 1)
    first = np.zeros(len(free), np.int64)
    moved = one.on(free, last) / one.on(free, first) - 1
    assert 0.2 < (moved < 0).mean() < 0.5
    assert (one.starts[free, 3] != other.starts[free, 3]).mean() > 0.9
    assert 0.02 < moved.mean() < 0.06
    assert (one.answer[catalogue.regulated] == 1).all()
