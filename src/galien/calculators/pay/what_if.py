"""A reform tried on real sales: the same boxes under the law in force and under a proposed one."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

_NOTHING = Decimal(0)


@dataclass(frozen=True)
class Outcome:
    """What a law gives on given sales: euros, unrounded; all excl. tax but the public price.

    `discounts` are those on purchases that the ceilings leave.
    """

    margin: Decimal = _NOTHING
    fees: Decimal = _NOTHING
    wholesaler_margin: Decimal = _NOTHING
    public_price_incl: Decimal = _NOTHING
    discounts: Decimal = _NOTHING

    @property
    def pay(self) -> Decimal:
        """Return what the pharmacy earns: margin, fees and discounts."""
        return self.margin + self.fees + self.discounts

    def __add__(self, other: Outcome) -> Outcome:
        """Add the outcomes of two sets of sales."""
        return Outcome(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: Outcome) -> Outcome:
        """Take an outcome off another."""
        return Outcome(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Trial:
    """The same sales under both laws.

    >>> trial = Trial(Outcome(margin=Decimal(10)), Outcome(margin=Decimal(12)))
    >>> trial.effect.margin, trial.effect.pay
    (Decimal('2'), Decimal('2'))
    """

    current: Outcome = Outcome()
    proposed: Outcome = Outcome()

    @property
    def effect(self) -> Outcome:
        """Return what the proposed law adds or takes away."""
        return self.proposed - self.current

    def __add__(self, other: Trial) -> Trial:
        """Add the trials of two sets of sales."""
        return Trial(self.current + other.current, self.proposed + other.proposed)


def discount_left(discount: Decimal, ex_factory_value: Decimal, ceiling: Decimal | None) -> Decimal:
    """Give the part of a discount that a ceiling leaves, in euros excl. tax.

    Inputs: the discount obtained and the purchases at ex-factory price (euros), the ceiling as a
    ratio of that price (None: no ceiling known). Equation: min(discount, ceiling × ex-factory value).
    A discount under the ceiling stays as it was negotiated; one of returns (negative) is left alone.
    Source: article L. 138-9 of the code of social security.

    >>> discount_left(Decimal(45), Decimal(100), Decimal("0.4"))
    Decimal('40.0')
    """
    if ceiling is None or discount <= 0 or ex_factory_value <= 0:
        return discount
    return min(discount, ceiling * ex_factory_value)
