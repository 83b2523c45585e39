"""Rolling a physical count to the balance-sheet date, back or forward, with what moved between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Moved:
    """Units of a product that came in or went out on a day (both positive)."""

    product_code: str
    day: dt.date
    units_in: Decimal = ZERO
    units_out: Decimal = ZERO


@dataclass(frozen=True)
class Rolled:
    """A product at the balance-sheet date: counted, moved, and what the count becomes.

    `impossible` when it would be negative: a movement or the count is wrong.
    """

    product_code: str
    counted: Decimal
    units_in: Decimal
    units_out: Decimal
    quantity: Decimal

    @property
    def impossible(self) -> bool:
        """Tell whether the quantity found cannot be."""
        return self.quantity < 0


def roll(
    counted: Mapping[str, Decimal],
    moved: Iterable[Moved],
    *,
    counted_on: dt.date,
    to: dt.date,
) -> tuple[Rolled, ...]:
    """Bring a count taken at the close of a day to the close of another, product by product.

    Equation: forward, count + in − out of the days after the count up to the date; back, count −
    in + out of the days after the date up to the count. A product that only moved was counted 0.

    >>> moved = [Moved("x", dt.date(2026, 1, 2), units_in=Decimal(5), units_out=Decimal(2))]
    >>> (row,) = roll({"x": Decimal(10)}, moved, counted_on=dt.date(2026, 1, 1), to=dt.date(2026, 1, 2))
    >>> row.counted, row.units_in, row.units_out, row.quantity
    (Decimal('10'), Decimal('5'), Decimal('2'), Decimal('13'))
    """
    first, last = min(counted_on, to), max(counted_on, to)
    way = 1 if to >= counted_on else -1
    entered: dict[str, Decimal] = {}
    left: dict[str, Decimal] = {}
    for each in moved:
        if first < each.day <= last:
            code = each.product_code
            entered[code] = entered.get(code, ZERO) + each.units_in
            left[code] = left.get(code, ZERO) + each.units_out
    return tuple(
        _rolled(code, counted.get(code, ZERO), entered.get(code, ZERO), left.get(code, ZERO), way)
        for code in sorted(counted.keys() | entered.keys())
    )


def _rolled(code: str, count: Decimal, units_in: Decimal, units_out: Decimal, way: int) -> Rolled:
    return Rolled(code, count, units_in, units_out, count + way * (units_in - units_out))
