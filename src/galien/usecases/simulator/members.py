"""What each member gains under the labs chosen, those who lose first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.discounts.optimum.rules import ZERO
from galien.calculators.discounts.pairs import Remainder
from galien.model.viewer import Viewer
from galien.records.scope import visible_to
from galien.usecases.discount_base import Base, bases
from galien.usecases.services import Services
from galien.usecases.simulator.gather import level_of
from galien.usecases.simulator.labs import Chosen


@dataclass(frozen=True)
class Member:
    """A pharmacy under the choice, over the period. Euros; `today` and `then` are discounts.

    `cost` is its share of the costs: products it switches, labs it deals with. `switched` counts the
    products it would buy elsewhere than at its own first lab of today.
    """

    pharmacy: str
    name: str
    list_amount: Decimal
    today: Decimal
    then: Decimal
    cost: Decimal
    switched: int

    @property
    def gain(self) -> Decimal:
        """Return what it gains beside today, costs taken off."""
        return self.then - self.cost - self.today


def members(chosen: Chosen, viewer: Viewer, *, services: Services) -> tuple[Member, ...]:
    """Return each pharmacy that the viewer may read under the choice, losers first.

    A product goes where the group's choice sends it, at the group's rate; the remainder keeps the
    member's own discount. Costs of labs are shared by what each buys of them, those of switching are
    shared by amount among the members that switch the product.
    """
    asked = chosen.asked
    found = bases(
        viewer, asked.period, asked.pharmacies, same_box=asked.same_box, services=services,
        level=level_of(asked),
    )  # fmt: skip
    names = dict(visible_to(viewer).pharmacies().values_list("finess", "name"))
    every = [_member(chosen, base, names.get(finess, finess)) for finess, base in found.items()]
    return tuple(sorted(every, key=lambda each: (each.gain, each.pharmacy)))


def _member(chosen: Chosen, base: Base, name: str) -> Member:
    volumes = {each.lab: each.list_amount for each in chosen.optimum.parts}
    amounts = {each.equivalence: each.list_amount for each in chosen.ground.bought}
    here = {each.equivalence: each.lab for each in chosen.ground.bought}
    then = cost = ZERO
    switched = 0
    for row in base.rows:
        key = row.equivalence.key
        lab = chosen.given.get(key)
        if lab is None:
            then += _kept(chosen.asked.remainder, row.discount_amount, row.list_amount)
            continue
        then += row.list_amount * chosen.rates[key]
        if volumes.get(lab):
            cost += chosen.rules.lab(lab).cost * row.list_amount / volumes[lab]
        if here.get(key) != lab and amounts.get(key):
            cost += chosen.rules.switching_cost * row.list_amount / amounts[key]
        switched += row.current_lab != lab
    return Member(
        base.pharmacies[0], name, base.list_amount, base.discount_amount, then, cost, switched
    )


def _kept(remainder: Remainder | Decimal, today: Decimal, amount: Decimal) -> Decimal:
    if isinstance(remainder, Decimal):
        return amount * remainder
    return today if remainder is Remainder.CURRENT else ZERO
