"""How the law builds the public price of a reimbursable medicine, and takes it apart again.

    public price incl. tax = (ex-factory price + wholesaler's margin + MDL) × (1 + VAT)

The dispensing fee comes on top and is not part of it.
"""

from __future__ import annotations

import bisect
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.law.book import Law
from galien.law.parameters import Scale

MDL_SCALE = "mdl_scale"
WHOLESALER_SCALE = "wholesaler_margin_scale"
WHOLESALER_MINIMUM = "wholesaler_margin_minimum"
WHOLESALER_MAXIMUM = "wholesaler_margin_maximum"
REIMBURSABLE_VAT = "vat_reimbursable_medicine"
STRUCTURE_PARAMETERS = (
    MDL_SCALE,
    WHOLESALER_SCALE,
    WHOLESALER_MINIMUM,
    WHOLESALER_MAXIMUM,
    REIMBURSABLE_VAT,
)

UNKNOWN_WHOLESALER_SLICE = (
    "« Marge du grossiste-répartiteur » : le taux de la tranche atteinte par ce prix n’est pas "
    "établi à cette date."
)


@dataclass(frozen=True)
class WholesalerMargin:
    """The wholesaler's scale and the least and the most it may give per box, in euros excl. tax."""

    scale: Scale
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None

    @classmethod
    def on(cls, law: Law, on: dt.date) -> WholesalerMargin:
        """Read it for a day; raises `NotAvailable` when the scale of that day is unknown."""
        scale = law.scale(WHOLESALER_SCALE, on=on).value
        # The law before 2012 knew neither bound: absent, they do not bind.
        least = law.find(WHOLESALER_MINIMUM, on=on)
        most = law.find(WHOLESALER_MAXIMUM, on=on)
        return cls(
            scale,
            least.value if least and isinstance(least.value, Decimal) else Decimal(0),
            most.value if most and isinstance(most.value, Decimal) else None,
        )

    def amount(self, price: Decimal) -> Decimal:
        """Give the margin on an ex-factory price (euros excl. tax), unrounded."""
        earned = self.scale.amount(price)
        if earned is None:
            raise NotAvailable(UNKNOWN_WHOLESALER_SLICE)
        earned = max(earned, self.minimum)
        return earned if self.maximum is None else min(earned, self.maximum)

    def kinks(self) -> set[Decimal]:
        """Give the prices where its slope changes."""
        bounds = {bracket.start for bracket in self.scale.brackets}
        for amount in (self.minimum, self.maximum):
            price = self.scale.price_earning(amount) if amount else None
            if price is not None:
                bounds.add(price)
        return bounds


@dataclass(frozen=True)
class PriceStructure:
    """The rules of a day: pharmacist's scale, wholesaler's margin, VAT rate (a ratio)."""

    mdl: Scale
    wholesaler: WholesalerMargin
    vat: Decimal

    @classmethod
    def on(cls, law: Law, on: dt.date, *, vat: Decimal | None = None) -> PriceStructure:
        """Read the rules of a day; VAT defaults to that of reimbursable medicines.

        Raises `NotAvailable` when the law of that day is not known.
        """
        return cls(
            law.scale(MDL_SCALE, on=on).value,
            WholesalerMargin.on(law, on),
            law.number(REIMBURSABLE_VAT, on=on).value if vat is None else vat,
        )

    def margin(self, price: Decimal) -> Decimal:
        """Give the pharmacist's margin on an ex-factory price (euros excl. tax), unrounded.

        >>> PriceStructure.on(Law.load(), dt.date(2020, 1, 1)).margin(Decimal(152))
        Decimal('8.7508')
        """
        earned = self.mdl.amount(price)
        if earned is None:
            raise NotAvailable(
                "« Marge du pharmacien » : taux non établi pour ce prix à cette date."
            )
        return earned

    def public_price_excl(self, price: Decimal, *, margin: Decimal | None = None) -> Decimal:
        """Give the public price excl. tax of an ex-factory price, unrounded.

        `margin` replaces the pharmacist's own margin: a generic earns its originator's.
        """
        own = self.margin(price) if margin is None else margin
        return price + self.wholesaler.amount(price) + own

    def public_price_incl(self, price: Decimal, *, margin: Decimal | None = None) -> Decimal:
        """Give the public price incl. tax, before the dispensing fee, unrounded."""
        return self.public_price_excl(price, margin=margin) * (1 + self.vat)

    def ex_factory_price(self, public: Decimal, *, margin: Decimal | None = None) -> Decimal:
        """Find the ex-factory price of a public price incl. tax, before the fee; unrounded.

        The public price rises by more than a cent per cent of ex-factory price, so there is at
        most one answer, and rounding it to the cent gives back the price one started from.
        Raises `InvalidInput` under the least possible price, `NotAvailable` on an unknown slice.
        """
        target = public / (1 + self.vat)
        prices = self._known_bounds
        values = [self.public_price_excl(price, margin=margin) for price in prices]
        rank = bisect.bisect_right(values, target) - 1
        if rank < 0:
            raise InvalidInput(
                f"Prix public trop petit : {public} € TTC ne couvre pas les marges réglementées. "
                "Vérifiez le prix (sans honoraire, toutes taxes comprises)."
            )
        start = prices[rank]
        end = prices[rank + 1] if rank + 1 < len(prices) else start + 1
        rise = self.public_price_excl(end, margin=margin) - values[rank]
        return start + (target - values[rank]) * (end - start) / rise

    @cached_property
    def _known_bounds(self) -> list[Decimal]:
        unknown = [b.start for b in self.wholesaler.scale.brackets if b.rate is None]
        limit = min(unknown, default=Decimal("Infinity"))
        bounds = self.wholesaler.kinks() | {bracket.start for bracket in self.mdl.brackets}
        return sorted(price for price in bounds if price <= limit)
