"""From contracts and what was bought to terms: what each pharmacy is owed on its lines, month by month.

A term is a rate on what a pharmacy bought in a month. A payment takes the place of what had accrued over the
months it settles; a commitment that is missed bills back the discount of its span.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.accrual import Bought, Due, Months, Reached, due, reached, spans
from galien.kernel.period import Period, month_end
from galien.model.clauses import condition_of
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Contract,
    Counted,
    Payment,
    Span,
)
from galien.model.net_net import AFTER_INVOICE, Source

DISCOUNT_GIVEN = "discount"
"""The base of what is billed back: the discount the invoice gave."""
_RATE = Decimal("0.000000000001")
ALL = ""
_WHOLE_SPANS = frozenset({Span.MONTH, Span.QUARTER, Span.YEAR})


@dataclass(frozen=True)
class Agreement:
    """A contract with whom it binds and what was bought under it.

    `bought[reference]` gives, for a clause or a commitment, what each pharmacy bought of its scope by
    month; `scopes[reference]` names the products it covers (empty: all). `suppliers` are the names it is
    invoiced under; none: whoever invoices. `precedence` orders contracts between the same parties.
    """

    contract: Contract
    organisation: str
    pharmacies: tuple[str, ...]
    suppliers: tuple[str, ...]
    bought: Mapping[str, Mapping[str, Months]]
    scopes: Mapping[str, str]
    precedence: str = ""


@dataclass(frozen=True)
class Owed:
    """A term: in a month, a pharmacy is owed `rate` (a ratio) of `base` on the products of a scope."""

    clause: str
    kind: ClauseKind
    source: Source
    proof: str
    pharmacy: str
    month: dt.date
    first_day: dt.date
    last_day: dt.date
    base: str
    rate: Decimal
    scope: str


def owed(agreement: Agreement, until: dt.date) -> Iterator[Owed]:
    """Return what a contract owes on purchases up to `until`, the last day of known purchases.

    Clauses on the invoice itself (discount, free units) are read on lines and owe nothing more.
    """
    contract = agreement.contract
    for clause in contract.clauses:
        if clause.kind in AFTER_INVOICE:
            yield from _of_clause(agreement, clause, until)
    for commitment in contract.commitments:
        if commitment.consequence is Consequence.BILLED_BACK:
            yield from _billed_back(agreement, commitment, until)


def _of_clause(agreement: Agreement, clause: Clause, until: dt.date) -> Iterator[Owed]:
    settled: set[tuple[str, dt.date]] = set()
    for payment in agreement.contract.payments:
        if payment.clause == clause.reference:
            for each in _of_payment(agreement, clause, payment):
                settled.add((each.pharmacy, each.month))
                yield each
    own = agreement.bought.get(clause.reference, {})
    conditions = list(condition_of(agreement.contract, clause))
    counted = [clause.span] if clause.tiers else []
    length = _shortest([*counted, *(each.span for each in conditions)])
    for span in spans(agreement.contract, length, until):
        for pharmacy in agreement.pharmacies:
            months = [m for m in span.months() if m in own.get(pharmacy, {}) and m <= until]
            months = [m for m in months if (pharmacy, m) not in settled]
            if not months:
                continue
            found = _due(agreement, clause, conditions, pharmacy, span, until)
            for month in months if found.rate else ():
                first, last = _days(agreement.contract, month)
                yield Owed(
                    clause.reference, clause.kind, found.source, clause.reference, pharmacy, month,
                    first, last, clause.base.value, found.rate,
                    agreement.scopes.get(clause.reference, ALL),
                )  # fmt: skip


def _due(
    agreement: Agreement,
    clause: Clause,
    conditions: list[Commitment],
    pharmacy: str,
    span: Period,
    until: dt.date,
) -> Due:
    counted = None
    if clause.tiers:
        counted = counted_over(
            agreement, clause, pharmacy, _around(agreement, clause, span, until), until
        )
    met = [
        (
            each,
            counted_over(agreement, each, pharmacy, _around(agreement, each, span, until), until),
        )
        for each in conditions
    ]
    found = due(clause, counted, met)
    if clause.tiers and clause.span not in _WHOLE_SPANS:
        return Due(found.rate, Source.ESTIMATE)  # counted by the month, for want of orders
    return found


def counted_over(
    agreement: Agreement, what: Clause | Commitment, pharmacy: str, span: Period, until: dt.date
) -> Reached:
    """Return how far what a clause or a commitment counts has gone over a span, for a pharmacy."""
    by_pharmacy = agreement.bought.get(what.reference, {})
    months = by_pharmacy.get(pharmacy, {})
    if what.counted is Counted.GROUP:
        months = together(by_pharmacy.get(each, {}) for each in agreement.pharmacies)
    return reached(months, span, what.measured, until=until)


def together(parts: Iterator[Months] | list[Months]) -> Months:
    """Add up what several pharmacies bought, month by month."""
    found: dict[dt.date, Bought] = {}
    for months in parts:
        for month, bought in months.items():
            found[month] = found.get(month, Bought()) + bought
    return found


def _shortest(named: list[Span]) -> Span:
    """Return the shortest span on which something is counted; a month without any."""
    order = [Span.MONTH, Span.QUARTER, Span.YEAR]
    return min((each for each in named if each in order), key=order.index, default=Span.MONTH)


def _around(
    agreement: Agreement, what: Clause | Commitment, part: Period, until: dt.date
) -> Period:
    """Return the span of what is counted that holds a shorter one."""
    length = what.span if what.span in _WHOLE_SPANS else Span.MONTH
    found = [
        each
        for each in spans(agreement.contract, length, until)
        if each.first <= part.first <= each.last
    ]
    return found[0] if found else part


def _of_payment(agreement: Agreement, clause: Clause, payment: Payment) -> Iterator[Owed]:
    """Share a payment over what was bought in its months: a rate that gives it back to the cent."""
    own = agreement.bought.get(clause.reference, {})
    named = (payment.pharmacy,) if payment.pharmacy else agreement.pharmacies
    settles = set(Period(payment.first.replace(day=1), month_end(payment.last)).months())
    bases = {
        (pharmacy, month): bought.list_amount if clause.base is Base.LIST else bought.net_amount
        for pharmacy in named
        for month, bought in own.get(pharmacy, {}).items()
        if month in settles
    }
    whole = sum(bases.values(), Decimal(0))
    if whole <= 0:
        return
    rate = (payment.amount / whole).quantize(_RATE)
    for pharmacy, month in bases:
        first, last = _days(agreement.contract, month)
        yield Owed(
            clause.reference, clause.kind, Source.INVOICE, payment.document, pharmacy, month, first,
            last, clause.base.value, rate, agreement.scopes.get(clause.reference, ALL),
        )  # fmt: skip


def _billed_back(agreement: Agreement, commitment: Commitment, until: dt.date) -> Iterator[Owed]:
    """Take back the invoice discount of the spans whose commitment is missed, or is heading to be."""
    if commitment.span not in _WHOLE_SPANS:
        return
    own = agreement.bought.get(commitment.reference, {})
    for span in spans(agreement.contract, commitment.span, until):
        for pharmacy in agreement.pharmacies:
            months = [m for m in span.months() if m in own.get(pharmacy, {}) and m <= until]
            found = counted_over(agreement, commitment, pharmacy, span, until)
            if not months or found.projected >= commitment.minimum:
                continue
            source = Source.CONTRACT if found.over else Source.ESTIMATE
            for month in months:
                first, last = _days(agreement.contract, month)
                yield Owed(
                    commitment.reference, ClauseKind.REBATE, source, commitment.reference, pharmacy,
                    month, first, last, DISCOUNT_GIVEN, Decimal(-1),
                    agreement.scopes.get(commitment.reference, ALL),
                )  # fmt: skip


def _days(contract: Contract, month: dt.date) -> tuple[dt.date, dt.date]:
    last = month_end(month)
    return max(month, contract.since), min(last, contract.until or last)
