"""What to order, told line by line, from whom and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from galien.usecases.stock.order_lines import Line
from galien.usecases.stock.preparing import Prepared, SupplierTotal

Plain = dict[str, Any]


def proposals_told(found: Sequence[Prepared], on: dt.date) -> Plain:
    """Return the lines proposed to pharmacies on a day (`rows`), the `orders` they make and their cost.

    `waiting` are the lines of orders too small to be worth sending, which they are from `order_least` euros.
    """
    return {
        "day": on,
        "rows": [_line(each.pharmacy, line) for each in found for line in each.lines],
        "waiting": [
            _line(each.pharmacy, line) | {"order_least": line.least}
            for each in found
            for line in each.waiting
        ],
        "orders": [_supplier(each.pharmacy, one) for each in found for one in each.orders],
        "total": sum((each.total for each in found), Decimal("0.00")),
        "gap": max((each.gap for each in found), default=0.0),
        "pharmacies": [
            {
                "pharmacy": each.pharmacy,
                "known_until": each.known_until,
                "counted_on": each.counted_on,
                "total": each.total,
            }
            for each in found
        ],
    }


def whole(units: float) -> float | int:
    """Return whole units as an integer.

    >>> whole(3.0), whole(2.5)
    (3, 2.5)
    """
    return int(units) if float(units).is_integer() else float(units)


def _line(pharmacy: str, line: Line) -> Plain:
    return {
        "pharmacy": pharmacy,
        "product_code": line.product_code,
        "label": line.label,
        "quantity": line.quantity,
        "need": whole(line.need),
        "position": whole(line.position),
        "threshold": whole(line.threshold),
        "supplier": line.supplier or None,
        "amount": line.amount,
        "reason": line.reason,
        "raw_daily": line.raw,
        "corrected_daily": line.corrected,
        "days_without_stock": whole(line.days_out),
    }


def _supplier(pharmacy: str, order: SupplierTotal) -> Plain:
    return {
        "pharmacy": pharmacy,
        "supplier": order.supplier,
        "amount": order.amount,
        "shipping": order.shipping,
        "extra_discount": order.extra_discount,
        "due_on": order.due_on,
    }
