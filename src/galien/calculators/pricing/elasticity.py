"""How volumes answer prices, from the network's own price changes, with its standard error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

LEAST_EVENTS = 12
LEAST_PHARMACIES = 5
LEAST_CHANGE = 0.02  # a price that moved less moved by rounding


@dataclass(frozen=True)
class PriceChange:
    """A price change in a pharmacy: prices and units a day before and after, over equal spans.

    `control_before` and `control_after` are units a day of the same product in the pharmacies whose
    price did not move: what season and fashion did to it.
    """

    pharmacy: str
    product_code: str
    price_before: Decimal
    price_after: Decimal
    units_before: Decimal
    units_after: Decimal
    control_before: Decimal
    control_after: Decimal


@dataclass(frozen=True)
class Elasticity:
    """What was estimated: the elasticity and its standard error, or why the data do not allow it.

    −1,2 means that 1 % on the price takes 1,2 % off volumes.
    """

    events: int
    pharmacies: int
    value: Decimal | None = None
    standard_error: Decimal | None = None
    refusal: str = ""

    @property
    def usable(self) -> bool:
        """Tell whether the interval at 95 % leaves the sign no doubt."""
        if self.value is None or self.standard_error is None:
            return False
        return self.value + Decimal("1.96") * self.standard_error < 0


def estimate(changes: Iterable[PriceChange], *, least: int = LEAST_EVENTS) -> Elasticity:
    """Estimate the elasticity that price changes show.

    Equation: y = ln(units after ÷ before) − ln(control after ÷ before), x = ln(price after ÷
    before); elasticity = Σxy ÷ Σx², each product-pharmacy being its own witness; standard error
    by pharmacy clusters: √(Σ over pharmacies of (Σ x·residual)² × G ÷ (G − 1)) ÷ Σx².
    Source: difference in differences; Cameron and Miller, 2015, for the clusters.
    `least` is how many changes are asked for; five pharmacies always are. Changes of less than 2 %, and
    those without sales on a side, tell nothing and are left out.
    """
    kept = [(each.pharmacy, *point) for each in changes if (point := _point(each)) is not None]
    pharmacies = len({pharmacy for pharmacy, _, _ in kept})
    if len(kept) < least or pharmacies < LEAST_PHARMACIES:
        return Elasticity(
            len(kept),
            pharmacies,
            refusal=(
                f"{len(kept)} changements de prix utilisables dans {pharmacies} pharmacies : il en "
                f"faut au moins {least} dans {LEAST_PHARMACIES}. Donnez votre propre hypothèse."
            ),
        )
    spread = math.fsum(x * x for _, x, _ in kept)
    slope = math.fsum(x * y for _, x, y in kept) / spread
    scores: dict[str, list[float]] = {}
    for pharmacy, x, y in kept:
        scores.setdefault(pharmacy, []).append(x * (y - slope * x))
    squares = math.fsum(math.fsum(each) ** 2 for each in scores.values())
    error = math.sqrt(squares * pharmacies / (pharmacies - 1)) / spread
    return Elasticity(len(kept), pharmacies, _told(slope), _told(error))


def _point(change: PriceChange) -> tuple[float, float] | None:
    sides = (
        (change.price_before, change.price_after),
        (change.units_before, change.units_after),
        (change.control_before, change.control_after),
    )
    if min(min(side) for side in sides) <= 0:
        return None
    price, units, control = (math.log(after / before) for before, after in sides)
    return None if abs(price) < LEAST_CHANGE else (price, units - control)


def _told(value: float) -> Decimal:
    return Decimal(repr(round(value, 6)))
