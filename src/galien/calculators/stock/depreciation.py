"""Depreciation proposed on stock: by months without a sale, and by what will expire unsold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.stock.sleeping import ZERO, Finding
from galien.kernel.errors import InvalidInput

ONE = Decimal(1)


@dataclass(frozen=True)
class Step:
    """From how many months without a sale, what share of the value is written down."""

    months: int
    rate: Decimal


@dataclass(frozen=True)
class Scale:
    """The firm's own scale: by age, for what was never seen sold, and for what will expire.

    These are settings to agree on with the accountant, not a rule of law. Raises InvalidInput when
    months do not go up, when rates go down, or when one is not a ratio.
    """

    steps: tuple[Step, ...] = (
        Step(12, Decimal("0.30")),
        Step(18, Decimal("0.50")),
        Step(24, ONE),
    )
    never_sold: Decimal = ONE
    expiring: Decimal = ONE

    def __post_init__(self) -> None:
        rates = [ZERO, *(step.rate for step in self.steps), ONE]
        months = [step.months for step in self.steps]
        growing = all(a <= b for a, b in itertools.pairwise(rates))
        if (
            not growing
            or months != sorted(set(months))
            or not ZERO
            <= min(self.never_sold, self.expiring)
            <= max(self.never_sold, self.expiring)
            <= ONE
        ):
            raise InvalidInput(
                "Barème de dépréciation : des mois croissants, et des taux de 0 à 1 qui ne baissent pas."
            )


USUAL = Scale()


@dataclass(frozen=True)
class Depreciation:
    """What is proposed on a product: euros, at most its value, and the French reason."""

    product_code: str
    value: Decimal
    rate: Decimal
    amount: Decimal
    reason: str


def depreciate(found: Finding, scale: Scale = USUAL) -> Depreciation | None:
    """Propose a depreciation; None when nothing calls for one.

    Equation: the larger of value × rate of its age, for what sleeps, and value of the boxes that will
    expire unsold × their rate, for what expires within the months watched; never both.
    """
    value = found.product.value
    if value <= 0:
        return None
    rate, reason = _age(found, scale.steps, scale.never_sold)
    amount = value * rate
    if found.expired or found.near_expiry:
        expiring = found.expiring_value * scale.expiring
        if expiring > amount:
            units = found.expiring_units.normalize()
            reason = f"{units:f} unités périmées ou qui le seront avant d’être vendues"
            amount, rate = expiring, expiring / value
    if not amount:
        return None
    return Depreciation(found.product.product_code, value, rate, amount, reason)


def _age(found: Finding, steps: Sequence[Step], never_sold: Decimal) -> tuple[Decimal, str]:
    if not found.asleep:
        return ZERO, ""
    months = found.months_without_sale
    if months is None:
        return never_sold, "aucune vente connue"
    reached = [step for step in steps if step.months <= months]
    return (reached[-1].rate if reached else ZERO), f"{months} mois sans vente"
