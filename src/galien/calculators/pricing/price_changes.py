"""Price changes found in months of sales, each beside the pharmacies where the price did not move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from galien.calculators.pricing.elasticity import PriceChange

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MONTHS = 2  # on each side of a change
SAME = 0.005  # two months whose mean prices differ by less are at the same price
UNKNOWN = 2  # months, at most, between the last sale at a price and the first at the next
LEAST_UNITS = 6  # sold over both sides: under, a passing price is too easily missed


@dataclass(frozen=True)
class Months:
    """Units sold and mean marked price by pharmacy, product and month, one row each, in that order.

    `pharmacy` and `product` are places in `pharmacies` and `products`; `month` counts from 0; prices
    in euros, tax included. Months without sales have no row.
    """

    pharmacies: tuple[str, ...]
    products: tuple[str, ...]
    pharmacy: Ints
    product: Ints
    month: Ints
    units: Ints
    price: Floats

    def of(self, kept: frozenset[str]) -> Months:
        """Keep some pharmacies."""
        named = np.array([each in kept for each in self.pharmacies], bool)
        mine = named[self.pharmacy]
        columns = (self.pharmacy, self.product, self.month, self.units, self.price)
        return Months(self.pharmacies, self.products, *(each[mine] for each in columns))


@dataclass(frozen=True)
class _Runs:
    """Prices as they followed each other: the shelf (pharmacy and product), months first and last seen."""

    shelf: Ints
    first: Ints
    last: Ints
    price: Floats
    units: Ints


@dataclass(frozen=True)
class _Moves:
    """From one run to the next: the months of the last sale at one price and of the first at the other."""

    before: Ints
    after: Ints
    left: Ints
    came: Ints


def price_changes(sales: Months) -> Iterator[PriceChange]:
    """Find the changes that can be measured: two months at a price, then two at the next.

    The months of the last sale at the old price and of the first one at the new are left out: what is
    sold before the one and after the other does not depend on the day a change was seen. Both prices
    are also seen beyond these spans, and at least six units were sold in them. Witnesses are the
    other pharmacies that sold the product at one price before, during and after.
    """
    if not len(sales.month):
        return
    runs = _runs(sales)
    moves = _moves(runs)
    totals = _totals(sales)
    shelf = runs.shelf[moves.before]
    before = totals[shelf, moves.left] - totals[shelf, moves.left - MONTHS]
    after = totals[shelf, moves.came + MONTHS + 1] - totals[shelf, moves.came + 1]
    controls = _controls(sales, runs, moves, totals)
    for place in np.flatnonzero((before + after >= LEAST_UNITS) & (controls.sum(axis=1) > 0)):
        old, new = moves.before[place], moves.after[place]
        yield PriceChange(
            sales.pharmacies[shelf[place] // len(sales.products)],
            sales.products[shelf[place] % len(sales.products)],
            Decimal(repr(round(float(runs.price[old]), 4))),
            Decimal(repr(round(float(runs.price[new]), 4))),
            *(Decimal(int(each)) for each in (before[place], after[place], *controls[place])),
        )


def _runs(sales: Months) -> _Runs:
    shelf = sales.pharmacy * len(sales.products) + sales.product
    new = np.ones(len(shelf), bool)
    new[1:] = (shelf[1:] != shelf[:-1]) | (np.abs(sales.price[1:] / sales.price[:-1] - 1) >= SAME)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(shelf)) - 1
    # A month at its edge may hold a few units at the other price: the middle one tells the price.
    return _Runs(shelf[first], sales.month[first], sales.month[last],
                 sales.price[(first + last) // 2], sales.units[first])  # fmt: skip


def _moves(runs: _Runs) -> _Moves:
    every = np.arange(len(runs.shelf))
    straight = every[:-1], every[1:], runs.last[:-1], runs.first[1:]
    # A month may hold both prices: its mean is between them, at a whole number of units of each.
    old, mixed, new = every[:-2], every[1:-1], every[2:]
    gap = runs.price[old] - runs.price[new]
    at_old = (
        runs.units[mixed] * (runs.price[mixed] - runs.price[new]) / np.where(gap == 0, 1.0, gap)
    )
    held = np.round(at_old)
    both = (np.abs(at_old - held) < 0.03) & (held >= 1) & (held < runs.units[mixed])
    both &= (runs.first[mixed] == runs.last[mixed]) & (runs.shelf[mixed] == runs.shelf[old])
    month = runs.first[mixed]
    through = old[both], new[both], month[both], month[both]
    before, after, left, came = (
        np.concatenate(pair) for pair in zip(straight, through, strict=True)
    )
    kept = (runs.shelf[before] == runs.shelf[after]) & (came - left <= UNKNOWN)
    kept &= (runs.first[before] < left - MONTHS) & (runs.last[after] > came + MONTHS)
    return _Moves(before[kept], after[kept], left[kept], came[kept])


def _totals(sales: Months) -> Ints:
    """Add units up by shelf: column m holds what was sold before month m."""
    shelves = len(sales.pharmacies) * len(sales.products)
    units = np.zeros((shelves, int(sales.month.max()) + 2), np.int64)
    units[sales.pharmacy * len(sales.products) + sales.product, sales.month + 1] = sales.units
    return np.cumsum(units, axis=1)


def _controls(sales: Months, runs: _Runs, moves: _Moves, totals: Ints) -> Ints:
    """Return what the steady pharmacies sold before and after each change, a column each."""
    months, products = totals.shape[1] - 1, len(sales.products)
    seen_from, seen_to = _seen(runs, len(totals), months)
    shelf = runs.shelf[moves.before]
    start, end = moves.left - MONTHS, moves.came + MONTHS
    found = np.zeros((len(shelf), 2), np.int64)
    for pharmacy in range(len(sales.pharmacies)):
        other = pharmacy * products + shelf % products
        steady = (seen_from[other, start] < start) & (seen_to[other, start] > end)
        steady &= other != shelf
        sold = (totals[other, moves.left] - totals[other, start],
                totals[other, end + 1] - totals[other, moves.came + 1])  # fmt: skip
        found += np.stack(sold, axis=1) * steady[:, None]
    return found


def _seen(runs: _Runs, shelves: int, months: int) -> tuple[Ints, Ints]:
    """Give, by shelf and month, the first and last month its price was seen; never when it was not."""
    seen_from, seen_to = np.full((shelves, months), months), np.full((shelves, months), -1)
    span = runs.last - runs.first + 1
    run = np.repeat(np.arange(len(span)), span)
    month = runs.first[run] + np.arange(len(run)) - np.repeat(np.cumsum(span) - span, span)
    seen_from[runs.shelf[run], month] = runs.first[run]
    seen_to[runs.shelf[run], month] = runs.last[run]
    return seen_from, seen_to
