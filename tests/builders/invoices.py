"""A supplier's invoice whose sums hold, to write to a file and read back, or to audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from galien.kernel.money import round_amount
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

LAB = Firm("Labo Alpha SAS", "732829320", "FR44732829320")
PHARMACY = Firm("Pharmacie du Port", "123456782")
ISSUED = dt.date(2026, 10, 1)
VAT = Decimal("0.021")
AMOXICILLIN, PARACETAMOL = "3400935955838", "3400930000014"


def line(
    code: str, quantity: int, gross: str, net: str, *more: Adjustment, name: str = "Boîte"
) -> InvoiceLine:
    """Return a line billed at a net price, its own allowances taken off."""
    off = sum((each.signed for each in more), Decimal(0))
    return InvoiceLine(
        number=f"{code[-4:]}-{quantity}-{net}",
        name=name,
        quantity=Decimal(quantity),
        net_price=Decimal(net),
        net_amount=round_amount(Decimal(net) * quantity + off),
        product_code=code,
        unit="C62",
        gross_price=Decimal(gross) if gross != net else None,
        adjustments=more,
        vat_rate=VAT,
    )


def invoice(
    lines: Sequence[InvoiceLine],
    others: Sequence[Adjustment] = (),
    *,
    form: InvoiceForm = InvoiceForm.FACTURX,
    cash: Sequence[CashDiscount] = (),
    number: str = "F2026-1",
) -> Invoice:
    """Return an invoice of the lab of lines and of allowances and charges at its foot."""
    net = sum((each.net_amount for each in lines), Decimal(0))
    off = sum((each.amount for each in others if not each.charge), Decimal(0))
    on = sum((each.amount for each in others if each.charge), Decimal(0))
    excl = net - off + on
    tax = round_amount(excl * VAT)
    return Invoice(
        form=form,
        kind=InvoiceKind.INVOICE,
        number=number,
        issued_on=ISSUED,
        seller=LAB,
        buyer=PHARMACY,
        due_on=dt.date(2026, 11, 15),
        delivered_on=dt.date(2026, 9, 30),
        lines=tuple(lines),
        adjustments=tuple(others),
        cash_discounts=tuple(cash),
        taxes=(TaxLine(VAT, excl, tax),),
        totals=Totals(lines=net, allowances=off, charges=on, excl=excl, tax=tax, incl=excl + tax,
                      due=excl + tax),
        references=("CDE1", "BL1"),
    )  # fmt: skip
