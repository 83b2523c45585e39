"""Forecasts of the next period from the periods before it, at every period at once.

Each takes demand (products, periods), NaN where it is unknown, and returns (products, periods + 1):
column t is what one would have forecast for period t knowing only those before it; the last column
is the forecast. NaN where nothing is known yet.
"""

from __future__ import annotations

import numpy as np

from galien.calculators.stock.arrays import Floats, ratio

SMOOTHING = 0.1  # of intermittent demand: Croston's own range is 0.1 to 0.2


def naive(demand: Floats) -> Floats:
    """Forecast the last known period again.

    >>> naive(np.array([[3.0, np.nan, 5.0]]))
    array([[nan,  3.,  3.,  5.]])
    """
    return simple_smoothing(demand, 1.0)


def moving_average(demand: Floats, window: int) -> Floats:
    """Forecast the mean of what is known of the last `window` periods.

    >>> moving_average(np.array([[1.0, 3.0, 8.0]]), 2)
    array([[nan, 1. , 2. , 5.5]])
    """
    known = ~np.isnan(demand)
    sums = _running(np.where(known, demand, 0.0), window)
    return ratio(sums, _running(known.astype(np.float64), window))


def seasonal_naive(demand: Floats, season: int) -> Floats:
    """Forecast the same period of the year before, or of the latest year in which it is known.

    >>> seasonal_naive(np.array([[1.0, 2.0, 3.0]]), 2)
    array([[nan, nan,  1.,  2.]])
    """
    found = np.full((len(demand), demand.shape[1] + 1), np.nan)
    for t in range(season, demand.shape[1] + 1):
        last = demand[:, t - season]
        found[:, t] = np.where(np.isnan(last), found[:, t - season], last)
    return found


def simple_smoothing(demand: Floats, weight: float) -> Floats:
    """Forecast a level that moves by `weight` of each error (simple exponential smoothing).

    Equation: l ← l + w (y − l), begun at the first known period. Source: Brown (1959).

    >>> simple_smoothing(np.array([[10.0, 20.0]]), 0.5)
    array([[nan, 10., 15.]])
    """
    found = np.full((len(demand), demand.shape[1] + 1), np.nan)
    level = np.full(len(demand), np.nan)
    for t, seen in enumerate(demand.T):
        begun = np.where(np.isnan(level), seen, level + weight * (seen - level))
        level = np.where(np.isnan(seen), level, begun)
        found[:, t + 1] = level
    return found


def croston(demand: Floats, weight: float = SMOOTHING) -> Floats:
    """Forecast size ÷ interval, both smoothed at each demand; 0 before the first one.

    Source: Croston, Operational Research Quarterly 23 (1972).

    >>> croston(np.array([[0.0, 4.0, 0.0, 0.0, 4.0]]))[0, -1].round(3)
    np.float64(1.905)
    """
    rows = len(demand)
    found = np.full((rows, demand.shape[1] + 1), np.nan)
    size, interval, waited = np.full(rows, np.nan), np.full(rows, np.nan), np.zeros(rows)
    started = np.zeros(rows, dtype=bool)
    for t, seen in enumerate(demand.T):
        known = ~np.isnan(seen)
        started |= known
        waited += known
        sold = known & (seen > 0)
        first = sold & np.isnan(size)
        size = np.where(first, seen, np.where(sold, size + weight * (seen - size), size))
        smoothed = np.where(sold, interval + weight * (waited - interval), interval)
        interval = np.where(first, waited, smoothed)
        waited = np.where(sold, 0.0, waited)
        forecast = np.where(np.isnan(size), 0.0, size / interval)
        found[:, t + 1] = np.where(started, forecast, np.nan)
    return found


def sba(demand: Floats, weight: float = SMOOTHING) -> Floats:
    """Forecast Croston's figure freed of its bias: (1 − weight ÷ 2) of it.

    Source: Syntetos and Boylan, International Journal of Forecasting 21 (2005).
    """
    return (1 - weight / 2) * croston(demand, weight)


def tsb(demand: Floats, weight: float = SMOOTHING, chance_weight: float = SMOOTHING) -> Floats:
    """Forecast the chance of a demand, smoothed each period, × its size, smoothed at each demand.

    Unlike Croston's, it falls while nothing sells. Source: Teunter, Syntetos and Babai, European
    Journal of Operational Research 214 (2011).

    >>> tsb(np.array([[4.0, 0.0]]))[0, -1].round(2)
    np.float64(3.6)
    """
    sold = np.where(np.isnan(demand), np.nan, (demand > 0).astype(np.float64))
    chance = simple_smoothing(sold, chance_weight)
    sizes = simple_smoothing(np.where(demand > 0, demand, np.nan), weight)
    return np.where(np.isnan(chance), np.nan, chance * np.nan_to_num(sizes))


def _running(values: Floats, window: int) -> Floats:
    """Sum the last `window` columns before each one, and before the one that comes next."""
    found = np.zeros((len(values), values.shape[1] + 1))
    for back in range(1, min(window, values.shape[1]) + 1):
        found[:, back:] += values[:, : values.shape[1] + 1 - back]
    return found
