"""The simulator of pairs: which two generics labs, in which order, bring the most in euros."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.exact import Summable
from galien.calculators.discounts.market import Integers, Market, scaled, unscaled

CENT_DECIMALS = 2
PLACES = ("first", "second")


class Assign(StrEnum):
    """Who takes a product that both labs cover: the first of the pair, or the better of the two.

    The better is the one whose discount plus extra is higher; the first when they are equal.
    """

    FIRST = "first"
    BEST = "best"


class Remainder(StrEnum):
    """What the products covered by neither lab get: their present discount, or nothing."""

    CURRENT = "current"
    ZERO = "zero"


@dataclass(frozen=True)
class Settings:
    """How pairs are simulated; a `remainder` that is a number is a rate (a ratio) for all of it."""

    assign: Assign = Assign.FIRST
    remainder: Remainder | Decimal = Remainder.CURRENT


@dataclass(frozen=True)
class Part:
    """What a lab of the pair takes, or the remainder: products, units, euros at list price.

    `discount` and `extra` are euros, summed exactly and rounded once to the cent.
    """

    products: int
    quantity: Decimal
    list_amount: Decimal
    discount: Decimal
    extra: Decimal

    def shares_of(self, market: Market) -> dict[str, Decimal | None]:
        """Return the shares (ratios, unrounded) of the market's products, units and euros.

        None where the market has none.
        """
        wholes = {
            "products": (Decimal(self.products), Decimal(market.products)),
            "quantity": (self.quantity, market.quantity),
            "list_amount": (self.list_amount, market.list_amount),
        }
        return {name: part / whole if whole else None for name, (part, whole) in wholes.items()}


@dataclass(frozen=True)
class Pair:
    """Two labs in order, what each takes, what is left; `total` is the five amounts added up."""

    first_lab: str
    second_lab: str
    first: Part
    second: Part
    remainder: Part

    @property
    def total(self) -> Decimal:
        """Return the discounts and extras of the pair, in euros."""
        parts = (self.first, self.second, self.remainder)
        return sum((part.discount + part.extra for part in parts), Decimal(0))


@dataclass(frozen=True)
class Ranking:
    """All ordered pairs, best first; equal totals in order of first, then second lab.

    Arrays are (labs, labs), first lab by row: `taken[kind]` is (first's, second's) whole numbers of
    the market's scale, `cents[part]` the five amounts in cents.
    """

    market: Market
    order: tuple[tuple[int, int], ...]
    taken: dict[str, tuple[Integers, Integers]]
    cents: dict[str, Integers]

    def pairs(self, top: int | None = None) -> tuple[Pair, ...]:
        """Return the best `top` pairs, or all of them."""
        whole = Part(
            self.market.products,
            self.market.quantity,
            self.market.list_amount,
            *[unscaled(0, CENT_DECIMALS)] * 2,
        )
        return tuple(self._pair(place, whole) for place in self.order[:top])

    def _pair(self, place: tuple[int, int], whole: Part) -> Pair:
        first, second = (self._part(place, number) for number in range(2))
        left = Part(
            products=whole.products - first.products - second.products,
            quantity=whole.quantity - first.quantity - second.quantity,
            list_amount=whole.list_amount - first.list_amount - second.list_amount,
            discount=self._euros("remainder_discount", place),
            extra=whole.extra,
        )
        labs = self.market.labs
        return Pair(labs[place[0]], labs[place[1]], first, second, left)

    def _part(self, place: tuple[int, int], number: int) -> Part:
        scale = self.market.scale
        return Part(
            products=int(self.taken["products"][number][place]),
            quantity=unscaled(self.taken["quantity"][number][place], scale.quantity),
            list_amount=unscaled(self.taken["list_amount"][number][place], scale.amount),
            discount=self._euros(f"{PLACES[number]}_discount", place),
            extra=self._euros(f"{PLACES[number]}_extra", place),
        )

    def _euros(self, name: str, place: tuple[int, int]) -> Decimal:
        return unscaled(self.cents[name][place], CENT_DECIMALS)


def rank_pairs(market: Market, settings: Settings | None = None) -> Ranking:
    """Simulate every ordered pair of labs and rank them.

    The first lab takes every product it covers and the second those that the first does not cover,
    or the better takes each (`Settings.assign`); the remainder keeps its present discount, nothing,
    or one rate. Euros are list amount × rate, rates as given, without any ceiling.

    Inputs: the market (list amounts in euros, rates as ratios); the settings.
    Source: method of remises.md, worked example of its section on pairs.

    >>> from galien.calculators.discounts.market import Offer, Purchase, market
    >>> bought = [Purchase("A", Decimal(10), Decimal(100), Decimal("0.10")),
    ...           Purchase("B", Decimal(5), Decimal(50), Decimal("0.20"))]
    >>> offers = [Offer("X", "A", Decimal("0.30")), Offer("Y", "A", Decimal("0.40"))]
    >>> [(p.first_lab, p.second_lab, p.total) for p in rank_pairs(market(bought, offers)).pairs()]
    [('Y', 'X', Decimal('50.00')), ('X', 'Y', Decimal('40.00'))]
    """
    settings = settings or Settings()
    values = _values(market)
    taken = (
        _by_best(market, values) if settings.assign is Assign.BEST else _by_first(market, values)
    )
    euros = market.scale.amount + market.scale.rate
    cents = {
        f"{name}_{kind}": cents_of(taken[kind][number], euros)
        for number, name in enumerate(PLACES)
        for kind in ("discount", "extra")
    }
    cents["remainder_discount"] = _remainder(market, taken, settings.remainder)
    total = np.sum(list(cents.values()), axis=0)
    return Ranking(market, _order(total), taken, cents)


def parts_of(market: Market, first: int, second: int, assign: Assign) -> NDArray[np.int8]:
    """Say who takes each product of a pair of labs, by their numbers: 1, 2, or 0 for nobody."""
    one, two = market.ranks[first], market.ranks[second]
    with_first = market.covered[first]
    if assign is Assign.BEST:
        with_first = with_first & (one >= two)
    with_second = market.covered[second] & ~with_first
    return np.where(with_first, 1, np.where(with_second, 2, 0)).astype(np.int8)


def _values(market: Market) -> dict[str, Integers]:
    """Return what is added up over products: (labs, products), 0 where the lab does not offer."""
    return {
        "products": market.covered.astype(market.amounts.dtype),
        "quantity": market.covered * market.quantities,
        "list_amount": market.covered * market.amounts,
        "discount": market.discounts * market.amounts,
        "extra": market.extras * market.amounts,
        "current": market.covered * (market.amounts * market.current),
    }


def _by_first(market: Market, values: dict[str, Integers]) -> dict[str, tuple[Integers, Integers]]:
    """Give the first lab all it covers: the second has its own less what both cover."""
    covered = market.covered.astype(np.float64)
    found = {}
    for kind, each in values.items():
        whole = each.sum(axis=1)
        first = np.broadcast_to(whole[:, None], (len(whole), len(whole)))
        found[kind] = (first, whole - Summable.of(each.T).picked_by(covered))
    return found


def _by_best(market: Market, values: dict[str, Integers]) -> dict[str, tuple[Integers, Integers]]:
    """Give each product to the better lab, to the first when they are equal."""
    labs = len(market.labs)
    stacked = Summable.of(np.stack(list(values.values()), axis=1).swapaxes(1, 2))
    first, second = np.zeros((2, labs, labs, len(values)), stacked.kind)
    won = np.empty((2 * labs, market.products))
    for lab, rank in enumerate(market.ranks):
        np.greater_equal(rank, market.ranks, out=won[:labs])
        np.greater(rank, market.ranks, out=won[labs:])
        taken = stacked[lab].picked_by(won)
        first[lab], second[:, lab] = taken[:labs], taken[labs:]
    return {kind: (first[..., n], second[..., n]) for n, kind in enumerate(values)}


def _remainder(
    market: Market, taken: dict[str, tuple[Integers, Integers]], kept: Remainder | Decimal
) -> Integers:
    """Return the discount in cents on what neither lab covers."""
    if isinstance(kept, Decimal):
        decimals = max(0, -int(kept.as_tuple().exponent))
        covered = sum(each.astype(np.object_) for each in taken["list_amount"])
        left = sum(market.amounts.tolist()) - covered
        return cents_of(left * scaled(kept, decimals), market.scale.amount + decimals)
    first, second = taken["current"]
    if kept is Remainder.ZERO:
        return np.zeros_like(first)
    present = (market.amounts * market.current).sum()
    return cents_of(present - first - second, market.scale.amount + market.scale.rate)


def cents_of(amounts: Integers, decimals: int) -> Integers:
    """Round whole numbers of so many decimals to cents, half away from zero."""
    if decimals <= CENT_DECIMALS:
        whole: Integers = amounts * 10 ** (CENT_DECIMALS - decimals)
        return whole
    unit = 10 ** (decimals - CENT_DECIMALS)
    sign = np.where(amounts < 0, -1, 1).astype(amounts.dtype)
    rounded: Integers = (np.abs(amounts) + unit // 2) // unit * sign
    return rounded


def _order(total: Integers) -> tuple[tuple[int, int], ...]:
    """Return the places of all ordered pairs, the largest total first, then by first and second."""
    places = [(a, b) for a in range(len(total)) for b in range(len(total)) if a != b]
    return tuple(sorted(places, key=lambda place: (-total[place], place)))
