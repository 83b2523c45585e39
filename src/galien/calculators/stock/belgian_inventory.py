"""Belgium's change of method: the inventory of 31/08/2025 by both methods, and the lock afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.calculators.stock.valuation import Method, fiscal_unit_cost
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.kernel.money import round_amount

ZERO = Decimal(0)

INVENTORY_DAY: Final = dt.date(2025, 8, 31)
WEIGHTED_FROM: Final = dt.date(2025, 9, 30)


@dataclass(frozen=True)
class Counted:
    """A product counted on the day: units, prices in euros, rates as ratios.

    `theoretical_margin` is of the public price excl. tax; `average_cost` the weighted average cost.
    """

    product_code: str
    quantity: Decimal
    public_price_incl: Decimal
    vat_rate: Decimal
    theoretical_margin: Decimal
    average_cost: Decimal
    label: str = ""

    @property
    def fiscal_cost(self) -> Decimal:
        """Return the fiscal purchase price of a unit, in euros excl. tax."""
        return fiscal_unit_cost(
            self.public_price_incl,
            vat_rate=self.vat_rate,
            theoretical_margin=self.theoretical_margin,
        )

    def unit_cost(self, method: Method) -> Decimal:
        """Return the cost of a unit by one of the two methods."""
        return self.fiscal_cost if method is Method.FISCAL else self.average_cost

    @property
    def overstatement(self) -> Decimal:
        """Return what the fiscal method adds to the product's value, in euros."""
        return self.quantity * (self.fiscal_cost - self.average_cost)


@dataclass(frozen=True)
class RateTotal:
    """A VAT rate of a summary: products, units and value in euros excl. tax, to the cent."""

    vat_rate: Decimal
    products: int
    units: Decimal
    value: Decimal


@dataclass(frozen=True)
class Summary:
    """An inventory by one method, as it goes to the accountant; it prints its own method alone."""

    method: Method
    day: dt.date
    lines: tuple[RateTotal, ...]

    @property
    def value(self) -> Decimal:
        """Return the sum of the lines, in euros."""
        return sum((line.value for line in self.lines), ZERO)


@dataclass(frozen=True)
class ChangeOfMethod:
    """The inventory of the change: its products, its summaries, what the former method overstated.

    A pharmacy that was not on the fiscal method sends one summary, and overstates nothing.
    """

    rows: tuple[Counted, ...]
    summaries: tuple[Summary, ...]
    overstatement: Decimal


def change_of_method(
    counted: Iterable[Counted], *, fiscal_before: bool, on: dt.date = INVENTORY_DAY
) -> ChangeOfMethod:
    """Value the inventory of the change of method, each method in its own summary.

    Inputs: products counted at the close of the day; whether the pharmacy was on the fiscal method
    (the others send one inventory, at weighted average cost).
    Equation: overstatement = fiscal value − value at weighted average cost, from the two printed
    totals, so that the three figures agree to the cent. Source: handbook of prices, last section.
    Raises InvalidInput on another day than 31/08/2025, or when a product has a negative quantity.
    """
    if on != INVENTORY_DAY:
        raise InvalidInput(
            f"L’inventaire du changement de méthode est celui du {french.day(INVENTORY_DAY)}, pas du "
            f"{french.day(on)}. Ramenez d’abord le comptage à cette date."
        )
    rows = tuple(counted)
    for row in rows:
        if row.quantity < 0:
            raise InvalidInput(
                f"Produit « {row.product_code} » : une quantité comptée n’est pas négative."
            )
    weighted = _summary(rows, Method.WEIGHTED, on)
    if not fiscal_before:
        return ChangeOfMethod(rows, (weighted,), ZERO)
    fiscal = _summary(rows, Method.FISCAL, on)
    return ChangeOfMethod(rows, (fiscal, weighted), fiscal.value - weighted.value)


def check_method(method: Method, *, on: dt.date, locked: bool) -> None:
    """Refuse the fiscal method once it may no longer be used.

    It ends with the inventory of the change when that one is locked, and on 30/09/2025 for all.
    Raises NotAllowed with what to do.
    """
    ended = on >= WEIGHTED_FROM or (locked and on > INVENTORY_DAY)
    if method is Method.FISCAL and ended:
        raise NotAllowed(
            f"La méthode fiscale ne s’applique plus au {french.day(on)} : depuis l’inventaire du "
            f"{french.day(INVENTORY_DAY)} la méthode est arrêtée, et le coût moyen pondéré vaut à "
            f"partir du {french.day(WEIGHTED_FROM)}. Demandez la méthode « weighted »."
        )


def _summary(rows: Sequence[Counted], method: Method, day: dt.date) -> Summary:
    lines = []
    for rate in sorted({row.vat_rate for row in rows}):
        kept = [row for row in rows if row.vat_rate == rate]
        units = sum((row.quantity for row in kept), ZERO)
        worth = sum((row.quantity * row.unit_cost(method) for row in kept), ZERO)
        lines.append(RateTotal(rate, len(kept), units, round_amount(worth)))
    return Summary(method, day, tuple(lines))
