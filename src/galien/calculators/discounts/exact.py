"""Sums over picked products, exact to the last decimal and as fast as floating point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.market import Integers

# Whole numbers up to this are exact in a double, and so are their sums in any order.
EXACT = 2**53
# Products of matrices no larger than this stay on one thread: waking others takes longer than the sum.
BLOCK = 2**18

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Summable:
    """Whole numbers made ready to be added up: `digits` are doubles, each with what it is worth.

    Arrays are (…, products, columns); their sums over any products are exact in a double.
    """

    digits: tuple[tuple[int, Doubles], ...]
    kind: np.dtype[np.generic]

    @classmethod
    def of(cls, values: Integers) -> Summable:
        """Cut numbers whose sums a double cannot hold into high and low digits.

        >>> len(Summable.of(np.array([[2**52], [1]])).digits)
        1
        >>> len(Summable.of(np.array([[2**60], [1]])).digits)
        2
        """
        width = 52 - values.shape[-2].bit_length()
        worth, digits = 1, []
        while values.size and int(np.abs(values).sum(axis=-2).max()) >= EXACT:
            digits.append((worth, (values & (2**width - 1)).astype(np.float64)))
            values, worth = values >> width, worth * 2**width
        return cls((*digits, (worth, values.astype(np.float64))), values.dtype)

    def __getitem__(self, place: int) -> Summable:
        """Return the numbers at a place of the first axis."""
        return Summable(tuple((worth, each[place]) for worth, each in self.digits), self.kind)

    def picked_by(self, choices: Doubles) -> Integers:
        """Add up the products that each choice picks: (choices, products) of 0 and 1 → whole numbers.

        >>> values = Summable.of(np.array([[2**60], [5], [-1]]))
        >>> values.picked_by(np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])).tolist()
        [[1152921504606846975], [4]]
        """
        total: Integers = np.zeros((len(choices), self.digits[0][1].shape[-1]), self.kind)
        for worth, each in self.digits:
            total += _product(choices, each).astype(np.int64).astype(self.kind) * worth
        return total


def _product(choices: Doubles, values: Doubles) -> Doubles:
    total = np.zeros((len(choices), values.shape[1]))
    step = max(1, BLOCK // max(1, total.size))
    for start in range(0, len(values), step):
        total += choices[:, start : start + step] @ values[start : start + step]
    return total
