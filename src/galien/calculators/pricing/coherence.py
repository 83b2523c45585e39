"""Prices that do not hold together: beside the advised price, the group's own, the cost, the past."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from galien.kernel import french

ZERO = Decimal(0)
LEAST_OTHERS = 5  # pharmacies other than the reader's, under which nothing of them is told


class Kind(StrEnum):
    """What is wrong with a price, the gravest first."""

    UNDER_COST = "under_cost"
    OUTLIER = "outlier"
    FAR_FROM_ADVISED = "far_from_advised"
    COST_MOVED = "cost_moved"


@dataclass(frozen=True)
class Tolerances:
    """How far is far: ratios, but `months` since the last change and `fence` in interquartile ranges."""

    advised: Decimal = Decimal("0.15")
    fence: Decimal = Decimal("1.5")
    least_fence: Decimal = Decimal("0.05")
    cost: Decimal = Decimal("0.05")
    months: int = 12


USUAL = Tolerances()


@dataclass(frozen=True)
class Seen:
    """A product's price (incl. tax) with what it is compared to, euros; None when unknown.

    `others` are the prices of other pharmacies of the group, one each. `former_cost` is the cost at
    `changed_on`, the day the price last changed (or the first one seen), `recent_cost` today's when it
    is not `cost`; `changed_by` the size of that change, a ratio. `units` are sold units of a year.
    """

    product_code: str
    price_incl: Decimal
    units: Decimal = ZERO
    vat_rate: Decimal | None = None
    cost: Decimal | None = None
    advised_incl: Decimal | None = None
    others: tuple[Decimal, ...] = ()
    changed_on: dt.date | None = None
    former_cost: Decimal | None = None
    label: str = ""
    changed_by: Decimal | None = None
    recent_cost: Decimal | None = None


@dataclass(frozen=True)
class Quartiles:
    """The middle of the other pharmacies' prices, euros incl. tax, and how many they are."""

    pharmacies: int
    first: Decimal
    median: Decimal
    third: Decimal


@dataclass(frozen=True)
class Doubt:
    """A price in doubt: why, how far from what it is compared to (a ratio), in a French sentence."""

    seen: Seen
    kind: Kind
    gap: Decimal
    sentence: str


def quartiles(others: Sequence[Decimal]) -> Quartiles | None:
    """Return the quartiles of other pharmacies' prices; None when fewer than five may be told.

    Equation: linear interpolation between ranks, as spreadsheets do (QUARTILE.INC).

    >>> quartiles([Decimal(each) for each in (10, 11, 12, 13, 14)]).median
    Decimal('12.0')
    >>> quartiles([Decimal(10)] * 4) is None
    True
    """
    if len(others) < LEAST_OTHERS:
        return None
    ranked = sorted(others)
    return Quartiles(len(ranked), *(_rank(ranked, Decimal(n) / 4) for n in (1, 2, 3)))


def doubts(
    prices: Iterable[Seen], *, on: dt.date, tolerances: Tolerances = USUAL
) -> tuple[Doubt, ...]:
    """List prices in doubt, each for its gravest reason: outliers first, the most sold first.

    Source: handbook of prices. The distribution of the group is told from five other pharmacies on.
    """
    found = []
    for seen in prices:
        reasons = _reasons(seen, on, tolerances)
        if reasons:
            found.append(reasons[0])
    order = list(Kind)
    return tuple(
        sorted(
            found,
            key=lambda each: (order.index(each.kind) > 1, -each.seen.units, each.seen.product_code),
        )
    )


def _reasons(seen: Seen, on: dt.date, tolerances: Tolerances) -> list[Doubt]:
    checks = (_under_cost(seen), _outlier(seen, tolerances), _advised(seen, tolerances))
    return [each for each in (*checks, _moved(seen, on, tolerances)) if each is not None]


def _under_cost(seen: Seen) -> Doubt | None:
    if seen.cost is None or seen.vat_rate is None:
        return None
    cost = seen.cost * (1 + seen.vat_rate)
    if seen.price_incl >= cost:
        return None
    said = f"Sous le coût d’achat ({french.amount(cost)} TTC)."
    return Doubt(seen, Kind.UNDER_COST, seen.price_incl / cost - 1, said)


def _outlier(seen: Seen, tolerances: Tolerances) -> Doubt | None:
    group = quartiles(seen.others)
    if group is None or group.median <= 0:
        return None
    reach = max(
        tolerances.fence * (group.third - group.first), tolerances.least_fence * group.median
    )
    if group.first - reach <= seen.price_incl <= group.third + reach:
        return None
    gap = seen.price_incl / group.median - 1
    said = (
        f"{french.evolution(gap)} sur la médiane de {group.pharmacies} autres pharmacies "
        f"({french.amount(group.median)} ; quartiles {french.amount(group.first)} et "
        f"{french.amount(group.third)})."
    )
    return Doubt(seen, Kind.OUTLIER, gap, said)


def _advised(seen: Seen, tolerances: Tolerances) -> Doubt | None:
    if not seen.advised_incl or seen.advised_incl <= 0:
        return None
    gap = seen.price_incl / seen.advised_incl - 1
    if abs(gap) <= tolerances.advised:
        return None
    said = (
        f"{french.evolution(gap)} sur l’ancien prix conseillé ({french.amount(seen.advised_incl)})."
    )
    return Doubt(seen, Kind.FAR_FROM_ADVISED, gap, said)


def _moved(seen: Seen, on: dt.date, tolerances: Tolerances) -> Doubt | None:
    cost = seen.recent_cost or seen.cost
    if not cost or not seen.former_cost or seen.changed_on is None:
        return None
    gap = cost / seen.former_cost - 1
    months = (on.year - seen.changed_on.year) * 12 + on.month - seen.changed_on.month
    if abs(gap) <= tolerances.cost or months < tolerances.months:
        return None
    said = (
        f"Prix inchangé depuis le {french.day(seen.changed_on)}, quand le coût a fait "
        f"{french.evolution(gap)}."
    )
    return Doubt(seen, Kind.COST_MOVED, gap, said)


def _rank(ranked: Sequence[Decimal], share: Decimal) -> Decimal:
    place = share * (len(ranked) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (place - below) * (ranked[above] - ranked[below])
