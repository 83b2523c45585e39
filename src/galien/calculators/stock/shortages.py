"""Shortages: ordered and not delivered within 72 hours, how long, what they cost, what could replace."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.money import round_amount

# Public health code, article R. 5124-49-1: unable to dispense within 72 hours.
LIMIT = dt.timedelta(hours=72)
DAY = dt.timedelta(days=1)
ZERO = Decimal(0)


@dataclass(frozen=True)
class OrderLine:
    """A line ordered from a supplier, and the units it delivered; `delivered_at` is None when none came."""

    pharmacy: str
    product: str
    supplier: str
    ordered_at: dt.datetime
    ordered: int
    delivered_at: dt.datetime | None = None
    delivered: int = 0

    @property
    def came(self) -> dt.datetime | None:
        """Return when boxes came, None when none did."""
        return self.delivered_at if self.delivered > 0 else None


@dataclass(frozen=True)
class Shortage:
    """A product that a pharmacy could not have within 72 hours.

    `asked_at` is the first order left without delivery, `since` 72 hours later, `until` the first delivery
    after (None: it lasts). `suppliers` are those asked, `units` what was asked of them.
    """

    pharmacy: str
    product: str
    asked_at: dt.datetime
    since: dt.datetime
    until: dt.datetime | None
    suppliers: tuple[str, ...]
    units: int

    def days(self, now: dt.datetime) -> float:
        """Return how long it has lasted, in days from the first order, until it ended or until `now`."""
        return ((self.until or now) - self.asked_at) / DAY


def shortages(lines: Iterable[OrderLine], now: dt.datetime) -> tuple[Shortage, ...]:
    """Find the shortages in what was ordered and delivered, the oldest first.

    Boxes from any supplier within 72 hours end the wait. Orders of the same product made before it came
    belong to the same shortage. An order less than 72 hours old is not one yet.

    >>> at = dt.datetime(2026, 11, 2, 9)
    >>> found = shortages([OrderLine("P", "A", "Grossiste", at, 5)], at + 4 * DAY)
    >>> found[0].since, found[0].days(at + 4 * DAY)
    (datetime.datetime(2026, 11, 5, 9, 0), 4.0)
    """
    wanted: dict[tuple[str, str], list[OrderLine]] = defaultdict(list)
    for each in lines:
        wanted[each.pharmacy, each.product].append(each)
    found = [short for group in wanted.values() for short in _of_product(group, now)]
    return tuple(sorted(found, key=lambda each: (each.since, each.pharmacy, each.product)))


def _of_product(lines: Sequence[OrderLine], now: dt.datetime) -> Iterable[Shortage]:
    arrivals = sorted(each.came for each in lines if each.came is not None and each.came <= now)
    ordered = sorted(lines, key=lambda each: each.ordered_at)
    while ordered:
        first = ordered[0].ordered_at
        until = next((moment for moment in arrivals if moment >= first), None)
        same = [each for each in ordered if until is None or each.ordered_at < until]
        # An order delivered at the very moment it was sent waits for nothing.
        same = same or ordered[:1]
        if (until or now) - first > LIMIT:
            yield Shortage(
                ordered[0].pharmacy, ordered[0].product, first, first + LIMIT, until,
                tuple(dict.fromkeys(each.supplier for each in same)),
                sum(each.ordered for each in same),
            )  # fmt: skip
        ordered = ordered[len(same) :]


@dataclass(frozen=True)
class Lost:
    """Sales lost: units, turnover and margin in euros excl. tax, rounded once."""

    units: Decimal
    turnover: Decimal
    margin: Decimal


def lost_sales(
    daily: Decimal, days: Decimal, *, owed: Decimal, price: Decimal, cost: Decimal
) -> Lost:
    """Return what was not sold: corrected demand × days without stock + owed items not honoured.

    `daily` is units a day, `price` and `cost` a unit's in euros excl. tax.
    Source: handbook of stock; 5 a day over 60 days without stock are 300 units.

    >>> lost_sales(Decimal(5), Decimal(60), owed=Decimal(2), price=Decimal("4.10"), cost=Decimal(3))
    Lost(units=Decimal('302'), turnover=Decimal('1238.20'), margin=Decimal('332.20'))
    """
    units = daily * days + owed
    return Lost(units, round_amount(units * price), round_amount(units * (price - cost)))


@dataclass(frozen=True)
class Available:
    """Units of a product somewhere: at a supplier, or on the shelves of a sister pharmacy.

    `seen_on` is the day that it delivered or counted them; `price` what a unit cost there last, in euros.
    """

    product: str
    place: str
    sister: bool
    units: int
    seen_on: dt.date | None = None
    price: Decimal | None = None


def substitutes(
    product: str, groups: Mapping[str, str], available: Iterable[Available], *, apart_from: str = ""
) -> tuple[Available, ...]:
    """Return what could replace a product: others of its generic group in stock somewhere, suppliers first.

    The product itself counts at a sister pharmacy. `groups` gives the generic group of products;
    `apart_from` is the pharmacy that asks.
    """
    group = groups.get(product, "")

    def fits(each: Available) -> bool:
        if each.units <= 0 or each.place == apart_from:
            return False
        return each.product == product or (bool(group) and groups.get(each.product) == group)

    kept = [each for each in available if fits(each)]
    return tuple(
        sorted(kept, key=lambda each: (each.sister, -each.units, each.product, each.place))
    )


@dataclass(frozen=True)
class History:
    """Shortages of a lab or of a product: how many, how many last, days in all and the longest."""

    name: str
    shortages: int
    lasting: int
    days: float
    longest: float


def history(
    found: Iterable[Shortage], name_of: Callable[[Shortage], str], now: dt.datetime
) -> tuple[History, ...]:
    """Count shortages by whatever `name_of` says (the lab, the product), the most days first."""
    groups: dict[str, list[Shortage]] = defaultdict(list)
    for each in found:
        groups[name_of(each)].append(each)
    made = []
    for name, members in groups.items():
        days = [each.days(now) for each in members]
        lasting = sum(each.until is None for each in members)
        made.append(History(name, len(members), lasting, sum(days), max(days)))
    return tuple(sorted(made, key=lambda each: (-each.days, each.name)))


@dataclass(frozen=True)
class Shelf:
    """A pharmacy's stock of a product that its regular patients take; demand is units a day."""

    pharmacy: str
    product: str
    units: float
    demand: float
    incoming: float = 0.0

    @property
    def cover(self) -> float:
        """Return the days that stock and what comes will last; infinite when nobody asks."""
        return (self.units + self.incoming) / self.demand if self.demand > 0 else float("inf")


