"""The invoices of the demonstration: right by their contract, but for the one mistake of their turn."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from galien.calculators.discounts.audit.found import Delivered, Facts, Known
from galien.calculators.discounts.audit.whole import audit
from galien.demo.invoices.making import MISTAKES, Delivery, credit_note, invoices_of
from galien.demo.invoices.writing import file_of
from galien.intake.invoices.reading import read_one
from galien.model.contracts import Base, Clause, ClauseKind, Conditions, Contract, ProductKeys
from galien.model.invoices import InvoiceKind

DAY = dt.date(2026, 10, 1)
CODES = ("3400930000014", "3400930000021")
CONTRACT = Contract(
    "C1", "Grossiste (fictif)", "", dt.date(2026, 1, 1),
    clauses=(
        Clause("R1", ClauseKind.INVOICE_DISCOUNT, rate=Decimal("0.25")),
        Clause("E1", ClauseKind.CASH_DISCOUNT, rate=Decimal("0.01"), base=Base.INVOICE),
    ),
    conditions=Conditions(free_shipping_from=Decimal(0)),
)  # fmt: skip
FOUND = {
    "discount": "missing_discount",
    "shipping": "shipping_charged",
    "price": "price_above_list",
    "quantity": "quantity_not_delivered",
    "cash": "cash_discount_forgotten",
}


def row(code: str, price: str) -> dict[str, Any]:
    return {
        "day": DAY, "invoiced_on": DAY, "product_code": code, "label": f"Boîte {code}",
        "delivered_quantity": 10, "free_quantity": 0, "list_price_excl": Decimal(price),
        "net_price_excl": Decimal(price) * Decimal("0.8"), "vat_rate": Decimal("0.021"),
    }  # fmt: skip


def delivery(number: int) -> Delivery:
    rows = (row(CODES[0], "8.00"), row(CODES[1], "12.00"))
    return Delivery("750100018", "Pharmacie", "Grossiste (fictif)", f"BL{number}", rows)


def facts() -> Facts:
    prices = dict(zip(CODES, (Decimal(8), Decimal(12)), strict=True))
    return Facts(
        products={code: Known(ProductKeys(code), price) for code, price in prices.items()},
        delivered={code: Delivered(Decimal(10)) for code in CODES},
    )


def test_each_mistake_is_the_one_the_audit_finds() -> None:
    deliveries = [delivery(number) for number in range(len(MISTAKES))]
    known = {code: Known(ProductKeys(code)) for code in CODES}
    made = invoices_of(deliveries, [CONTRACT], known)
    for mistake, invoice in zip(MISTAKES, made, strict=True):
        kinds = [each.kind.value for each in audit(invoice, [CONTRACT], facts()).differences]
        assert kinds == ([FOUND[mistake]] if mistake in FOUND else [])


def test_the_files_are_read_back_without_a_remark() -> None:
    known = {code: Known(ProductKeys(code)) for code in CODES}
    for invoice in invoices_of([delivery(1), delivery(2), delivery(3)], [CONTRACT], known):
        found = read_one(file_of(invoice)[1], "facture", DAY)
        assert found.issues == ()
        assert found.invoice is not None
        assert found.invoice.lines == invoice.lines


def test_a_credit_note_answers_its_claim() -> None:
    known = {code: Known(ProductKeys(code)) for code in CODES}
    (about,) = invoices_of([delivery(1)], [CONTRACT], known)
    note = credit_note(about, "R2026-001", Decimal("12.50"), DAY)
    found = read_one(file_of(note)[1], "avoir", DAY).invoice
    assert found is not None
    assert (found.kind, found.references) == (InvoiceKind.CREDIT_NOTE, ("R2026-001",))
    assert found.total_excl == Decimal("12.50")
