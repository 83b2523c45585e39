"""What the tiers of a contract count over a month or more, up to the day of an invoice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from galien.analytics.question import Filter, Question
from galien.calculators.discounts.audit.holding import same_firm
from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.clauses import ClauseIndex
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Contract,
    Counted,
    Measured,
    ProductKeys,
    Span,
)
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.invoices.products import keys_of
from galien.usecases.services import Services

MEASURES = {
    Measured.QUANTITY: "delivered_quantity",
    Measured.LIST_AMOUNT: "list_amount",
    Measured.NET_AMOUNT: "net_amount",
}
# Rebates and cooperation are paid later: no invoice shows them.
ON_INVOICE = frozenset({ClauseKind.INVOICE_DISCOUNT, ClauseKind.CASH_DISCOUNT})
_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


def counted(
    contracts: Sequence[Contract],
    pharmacy: str,
    on: dt.date,
    viewer: Viewer,
    *,
    services: Services,
) -> dict[tuple[str, str], Decimal]:
    """Return what each clause with tiers over a span counts, by (contract, clause).

    Bought from the first day of the span to the day of the invoice, of the contract's supplier and
    lab and of the clause's products, by the pharmacy or by every one the viewer sees.
    """
    found = {}
    for contract in contracts:
        index = ClauseIndex(contract)
        for clause in contract.clauses:
            if clause.tiers and clause.span in _MONTHS and clause.kind in ON_INVOICE:
                amount = _counted(index, clause, (pharmacy, on), viewer, services)
                found[contract.reference, clause.reference] = amount
    return found


def first_day(span: Span, on: dt.date) -> dt.date:
    """Return the first day of the month, quarter or year that holds a day.

    >>> first_day(Span.QUARTER, dt.date(2026, 11, 22))
    datetime.date(2026, 10, 1)
    """
    months = _MONTHS[span]
    return dt.date(on.year, (on.month - 1) // months * months + 1, 1)


def _counted(
    index: ClauseIndex,
    clause: Clause,
    where: tuple[str, dt.date],
    viewer: Viewer,
    services: Services,
) -> Decimal:
    pharmacy, on = where
    measure = MEASURES[clause.measured]
    own = (Filter("pharmacy", (pharmacy,)),) if clause.counted is Counted.PHARMACY else ()
    question = Question(
        "purchases",
        measures=(measure,),
        by=("supplier", "product"),
        period=f"{first_day(clause.span, on)}..{on}",
        compare="none",
        where=own,
    )
    try:
        rows = ask(question, viewer, services=services).table.to_pylist()
    except (InvalidInput, NotAllowed, NotAvailable):
        return Decimal(0)
    keys = keys_of((row["product"] for row in rows), services=services)
    return sum(
        (Decimal(row[measure] or 0) for row in rows if _counts(index, clause, row, keys)),
        Decimal(0),
    )


def _counts(
    index: ClauseIndex,
    clause: Clause,
    row: Mapping[str, object],
    keys: Mapping[str, ProductKeys],
) -> bool:
    known = keys.get(str(row["product"]))
    if known is None or not same_firm(
        index.contract.supplier or index.contract.lab, str(row["supplier"] or "")
    ):
        return False
    return clause.reference in index.references(known)
