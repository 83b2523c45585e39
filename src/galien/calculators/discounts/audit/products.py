"""The audit of one product: boxes not delivered, price above list, discount or tier missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.audit.bought import CENT, Bought
from galien.calculators.discounts.audit.found import (
    Delivered,
    Difference,
    DifferenceKind,
    Measure,
)
from galien.calculators.discounts.audit.holding import Due
from galien.kernel import french
from galien.kernel.money import round_amount
from galien.model.invoices import ZERO

A_RATE = Decimal("0.0005")


@dataclass(frozen=True)
class Priced:
    """A product at what was agreed. Euros excl. tax, unrounded.

    `price` is the price agreed before discount, `agreed` what its delivered boxes should cost,
    `owed` what should be asked once differences are claimed; `over` the price above list.
    """

    product: Bought
    due: Due | None
    price: Decimal
    agreed: Decimal
    over: Decimal
    missing: Decimal

    @property
    def owed(self) -> Decimal:
        """Return what the pharmacy owes for the boxes: what is asked less what is claimed."""
        return self.product.net - self.over - self.missing

    @property
    def surplus(self) -> Decimal:
        """Return what was given beyond the agreed discount, rounding apart."""
        more = self.agreed - self.product.net
        return more if more > self.product.tolerance else ZERO

    @property
    def unit(self) -> Decimal:
        """Return what one box should cost."""
        return self.agreed / self.product.paid if self.product.paid else self.price


def delivered_part(
    product: Bought, delivered: Delivered | None
) -> tuple[Bought, Difference | None]:
    """Return the boxes of a product that came, and the claim for those invoiced that did not.

    Boxes are compared all together, paid and free, since deliveries may split them otherwise.
    """
    if delivered is None or product.paid <= 0:
        return product, None
    absent = product.paid + product.free - delivered.paid - delivered.free
    if absent <= 0:
        return product, None
    unpaid = min(absent, max(ZERO, product.paid - delivered.paid))
    came = product.paid - unpaid
    free = max(ZERO, product.free - (absent - unpaid))
    amount = round_amount(product.net / product.paid * unpaid)
    claim = Difference(
        kind=DifferenceKind.QUANTITY_NOT_DELIVERED,
        lines=product.lines,
        product_code=product.keys.product,
        name=product.name,
        measure=Measure.UNITS,
        expected=came,
        found=product.paid,
        amount=amount,
        contract="",
        clause="",
        sentence=f"{_boxes(product.paid)} facturées, {_boxes(came)} livrées : "
        f"{french.amount(amount)} à rendre.",
    )
    return product.kept(came, free), claim if unpaid > 0 else None


def priced(product: Bought, due: Due | None) -> Priced:
    """Compare what is asked for a product with what was agreed.

    Purpose: the price above list and the missing discount, whose sum is all that is overpaid.
    Inputs: the product (euros excl. tax); the discount due on it (a ratio).
    Equations: agreed = units × min(price, list price) × (1 − rate); over = units × (price − list
    price) × (1 − discount given); missing = asked − agreed − over, none below rounding.
    """
    units = product.paid
    if units <= 0:
        return Priced(product, due, product.listed or ZERO, ZERO, ZERO, ZERO)
    price = product.gross / units
    listed = price if product.listed is None else min(price, product.listed)
    rate = due.rate if due else ZERO
    agreed = units * listed * (1 - rate)
    overpaid = product.net - agreed
    if overpaid <= product.tolerance:
        return Priced(product, due, listed, agreed, ZERO, ZERO)
    given = 1 - product.net / product.gross if product.gross else ZERO
    above = price - listed > CENT
    over = min(overpaid, units * (price - listed) * (1 - given)) if above else ZERO
    missing = overpaid - over
    if missing <= product.tolerance:
        missing = ZERO
    # Without a clause there is nothing to miss: only a price above list is claimed.
    return Priced(product, due, listed, agreed, over, missing if due and rate else ZERO)


def price_differences(it: Priced) -> Iterator[Difference]:
    """Yield the claims about the price and the discount of a product."""
    product = it.product
    if round_amount(it.over):
        price = product.gross / product.paid
        yield _difference(
            it,
            DifferenceKind.PRICE_ABOVE_LIST,
            Measure.EUROS,
            (it.price, price),
            it.over,
            f"{french.amount(price)} avant remise au lieu de {french.amount(it.price)} au tarif, sur "
            f"{_boxes(product.paid)}",
        )
    if it.due and round_amount(it.missing):
        given = max(ZERO, 1 - product.net / product.gross)
        lower = it.due.tiered and given > A_RATE
        rate = it.due.rate
        found = "aucune remise" if given <= A_RATE else f"remise de {french.percent(given)}"
        yield _difference(
            it,
            DifferenceKind.WRONG_TIER if lower else DifferenceKind.MISSING_DISCOUNT,
            Measure.RATE,
            (rate, given),
            it.missing,
            f"{found[0].upper()}{found[1:]} au lieu de {french.percent(rate)} sur "
            f"{_boxes(product.paid)}",
        )


def free_units_difference(
    it: Priced, due: Due, units: tuple[Decimal, Decimal], value: Decimal
) -> Difference:
    """Return the claim for free boxes that were not given: `units` are those due and those given."""
    clause = due.clauses[0]
    return Difference(
        kind=DifferenceKind.FREE_UNITS_MISSING,
        lines=it.product.lines,
        product_code=it.product.keys.product,
        name=it.product.name,
        measure=Measure.UNITS,
        expected=units[0],
        found=units[1],
        amount=round_amount(value),
        contract=due.contract.reference,
        clause=clause.reference,
        sentence=f"{_boxes(units[0])} à offrir ({clause.paid} + {clause.free}), "
        f"{french.number(units[1], 0)} sur la facture : {_cited(due)}.",
    )


def _difference(
    it: Priced,
    kind: DifferenceKind,
    measure: Measure,
    pair: tuple[Decimal, Decimal],
    amount: Decimal,
    sentence: str,
) -> Difference:
    of_contract = kind is not DifferenceKind.PRICE_ABOVE_LIST and it.due is not None
    proof = f" : {_cited(it.due)}." if of_contract and it.due else "."
    return Difference(
        kind=kind,
        lines=it.product.lines,
        product_code=it.product.keys.product,
        name=it.product.name,
        measure=measure,
        expected=pair[0],
        found=pair[1],
        amount=round_amount(amount),
        contract=it.due.contract.reference if of_contract and it.due else "",
        clause=it.due.reference if of_contract and it.due else "",
        sentence=sentence + proof,
    )


def _cited(due: Due) -> str:
    word = "clauses" if len(due.clauses) > 1 else "clause"
    contract = due.contract.reference
    return f"{word} «\u00a0{due.reference}\u00a0» du contrat «\u00a0{contract}\u00a0»"


def _boxes(units: Decimal) -> str:
    whole = units == units.to_integral_value()
    return f"{french.number(units, 0 if whole else 2)} boîte{'s' if abs(units) >= 2 else ''}"
