"""The part of the year in demand: is there one, and how much each period is of its year's mean."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, known_mean, ratio
from galien.calculators.stock.demand.methods import moving_average, simple_smoothing

YEARS = 2  # seen twice, a season may be one
CHANCE = 0.01  # of calling seasonal what is not
PRIOR = 0.5  # years without season that what was seen must outweigh
LEAST = 0.05  # an index is never below: a level is not divided by nothing
FAINT = 0.04  # mean deviation of the places: months of 28 to 31 days alone make 0.027
_LIMIT = NormalDist().inv_cdf(1 - CHANCE)


def is_seasonal(demand: Floats, season: int) -> Flags:
    """Tell which products sell by season: their periods of the year differ more than chance allows.

    Equation: one-way analysis of variance of demand ÷ its year's mean by place in the year, over whole
    years counted back from the last period, F above its 1 % quantile (Paulson, Annals of Mathematical
    Statistics 13, 1942). What a year gains on the one before is first taken off along each year: growth
    is no season. Below two whole years nothing is seasonal, nor what deviates by less than 4 %.

    >>> year = [9.0, 1.0, 5.0, 5.0]
    >>> is_seasonal(np.array([[*year, 9.2, 0.9, 5.1, 5.0], [5.0, 6, 4, 5, 6, 5, 5, 4]]), 4)
    array([ True, False])
    """
    years = demand.shape[1] // season if season > 1 else 0
    if years < YEARS:
        return np.zeros(len(demand), dtype=bool)
    cut = _level(demand[:, -years * season :].reshape(len(demand), years, season))
    relative = ratio(cut, np.broadcast_to(known_mean(cut)[:, :, None], cut.shape))
    places = known_mean(relative.transpose(0, 2, 1))
    known = ~np.isnan(relative)
    count = known.sum(axis=1)
    whole = (count >= YEARS).all(axis=1)
    middle = known_mean(relative.reshape(len(demand), -1))[:, None]
    between = np.nansum(count * (places - middle) ** 2, axis=1)
    within = np.nansum((relative - places[:, None, :]) ** 2, axis=(1, 2))
    rest = np.maximum(1, known.sum(axis=(1, 2)) - season).astype(np.float64)
    found = between * rest / np.maximum(within * (season - 1), 1e-12)
    wide = np.sqrt(known_mean((places - middle) ** 2)) > FAINT
    return np.asarray(whole & wide & (_normal_score(found, season - 1, rest) > _LIMIT))


def _level(cut: Floats) -> Floats:
    """Take off (products, years, places) what demand gains by period, from the first to the last year's mean.

    >>> _level(np.arange(8.0).reshape(1, 2, 4))[0, 0]
    array([1.5, 1.5, 1.5, 1.5])
    """
    _, years, season = cut.shape
    means = known_mean(cut)
    slope = np.nan_to_num(means[:, -1] - means[:, 0]) / ((years - 1) * season)
    return np.asarray(cut - slope[:, None, None] * (np.arange(season) - (season - 1) / 2))


def seasonal_indices(demand: Floats, season: int, weight: float) -> Floats:
    """Forecast a level × what this period of the year is of the year's mean. Columns as in `methods`.

    Equation: index(t) = (Σ y(t − ks) ÷ mean of the year begun at t − ks, + p) ÷ (years + p), p half a
    year without season; level = simple smoothing of y ÷ index by `weight`.

    >>> seasonal_indices(np.array([[9.0, 1, 5, 5, 9, 1, 5, 5]]), 4, 0.2)[0, -1].round(1)
    np.float64(8.8)
    """
    index = indices(demand, season)
    return simple_smoothing(demand / index[:, :-1], weight) * index


def indices(demand: Floats, season: int) -> Floats:
    """Return what each period is of its year's mean, from the years before it alone (`seasonal_indices`).

    >>> indices(np.array([[9.0, 1, 5, 5]]), 4)[0].round(2)
    array([1.  , 1.  , 1.  , 1.  , 1.53])
    """
    rows, periods = demand.shape
    years = moving_average(demand, season)
    total, seen = np.full((rows, periods + 1), PRIOR), np.full((rows, periods + 1), PRIOR)
    for t in range(season, periods + 1):
        share = ratio(demand[:, t - season], years[:, t])
        total[:, t] = total[:, t - season] + np.nan_to_num(share)
        seen[:, t] = seen[:, t - season] + ~np.isnan(share)
    return np.maximum(total / seen, LEAST)


def family_indices(demand: Floats, families: Sequence[str], season: int) -> Floats:
    """Return the index of each product's family, all its products added up; 1 for one without a family.

    A family shows in a year the season that a slow product hides for ten.
    """
    names, place = np.unique(np.array(families, dtype=np.str_), return_inverse=True)
    totals = np.zeros((len(names), demand.shape[1]))
    np.add.at(totals, place, np.nan_to_num(demand))
    found = indices(totals, season)
    found[names == ""] = 1.0
    return found[place]


def with_index(demand: Floats, index: Floats, window: int) -> Floats:
    """Forecast demand of the last periods ÷ their indices, × the index of the next. Columns as in `methods`.

    Equation: index(t) × Σ demand ÷ Σ index over the window: sums bear the periods without a sale that
    would make a mean of ratios jump.
    """
    known = np.where(np.isnan(demand), np.nan, index[:, :-1])
    return ratio(moving_average(demand, window), moving_average(known, window)) * index


def _normal_score(found: Floats, between: int, within: Floats) -> Floats:
    """Return a normal score for values of F with these degrees of freedom."""
    first, second = 2 / (9 * between), 2 / (9 * within)
    root = np.cbrt(np.minimum(found, 1e9))
    return np.asarray(((1 - second) * root - (1 - first)) / np.sqrt(second * root**2 + first))
