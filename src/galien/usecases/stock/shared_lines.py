"""Which supplier each line of a proposal goes to, and the sources its quantity is worked out again with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.orders.proposal import Proposal
from galien.calculators.stock.orders.split import Supplier
from galien.calculators.stock.orders.supply import Money, Supplied, Wanted, supply
from galien.calculators.stock.orders.tiers import Payment
from galien.kernel.errors import NotAvailable
from galien.usecases.stock.orderable import Sight
from galien.usecases.stock.sources import Source, terms


@dataclass(frozen=True)
class Shared:
    """Lines shared between suppliers: these by name, and a unit's net price (lines, suppliers)."""

    supplied: Supplied
    names: tuple[str, ...]
    prices: Floats


def share(sight: Sight, final: Proposal, sources: Sequence[tuple[Source, ...]]) -> Shared | None:
    """Share the lines between suppliers; None when there are none."""
    rows = final.lines
    names = tuple(sorted({each.supplier for row in rows for each in sources[row]}))
    if not len(rows) or not names:
        return None
    asked_of = [terms(name, sight.trade.contracts) for name in names]
    prices = np.full((len(rows), len(names)), np.inf)
    for place, row in enumerate(rows):
        for each in sources[row]:
            prices[place, names.index(each.supplier)] = each.unit(float(final.quantity[row]))
    lead = np.array([sight.trade.rhythm(name).lead for name in names])
    lead = np.broadcast_to(lead, prices.shape)
    wanted = Wanted(final.quantity[rows], final.shelf.demand[rows], _within(final, prices, lead))
    return Shared(_supplied(wanted, prices, lead, asked_of), names, prices)


def settled(
    sight: Sight, final: Proposal, sources: Sequence[tuple[Source, ...]]
) -> list[tuple[Source, ...]]:
    """Return the sources of each row, the chosen one alone where the order goes to another than the cheapest.

    Its thresholds and its quantity are then those of who will deliver it.
    """
    split = share(sight, final, sources)
    found = list(sources)
    if split is not None:
        for place, row in enumerate(final.lines):
            chosen = int(split.supplied.split.supplier[place])
            kept = [each for each in sources[row] if each.supplier == split.names[chosen]]
            found[row] = tuple(kept) if chosen >= 0 and kept else found[row]
    return found


def _supplied(
    wanted: Wanted, prices: Floats, lead: Floats, asked_of: Sequence[tuple[Supplier, Payment]]
) -> Supplied:
    """Share the lines; line by line when no sharing is found in the time allowed."""
    try:
        return supply(wanted, prices, lead, asked_of, Money())
    except NotAvailable:
        bare = [(Supplier(each.name), payment) for each, payment in asked_of]
        return supply(wanted, prices, lead, bare, Money())


def _within(final: Proposal, prices: Floats, lead: Floats) -> Floats:
    """Return the days one can wait: until the stock runs out, and at least the fastest supplier."""
    rows = final.lines
    demand, there = final.shelf.demand[rows], np.maximum(final.position[rows], 0.0)
    cover = np.divide(there, demand, out=np.full(len(rows), 365.0), where=demand > 0)
    fastest = np.where(np.isfinite(prices), lead, np.inf).min(axis=1)
    return np.asarray(np.maximum(cover, np.where(np.isfinite(fastest), fastest, 0.0)))
