"""How volumes answer prices, from the network's own price changes, with its standard error."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

LEAST_EVENTS = 12
LEAST_PHARMACIES = 5
LEAST_CHANGE = 0.02  # a price that moved less moved by rounding
MOST = 10.0  # no elasticity is further from nought: beyond, sales moved for another reason
_LOST = (
    "Les ventes autour des changements de prix ne laissent lire aucune élasticité. Donnez votre propre "
    "hypothèse."
)


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
    def reach(self) -> Decimal:
        """Return how many standard errors make an interval at 95 %: few pharmacies tell less."""
        return student(self.pharmacies - 1)

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """Return the interval at 95 %; None without an estimate."""
        if self.value is None or self.standard_error is None:
            return None
        spread = self.reach * self.standard_error
        return self.value - spread, self.value + spread

    @property
    def usable(self) -> bool:
        """Tell whether the interval at 95 % leaves the sign no doubt."""
        return self.interval is not None and self.interval[1] < 0


def student(degrees: int) -> Decimal:
    """Return the 97,5 % quantile of Student's distribution, from four degrees of freedom on.

    Source: Abramowitz and Stegun, 26.7.5, to four terms; 2,571 at 5 degrees, 2,030 at 35.

    >>> student(5), student(35)
    (Decimal('2.570'), Decimal('2.030'))
    """
    z, n = 1.959964, max(degrees, LEAST_PHARMACIES - 1)
    terms = (
        (z**3 + z) / (4 * n),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3),
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92_160 * n**4),
    )
    return Decimal(f"{z + math.fsum(terms):.3f}")


def estimate(changes: Iterable[PriceChange], *, least: int = LEAST_EVENTS) -> Elasticity:
    """Estimate the elasticity that price changes show.

    Equation: x = ln(price after ÷ before); the elasticity e makes Σ x·(after × control before −
    exp(e·x) × before × control after) ÷ (units of the four) nil: whatever the season and however few
    the units, its mean is nil at the true e, where logarithms of small counts lean. Standard error: the terms
    of that sum, added by pharmacy and by product, squared (both ways, less those counted twice),
    ÷ its slope. Sources: Mantel and Haenszel, 1959; Cameron, Gelbach and Miller, 2011.
    `least` is how many changes are asked for; five pharmacies always are. Changes of less than 2 %, and
    those without sales, or without a witness's, tell nothing and are left out.
    """
    kept = [(each, point) for each in changes if (point := _point(each)) is not None]
    pharmacies = len({each.pharmacy for each, _ in kept})
    if len(kept) < least or pharmacies < LEAST_PHARMACIES:
        return Elasticity(
            len(kept),
            pharmacies,
            refusal=(
                f"{len(kept)} changements de prix utilisables dans {pharmacies} pharmacies : il en "
                f"faut au moins {least} dans {LEAST_PHARMACIES}. Donnez votre propre hypothèse."
            ),
        )
    points = [point for _, point in kept]
    found = _solved(points)
    scores = [_score(found, point) for point in points]
    slope = math.fsum(x * x * math.exp(found * x) * loss for x, _, loss in points)
    if slope <= 0 or not -MOST <= found <= MOST:
        return Elasticity(len(kept), pharmacies, refusal=_LOST)
    by_pharmacy = _squares(zip((each.pharmacy for each, _ in kept), scores, strict=True))
    by_product = _squares(zip((each.product_code for each, _ in kept), scores, strict=True))
    each_alone = math.fsum(score * score for score in scores)
    square = max(by_pharmacy + by_product - each_alone, by_pharmacy, by_product)
    return Elasticity(len(kept), pharmacies, _told(found), _told(math.sqrt(square) / slope))


def _point(change: PriceChange) -> tuple[float, float, float] | None:
    """Return ln(price after ÷ before), and what weighs on each side of the equation."""
    old, new = float(change.price_before), float(change.price_after)
    before, after = float(change.units_before), float(change.units_after)
    was, became = float(change.control_before), float(change.control_after)
    if min(old, new) <= 0 or min(before, after, was, became) < 0:
        return None
    whole, x = before + after + was + became, math.log(new / old)
    if abs(x) < LEAST_CHANGE or before + after <= 0 or was + became <= 0:
        return None
    return x, after * was / whole, before * became / whole


def _score(value: float, point: tuple[float, float, float]) -> float:
    x, gain, loss = point
    return x * (gain - math.exp(value * x) * loss)


def _solved(points: Sequence[tuple[float, float, float]]) -> float:
    """Find where the scores add up to nothing: their sum only goes down."""
    low, high = -2 * MOST, 2 * MOST
    for _ in range(60):
        middle = (low + high) / 2
        if math.fsum(_score(middle, each) for each in points) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _squares(scores: Iterable[tuple[str, float]]) -> float:
    sums: dict[str, list[float]] = {}
    for name, score in scores:
        sums.setdefault(name, []).append(score)
    groups = len(sums)
    return math.fsum(math.fsum(each) ** 2 for each in sums.values()) * groups / max(groups - 1, 1)


def _told(value: float) -> Decimal:
    return Decimal(repr(round(value, 6)))
