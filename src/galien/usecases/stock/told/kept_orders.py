"""The orders that are kept, told with what they come to, what came, and why each line is there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from galien.calculators.stock.orders.proposal import COLD, HOSPITAL
from galien.usecases.stock.order_book import Kept, amount_of

Plain = dict[str, Any]
APART = {COLD: "cold", HOSPITAL: "hospital"}


def order_told(kept: Kept) -> Plain:
    """Return an order without its lines: euros excl. tax, boxes, `units_received` once it is sent.

    One that `waits` is too small to be worth sending: it is worked out again until it comes to `order_least`.
    """
    row = kept.row
    return {
        "order": f"G{row.pk}",
        "key": row.pk,
        "pharmacy": row.pharmacy_id,
        "supplier": row.supplier,
        "day": row.day,
        "due_on": row.due_on,
        "state": str(row.state),
        "sent_at": row.sent_at,
        "lines": len(kept.wanted),
        "units": kept.units,
        "units_received": kept.units_come if row.sent_at else None,
        "amount": kept.amount,
        "free_from": kept.free_from or None,
        "missing": kept.missing if kept.free_from else None,
        "waits": kept.waits,
        "order_least": kept.least if kept.waits else None,
        "changed_by": row.changed_by,
    }


def whole_order_told(kept: Kept) -> Plain:
    """Return an order with its lines (`rows`), each with its reason."""
    return order_told(kept) | {"rows": [_line(line) for line in kept.lines]}


def _line(line: Mapping[str, Any]) -> Plain:
    priced = bool(line["unit_price"])
    return {
        "product_code": line["product_code"],
        "label": line["label"],
        "quantity": line["quantity"],
        "proposed": line["proposed"],
        "stock": line["stock"],
        "threshold": line["threshold"],
        "safety_stock": Decimal(line["safety"]),
        "lead_days": Decimal(line["lead"]),
        "raw_daily": Decimal(line["raw"]),
        "corrected_daily": Decimal(line["corrected"]),
        "days_without_stock": line["days_out"],
        "unit_price": Decimal(line["unit_price"]) if priced else None,
        "amount": amount_of(line) if priced else None,
        "apart": APART.get(line["apart"]),
        "reason": line["reason"],
    }
