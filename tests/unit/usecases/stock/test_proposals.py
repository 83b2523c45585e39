"""A pharmacy's proposal laid out from its sales: months without a sale, classes, expiry, stock of today."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np

from galien.calculators.stock.demand.forecast import forecast
from galien.calculators.stock.orders.proposal import propose
from galien.usecases.stock.proposals import _panel, _shelf
from galien.usecases.stock.reading import Level

TODAY = dt.date(2026, 11, 22)
MONTHS = [dt.date(2025 + (n + 10) // 12, (n + 10) % 12 + 1, 1) for n in range(12)]


def level(code: str, expiry: dt.date | None = None, *, narcotic: bool = False) -> Level:
    return Level(
        pharmacy="750100042", product_code=code, label=code, lab="", universe="u",
        counted_on=dt.date(2026, 10, 31), quantity=Decimal(10), unit_cost=Decimal(3),
        stock_value=Decimal(30), minimum=Decimal(0), nearest_expiry=expiry, narcotic=narcotic,
        reimbursable=True, yearly_units=Decimal(0), last_sold=None, vat_rate=None, public_price=None,
    )  # fmt: skip


def test_a_month_without_a_sale_sold_nothing_once_begun() -> None:
    sold = {"A": {MONTHS[2]: 5.0, MONTHS[4]: 6.0}, "B": {MONTHS[0]: 1.0, MONTHS[11]: 1.0}}
    panel = _panel(("A", "B"), sold, {}, TODAY)
    assert np.isnan(panel.quantity[0, 0])
    assert panel.quantity[0, 1:].tolist() == [5.0, 6.0, 0.0]
    assert panel.next_days == 30


def test_classes_expiry_and_narcotics_count() -> None:
    codes = ("A", "B", "C", "N")
    sold = {code: dict.fromkeys(MONTHS, 30.0) for code in codes}
    known = {
        "A": level("A"), "B": level("B", TODAY), "C": level("C"), "N": level("N", narcotic=True),
    }  # fmt: skip
    found = forecast(_panel(codes, sold, known, TODAY))
    on_hand = np.array([10.0, 10.0, 0.0, 0.0])
    shelf = _shelf(codes, known, found, on_hand, {"A": "A", "B": "B"}, TODAY)
    quantity = propose(shelf).quantity
    assert quantity[0] == 0
    assert quantity[1] > 0
    assert quantity[2] == 0
    assert quantity[3] > 0
