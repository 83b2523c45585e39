"""What a contract makes a product cost on an order: tiers, free units, terms, with their clauses named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.stock.orders.tiers import Payment
from galien.model.clauses import clauses_for
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Contract,
    Measured,
    ProductKeys,
    Span,
    Standing,
)

ZERO, ONE = Decimal(0), Decimal(1)
AT_ONCE = Payment()
LATER = (ClauseKind.REBATE, ClauseKind.COOPERATION)


@dataclass(frozen=True)
class Quote:
    """What a supplier asks for a product: exact amounts and rates.

    `tiers` are (paid units from, rate on the invoice), ascending; `free` units come with `paid`.
    `later` is the rate given back after the invoice, on its amount. `clauses` name what was applied,
    `set_aside` what was not as it cannot be known line by line.
    """

    supplier: str
    contract: str
    product: str
    list_price: Decimal
    tiers: tuple[tuple[int, Decimal], ...] = ()
    paid: int = 0
    free: int = 0
    later: Decimal = ZERO
    payment: Payment = AT_ONCE
    clauses: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()

    def invoiced(self, units: int) -> Decimal:
        """Return what `units` delivered, free ones among them, are invoiced, in euros excl. tax.

        >>> quote = Quote("Labo", "C1", "P", Decimal(10), ((0, Decimal("0.1")),), 10, 1)
        >>> quote.invoiced(11)
        Decimal('90.0')
        """
        lot = self.paid + self.free
        charged = units - (self.free * (units // lot) if lot else 0)
        rate = max((rate for least, rate in self.tiers if charged >= least), default=ZERO)
        return charged * self.list_price * (ONE - rate)

    def net(self, units: int, money: float = 0.0) -> Decimal:
        """Return what `units` cost in the end: rebates and what the terms are worth taken off."""
        worth = Decimal(repr(self.payment.worth(money)))
        return self.invoiced(units) * (ONE - self.later) * (ONE - worth)


def quote(contract: Contract, keys: ProductKeys, list_price: Decimal, day: dt.date) -> Quote | None:
    """Return what a contract in force on a day gives on a product; None when it does not sell it.

    A lab's contract sells that lab's products; one of a supplier without a lab, those of its clauses, or
    any when it has none. Rates by line are exact. A tier of an order, a month or a year has no rate that a
    line alone can know: it is set aside and named, and `split` takes the order's. Rebates and
    cooperation with a single rate count as given.
    """
    if contract.standing is Standing.ENDED or not contract.in_force(day):
        return None
    if contract.lab and keys.lab and contract.lab != keys.lab:
        return None
    applied = clauses_for(contract, keys)
    if contract.clauses and not applied and not contract.lab:
        return None
    by_line = tuple(each for each in applied if _by_line(each))
    gift = next((each for each in by_line if each.kind is ClauseKind.FREE_UNITS), None)
    cash = sum(
        (each.rate or ZERO for each in by_line if each.kind is ClauseKind.CASH_DISCOUNT), ZERO
    )
    return Quote(
        supplier=contract.supplier or contract.lab,
        contract=contract.reference,
        product=keys.product,
        list_price=list_price,
        tiers=_tiers([each for each in by_line if each.kind is ClauseKind.INVOICE_DISCOUNT]),
        paid=gift.paid if gift else 0,
        free=gift.free if gift else 0,
        later=min(ONE, sum((each.rate or ZERO for each in by_line if each.kind in LATER), ZERO)),
        payment=Payment(float(contract.conditions.payment_days or 0), float(cash)),
        clauses=tuple(each.reference for each in by_line),
        set_aside=tuple(each.reference for each in applied if each not in by_line),
    )


def _by_line(clause: Clause) -> bool:
    """Tell whether a line alone says what the clause gives."""
    if clause.condition:
        return False
    return not clause.tiers or (clause.span is Span.LINE and clause.measured is Measured.QUANTITY)


def _tiers(clauses: Iterable[Clause]) -> tuple[tuple[int, Decimal], ...]:
    """Add up the discounts of a line: at each quantity where one changes, the rate of all."""
    kept = tuple(clauses)
    starts = {0} | {int(tier.minimum) for clause in kept for tier in clause.tiers}
    rates = [
        (start, sum((each.rate_at(Decimal(start)) for each in kept), ZERO))
        for start in sorted(starts)
    ]
    return tuple((start, min(ONE, rate)) for start, rate in rates if rate)
