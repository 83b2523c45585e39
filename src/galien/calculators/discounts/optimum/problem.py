"""The choice as numbers: what each product gains at each lab and level, and the exact total of a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from galien.calculators.discounts.market import Offer, Purchase
from galien.calculators.discounts.optimum.rules import ZERO, Rules
from galien.kernel.errors import InvalidInput, did_you_mean

Floats = NDArray[np.float64]
NONE = -1  # a product that no lab takes


@dataclass(frozen=True)
class Bought(Purchase):
    """A purchase, with the lab it comes from today and its class of product where they are known."""

    lab: str = ""
    product_class: str = ""


@dataclass(frozen=True)
class Level:
    """A volume of purchases from a lab (euros of the period) and what it gives from there."""

    lab: int
    since: Decimal
    rate: Decimal
    billed_back: bool = False


class Problem:
    """Purchases, offers and rules made into arrays: rows are products, columns levels of labs.

    Raises InvalidInput when a product or an offer is given twice, or a rule names an unknown lab.
    """

    def __init__(self, bought: Sequence[Bought], offers: Sequence[Offer], rules: Rules) -> None:
        self.bought, self.rules = tuple(bought), rules
        self.row = _rows(bought)
        self.offers = _by_place(offers)
        self.labs = tuple(sorted({each.lab for each in offers if self._open(each.lab)}))
        _check_names(rules, {each.lab for each in offers})
        self.place = {lab: i for i, lab in enumerate(self.labs)}
        self.amount = np.array([float(each.list_amount) for each in bought], dtype=np.float64)
        self.base = np.array([float(self.kept(each)) for each in bought], dtype=np.float64)
        self.covered = np.zeros((len(bought), len(self.labs)), dtype=bool)
        self.rates = np.zeros(self.covered.shape)
        self.switching = np.zeros(self.covered.shape)
        self._fill()
        self.ceilings = np.array([float(self.ceiling(each)) for each in bought], dtype=np.float64)
        self.levels = tuple(level for lab in range(len(self.labs)) for level in self._levels(lab))
        self.lab_of = np.array([level.lab for level in self.levels], dtype=np.int64)
        self.since = np.array([float(level.since) for level in self.levels], dtype=np.float64)

    def _open(self, lab: str) -> bool:
        asked = self.rules.lab(lab)
        return not asked.never and asked.service >= self.rules.minimum_service

    def _fill(self) -> None:
        for (lab, equivalence), offer in self.offers.items():
            i, j = self.row.get(equivalence), self.place.get(lab)
            if i is None or j is None or equivalence in self.rules.keep:
                continue
            self.covered[i, j] = True
            self.rates[i, j] = float(offer.discount_rate + offer.extra_rate)
            self.switching[i, j] = float(self.switching_cost(self.bought[i], lab))

    def kept_rate(self, product: Bought) -> Decimal:
        """Return the rate of a product that no lab takes: its own, or the one of the remainder."""
        rate = self.rules.remainder
        if rate is None or product.equivalence in self.rules.keep:
            return product.discount_rate
        return rate

    def kept(self, product: Bought) -> Decimal:
        """Return what a product gains in euros when no lab takes it."""
        return product.list_amount * self.kept_rate(product)

    def ceiling(self, product: Bought) -> Decimal:
        """Return the highest rate the class of a product may be given; 1 without a class known."""
        kind = self.rules.classes.get(product.equivalence, product.product_class)
        return self.rules.ceilings.get(kind, Decimal(1))

    def switching_cost(self, product: Bought, lab: str) -> Decimal:
        """Return the cost in euros of giving a product to a lab; none where it is today."""
        if product.lab == lab:
            return ZERO
        own = self.rules.switching_costs.get(product.equivalence, self.rules.switching_cost)
        return own + self.rules.lab(lab).switching_cost

    def _levels(self, lab: int) -> list[Level]:
        """Return the levels a lab can reach, the lowest first; a billed-back one only if it is imposed."""
        asked, threshold = self.rules.lab(self.labs[lab]), self.rules.threshold(self.labs[lab])
        lowest = max(asked.minimum, threshold)
        rates = {lowest: ZERO}
        for tier in asked.tiers:
            rates[max(tier.since, lowest)] = tier.rate
        levels = [Level(lab, since, rate) for since, rate in rates.items()]
        if threshold > asked.minimum and asked.always:
            levels.insert(0, Level(lab, asked.minimum, ZERO, billed_back=True))
        reach = sum(
            (b.list_amount for b, open_ in zip(self.bought, self.covered[:, lab], strict=True) if open_),
            ZERO,
        )  # fmt: skip
        return [level for level in levels if level.since <= reach]

    @cached_property
    def gain(self) -> Floats:
        """What each product gains in euros at each level beside being kept; −∞ where not offered."""
        found = np.full((len(self.bought), len(self.levels)), -np.inf)
        for s, level in enumerate(self.levels):
            rate = np.minimum(self.rates[:, level.lab] + float(level.rate), self.ceilings)
            euros = self.amount * (0.0 if level.billed_back else rate)
            own = euros - self.base - self.switching[:, level.lab]
            found[:, s] = np.where(self.covered[:, level.lab], own, -np.inf)
        return found

    @cached_property
    def cost(self) -> Floats:
        """The cost of taking each lab, in euros of the period."""
        return np.array([float(self.rules.lab(lab).cost) for lab in self.labs], dtype=np.float64)

    @cached_property
    def always(self) -> frozenset[int]:
        """The labs that must be signed with."""
        return frozenset(j for j, lab in enumerate(self.labs) if self.rules.lab(lab).always)

    @cached_property
    def demanding(self) -> tuple[int, ...]:
        """The labs that want all they offer."""
        return tuple(j for j, lab in enumerate(self.labs) if self.rules.lab(lab).exclusive)

    @cached_property
    def conflicts(self) -> tuple[tuple[int, ...], ...]:
        """The groups of labs of which one at most may be taken."""
        groups = [
            tuple(sorted(self.place[lab] for lab in group if lab in self.place))
            for group in self.rules.exclusive
        ]
        both = [
            (a, b)
            for a in self.demanding
            for b in self.demanding
            if a < b and (self.covered[:, a] & self.covered[:, b]).any()
        ]
        return tuple(group for group in [*groups, *both] if len(group) > 1)

    def taken(self, choice: NDArray[np.int64]) -> frozenset[int]:
        """Return the labs of a choice: those given a product, and those always signed with."""
        return frozenset(int(j) for j in np.unique(choice) if j != NONE) | self.always

    def allowed(self, labs: frozenset[int]) -> bool:
        """Tell whether a set of labs may be signed with together."""
        most = self.rules.maximum_labs
        few = most is None or len(labs) <= most
        return few and self.always <= labs and all(len(labs & set(g)) <= 1 for g in self.conflicts)

    def exact(self, choice: NDArray[np.int64]) -> Decimal | None:
        """Return the total of a choice, exact and unrounded, None when a rule forbids it.

        A lab's level is the one its volume really reaches: no solver's word is taken for it.
        """
        labs = self.taken(choice)
        if not self.allowed(labs) or not self._complete(choice, labs):
            return None
        volumes = dict.fromkeys(labs, ZERO)
        for product, j in zip(self.bought, choice, strict=True):
            if j != NONE:
                volumes[int(j)] += product.list_amount
        levels = {j: self.level(j, volume) for j, volume in volumes.items()}
        if any(level is None for level in levels.values()):
            return None
        total = -sum((self.rules.lab(self.labs[j]).cost for j in labs), ZERO)
        for product, j in zip(self.bought, choice, strict=True):
            total += self.kept(product) if j == NONE else self.given(product, levels[int(j)])
        return total

    def _complete(self, choice: NDArray[np.int64], labs: frozenset[int]) -> bool:
        return all((choice[self.covered[:, j]] == j).all() for j in self.demanding if j in labs)

    def level(self, lab: int, volume: Decimal) -> Level | None:
        """Return the level a volume reaches at a lab, None where the lab is not to be taken.

        That is under the minimum it asks, and under its threshold unless it is imposed.
        """
        asked, threshold = self.rules.lab(self.labs[lab]), self.rules.threshold(self.labs[lab])
        if volume < (asked.minimum if asked.always else max(asked.minimum, threshold)):
            return None
        rates = [tier.rate for tier in asked.tiers if tier.since <= volume]
        return Level(lab, volume, rates[-1] if rates else ZERO, billed_back=volume < threshold)

    def rate(self, product: Bought, level: Level) -> Decimal:
        """Return the rate a product is given at a level of a lab, ceiling applied."""
        if level.billed_back:
            return ZERO
        offer = self.offers[self.labs[level.lab], product.equivalence]
        return min(offer.discount_rate + offer.extra_rate + level.rate, self.ceiling(product))

    def given(self, product: Bought, level: Level | None) -> Decimal:
        """Return what a product gains in euros at a level of a lab, less the cost of switching it."""
        if level is None:
            return ZERO
        won = product.list_amount * self.rate(product, level)
        return won - self.switching_cost(product, self.labs[level.lab])


def _rows(bought: Sequence[Bought]) -> dict[str, int]:
    found: dict[str, int] = {}
    for i, each in enumerate(bought):
        if each.equivalence in found:
            raise InvalidInput(f"Achats : « {each.equivalence} » est donné deux fois.")
        if each.list_amount < 0:
            raise InvalidInput(
                f"Achats : le montant de « {each.equivalence} » est négatif. Retirez les retours seuls."
            )
        found[each.equivalence] = i
    return found


def _by_place(offers: Sequence[Offer]) -> Mapping[tuple[str, str], Offer]:
    found: dict[tuple[str, str], Offer] = {}
    for each in offers:
        if (each.lab, each.equivalence) in found:
            raise InvalidInput(f"Offres : {each.lab}, « {each.equivalence} » est donné deux fois.")
        found[each.lab, each.equivalence] = each
    return found


def _check_names(rules: Rules, labs: set[str]) -> None:
    named = [*rules.labs, *(lab for group in rules.exclusive for lab in sorted(group))]
    for lab in named:
        if lab not in labs:
            raise InvalidInput(
                f"Règles : le laboratoire « {lab} » n’est dans aucune offre. {did_you_mean(lab, labs)}"
            )
