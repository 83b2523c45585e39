"""Boxes × euros a box, added up by group over hundreds of thousands of rows, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from galien.kernel.errors import InvalidInput

Whole = NDArray[np.int64]  # (rows,)

# Euros a box are counted in hundred-billionths of a millieuro, cut in two parts whose sums fit 64 bits.
DECIMALS = 14
_LOW = 10**9


def exact_sums(
    groups: Whole, quantities: Whole, prices: Whole, amounts: Sequence[Decimal], *, count: int
) -> list[Decimal]:
    """Add up boxes × amount by group, in euros, unrounded.

    `groups` numbers the group of each row (0 to `count` − 1), `quantities` its boxes (negative for
    returns), `prices` the place of its amount in `amounts` (euros a box, at most 14 decimals).
    Raises `InvalidInput` for a finer amount.

    >>> rows = np.array([0, 1, 0])
    >>> exact_sums(rows, np.array([2, 1, -1]), np.array([0, 0, 1]),
    ...            [Decimal("0.7573"), Decimal("1")], count=2)
    [Decimal('0.51460000000000'), Decimal('0.75730000000000')]
    """
    whole = [_whole(amount) for amount in amounts]
    high = np.array([value // _LOW for value in whole], dtype=np.int64)
    low = np.array([value % _LOW for value in whole], dtype=np.int64)
    found = []
    for part in (high, low):
        sums = np.zeros(count, dtype=np.int64)
        if len(groups):
            np.add.at(sums, groups, quantities * part[prices])
        found.append(sums.tolist())
    return [Decimal(h * _LOW + rest).scaleb(-DECIMALS) for h, rest in zip(*found, strict=True)]


def _whole(amount: Decimal) -> int:
    scaled = amount.scaleb(DECIMALS)
    if scaled != scaled.to_integral_value():
        raise InvalidInput(
            f"« {amount} » a plus de {DECIMALS} décimales : donnez des taux à six décimales au plus."
        )
    return int(scaled)
