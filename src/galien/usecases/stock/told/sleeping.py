"""What sleeps on shelves, told product by product with where it may go."""

from __future__ import annotations

from typing import Any

from galien.kernel.money import round_amount
from galien.usecases.stock.sleepers import Sleeper, Sleepers

Plain = dict[str, Any]


def sleeping_told(found: Sleepers) -> Plain:
    """Return the totals of a pharmacy's shelves, the ages of idle stock (`bands`) and `rows`."""
    return {
        "pharmacy": found.pharmacy,
        "counted_on": found.counted_on,
        "stock_value": round_amount(found.stock_value),
        "sleeping_value": round_amount(found.sleeping_value),
        "excess_value": round_amount(found.excess_value),
        "monthly_cost": round_amount(found.monthly_cost),
        "expiring_value": round_amount(found.expiring_value),
        "depreciation": round_amount(found.depreciation),
        "bands": [
            {
                "from_months": each.band.lower,
                "to_months": each.band.upper,
                "products": each.products,
                "value": round_amount(each.value),
            }
            for each in found.bands
        ],
        "rows": [_row(each) for each in found.rows],
    }


def _row(sleeper: Sleeper) -> Plain:
    level, found = sleeper.level, sleeper.found
    written_down = sleeper.depreciation
    return {
        "product_code": level.product_code,
        "label": level.label,
        "quantity": level.quantity,
        "unit_cost": round_amount(level.unit_cost),
        "asleep": found.asleep,
        "last_sold": level.last_sold,
        "months_without_sale": found.months_without_sale,
        "cover_days": found.cover_days,
        "idle_units": found.idle_units,
        "idle_value": round_amount(found.idle_value),
        "monthly_cost": round_amount(found.monthly_cost),
        "nearest_expiry": level.nearest_expiry,
        "expiring_units": found.expiring_units,
        "depreciation": None if written_down is None else round_amount(written_down.amount),
        "proposals": [
            {
                "action": str(each.action),
                "units": each.units,
                "to": each.to,
                "recovered": round_amount(each.recovered),
                "reason": each.reason,
                "flag": each.flag,
            }
            for each in sleeper.proposals
        ],
    }
