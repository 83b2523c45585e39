"""Readings of invoices as bytes between the reading process and us, and as the records keep them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from galien.intake.invoices.reading import InvoiceReading
from galien.model.invoices import (
    Adjustment,
    CashDiscount,
    Firm,
    Invoice,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
    TaxLine,
    Totals,
)
from galien.warehouse.ledger import Issue

_WORDS = frozenset(
    {
        "number",
        "name",
        "product_code",
        "seller_code",
        "unit",
        "delivery",
        "code",
        "reason",
        "charge",
    }
)


def packed(readings: tuple[InvoiceReading, ...]) -> bytes:
    """Write readings as JSON."""
    plain = [
        {
            "filename": each.filename,
            "sha256": each.sha256,
            "invoice": each.invoice and plain_invoice(each.invoice),
            "issues": [asdict(issue) for issue in each.issues],
        }
        for each in readings
    ]
    return json.dumps(plain).encode()


def unpacked(data: bytes) -> tuple[InvoiceReading, ...]:
    """Read what `packed` wrote."""
    return tuple(
        InvoiceReading(
            filename=each["filename"],
            sha256=each["sha256"],
            invoice=each["invoice"] and invoice_of(each["invoice"]),
            issues=tuple(Issue(**issue) for issue in each["issues"]),
        )
        for each in json.loads(data)
    )


def plain_invoice(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice as plain data: amounts and days as texts."""
    found: dict[str, Any] = _plain(asdict(invoice))
    return found


def invoice_of(plain: Mapping[str, Any]) -> Invoice:
    """Return the invoice of plain data."""
    days = {
        name: dt.date.fromisoformat(plain[name]) if plain[name] else None
        for name in ("issued_on", "due_on", "delivered_on")
    }
    return Invoice(
        **{
            **plain,
            **days,
            "form": InvoiceForm(plain["form"]),
            "kind": InvoiceKind(plain["kind"]),
            "seller": Firm(**plain["seller"]),
            "buyer": Firm(**plain["buyer"]),
            "lines": tuple(line_of(each) for each in plain["lines"]),
            "adjustments": tuple(adjustment_of(each) for each in plain["adjustments"]),
            "cash_discounts": tuple(
                CashDiscount(Decimal(each["rate"]), each["days"])
                for each in plain["cash_discounts"]
            ),
            "taxes": tuple(TaxLine(**_numbers(each)) for each in plain["taxes"]),
            "totals": Totals(**_numbers(plain["totals"])),
            "preceding": tuple(plain["preceding"]),
            "references": tuple(plain["references"]),
        }
    )


def line_of(plain: Mapping[str, Any]) -> InvoiceLine:
    """Return the line of plain data."""
    own = tuple(adjustment_of(each) for each in plain["adjustments"])
    known = {each.name for each in fields(InvoiceLine)}
    return InvoiceLine(
        **{name: value for name, value in _numbers(plain).items() if name in known}
        | {"adjustments": own}
    )


def adjustment_of(plain: Mapping[str, Any]) -> Adjustment:
    """Return the allowance or charge of plain data."""
    return Adjustment(**_numbers(plain))


def _numbers(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: Decimal(value) if isinstance(value, str) and name not in _WORDS else value
        for name, value in plain.items()
    }


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case dt.date():
            return value.isoformat()
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    return value
