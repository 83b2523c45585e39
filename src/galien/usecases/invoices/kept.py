"""An invoice as the records keep it: its amounts signed, its lines and the rest as text data."""

from __future__ import annotations

from dataclasses import asdict

from galien.intake import InvoiceReading
from galien.intake.invoices.parcel import invoice_of, plain_invoice
from galien.kernel.money import round_amount
from galien.model.invoices import Invoice
from galien.records.models import SupplierInvoice

DOCUMENT = "document"
KEPT_ISSUES = 300


def row_of(reading: InvoiceReading, invoice: Invoice, pharmacy: str) -> SupplierInvoice:
    """Return the row that keeps an invoice; `charges` hold all of it but its lines."""
    plain = plain_invoice(invoice)
    lines = plain.pop("lines")
    return SupplierInvoice(
        pharmacy_id=pharmacy,
        supplier=invoice.seller.name[:200],
        number=invoice.number[:120],
        kind=invoice.kind.value,
        form=invoice.form.value,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        total_excl=round_amount(invoice.total_excl * invoice.sign),
        total_incl=round_amount(invoice.total_incl * invoice.sign),
        lines=lines,
        charges=[{"part": DOCUMENT, **plain}],
        issues=[
            {"line": each.line, "code": each.code, "message": each.message}
            for each in reading.issues[:KEPT_ISSUES]
        ],
        filename=reading.filename[:255],
        sha256=reading.sha256,
    )


def kept_invoice(row: SupplierInvoice) -> Invoice:
    """Return the invoice a row keeps."""
    plain = {name: value for name, value in row.charges[0].items() if name != "part"}
    return invoice_of({**plain, "lines": row.lines})


def same_content(one: Invoice, other: Invoice) -> bool:
    """Tell whether two invoices say the same, whatever form they came in."""
    left, right = asdict(one), asdict(other)
    return all(
        left[name] == right[name]
        for name in ("kind", "number", "issued_on", "lines", "adjustments", "totals")
    )
