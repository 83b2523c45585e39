"""Each line of a proposal in a French sentence: why now, why this much."""

from __future__ import annotations

import math
from collections.abc import Callable

from galien.calculators.stock.orders.proposal import COLD, Proposal, Why, most_units
from galien.calculators.stock.orders.quantity import Bounds
from galien.calculators.stock.orders.tiers import Refused, refused_tiers
from galien.kernel import french


def sentence(found: Proposal, row: int) -> str:
    """Explain a row: what is there, what is needed, how the quantity was set.

    Example: « 2 en stock pour un seuil de 8 (1,4 vendu par jour, 3 jours d'attente, sécurité 4) : 21,
    arrondi au multiple de 3 (maximum 20). »
    """
    shelf, why = found.shelf, Why(int(found.why[row]))
    parts = [_now(found, row, why)]
    if Why.OPEN in why:
        return f"{parts[0]} : une proposition de {_units(shelf.proposed[row])} est déjà ouverte."
    if not found.quantity[row]:
        return f"{parts[0]} : rien à commander."
    parts.append(_how_much(found, row, why))
    if Why.STALE in why:
        lost = shelf.on_hand[row] - shelf.usable[row]
        parts.append(f"{_units(lost)} en stock périment avant d’être vendus et ne comptent pas")
    if Why.APART in why:
        kind = "chaîne du froid" if shelf.apart[row] == COLD else "réserve hospitalière"
        parts.append(f"{kind} : à valider un par un, aucun retour possible")
    return f"{parts[0]} : {' ; '.join(parts[1:])}."


def refusals(found: Proposal) -> dict[int, tuple[Refused, ...]]:
    """Return the discounts left aside on each ordered row, each with its figures."""
    shelf, settings, rows = found.shelf, found.settings, found.lines
    bounds = Bounds(found.need, most_units(shelf, settings), shelf.multiple).rows(rows)
    aside = refused_tiers(
        shelf.demand[rows],
        shelf.prices.rows(rows),
        bounds,
        settings.costs,
        chosen=found.quantity[rows],
    )
    return {int(row): each for row, each in zip(rows, aside, strict=True)}


def _now(found: Proposal, row: int, why: Why) -> str:
    """Say what is there and why it is not enough."""
    shelf = found.shelf
    there = f"{_units(shelf.usable[row])} en stock"
    if shelf.incoming[row]:
        there += f", {_counted(shelf.incoming[row], 'attendu')}"
    if Why.OWED in why:
        there += f", {_units(shelf.owed[row])} à servir aux clients"
    level = _units(found.threshold[row])
    if Why.DUTY in why:
        return f"{there} pour {level} demandés par la garde"
    if Why.MINIMUM in why:
        return f"{there}, stock minimum déclenchant {_units(shelf.minimum[row])}"
    if not shelf.held[row]:
        return f"{there}, produit non tenu en stock"
    days = _units(shelf.lead[row] + shelf.review[row])
    aim = f"un seuil de {level}"
    if 0 <= shelf.maximum[row] < found.point[row]:
        aim = f"un maximum de {level}, sous le seuil de {_units(found.point[row])}"
    return (
        f"{there} pour {aim} ({_rate(shelf.demand[row])} par jour, {days} jours d’attente, "
        f"sécurité {french.number(float(found.safety[row]), 1)})"
    )


def _how_much(found: Proposal, row: int, why: Why) -> str:
    shelf, units = found.shelf, _units(found.quantity[row])
    if Why.MAXIMUM in why:
        goal = f"maximum {_units(shelf.maximum[row])}"
        if Why.ROUNDED in why:
            return f"{units}, arrondi au multiple de {_units(shelf.multiple[row])} ({goal})"
        return f"{units}, jusqu’au {goal}"
    texts: dict[Why, Callable[[], str]] = {
        Why.ECONOMIC: lambda: f"{units}, la quantité qui coûte le moins{_cover(found, row)}",
        Why.ROUNDED: lambda: f"{units}, arrondi au multiple de {_units(shelf.multiple[row])}",
    }
    said = next((text() for reason, text in texts.items() if reason in why), f"{units}, le besoin")
    return f"{said}, borné par la péremption" if Why.EXPIRY in why else said


def _cover(found: Proposal, row: int) -> str:
    demand = found.shelf.demand[row]
    days = found.quantity[row] / demand if demand > 0 else math.inf
    return f" ({french.number(float(days), 0)} jours de ventes)" if math.isfinite(days) else ""


def _units(value: float) -> str:
    return french.number(float(value), 0 if float(value).is_integer() else 1)


def _rate(value: float) -> str:
    return f"{french.number(float(value), 1 if value >= 1 else 2)} vendu{'s' if value >= 2 else ''}"


def _counted(value: float, word: str) -> str:
    return f"{_units(value)} {word}{'s' if value >= 2 else ''}"
