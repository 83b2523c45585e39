"""Cash discounts deducted on suppliers' invoices: seen, so that no clause gives them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.calculators.discounts.audit.bought import laid_out
from galien.calculators.discounts.audit.found import Facts
from galien.kernel.period import shift_months
from galien.model.invoices import Invoice
from galien.records.models import SupplierInvoice
from galien.usecases.invoices.kept import kept_invoice

_RATE = Decimal("0.000000000001")
_MONTHS_BEFORE = 2  # what is delivered in a month is invoiced that month or one of the next two


@dataclass(frozen=True)
class Seen:
    """A cash discount deducted on an invoice: a ratio of its goods, and the documents these came with."""

    pharmacy: str
    supplier: str
    number: str
    documents: tuple[str, ...]
    months: tuple[dt.date, ...]
    rate: Decimal


def seen_on_invoices() -> tuple[Seen, ...]:
    """Return the cash discounts of every invoice kept, in one order everywhere."""
    rows = SupplierInvoice.objects.order_by("pharmacy_id", "supplier", "number", "sha256")
    return tuple(cash_discounts((row.pharmacy_id, kept_invoice(row)) for row in rows.iterator()))


def cash_discounts(invoices: Iterable[tuple[str, Invoice]]) -> Iterator[Seen]:
    """Return what invoices deduct at their foot for paying early, each with its pharmacy.

    A discount within a line is already in its net price.
    """
    for pharmacy, invoice in invoices:
        bare = replace(
            invoice, lines=tuple(replace(each, adjustments=()) for each in invoice.lines)
        )
        laid = laid_out(bare, Facts())
        goods = sum((each.net_amount for each in bare.lines), Decimal(0))
        if laid.cash <= 0 or goods <= 0:
            continue
        month = invoice.issued_on.replace(day=1)
        notes = {each.delivery for each in invoice.lines if each.delivery}
        yield Seen(
            pharmacy=pharmacy,
            supplier=invoice.seller.name,
            number=invoice.number,
            documents=tuple(sorted({invoice.number, *notes})),
            months=tuple(shift_months(month, -back) for back in range(_MONTHS_BEFORE + 1)),
            rate=(laid.cash / goods).quantize(_RATE),
        )
