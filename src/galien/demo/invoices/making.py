"""Invoices made from deliveries of the demonstration and its contracts, with the mistakes of suppliers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from itertools import cycle
from typing import Any

from galien.calculators.discounts.audit.bought import laid_out
from galien.calculators.discounts.audit.found import Facts, Known
from galien.calculators.discounts.audit.holding import Agreed, Due, holding
from galien.demo.invoices.writing import due, vat_of
from galien.kernel.money import round_amount
from galien.model.contracts import ClauseKind, Contract
from galien.model.invoices import (
    ZERO,
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

FULL_VAT = Decimal("0.2")
CENT = Decimal("0.01")
DAYS = 30
FORMS = (InvoiceForm.FACTURX, InvoiceForm.UBL, InvoiceForm.CII)
MISTAKES = ("discount", "shipping", "price", "quantity", "none", "cash", "none")


@dataclass(frozen=True)
class Delivery:
    """A delivery note of the release: its lines as rows, whose it is, who sent it."""

    pharmacy: str
    name: str
    supplier: str
    document: str
    rows: Sequence[Mapping[str, Any]]

    @property
    def issued_on(self) -> dt.date:
        """Return the day of its invoice."""
        day: dt.date = self.rows[0]["invoiced_on"] or self.rows[0]["day"]
        return day


def invoices_of(
    deliveries: Sequence[Delivery], contracts: Sequence[Contract], known: Mapping[str, Known]
) -> list[Invoice]:
    """Return an invoice for each delivery, as agreed but for the mistake its turn brings."""
    mistakes, forms = cycle(MISTAKES), cycle(FORMS)
    return [_invoice(each, contracts, known, next(mistakes), next(forms)) for each in deliveries]


def credit_note(claimed: Invoice, reference: str, amount: Decimal, on: dt.date) -> Invoice:
    """Return the credit note of a claim: one line, an amount, the reference it answers."""
    line = InvoiceLine(
        number="1",
        name=f"Avoir sur réclamation {reference}",
        quantity=Decimal(1),
        net_price=amount,
        net_amount=amount,
        unit="C62",
        vat_rate=Decimal("0.021"),
    )
    note = replace(
        claimed,
        kind=InvoiceKind.CREDIT_NOTE,
        form=InvoiceForm.UBL,
        number=f"AV{claimed.number.removeprefix('F')}",
        issued_on=on,
        due_on=None,
        delivered_on=None,
        lines=(line,),
        adjustments=(),
        cash_discounts=(),
        preceding=(),
        references=(reference,),
    )
    return with_totals(note)


def with_totals(invoice: Invoice) -> Invoice:
    """Return an invoice whose totals are those of its lines, allowances and charges."""
    bases = vat_of(invoice.lines, invoice.adjustments)
    taxes = tuple(
        TaxLine(rate, basis, round_amount(basis * rate)) for rate, basis in sorted(bases.items())
    )
    lines = sum((each.net_amount for each in invoice.lines), ZERO)
    off = sum((each.amount for each in invoice.adjustments if not each.charge), ZERO)
    on = sum((each.amount for each in invoice.adjustments if each.charge), ZERO)
    excl = lines - off + on
    tax = sum((each.amount for each in taxes), ZERO)
    totals = Totals(lines, off, on, excl, tax, excl + tax, due=excl + tax)
    return replace(invoice, taxes=taxes, totals=totals)


def _invoice(
    delivery: Delivery,
    contracts: Sequence[Contract],
    known: Mapping[str, Known],
    mistake: str,
    form: InvoiceForm,
) -> Invoice:
    bare = Invoice(
        form=form,
        kind=InvoiceKind.INVOICE,
        number=f"F{delivery.document.removeprefix('BL')}-{delivery.pharmacy[-4:]}",
        issued_on=delivery.issued_on,
        seller=Firm(delivery.supplier),
        buyer=Firm(delivery.name),
        due_on=due(delivery.issued_on, DAYS),
        delivered_on=delivery.rows[0]["day"],
        lines=tuple(_bare(each, rank) for rank, each in enumerate(delivery.rows, 1)),
        references=(f"CDE{delivery.document.removeprefix('BL')}", delivery.document),
    )
    facts = Facts(pharmacy=delivery.pharmacy, products=known)
    held = tuple(holding(bare, contracts, facts))
    laid = laid_out(bare, facts)
    agreed = Agreed(held, laid, facts)
    lines: list[InvoiceLine] = []
    products = {each.key: each for each in laid.products}
    for line, row in zip(bare.lines, delivery.rows, strict=True):
        product = products.get(line.product_code)
        if product is None or line.quantity <= 0:
            continue
        found = agreed.best(ClauseKind.INVOICE_DISCOUNT, product)
        lines.append(_discounted(line, row, found))
        if row["free_quantity"]:
            lines.append(_given(line, row["free_quantity"]))
    cash = next(
        (found for each in laid.products if (found := agreed.best(ClauseKind.CASH_DISCOUNT, each))),
        None,
    )
    offered = (CashDiscount(cash.rate, 10),) if cash else ()
    right = replace(bare, lines=tuple(lines), cash_discounts=offered)
    return with_totals(_mistaken(right, mistake))


def _bare(row: Mapping[str, Any], rank: int) -> InvoiceLine:
    price = row["list_price_excl"] or ZERO
    return InvoiceLine(
        number=str(rank),
        name=str(row["label"]),
        quantity=Decimal(row["delivered_quantity"]),
        net_price=price,
        net_amount=price * row["delivered_quantity"],
        product_code=str(row["product_code"]),
        unit="C62",
        vat_rate=row["vat_rate"].normalize(),
    )


def _discounted(line: InvoiceLine, row: Mapping[str, Any], due_: Due | None) -> InvoiceLine:
    """Bill what the delivery shows, or what was agreed when that is less."""
    rate = due_.rate if due_ else ZERO
    agreed = (line.net_price * (1 - rate)).quantize(CENT, ROUND_FLOOR)
    shown = row["net_price_excl"]
    return priced_at(line, line.net_price, min(agreed, line.net_price if shown is None else shown))


def priced_at(line: InvoiceLine, gross: Decimal, net: Decimal) -> InvoiceLine:
    """Return a line at a price before and after discount."""
    return replace(
        line,
        gross_price=gross if gross != net else None,
        net_price=net,
        net_amount=round_amount(net * line.quantity),
    )


def _given(line: InvoiceLine, units: int) -> InvoiceLine:
    return replace(
        line,
        number=f"{line.number}.1",
        name=f"{line.name} (unités gratuites)",
        quantity=Decimal(units),
        gross_price=None,
        net_price=ZERO,
        net_amount=ZERO,
    )


def _mistaken(invoice: Invoice, mistake: str) -> Invoice:
    """Make the mistake of a supplier, on the dearest line that lends itself to it."""
    paid = [each for each in invoice.lines if not each.is_free]
    reduced = [each for each in paid if each.gross_price is not None]
    line = max(reduced or paid, key=lambda each: each.net_amount)
    gross = line.gross_price or line.net_price
    match mistake:
        case "discount":
            return _changed(invoice, line, priced_at(line, gross, gross))
        case "price":
            dearer = round_amount(gross * Decimal("1.06"))
            net = round_amount(line.net_price * Decimal("1.06"))
            return _changed(invoice, line, priced_at(line, dearer, net))
        case "quantity":
            more = replace(line, quantity=line.quantity + 2)
            return _changed(invoice, line, priced_at(more, gross, line.net_price))
        case "shipping":
            port = Adjustment(Decimal("15.00"), True, "FC", "Participation au port", FULL_VAT)
            return replace(invoice, adjustments=(port,))
        case "cash":
            return replace(invoice, cash_discounts=())
    return invoice


def _changed(invoice: Invoice, old: InvoiceLine, new: InvoiceLine) -> Invoice:
    lines = tuple(new if each is old else each for each in invoice.lines)
    return replace(invoice, lines=lines)
