"""Which boxes bear the nearest expiry date, and how many of them will not be sold before it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

ZERO = Decimal(0)


def nearest_units(quantity: Decimal, receipts: Iterable[Decimal]) -> Decimal:
    """Return the boxes that bear the nearest date: those left of the oldest delivery on the shelf.

    Shelves tell one date a product. The oldest boxes leave first, so that the stock is what came last;
    boxes of a delivery have one date. `receipts` are the units of each delivery, the last first; what is
    older than all of them bears the nearest date whole.

    >>> [str(nearest_units(Decimal(12), map(Decimal, came))) for came in ([5, 5, 5], [20], [5], [])]
    ['2', '12', '7', '12']
    """
    left = max(quantity, ZERO)
    for units in receipts:
        if units >= left:
            break
        left -= max(units, ZERO)
    return left


def unsold_units(units: Decimal, daily: Decimal, days_left: int) -> Decimal:
    """Return the boxes, out of those that expire in some days, that sales a day will not take by then.

    Equation: units − min(units, ⌊daily × days⌋); all of them once the date is there.

    >>> str(unsold_units(Decimal(10), Decimal("0.5"), 9)), str(unsold_units(Decimal(3), Decimal(1), 0))
    ('6', '3')
    """
    taken = (daily * max(0, days_left)).to_integral_value(ROUND_FLOOR)
    return max(ZERO, units - taken)
