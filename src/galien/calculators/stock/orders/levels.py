"""The stock that triggers an order: what sells while one waits, and what guards against the unforeseen."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.kernel.errors import InvalidInput

# Share of the days of waiting that end without a shortage, by class of the ABC analysis.
SERVICE: Mapping[str, float] = {"A": 0.98, "B": 0.95, "C": 0.90}
HALF, SURE = 0.5, 0.9999
NEARLY = 1e-9  # 3.0000000001 boxes are three


def factor(service: float) -> float:
    """Return how many deviations of demand a service level asks to guard against.

    Equation: the normal law's quantile; nil at 50 % and below, as no safety stock is negative.

    >>> round(factor(0.95), 3), factor(0.3)
    (1.645, 0.0)
    """
    if not 0 <= service < 1:
        raise InvalidInput("Un taux de service va de 0 à moins de 1 (0,95 pour 95 %).")
    return NormalDist().inv_cdf(min(service, SURE)) if service > HALF else 0.0


def safety_stock(
    demand: Floats, deviation: Floats, *, lead: Floats, lead_deviation: Floats, factors: Floats
) -> Floats:
    """Return the units kept against what demand and the supplier may do.

    `demand` and `deviation` are units a day, `lead` (waiting and time between two orders) and its
    deviation days. Equation: k √(L s² + d² v²), v the deviation of L, demand of different days independent.
    Source: Silver, Pyke and Peterson, Inventory Management, chapter 7.

    >>> one = np.ones(1)
    >>> safety_stock(4 * one, 3 * one, lead=4 * one, lead_deviation=2 * one, factors=one)
    array([10.])
    """
    variance = np.maximum(lead, 0) * deviation**2 + (demand * lead_deviation) ** 2
    return np.asarray(np.maximum(factors, 0) * np.sqrt(variance))


def reorder_point(demand: Floats, lead: Floats, safety: Floats) -> Floats:
    """Return the stock below which to order, in whole units: demand while waiting, plus safety.

    >>> reorder_point(np.array([2.0]), np.array([3.0]), np.array([1.2]))
    array([8.])
    """
    return whole_up(np.maximum(demand, 0) * np.maximum(lead, 0) + safety)


def threshold(point: Floats, minimum: Floats, duty: Floats, *, held: Floats) -> Floats:
    """Return the stock below which an order is due, whichever rule asks most.

    `minimum` is the *stock minimum déclenchant*: an order is due once stock has fallen to it (−1: none
    is set). `duty` is what duty days to come ask to have. `held` is 0 for products not kept on shelves:
    they wait for a client, unless a minimum or a duty asks otherwise.

    >>> threshold(np.array([3.0]), np.array([3.0]), np.array([0.0]), held=np.array([1.0]))
    array([4.])
    """
    return np.asarray(np.maximum.reduce([point * held, minimum + 1.0, duty]))


def whole_up(units: Floats, multiple: Floats | float = 1.0) -> Floats:
    """Round units up to a multiple.

    >>> whole_up(np.array([20.0, 21.0]), 3.0)
    array([21., 21.])
    """
    return np.asarray(np.ceil(units / multiple - NEARLY) * multiple)


def whole_down(units: Floats, multiple: Floats | float = 1.0) -> Floats:
    """Round units down to a multiple."""
    return np.asarray(np.floor(units / multiple + NEARLY) * multiple)
