"""The method of each pattern: the one that would have done best on the last periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, Integers
from galien.calculators.stock.demand import methods
from galien.calculators.stock.demand.errors import Errors, errors
from galien.calculators.stock.demand.patterns import Pattern
from galien.calculators.stock.demand.seasons import seasonal_indices, with_index

TESTED = 12  # last periods a back-test measures, at most a third of those there are
WORST = 16.0  # a scaled square counts no more: one odd product does not choose for its class


@dataclass(frozen=True)
class Season:
    """How many periods make a year, and each product's index by period (products, periods + 1) if known."""

    periods: int
    family: Floats | None = None

    def rows(self, places: Integers) -> Season:
        """Return the season of some products."""
        return self if self.family is None else Season(self.periods, self.family[places])


Method = Callable[[Floats, Season], Floats]


def _plain(method: Callable[..., Floats], **settings: float) -> Method:
    made = partial(method, **settings)
    return lambda demand, _: np.maximum(made(demand), 0.0)


def _by_season(method: Callable[..., Floats], **settings: float) -> Method:
    made = partial(method, **settings)
    return lambda demand, season: np.maximum(made(demand, season.periods), 0.0)


def _half(demand: Floats, season: Season) -> Floats:
    parts = [METHODS[name](demand, season) for name in ("seasonal_indices", "smoothing_slow")]
    return np.asarray(np.mean(parts, axis=0))


def _family(window: int) -> Method:
    def made(demand: Floats, season: Season) -> Floats:
        index = (
            np.ones((len(demand), demand.shape[1] + 1)) if season.family is None else season.family
        )
        return np.maximum(with_index(demand, index, window), 0.0)

    return made


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "moving_average_3": _plain(methods.moving_average, window=3),
        "moving_average_6": _plain(methods.moving_average, window=6),
        "moving_average_12": _plain(methods.moving_average, window=12),
        "smoothing_slow": _plain(methods.simple_smoothing, weight=0.1),
        "smoothing": _plain(methods.simple_smoothing, weight=0.3),
        "seasonal_naive": _by_season(methods.seasonal_naive),
        "seasonal_indices": _by_season(seasonal_indices, weight=0.3),
        "half_seasonal": _half,
        "family_season_6": _family(6),
        "family_season_12": _family(12),
        "croston": _plain(methods.croston),
        "sba": _plain(methods.sba),
        "tsb": _plain(methods.tsb),
    }
)
FAMILY = ("family_season_6", "family_season_12")
LEVELS = (
    "moving_average_3",
    "moving_average_6",
    "moving_average_12",
    "smoothing_slow",
    "smoothing",
)
SPARSE = ("croston", "sba", "tsb", "moving_average_12", "smoothing_slow", *FAMILY)
CANDIDATES: Mapping[Pattern, tuple[str, ...]] = MappingProxyType(
    {
        Pattern.REGULAR: (*LEVELS, "half_seasonal", *FAMILY),
        Pattern.ERRATIC: (*LEVELS, "half_seasonal", *FAMILY),
        Pattern.SEASONAL: ("seasonal_indices", "half_seasonal", "seasonal_naive", *LEVELS, *FAMILY),
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


def choose(demand: Floats, found: tuple[Pattern, ...], season: Season) -> Choice:
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
            made = _try(demand[rows], candidates, season.rows(rows), tested)
            tried += [Tried(pattern, name, score, count) for name, score, count, _ in made]
            best = min(made, key=lambda each: each[1])
            kept[pattern], forecasts[rows] = best[0], best[3]
    measured = errors(demand, forecasts[:, :-1], tested)
    return Choice(kept, tuple(tried), forecasts, measured)


def _try(
    demand: Floats, candidates: tuple[str, ...], season: Season, tested: Flags
) -> list[tuple[str, float, int, Floats]]:
    """Return name, score, products measured and forecasts of each candidate that its data allow."""
    made = []
    for name in candidates:
        if "season" in name and (season.periods < 2 or (name in FAMILY and season.family is None)):
            continue
        forecasts = METHODS[name](demand, season)
        squared = errors(demand, forecasts[:, :-1], tested).squared
        known = np.minimum(squared[~np.isnan(squared)], WORST)
        score = float(known.mean()) if len(known) else float("inf")
        made.append((name, score, len(known), forecasts))
    return made
