"""Dimensions: one declaration for each way to cut figures, and what combines with what."""

from __future__ import annotations

from collections.abc import Iterable

from galien.analytics.dimensions import pharmacies, products, times, trade
from galien.analytics.dimensions.kinds import Dimension
from galien.kernel.errors import InvalidInput, did_you_mean

_MONTHS = (times.month, times.quarter, times.year)
_DAYS = (times.day, times.week, times.weekday)

DIMENSIONS: dict[str, dict[str, Dimension]] = {
    subject: {dimension.name: dimension for dimension in dimensions}
    for subject, dimensions in {
        "purchases": (
            *products.DIMENSIONS,
            products.reimbursed_product,
            products.reimbursable,
            trade.vat_rate,
            trade.channel,
            trade.supplier,
            trade.clause,
            trade.step_source,
            *_MONTHS,
            *_DAYS,
            *pharmacies.DIMENSIONS,
        ),
        "sales": (
            *products.DIMENSIONS,
            products.reimbursable,
            trade.reimbursed,
            trade.vat_rate,
            trade.sale_type,
            trade.prescription_or_counter,
            trade.operator,
            times.hour_band,
            *_MONTHS,
            *_DAYS,
            *pharmacies.DIMENSIONS,
        ),
        "stock": (
            *products.DIMENSIONS,
            products.reimbursable,
            products.reimbursed_product,
            *_MONTHS,
            *pharmacies.DIMENSIONS,
        ),
        "traffic": (
            trade.sale_type,
            trade.prescription_or_counter,
            times.hour_band,
            *_MONTHS,
            *_DAYS,
            *pharmacies.DIMENSIONS,
        ),
    }.items()
}

MARKET = "market"
"""The filter that keeps the products of saved lists, written as products before a question is understood."""

FILTERS: dict[str, Dimension] = {pharmacies.data_state.name: pharmacies.data_state}
"""What narrows figures of every subject and cuts none."""

_PHARMACIES = {dimension.name for dimension in pharmacies.DIMENSIONS} | set(FILTERS)
_WITH_BAND = frozenset(
    {"month", "quarter", "year", "week", "weekday", "day", "sale_type", "hour_band"} | _PHARMACIES
)
_WITH_OPERATOR = frozenset({"month", "quarter", "year", "hour_band", "operator"} | _PHARMACIES)


def find_dimension(subject: str, name: str) -> Dimension:
    """Return a dimension; InvalidInput, with near names, when the subject has none of that name."""
    found = DIMENSIONS[subject]
    if name not in found:
        raise InvalidInput(
            f"La dimension « {name} » n’existe pas pour « {subject} ». {did_you_mean(name, found)}"
        )
    return found[name]


def find_filter(subject: str, name: str) -> Dimension:
    """Return what a filter is on: a dimension of the subject, or what only narrows.

    Raises InvalidInput, with near names, when there is none of that name.
    """
    return FILTERS.get(name) or find_dimension(subject, name)


def check_combination(names: Iterable[str]) -> None:
    """Refuse what no table holds together; InvalidInput says with what the dimension combines."""
    asked = set(names)
    if "operator" in asked and not asked <= _WITH_OPERATOR:
        raise InvalidInput(
            "« operator » ne se combine qu’avec le mois et la tranche horaire : "
            f"retirez {_listed(asked - _WITH_OPERATOR)}."
        )
    if "hour_band" in asked and "operator" not in asked and not asked <= _WITH_BAND:
        raise InvalidInput(
            "« hour_band » se combine avec month, week, weekday, sale_type, pharmacy et "
            "department, car l’heure des ventes n’est pas gardée par produit : "
            f"retirez {_listed(asked - _WITH_BAND)}."
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"« {name} »" for name in sorted(names))
