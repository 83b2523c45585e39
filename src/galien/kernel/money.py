"""Exact money: Decimal euros or integer cents, rounded half up, once, at the end."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def round_amount(amount: Decimal) -> Decimal:
    """Round an amount in euros to the cent, half away from zero.

    >>> round_amount(Decimal("2.345")), round_amount(Decimal("-2.345"))
    (Decimal('2.35'), Decimal('-2.35'))
    """
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def cents(amount: Decimal) -> int:
    """Return an amount in euros as a whole number of cents.

    >>> cents(Decimal("8.75"))
    875
    """
    return int(round_amount(amount) * 100)
