"""The structure of pay on medicines: regulated margin, dispensing fees, discounts on generics."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Pay:
    """What a pharmacy earned on medicines: euros excl. tax, unrounded.

    Shares are ratios, None when there is nothing to divide. `discounts` is None where purchases are
    not open to the reader: the whole is then that of the two other parts.
    """

    margin: Decimal = _NOTHING
    fees: Decimal = _NOTHING
    discounts: Decimal | None = _NOTHING

    @property
    def total(self) -> Decimal:
        """Return the three parts together.

        >>> Pay(Decimal(25), Decimal(50), Decimal(25)).total
        Decimal('100')
        """
        return self.margin + self.fees + (self.discounts or _NOTHING)

    @property
    def margin_share(self) -> Decimal | None:
        """Return the margin's part of the whole.

        >>> Pay(Decimal(25), Decimal(50), Decimal(25)).margin_share
        Decimal('0.25')
        """
        return _share(self.margin, self.total)

    @property
    def fees_share(self) -> Decimal | None:
        """Return the fees' part of the whole."""
        return _share(self.fees, self.total)

    @property
    def discounts_share(self) -> Decimal | None:
        """Return the discounts' part of the whole; None when they are not known."""
        return None if self.discounts is None else _share(self.discounts, self.total)

    @property
    def margin_share_without_discounts(self) -> Decimal | None:
        """Return the margin's part of margin and fees, as the references of 2018 to 2020 read it.

        Source: the handbook (near 50 % in 2018, 35 % in 2019, 25 % in 2020).

        >>> Pay(Decimal(25), Decimal(75), Decimal(900)).margin_share_without_discounts
        Decimal('0.25')
        """
        return _share(self.margin, self.margin + self.fees)

    def __add__(self, other: Pay) -> Pay:
        """Add two periods or two pharmacies; what is unknown in one is unknown in both."""
        known = self.discounts is not None and other.discounts is not None
        return Pay(
            self.margin + other.margin,
            self.fees + other.fees,
            (self.discounts or _NOTHING) + (other.discounts or _NOTHING) if known else None,
        )


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None
