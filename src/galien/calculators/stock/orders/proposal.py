"""The proposal: for every product of every pharmacy at once, is an order due, of how much, and why."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntFlag
from functools import cached_property

import numpy as np

from galien.calculators.stock.arrays import Flags, Floats, Integers
from galien.calculators.stock.orders.levels import reorder_point, safety_stock, threshold, whole_up
from galien.calculators.stock.orders.quantity import Bounds, Costs, Prices, economic_quantity
from galien.kernel.errors import InvalidInput

SHELF, COLD, HOSPITAL = 0, 1, 2
USUAL = Costs(0.30, 0.15)  # a line received and put away; money, room and insurance


class Why(IntFlag):
    """What made a line what it is."""

    ROUNDED = 1  # up to the pack multiple
    MAXIMUM = 2  # up to the maximum set
    ECONOMIC = 4  # more than the need: the quantity that costs least
    EXPIRY = 8  # less: more would expire
    MINIMUM = 16  # triggered by the minimum set
    DUTY = 32  # triggered by duty days
    OWED = 64  # clients are waiting
    APART = 128  # cold chain or hospital reserve: one by one, no return
    OPEN = 256  # due, but a proposal is open already
    STALE = 512  # some stock expires before it is sold


@dataclass(frozen=True)
class Shelf:
    """What is known of each row (a product in a pharmacy); arrays of one length, units and days.

    `demand` and `deviation` a day; `on_hand` as counted and `usable` of it (see `position`); `incoming`
    what is due within the horizon; `proposed` what an open proposal holds; `owed` what clients wait for.
    `lead` and `lead_deviation` of the supplier, `review` between two orders. `factors` is how many
    deviations the row's class guards against (see `levels.factor`), `held` 1 where it is kept on shelves.
    `minimum` and `maximum` as the pharmacist set them (−1: not set), `duty` what duty days ask for.
    `shelf_life` is the days a new box sells for (infinite: any); `apart` is 0, 1 (cold) or 2 (hospital).
    `bridge` is 1 where the bare need is bought, as more of it will be had elsewhere for less.
    """

    demand: Floats
    deviation: Floats
    on_hand: Floats
    usable: Floats
    incoming: Floats
    proposed: Floats
    owed: Floats
    lead: Floats
    lead_deviation: Floats
    review: Floats
    factors: Floats
    held: Floats
    minimum: Floats
    maximum: Floats
    duty: Floats
    multiple: Floats
    shelf_life: Floats
    apart: Floats
    bridge: Floats
    prices: Prices

    def __post_init__(self) -> None:
        if np.any(self.multiple < 1):
            raise InvalidInput("Un multiple de commande est au moins 1.")

    def __len__(self) -> int:
        return len(self.demand)

    @classmethod
    def of(cls, prices: Prices, **given: Floats | float) -> Shelf:
        """Return a shelf of the rows of `prices`; what is not given takes its usual value."""
        usual = {
            "lead": 1.0, "review": 1.0, "factors": 1.645, "held": 1.0, "minimum": -1.0,
            "maximum": -1.0, "multiple": 1.0, "shelf_life": np.inf,
        }  # fmt: skip
        rows = len(prices.list_price)
        values = {
            name: np.broadcast_to(np.asarray(given.get(name, usual.get(name, 0.0))), rows).astype(
                np.float64
            )
            for name in (each.name for each in fields(cls) if each.name != "prices")
        }
        if "usable" not in given:
            values["usable"] = values["on_hand"]
        return cls(**values, prices=prices)


@dataclass(frozen=True)
class Settings:
    """How orders are made: the costs, and the longest cover one may buy, in days."""

    costs: Costs = USUAL
    longest_cover: float = 90.0


@dataclass(frozen=True)
class Proposal:
    """What is proposed; arrays of the shelf's rows. `quantity` is 0 where nothing is.

    `position` is usable stock + incoming + open proposals − owed; `need` what brings it to the
    threshold; `asked` the quantity before rounding.
    """

    shelf: Shelf
    settings: Settings
    safety: Floats
    point: Floats
    threshold: Floats
    position: Floats
    need: Floats
    asked: Floats
    quantity: Floats

    @property
    def lines(self) -> Integers:
        """Return the rows to order."""
        return np.flatnonzero(self.quantity > 0)

    @cached_property
    def why(self) -> Integers:
        """Return what made each row what it is, as numbers of `Why`."""
        why = np.zeros(len(self.shelf), dtype=np.int64)
        for reason, rows in _reasons(self).items():
            why[rows] |= int(reason)
        return why


def propose(shelf: Shelf, settings: Settings | None = None) -> Proposal:
    """Propose an order for every row.

    Purpose: order what is due, once, of the quantity that costs least.
    Equations: due when position < threshold (`levels`); the quantity is the economic one (`quantity`)
    within what sells before it expires, or what brings the stock to the maximum where one is set, or the
    bare need for cold chain and hospital products and for bridges; then rounded up to the multiple. A
    maximum below the reorder point is obeyed; below a minimum or a duty it is not.

    >>> one = np.ones(1)
    >>> found = propose(Shelf.of(Prices.plain(5 * one), minimum=2 * one, maximum=20 * one, multiple=3 * one))
    >>> found.quantity, found.asked, Why(int(found.why[0]))
    (array([21.]), array([20.]), <Why.ROUNDED|MAXIMUM|MINIMUM: 19>)
    """
    settings = settings or Settings()
    wait = shelf.lead + shelf.review
    safety = safety_stock(
        shelf.demand, shelf.deviation,
        lead=wait, lead_deviation=shelf.lead_deviation, factors=shelf.factors,
    )  # fmt: skip
    point = reorder_point(shelf.demand, wait, safety)
    level = _capped(threshold(point, shelf.minimum, shelf.duty, held=shelf.held), shelf)
    position = shelf.usable + shelf.incoming + shelf.proposed - shelf.owed
    need = np.maximum(0.0, level - position)
    due = need > 0
    asked = np.where(due, need, 0.0)
    ordered = due & (shelf.proposed <= 0)
    _fill(asked, shelf, settings, ordered & (shelf.apart == SHELF), need=need, position=position)
    quantity = np.where(ordered, whole_up(asked, shelf.multiple), 0.0)
    return Proposal(shelf, settings, safety, point, level, position, need, asked, quantity)


def _capped(level: Floats, shelf: Shelf) -> Floats:
    """Bring the threshold down to the maximum that a pharmacist set, whatever sales would ask."""
    asked = np.maximum.reduce([shelf.maximum, shelf.minimum + 1.0, shelf.duty])
    return np.asarray(np.where(shelf.maximum >= 0, np.minimum(level, asked), level))


def _fill(
    asked: Floats, shelf: Shelf, settings: Settings, free: Flags, *, need: Floats, position: Floats
) -> None:
    """Raise what is asked of the rows that are `free` to: to the maximum set, or to the economic quantity."""
    capped = free & (shelf.maximum >= 0)
    asked[capped] = np.maximum(need, shelf.maximum - position)[capped]
    rows = np.flatnonzero(free & ~capped & (shelf.bridge <= 0))
    bounds = Bounds(need[rows], most_units(shelf, settings)[rows], shelf.multiple[rows])
    best = economic_quantity(shelf.demand[rows], shelf.prices.rows(rows), bounds, settings.costs)
    asked[rows] = np.where(best > whole_up(need[rows], shelf.multiple[rows]), best, need[rows])


def most_units(shelf: Shelf, settings: Settings) -> Floats:
    """Return the units that one may add: what sells within the longest cover and before it expires."""
    days = np.minimum(shelf.shelf_life, settings.longest_cover)
    return np.asarray(np.maximum(0.0, shelf.demand * days - shelf.usable - shelf.incoming))


def _reasons(found: Proposal) -> dict[Why, Flags]:
    shelf, settings = found.shelf, found.settings
    ordered, due = found.quantity > 0, found.need > 0
    free = ordered & (shelf.apart == SHELF)
    short = shelf.shelf_life < settings.longest_cover
    return {
        Why.ROUNDED: ordered & (found.quantity > np.ceil(found.asked - 1e-9)),
        Why.MAXIMUM: free & (shelf.maximum >= found.threshold),
        Why.ECONOMIC: free & (found.asked > found.need) & (shelf.maximum < 0),
        Why.EXPIRY: free & short & (found.quantity + shelf.multiple > most_units(shelf, settings)),
        Why.MINIMUM: due & (found.threshold == shelf.minimum + 1) & (shelf.minimum >= 0),
        Why.DUTY: due & (found.threshold == shelf.duty) & (shelf.duty > found.point * shelf.held),
        Why.OWED: due & (shelf.owed > 0),
        Why.APART: due & (shelf.apart != SHELF),
        Why.OPEN: due & (shelf.proposed > 0),
        Why.STALE: shelf.usable < shelf.on_hand,
    }
