"""A past year replayed, told policy by policy and product by product."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from galien.kernel.money import round_amount
from galien.usecases.stock.year_trial import Gain, YearTried
from galien.usecases.stock.year_words import conclusion

Plain = dict[str, Any]
AMOUNTS = (
    "stock_value", "closing_value", "lost_turnover", "lost_margin", "purchases", "turnover", "cash_tied",
    "cash", "lowest_cash",
)  # fmt: skip
FIGURES = (
    "policy", "service_level", "stock_value", "closing_value", "shortages", "lost_units", "lost_turnover",
    "lost_margin", "purchases", "lines", "turnover", "cash_tied", "cash", "lowest_cash",
)  # fmt: skip


def year_told(found: YearTried) -> Plain:
    """Return the figures of each policy (`rows`), the days, the conclusion, and what products gain."""
    return {
        "pharmacy": found.pharmacy,
        "rows": [figures_told(vars(each)) for each in found.figures],
        "from": found.first,
        "to": found.last,
        "products": found.products,
        "corrected_units": found.corrected_units,
        "conclusion": conclusion(found),
        "by_product": [_gain(each) for each in found.gains],
    }


def figures_told(values: Mapping[str, Any]) -> Plain:
    """Return the figures of a policy, amounts to the cent."""
    return {name: _amount(values[name]) if name in AMOUNTS else values[name] for name in FIGURES}


def _gain(each: Gain) -> Plain:
    return {
        "product_code": each.product_code,
        "label": each.label,
        "class": each.abc,
        "shortages_happened": each.shortages[0],
        "shortages": each.shortages[1],
        "lost_units_happened": each.lost_units[0],
        "lost_units": each.lost_units[1],
        "stock_value_happened": _amount(each.stock_value[0]),
        "stock_value": _amount(each.stock_value[1]),
        "gain": _amount(each.euros),
    }


def _amount(value: float) -> Decimal:
    return round_amount(Decimal(repr(value)))
