"""Cash discounts deducted at the foot of invoices, as rates of their goods."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.model.invoices import (
    Adjustment,
    Firm,
    Invoice,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
)
from galien.usecases.net_net.seen import cash_discounts

D = Decimal
ESCOMPTE = Adjustment(D(30), reason="Escompte 3 %")


def invoice(*adjustments: Adjustment, own: tuple[Adjustment, ...] = ()) -> Invoice:
    line = InvoiceLine("1", "Boîte", D(100), D(10), D(1000), delivery="BL7", adjustments=own)
    return Invoice(
        InvoiceForm.CII,
        InvoiceKind.INVOICE,
        "F42",
        dt.date(2026, 3, 5),
        Firm("Grossiste"),
        Firm("Pharmacie"),
        lines=(line,),
        adjustments=adjustments,
    )


def test_a_discount_at_the_foot_is_a_rate_of_the_goods_on_their_documents() -> None:
    (found,) = cash_discounts([("750100018", invoice(ESCOMPTE))])
    assert (found.rate, found.documents) == (D("0.03"), ("BL7", "F42"))
    assert (found.pharmacy, found.supplier) == ("750100018", "Grossiste")
    assert found.months == (dt.date(2026, 3, 1), dt.date(2026, 2, 1), dt.date(2026, 1, 1))


def test_another_allowance_or_one_within_a_line_is_none() -> None:
    other = Adjustment(D(30), reason="Remise commerciale")
    assert list(cash_discounts([("1", invoice(other)), ("1", invoice(own=(ESCOMPTE,)))])) == []
