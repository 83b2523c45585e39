"""How far forecasts were from what came: scaled, in share of what sold, and on which side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, ratio


@dataclass(frozen=True)
class Errors:
    """Errors of each product over the periods of a back-test; NaN where there was none.

    `wape`: Σ |error| ÷ Σ demand. `mase`: mean |error| ÷ what forecasting the last period again would have
    missed before the test. `squared`: the same with squares. `bias`: Σ (forecast − demand) ÷ Σ demand.
    """

    periods: Floats
    wape: Floats
    mase: Floats
    squared: Floats
    bias: Floats


def errors(demand: Floats, forecast: Floats, tested: Flags) -> Errors:
    """Measure forecasts (products, periods) on the `tested` periods where both are known.

    Source: Hyndman and Koehler, International Journal of Forecasting 22 (2006), for the scale.

    >>> found = errors(np.array([[1.0, 3.0, 4.0]]), np.array([[1.0, 2.0, 2.0]]), np.array([0, 0, 1]) > 0)
    >>> found.wape, found.mase, found.bias
    (array([0.5]), array([1.]), array([-0.5]))
    """
    seen = tested & ~np.isnan(demand) & ~np.isnan(forecast)
    missed = np.where(seen, np.nan_to_num(forecast) - np.nan_to_num(demand), 0.0)
    count = seen.sum(axis=1).astype(np.float64)
    # Where returns outweigh sales, a share of what sold means nothing.
    sold = np.maximum(np.where(seen, demand, 0.0).sum(axis=1), 0.0)
    steps = np.where(tested[1:], np.nan, np.diff(demand, axis=1))
    known = (~np.isnan(steps)).sum(axis=1).astype(np.float64)
    step, square = (
        ratio(np.nansum(np.abs(steps), axis=1), known),
        ratio(np.nansum(steps**2, axis=1), known),
    )
    return Errors(
        periods=count,
        wape=ratio(np.abs(missed).sum(axis=1), sold),
        mase=ratio(ratio(np.abs(missed).sum(axis=1), count), step),
        squared=ratio(ratio((missed**2).sum(axis=1), count), square),
        bias=ratio(missed.sum(axis=1), sold),
    )
