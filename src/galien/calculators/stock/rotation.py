"""Rotation: how many days the stock lasts, how many times a year it turns, beside references."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.kernel.errors import InvalidInput
from galien.kernel.french import fold
from galien.law import Cited, Law, LawValue

YEAR = Decimal(360)

# The words of a typology that tell which reference is its own, in the order they are tried.
TYPOLOGIES: Final = (
    ("reference_stock_days_shopping_centre", ("centre commercial", "galerie", "shopping")),
    ("reference_stock_days_city_centre", ("centre-ville", "centre ville", "city")),
    ("reference_stock_days_medium_town", ("ville moyenne", "bourg", "quartier", "town")),
    ("reference_stock_days_rural", ("rural", "village", "campagne")),
)


@dataclass(frozen=True)
class Rotation:
    """How stock turns over a year; both figures unrounded.

    `days` is None when nothing was sold, `turns` when nothing was held.
    """

    average_stock: Decimal
    cost_of_goods: Decimal
    days: Decimal | None
    turns: Decimal | None


def rotation(average_stock: Decimal, cost_of_goods: Decimal) -> Rotation:
    """Tell how long the stock lasts and how often it turns.

    Inputs: average stock at cost and cost of goods sold over a year, euros excl. tax.
    Equation: days = 360 × average stock ÷ cost of goods sold; turns = cost ÷ average stock, that
    is 360 ÷ days. Source: handbook of stock; 39 days are about 9 turns a year.
    Raises InvalidInput when one is negative.

    >>> found = rotation(Decimal(39), Decimal(360))
    >>> found.days, round(found.turns)
    (Decimal('39'), 9)
    """
    if average_stock < 0 or cost_of_goods < 0:
        raise InvalidInput(
            "Un stock moyen et un coût des ventes ne sont pas négatifs : vérifiez les deux montants."
        )
    return Rotation(
        average_stock,
        cost_of_goods,
        YEAR * average_stock / cost_of_goods if cost_of_goods else None,
        cost_of_goods / average_stock if average_stock else None,
    )


def average(levels: Iterable[Decimal]) -> Decimal:
    """Return the mean of the stock values at several dates, in euros; 0 when there is none.

    >>> average([Decimal(100), Decimal(110), Decimal(120)])
    Decimal('110')
    """
    known = list(levels)
    return sum(known, Decimal(0)) / len(known) if known else Decimal(0)


def reference_days(law: Law, typology: str, *, on: dt.date) -> Cited[LawValue] | None:
    """Return the days that pharmacies of a typology hold, with its source; None for another one.

    >>> found = reference_days(Law.load(), "Centre commercial", on=dt.date(2026, 1, 1))
    >>> str(found.value)
    '54'
    """
    words = fold(typology)
    for name, told in TYPOLOGIES:
        if any(word in words for word in told):
            return law.find(name, on=on)
    return None
