"""Pairs of labs with their clauses applied: tiers reached, thresholds missed, costs of dealing with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

import numpy as np

from galien.calculators.discounts.market import FITS, Integers, Market, scaled, unscaled
from galien.calculators.discounts.optimum.rules import ZERO, Rules
from galien.calculators.discounts.pairs import (
    CENT_DECIMALS,
    Assign,
    Pair,
    Part,
    Ranking,
    cents_of,
    parts_of,
)
from galien.kernel.money import round_amount


@dataclass(frozen=True)
class Held:
    """What the clauses of a lab give for the volume a pair brings it.

    `tier_rate` is the rate of the tier reached (a ratio), `tier` its euros, within the part's extra;
    `missing` is what is short of its threshold, in euros of the period, the discount being then billed
    back; `cost` is what dealing with it costs over the period, in euros. `breached`: the lab wants all
    that it offers, and the other of the pair takes some of it.
    """

    tier_rate: Decimal = ZERO
    tier: Decimal = ZERO
    missing: Decimal = ZERO
    cost: Decimal = ZERO
    breached: bool = False

    @property
    def billed_back(self) -> bool:
        """Tell whether the volume is under the threshold."""
        return self.missing > 0


@dataclass(frozen=True)
class Settled:
    """A pair with its clauses applied: `pair` holds what is really given, `net` what is left of it."""

    pair: Pair
    first: Held = field(default_factory=Held)
    second: Held = field(default_factory=Held)

    @property
    def cost(self) -> Decimal:
        """Return what dealing with both labs costs, in euros."""
        return self.first.cost + self.second.cost

    @property
    def breached(self) -> bool:
        """Tell whether the pair breaks the exclusivity of one of its labs."""
        return self.first.breached or self.second.breached

    @property
    def net(self) -> Decimal:
        """Return discounts and extras less costs, in euros."""
        return self.pair.total - self.cost


def settle(ranking: Ranking, rules: Rules, *, assign: Assign) -> tuple[Settled, ...]:
    """Apply the clauses of each lab to every pair; best first, net of costs.

    A lab under its threshold or its minimum bills its discount and extra back: the part is then
    worth nothing. A tier adds its rate to every product of the part, within the ceiling of its class;
    its euros are summed exactly, rounded once, and count in the extra. A lab given no product costs
    nothing. Pairs that break an exclusivity keep their place, and say so. Without clauses, pairs are
    those of the ranking, in its order.

    Inputs: the ranking and the `assign` it was made with; the rules (euros at list price over the
    period of the purchases, rates as ratios), of which those of each lab and the ceilings are read.
    Source: method of remises.md.
    """
    tiers = _TierValues(ranking.market, rules, assign)
    found = [_settled(pair, rules, tiers) for pair in ranking.pairs()]
    return tuple(
        sorted(found, key=lambda each: (-each.net, each.pair.first_lab, each.pair.second_lab))
    )


def _settled(pair: Pair, rules: Rules, tiers: _TierValues) -> Settled:
    parts = ((pair.first_lab, pair.first), (pair.second_lab, pair.second))
    (one, first), (two, second) = (
        _apply(rules, lab, part, partial(tiers.of, pair, number))
        for number, (lab, part) in enumerate(parts, start=1)
    )
    if rules.lab(pair.first_lab).exclusive:
        one = replace(one, breached=first.products < tiers.covered(pair.first_lab))
    if rules.lab(pair.second_lab).exclusive:
        two = replace(two, breached=0 < second.products < tiers.covered(pair.second_lab))
    return Settled(replace(pair, first=first, second=second), one, two)


def _apply(
    rules: Rules, lab: str, part: Part, worth: Callable[[Decimal], Decimal]
) -> tuple[Held, Part]:
    """Return what a lab's clauses make of a part; `worth` gives the euros of a tier's rate on it."""
    asked = rules.labs.get(lab)
    if asked is None or not part.products:
        return Held(), part
    missing = max(rules.threshold(lab), asked.minimum) - part.list_amount
    if missing > 0:
        nothing = round_amount(ZERO)
        billed_back = replace(part, discount=nothing, extra=nothing)
        return Held(missing=missing, cost=asked.cost), billed_back
    rate = max((tier.rate for tier in asked.tiers if tier.since <= part.list_amount), default=ZERO)
    tier = worth(rate) if rate else ZERO
    return Held(rate, tier, cost=asked.cost), replace(part, extra=part.extra + tier)


class _TierValues:
    """What a rate on top of the offers is worth on each product, kept by lab and rate."""

    def __init__(self, market: Market, rules: Rules, assign: Assign) -> None:
        self.market, self.assign = market, assign
        self.place = {lab: number for number, lab in enumerate(market.labs)}
        self.known: dict[tuple[str, Decimal], Integers] = {}
        rates = [tier.rate for asked in rules.labs.values() for tier in asked.tiers]
        rates += rules.ceilings.values()
        decimals = (-int(rate.as_tuple().exponent) for rate in rates)
        self.decimals = max((market.scale.rate, *decimals))
        most = max(1, sum(map(abs, market.amounts.tolist()))) * int(10 ** (self.decimals + 1))
        self.kind: type[np.int64 | np.object_] = np.int64 if most < FITS else np.object_
        self.ceilings = self._ceilings(rules)

    def covered(self, lab: str) -> int:
        """Return how many of the products a lab offers."""
        return int(self.market.covered[self.place[lab]].sum())

    def of(self, pair: Pair, number: int, rate: Decimal) -> Decimal:
        """Return the euros of a rate on what a lab of a pair takes (1 or 2), rounded once."""
        first, second = self.place[pair.first_lab], self.place[pair.second_lab]
        taken = parts_of(self.market, first, second, self.assign) == number
        lab = first if number == 1 else second
        whole = np.array([self._values(lab, rate)[taken].sum()], dtype=np.object_)
        cents = cents_of(whole, self.market.scale.amount + self.decimals)
        return unscaled(int(cents[0]), CENT_DECIMALS)

    def _values(self, lab: int, rate: Decimal) -> Integers:
        key = self.market.labs[lab], rate
        if key not in self.known:
            market = self.market
            finer = int(10 ** (self.decimals - market.scale.rate))
            offered = (market.discounts[lab] + market.extras[lab]).astype(self.kind) * finer
            room = np.minimum(self.ceilings - offered, scaled(rate, self.decimals))
            self.known[key] = market.amounts.astype(self.kind) * np.maximum(room, 0)
        return self.known[key]

    def _ceilings(self, rules: Rules) -> Integers:
        """Return the ceiling of each product in whole units of the rate; ten for one without any."""
        allowed = {name: scaled(rate, self.decimals) for name, rate in rules.ceilings.items()}
        without = int(10 ** (self.decimals + 1))
        classes = (rules.classes.get(each, "") for each in self.market.equivalences)
        return np.array([allowed.get(each, without) for each in classes], self.kind)
