"""The value of stock at a date, told by a method with the three others beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from galien.calculators.stock.valuation import Method, Valued
from galien.kernel.money import round_amount
from galien.usecases.stock.valued import StockValue

Plain = dict[str, Any]


def value_told(found: StockValue, method: Method) -> Plain:
    """Return the `value` by the method, the totals of all (`methods`) and `rows`, one a product."""
    total = found.total(method)
    return {
        "on": found.on,
        "counted_on": found.counted_on,
        "method": str(method),
        "value": round_amount(total.value) if total.products else None,
        "products": len(found.rows),
        "methods": [
            {
                "method": str(each.method),
                "value": round_amount(each.value) if each.products else None,
                "products": each.products,
                "unvalued": each.unvalued,
                "difference": round_amount(each.difference) if each.products else None,
            }
            for each in found.totals
        ],
        "rows": [_row(found, row, method) for row in found.rows],
    }


def _row(found: StockValue, row: Valued, method: Method) -> Plain:
    value = row.values[method]
    return {
        "product_code": row.held.product_code,
        "label": found.labels.get(row.held.product_code, ""),
        "quantity": row.held.quantity,
        "unit_cost": _amount(value.unit_cost),
        "value": _amount(value.value),
        "difference": _amount(row.difference(method)),
        "note": value.note,
    }


def _amount(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_amount(value)
