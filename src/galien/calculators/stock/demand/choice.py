"""The method of each pattern: the one that would have done best on the last periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats
from galien.calculators.stock.demand import methods
from galien.calculators.stock.demand.errors import Errors, errors
from galien.calculators.stock.demand.patterns import Pattern
from galien.calculators.stock.demand.seasons import seasonal_indices

TESTED = 12  # last periods a back-test measures, at most a third of those there are
WORST = 16.0  # a scaled square counts no more: one odd product does not choose for its class

Method = Callable[[Floats, int], Floats]


def _plain(method: Callable[..., Floats], **settings: float) -> Method:
    made = partial(method, **settings)
    return lambda demand, _: np.maximum(made(demand), 0.0)


def _combined(demand: Floats, season: int) -> Floats:
    parts = [METHODS[name](demand, season) for name in ("seasonal_indices", "smoothing_slow")]
    return np.asarray(np.mean(parts, axis=0))


def _indices(demand: Floats, season: int) -> Floats:
    return np.maximum(seasonal_indices(demand, season, 0.3), 0.0)


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "moving_average_3": _plain(methods.moving_average, window=3),
        "moving_average_6": _plain(methods.moving_average, window=6),
        "moving_average_12": _plain(methods.moving_average, window=12),
        "smoothing_slow": _plain(methods.simple_smoothing, weight=0.1),
        "smoothing": _plain(methods.simple_smoothing, weight=0.3),
        "seasonal_naive": lambda demand, season: np.maximum(
            methods.seasonal_naive(demand, season), 0.0
        ),
        "seasonal_indices": _indices,
        "half_seasonal": _combined,
        "croston": _plain(methods.croston),
        "sba": _plain(methods.sba),
        "tsb": _plain(methods.tsb),
    }
)
LEVELS = (
    "moving_average_3",
    "moving_average_6",
    "moving_average_12",
    "smoothing_slow",
    "smoothing",
)
SPARSE = ("croston", "sba", "tsb", "moving_average_12", "smoothing_slow")
CANDIDATES: Mapping[Pattern, tuple[str, ...]] = MappingProxyType(
    {
        Pattern.REGULAR: (*LEVELS, "half_seasonal"),
        Pattern.ERRATIC: (*LEVELS, "half_seasonal"),
        Pattern.SEASONAL: ("seasonal_indices", "half_seasonal", "seasonal_naive", *LEVELS),
        Pattern.NEW: ("moving_average_3",),
        Pattern.INTERMITTENT: SPARSE,
        Pattern.LUMPY: SPARSE,
    }
)


@dataclass(frozen=True)
class Tried:
    """A method tried on a pattern: its mean scaled squared error over the products measured."""

    pattern: Pattern
    method: str
    score: float
    products: int


@dataclass(frozen=True)
class Choice:
    """The method of each pattern, every one that was tried, and the forecasts of each product.

    `forecasts` is (products, periods + 1), each product by the method of its pattern; `measured` its errors.
    """

    method_of: Mapping[Pattern, str]
    tried: tuple[Tried, ...]
    forecasts: Floats
    measured: Errors


def held_out(periods: int) -> Flags:
    """Tell which periods a back-test measures: the last twelve, at most the last third.

    >>> held_out(6).tolist()
    [False, False, False, False, True, True]
    """
    return np.arange(periods) >= periods - min(TESTED, periods // 3)


def choose(demand: Floats, found: tuple[Pattern, ...], season: int) -> Choice:
    """Try each pattern's methods one period ahead from every tested origin; keep the best of each.

    The score is the mean over the pattern's products of the squared error, scaled and bounded: squares
    reward the mean, which is what a stock needs, where absolute errors would reward forecasting nothing.
    """
    tested = held_out(demand.shape[1])
    forecasts = np.full((len(demand), demand.shape[1] + 1), np.nan)
    names = np.array([each.value for each in found])
    kept: dict[Pattern, str] = {}
    tried: list[Tried] = []
    for pattern, candidates in CANDIDATES.items():
        rows = np.flatnonzero(names == pattern.value)
        if len(rows):
            made = _try(demand[rows], candidates, season, tested)
            tried += [Tried(pattern, name, score, count) for name, score, count, _ in made]
            best = min(made, key=lambda each: each[1])
            kept[pattern], forecasts[rows] = best[0], best[3]
    measured = errors(demand, forecasts[:, :-1], tested)
    return Choice(kept, tuple(tried), forecasts, measured)


def _try(
    demand: Floats, candidates: tuple[str, ...], season: int, tested: Flags
) -> list[tuple[str, float, int, Floats]]:
    """Return each candidate's name, score, products measured and forecasts; those without season apart."""
    made = []
    for name in candidates:
        if season < 2 and "season" in name:
            continue
        forecasts = METHODS[name](demand, season)
        squared = errors(demand, forecasts[:, :-1], tested).squared
        known = np.minimum(squared[~np.isnan(squared)], WORST)
        score = float(known.mean()) if len(known) else float("inf")
        made.append((name, score, len(known), forecasts))
    return made
