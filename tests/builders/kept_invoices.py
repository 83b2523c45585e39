"""Invoices and claims kept for a pharmacy of the small group."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from galien.intake import InvoiceReading
from galien.model.invoices import Firm, Invoice
from tests.builders.invoices import invoice, line
from tests.builders.workspace import PRODUCTS

LAB = PRODUCTS[3][3]  # Delta, which sells Crème D direct
CREAM = PRODUCTS[3][0]
DAY = dt.date(2026, 10, 1)


def from_lab(*prices: tuple[int, str, str], number: str = "D-1") -> Invoice:
    """Return an invoice of the lab for its cream: units, price, net price."""
    lines = [line(CREAM, units, gross, net, name="Crème D 50 ml") for units, gross, net in prices]
    made = invoice(lines, number=number)
    return replace(made, seller=Firm(LAB), issued_on=DAY, references=())


def kept(pharmacy: str, made: Invoice | None = None) -> Any:
    """Keep an invoice as if it had been received."""
    from galien.usecases.invoices.kept import row_of

    made = made or from_lab((10, "5.00", "5.00"))
    row = row_of(InvoiceReading("facture.xml", made.number, made), made, pharmacy)
    row.received_at = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    row.save()
    return row


def claimed(pharmacy: str) -> Any:
    """Keep a claim of one difference."""
    from galien.records.models import Claim

    finding = {
        "invoice": "D-1", "issued_on": "2026-10-01", "kind": "missing_discount", "line": "1",
        "product_code": CREAM, "name": "Crème D 50 ml", "measure": "rate", "expected": "0.10",
        "found": "0", "amount": "5.00", "contract": "C1", "clause": "R1", "sentence": "Aucune remise.",
    }  # fmt: skip
    return Claim.objects.create(
        pharmacy_id=pharmacy,
        supplier=LAB,
        reference="R2026-001",
        first_day=DAY,
        last_day=DAY,
        claimed=Decimal("5.00"),
        findings=[finding],
    )