def running_out(
    shelves: Iterable[Shelf], groups: Mapping[str, str], days: float = 7.0
) -> tuple[str, ...]:
    """Return the products about to run out everywhere: no pharmacy that sells it has `days` of it left.

    Products of one generic group stand for each other: the group runs out, or none of it does. Those
    without a group stand alone.

    >>> short = [Shelf("P", "A", 2, 1.0), Shelf("Q", "A", 0, 0.5), Shelf("P", "B", 90, 1.0)]
    >>> running_out(short, {}), running_out(short, {"A": "g", "B": "g"})
    (('A',), ())
    """
    sold: dict[tuple[str, str], list[Shelf]] = defaultdict(list)
    for each in shelves:
        sold[groups.get(each.product) or each.product, each.pharmacy].append(each)
    covers: dict[str, list[float]] = defaultdict(list)
    members: dict[str, set[str]] = defaultdict(set)
    for (group, pharmacy), held in sold.items():
        whole = Shelf(
            pharmacy, group, sum(each.units for each in held), sum(each.demand for each in held),
            sum(each.incoming for each in held),
        )  # fmt: skip
        if whole.demand > 0:
            covers[group].append(whole.cover)
            members[group] |= {each.product for each in held}
    short = [group for group, found in covers.items() if max(found) < days]
    return tuple(sorted(product for group in short for product in members[group]))
