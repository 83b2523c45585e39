"""Known events that lift or lower demand (epidemic, campaign, duty weeks), each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, known_mean, ratio
from galien.kernel import french
from galien.kernel.errors import InvalidInput

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Event:
    """From `first` to `last`, demand is (1 + effect) times its usual self; `source` says who tells.

    `products` and `families` name what it touches; both empty, it touches everything.

    Raises InvalidInput when it ends before it begins, or would leave demand below nothing.
    """

    name: str
    source: str
    first: dt.date
    last: dt.date
    effect: float
    products: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput(f"Évènement « {self.name} » : il finit avant de commencer.")
        if not -1 <= self.effect <= 20:
            raise InvalidInput(
                f"Évènement « {self.name} » : l’effet est un rapport (0,4 pour 40 % de plus), de −1 à 20."
            )

    def touches(self, code: str, family: str) -> bool:
        """Tell whether a product is concerned."""
        anything = not (self.products or self.families)
        return anything or code in self.products or (bool(family) and family in self.families)

    def sentence(self) -> str:
        """Say the event, its effect and its source.

        >>> Event("Grippe", "Réseau Sentinelles", dt.date(2026, 1, 5), dt.date(2026, 2, 1), 0.4).sentence()
        'Grippe, du 5 janvier 2026 au 1er février 2026 : +40\u202f% (Réseau Sentinelles).'
        """
        effect = french.evolution(self.effect, 0)
        span = f"du {french.day(self.first)} au {french.day(self.last)}"
        return f"{self.name}, {span} : {effect} ({self.source})."


def lift(
    span: Span, codes: Sequence[str], families: Sequence[str], events: Sequence[Event]
) -> Floats:
    """Return by how much events multiply each product's demand over a span, days without any counted 1.

    Effects of events of the same day multiply.

    >>> week = Event("Garde", "planning", dt.date(2026, 1, 1), dt.date(2026, 1, 5), 0.5)
    >>> lift((dt.date(2026, 1, 1), dt.date(2026, 1, 10)), ["A"], [""], [week])
    array([1.25])
    """
    return np.asarray(daily_lift(span, codes, families, events).mean(axis=1))


def daily_lift(
    span: Span, codes: Sequence[str], families: Sequence[str], events: Sequence[Event]
) -> Floats:
    """Return by how much events multiply each product's demand on each day of a span (products, days)."""
    days = (span[1] - span[0]).days + 1
    total = np.ones((len(codes), days))
    for each in events:
        first = max(0, (each.first - span[0]).days)
        last = min(days, (each.last - span[0]).days + 1)
        if first < last:
            named = zip(codes, families or [""] * len(codes), strict=True)
            touched = np.array([each.touches(code, family) for code, family in named], dtype=bool)
            total[touched, first:last] *= 1 + each.effect
    return total


def seen_effect(rates: Floats, during: Flags) -> Floats:
    """Return what an event did to each product: mean demand during it ÷ mean demand otherwise − 1.

    `rates` is demand a day (products, periods), `during` the periods of the event. NaN without both.

    >>> seen_effect(np.array([[2.0, 3.0, 2.0]]), np.array([False, True, False]))
    array([0.5])
    """
    other = np.where(during, np.nan, rates)
    return ratio(known_mean(np.where(during, rates, np.nan)), known_mean(other)) - 1
