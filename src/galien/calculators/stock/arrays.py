"""The arrays that stock calculators speak: one row per product, one column per period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def ratio(above: Floats, below: Floats) -> Floats:
    """Divide two arrays; unknown (NaN) where the divisor is nil.

    >>> ratio(np.array([6.0, 1.0]), np.array([4.0, 0.0]))
    array([1.5, nan])
    """
    found: Floats = np.full(np.shape(above), np.nan)
    np.divide(above, below, out=found, where=below != 0)
    return found


def known_mean(values: Floats) -> Floats:
    """Return the mean of the known values of each row; unknown where there is none.

    >>> known_mean(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]]))
    array([ 2., nan])
    """
    known = ~np.isnan(values)
    return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
