"""Measures: one declaration for each figure, by subject; a new one is one line of a module."""

from __future__ import annotations

from galien.analytics.measures import purchases, sales, stock, traffic
from galien.analytics.measures.kinds import Measure
from galien.kernel.errors import InvalidInput, did_you_mean

MEASURES: dict[str, dict[str, Measure]] = {
    "purchases": {measure.name: measure for measure in purchases.MEASURES},
    "sales": {measure.name: measure for measure in sales.MEASURES},
    "stock": {measure.name: measure for measure in stock.MEASURES},
    "traffic": {measure.name: measure for measure in traffic.MEASURES},
}
# Read by name, left out of a question that names no measure.
BY_NAME_ONLY: dict[str, dict[str, Measure]] = {
    "purchases": {measure.name: measure for measure in purchases.BY_NAME_ONLY},
    "sales": {measure.name: measure for measure in sales.BY_NAME_ONLY},
}
SUBJECTS = tuple(MEASURES)


def find_measures(subject: str) -> dict[str, Measure]:
    """Return the measures of a subject by name; InvalidInput when there is no such subject."""
    found = MEASURES.get(subject)
    if found is None:
        near = did_you_mean(subject, SUBJECTS)
        raise InvalidInput(f"Le sujet « {subject} » n’existe pas. {near}")
    return found


def unnamed_measures(subject: str, level: str) -> tuple[Measure, ...]:
    """Return what a question that names no measure reads: at net-net price, its parts as well.

    Raises InvalidInput when there is no such subject.
    """
    found = tuple(find_measures(subject).values())
    if subject == "purchases" and level == purchases.NET_NET:
        found += (*purchases.PARTS, purchases.unit_net_price)
    return found


def find_measure(subject: str, name: str) -> Measure:
    """Return a measure; InvalidInput, with near names, when the subject has none of that name."""
    found = find_measures(subject) | BY_NAME_ONLY.get(subject, {})
    if name not in found:
        raise InvalidInput(
            f"La mesure « {name} » n’existe pas pour « {subject} ». {did_you_mean(name, found)}"
        )
    return found[name]
