"""A past year read back: stock set right by each count, demand of days without stock, by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.usecases.stock.flows import Flows
from galien.usecases.stock.year_read import Counts, given_up, stock_by_day, wanted

FIRST = dt.date(2026, 1, 1)


def told(sold: list[float], received: list[float]) -> Flows:
    days = len(sold)
    row: Floats = np.array([sold], dtype=np.float64)
    return Flows(
        ("A",),
        FIRST,
        FIRST + dt.timedelta(days=days - 1),
        row,
        row,
        np.array([received], dtype=np.float64),
        (),
    )


def counted(*counts: tuple[int, float]) -> Counts:
    days = tuple(FIRST + dt.timedelta(days=day) for day, _ in counts)
    none = np.zeros(1)
    return Counts(days, np.array([[units for _, units in counts]]), none, none)


def test_each_count_sets_the_stock_right_again() -> None:
    flows = told([1, 1, 1, 1, 1], [0, 0, 3, 0, 0])
    stock = stock_by_day(flows, counted((1, 5.0), (3, 4.0)))
    # Counted 5 on the second evening; 5 − 1 + 3 = 7; counted 4, where movements would tell 6.
    assert stock[0].tolist() == [6, 5, 7, 4, 3]


def test_without_a_count_the_lowest_stock_is_nothing() -> None:
    stock = stock_by_day(told([2, 0, 1], [0, 0, 4]), counted())
    assert stock[0].tolist() == [0, 0, 3]


def test_what_would_have_sold_on_days_without_stock_counts_as_asked() -> None:
    # Two a day over thirty days, then nine days without a box, then boxes again.
    sold = [2.0] * 30 + [0.0] * 9 + [2.0] * 21
    received = [0.0] * 39 + [50.0] + [0.0] * 20
    flows = told(sold, received)
    stock = stock_by_day(flows, counted((38, 0.0)))
    asked = wanted(flows, stock)
    missed = asked[0] - np.array(sold)
    # The evening of the thirtieth day is the first without a box: days 31 to 39 were missed.
    assert missed.sum() == 18
    assert not missed[:30].any()
    assert not missed[39:].any()


def test_a_long_absence_is_a_product_given_up() -> None:
    there = np.ones((3, 200), dtype=bool)
    there[0, 100:130] = False
    there[1, 100:] = False
    there[2, :100] = False
    given = given_up(there)
    assert not given[0].any()
    assert given[1, 100:].all()
    assert given[2, :100].all()
