"""Figures of the report in French words, by their unit."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.accounting.findings import Finding
from galien.kernel import french, glossary
from galien.kernel.units import Unit

NOTHING = "–"
_WHOLE = Decimal(1000)

OUTCOMES = {
    "positive": "positive",
    "intermediate": "intermédiaire",
    "negative": "négative",
    "unknown": "inconnue",
}
MODELS = {
    "liberal": "libéral",
    "commercial": "commercial",
    "mixed": "mixte",
    "unknown": "inconnu",
}
SIDES = {"high": "au-dessus", "within": "dans la bande", "low": "en dessous", "unknown": "inconnu"}


def figure(value: Decimal | None, unit: Unit) -> str:
    r"""Write a figure in its unit; large amounts in whole euros.

    >>> figure(Decimal("0.0533"), Unit.RATIO), figure(Decimal("46.046"), Unit.EUR_INCL)
    ('5,33\u202f%', '46,05\u202f€')
    >>> figure(Decimal("2043037.2"), Unit.EUR_EXCL), figure(None, Unit.DAYS)
    ('2\u202f043\u202f037\u202f€', '–')
    """
    if value is None:
        return NOTHING
    if unit is Unit.RATIO:
        return french.percent(value)
    if unit.is_money:
        return french.amount(value, 0 if abs(value) >= _WHOLE else 2)
    if unit is Unit.DAYS:
        days = french.number(value, 0)
        return f"{days}\u202fjour" + ("s" if abs(round(value)) > 1 else "")
    return french.number(value, 0 if unit is Unit.COUNT and value == int(value) else 2)


def evolution(now: Decimal | None, before: Decimal | None) -> str:
    r"""Write the change from a year before; a dash when one of the two is unknown.

    >>> evolution(Decimal(103), Decimal(100)), evolution(Decimal(103), None)
    ('+3,0\u202f%', '–')
    """
    if now is None or before is None:
        return NOTHING
    return french.evolution((now - before) / abs(before) if before else None)


def headline(finding: Finding) -> str:
    """Name what a strength or a point to watch is about."""
    return finding.label or glossary.label(finding.code)


def sentence(finding: Finding) -> str:
    """Say a strength or a point to watch in a sentence, with what it is held against."""
    if finding.sentence:
        return finding.sentence
    value, against = figure(finding.value, finding.unit), figure(finding.against, finding.unit)
    if finding.kind == "change":
        change = evolution(finding.value, finding.against)
        return f"{value}, contre {against} l’exercice précédent ({change})."
    side = "au-dessus" if finding.value > finding.against else "en dessous"
    return f"{value}, {side} de la référence de {against}."
