"""What counts as stock when one orders: what can still be sold, and what comes in time."""

from __future__ import annotations

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.levels import NEARLY


def usable(lots: Floats, days_left: Floats, demand: Floats, horizon: Floats) -> Floats:
    """Return the units on hand that count, for a demand a day and a horizon in days.

    `lots` and `days_left` are (rows, lots): units, and days before they expire (infinite: never). A lot
    that outlives the horizon counts whole; one that does not counts for what sells before it expires,
    the nearest date sold first.

    >>> lots, left = np.array([[10.0, 5.0]]), np.array([[4.0, 400.0]])
    >>> usable(lots, left, np.array([2.0]), np.array([7.0]))
    array([13.])
    """
    order = np.argsort(days_left, axis=1, kind="stable")
    found, sold = np.zeros(len(lots)), np.zeros(len(lots))
    for place in range(lots.shape[1]):
        pick = order[:, place : place + 1]
        units = np.take_along_axis(lots, pick, axis=1)[:, 0]
        left = np.take_along_axis(days_left, pick, axis=1)[:, 0]
        within = np.isfinite(left) & (left < horizon)
        selling = np.maximum(0.0, demand * np.where(within, left, 0.0) - sold)
        counted = np.where(within, np.minimum(units, np.floor(selling + NEARLY)), units)
        counted = np.where(left <= 0, 0.0, counted)
        sold += counted
        found += counted
    return found


def due(outstanding: Floats, due_in: Floats, horizon: Floats) -> Floats:
    """Return the units already ordered that come within the horizon; later ones do not count.

    `outstanding` and `due_in` are (rows, orders): units, and days before they are due (NaN: no order).

    >>> due(np.array([[6.0, 4.0]]), np.array([[2.0, 30.0]]), np.array([5.0]))
    array([6.])
    """
    counted = np.where(due_in <= horizon[:, None], outstanding, 0.0)
    return np.asarray(counted.sum(axis=1))
