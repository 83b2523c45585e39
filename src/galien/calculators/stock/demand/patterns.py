"""How a product sells: regular, by season, erratic, now and then, in lumps, or too new to tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, ratio
from galien.calculators.stock.demand.seasons import is_seasonal

INTERVAL_CUT = 1.32  # periods between two demands
SIZE_CUT = 0.49  # squared coefficient of variation of what is asked at a time
NEW = 6  # periods seen, under which nothing is told from chance


class Pattern(StrEnum):
    """Pattern of demand; the value is the key in answers."""

    REGULAR = "regular"
    SEASONAL = "seasonal"
    NEW = "new"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"


@dataclass(frozen=True)
class Shape:
    """What tells patterns apart: mean interval between demands, squared variation of their sizes."""

    interval: Floats
    variation: Floats


def shape(demand: Floats) -> Shape:
    """Measure demand (products, periods): periods known ÷ periods that sold, (deviation ÷ mean)² of those.

    Source: Syntetos, Boylan and Croston, Journal of the Operational Research Society 56 (2005).

    >>> found = shape(np.array([[0.0, 2.0, 0.0, 4.0]]))
    >>> found.interval, found.variation.round(3)
    (array([2.]), array([0.111]))
    """
    sizes = np.where(demand > 0, demand, 0.0)
    sold = (sizes > 0).sum(axis=1).astype(np.float64)
    mean = ratio(sizes.sum(axis=1), sold)
    gaps = np.where(sizes > 0, sizes - mean[:, None], 0.0)
    spread = ratio((gaps**2).sum(axis=1), sold)
    known = (~np.isnan(demand)).sum(axis=1).astype(np.float64)
    return Shape(ratio(known, sold), ratio(spread, mean**2))


def patterns(demand: Floats, season: int) -> tuple[Pattern, ...]:
    """Return the pattern of each product.

    New under six known periods; else by the cuts of Syntetos and Boylan (1.32 and 0.49), and seasonal
    where a product that sells often sells by season. A product that never sold is intermittent.

    >>> [each.value for each in patterns(np.array([[5.0] * 8, [0, 1] * 4, [0, 9, 0, 1] * 2]), 12)]
    ['regular', 'intermittent', 'lumpy']
    """
    measured = shape(demand)
    often = measured.interval < INTERVAL_CUT
    steady = ~(measured.variation >= SIZE_CUT)
    known = (~np.isnan(demand)).sum(axis=1)
    by_season: Flags = is_seasonal(demand, season)
    cases = [
        (known < NEW, Pattern.NEW),
        (often & by_season, Pattern.SEASONAL),
        (often & steady, Pattern.REGULAR),
        (often, Pattern.ERRATIC),
        (steady, Pattern.INTERMITTENT),
    ]
    found = np.select([test for test, _ in cases], range(len(cases)), len(cases))
    names = (*(name for _, name in cases), Pattern.LUMPY)
    return tuple(names[place] for place in found)
