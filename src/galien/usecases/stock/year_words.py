"""What a year tried comes to, in one French sentence."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.stock.simulation import HAPPENED
from galien.kernel import french
from galien.usecases.stock.year_trial import Figures, YearTried

NAMES = {
    "service": "la politique", "min-max": "des minima et maxima fixes",
    "cover": "remonter chaque soir à quelques jours de ventes",
    "on-sale": "recommander chaque vente",
}  # fmt: skip
LITTLE = 0.0005  # a service said with one decimal


def conclusion(found: YearTried) -> str:
    """Say what the policy would have changed, then what the best of the simpler ones would."""
    ours, really = found.figures[0], found.of(HAPPENED)
    said = (
        f"Du {french.day(found.first)} au {french.day(found.last)}, la politique aurait servi "
        f"{_service(ours, really)}, avec {_stock(ours, really)} et {_lost(ours, really)}"
    )
    simpler = [each for each in found.figures[1:] if each.policy != HAPPENED]
    if not simpler:
        return f"{said}."
    best = max(simpler, key=lambda each: (each.service_level, -each.stock_value))
    return (
        f"{said} ; {NAMES.get(best.policy, best.policy)} aurait servi "
        f"{french.percent(best.service_level, 1)} avec {_stock(best, really)}."
    )


def _service(ours: Figures, really: Figures) -> str:
    served = french.percent(ours.service_level, 1)
    if abs(ours.service_level - really.service_level) < LITTLE:
        return f"{served} des boîtes demandées, comme dans la réalité"
    return f"{served} des boîtes demandées au lieu de {french.percent(really.service_level, 1)}"


def _stock(ours: Figures, really: Figures) -> str:
    gap = ours.stock_value - really.stock_value
    if abs(gap) < 1:
        return "le même stock moyen"
    return f"{euros(abs(gap))} de stock moyen {'de plus' if gap > 0 else 'de moins'}"


def _lost(ours: Figures, really: Figures) -> str:
    gap = ours.lost_margin - really.lost_margin
    if abs(gap) < 1:
        return "autant de marge perdue"
    return f"{euros(abs(gap))} de marge perdue {'en plus' if gap > 0 else 'en moins'}"


def euros(value: float) -> str:
    """Write euros without cents."""
    return french.amount(Decimal(round(value)), 0)
