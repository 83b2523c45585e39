"""Boxes near their date: one count for the order and for what sleeps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.clearing import Action, clear
from galien.calculators.stock.expiry import nearest_units, unsold_units
from galien.calculators.stock.orders.position import usable
from galien.calculators.stock.sleeping import OnShelf, find

ON = dt.date(2026, 10, 31)
BOXES = st.integers(0, 60)


def shelf_by_hand(deliveries: list[int], quantity: int) -> int:
    """Lay deliveries on a shelf, the oldest in front, sell from the front: what is left of the first lot."""
    before = max(0, quantity - sum(deliveries))
    boxes = [-1] * before + [
        lot for lot, units in enumerate(reversed(deliveries)) for _ in range(units)
    ]
    left = boxes[len(boxes) - quantity :]
    return sum(each == left[0] for each in left) if left else 0


@given(st.lists(st.integers(1, 20), max_size=6), BOXES)
def test_the_nearest_date_is_that_of_the_oldest_delivery_left(
    deliveries: list[int], quantity: int
) -> None:
    found = nearest_units(Decimal(quantity), map(Decimal, deliveries))
    assert found == shelf_by_hand(deliveries, quantity)


@given(BOXES, st.integers(0, 40), st.integers(-5, 40), st.integers(0, 60))
def test_the_order_and_the_sleeping_page_count_the_same_boxes(
    lot: int, tenths: int, days: int, others: int
) -> None:
    daily = Decimal(tenths) / 10
    horizon = max(days, 0) + 1.0
    counted = usable(
        np.array([[lot, others]], dtype=float), np.array([[float(days), np.inf]]),
        np.array([tenths / 10]), np.array([horizon]),
    )[0]  # fmt: skip
    found = find(
        OnShelf(
            "x", Decimal(lot + others), Decimal(1), monthly_sales=daily * 30, last_sold=ON,
            nearest_expiry=ON + dt.timedelta(days=days), nearest_units=Decimal(lot),
        ),
        on=ON,
    )  # fmt: skip
    assert found.expiring_units == unsold_units(Decimal(lot), daily, days)
    assert lot + others - counted == float(found.expiring_units)


def test_only_the_boxes_of_the_date_are_taken_away() -> None:
    shelf = OnShelf(
        "x", Decimal(10), Decimal(5), last_sold=dt.date(2025, 10, 1), nearest_expiry=ON,
        nearest_units=Decimal(2),
    )  # fmt: skip
    moves = clear(find(shelf, on=ON), on=ON)
    assert [(each.action, each.units) for each in moves] == [
        (Action.TAKE_AWAY, Decimal(2)), (Action.CLEAR, Decimal(8)),
    ]  # fmt: skip
