"""What the simulator stands on: what is bought, what labs offer, what their clauses ask, in plain numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from galien.calculators.discounts.market import Market, Offer, market
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import YEAR, ZERO, LabRules, Rules
from galien.calculators.discounts.pairs import Remainder
from galien.kernel import french
from galien.kernel.period import Period
from galien.usecases.simulator.asked import HUNDRED, OF_ALL, OF_OFFERS, Asked, Costs


@dataclass(frozen=True)
class Source:
    """A contract or an offer that a lab's prices come from, and when it was last changed (ISO)."""

    lab: str
    reference: str
    key: int
    standing: str
    changed_at: str


@dataclass(frozen=True)
class Fees:
    """What a lab's contract says dealing with it costs, in euros excl. tax."""

    order: Decimal = ZERO
    invoice: Decimal = ZERO
    dispute: Decimal = ZERO
    yearly: Decimal = ZERO
    joining: Decimal = ZERO


@dataclass(frozen=True)
class Ground:
    """Purchases and offers of a period. `labs` is what the clauses of each lab ask, `fees` its costs.

    `labels` names equivalences; `exclusive` is the standing of the contract that wants all that a lab
    offers, by lab; `excess` is what each lab offers over the ceilings, in euros of the
    purchases; `notes` are sentences on what was made simpler.
    """

    period: Period
    months: Decimal
    pharmacies: tuple[str, ...]
    release: str
    bought: tuple[Bought, ...]
    offers: tuple[Offer, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    labs: Mapping[str, LabRules] = field(default_factory=dict)
    fees: Mapping[str, Fees] = field(default_factory=dict)
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    exclusive: Mapping[str, str] = field(default_factory=dict)
    excess: Mapping[str, Decimal] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the labs that offer something, in order of name."""
        return tuple(sorted({each.lab for each in self.offers}, key=french.fold))

    @cached_property
    def market(self) -> Market:
        """Return purchases and offers laid out for the ranking of pairs."""
        return market(self.bought, self.offers)

    @cached_property
    def list_amount(self) -> Decimal:
        """Return what is bought at ex-factory price, in euros."""
        return sum((each.list_amount for each in self.bought), ZERO)

    @cached_property
    def today(self) -> Decimal:
        """Return the discount of today, in euros."""
        return sum((each.list_amount * each.discount_rate for each in self.bought), ZERO)

    @cached_property
    def coverage(self) -> Mapping[str, Decimal]:
        """Return the share of the purchases that each lab covers, a ratio of euros."""
        amounts = {each.equivalence: each.list_amount for each in self.bought}
        found: dict[str, Decimal] = dict.fromkeys(self.names, ZERO)
        for each in self.offers:
            found[each.lab] += amounts.get(each.equivalence, ZERO)
        return {lab: each / (self.list_amount or Decimal(1)) for lab, each in found.items()}

    @cached_property
    def fingerprint(self) -> str:
        """Return a short name of all the figures, the same as long as none of them moves."""
        told = (
            self.months, self.pharmacies, self.bought, self.offers, sorted(self.labs.items()),
            sorted(self.fees.items()), sorted(self.ceilings.items()), sorted(self.exclusive.items()),
        )  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def rules_of(ground: Ground, asked: Asked) -> Rules:
    """Return the rules of the choice: the clauses of the offers, and what the buyer asks."""
    labs = {lab: _lab_rules(ground, asked, lab) for lab in ground.names}
    remainder = asked.remainder
    return Rules(
        months=ground.months,
        maximum_labs=asked.maximum,
        minimum_service=asked.service,
        remainder={Remainder.CURRENT: None, Remainder.ZERO: ZERO}.get(remainder)
        if isinstance(remainder, Remainder)
        else remainder,
        switching_cost=asked.switching,
        ceilings={} if asked.excess else ground.ceilings,
        classes={each.equivalence: each.product_class for each in ground.bought},
        labs={lab: rules for lab, rules in labs.items() if rules != LabRules()},
    )


def with_rules(ground: Ground, rules: Rules) -> Rules:
    """Return rules typed by somebody completed by the clauses of the offers, where they say nothing."""
    written = rules_of(ground, Asked())
    labs = {
        lab: rules.labs.get(lab, written.lab(lab)) for lab in {*rules.labs, *written.labs}
    }  # fmt: skip
    return replace(
        rules,
        months=ground.months,
        ceilings=rules.ceilings or written.ceilings,
        classes={**written.classes, **rules.classes},
        labs=dict(sorted(labs.items())),
    )


def _lab_rules(ground: Ground, asked: Asked, lab: str) -> LabRules:
    clauses = ground.labs.get(lab, LabRules()) if asked.clauses else LabRules()
    written = ground.exclusive.get(lab, "") if asked.clauses else ""
    held = {OF_OFFERS: ("offer",), OF_ALL: ("offer", "signed")}.get(asked.exclusivity, ())
    return replace(
        clauses,
        exclusive=written in held,
        tiers=clauses.tiers if asked.extras else (),
        never=lab in asked.excluded or ground.coverage[lab] < asked.coverage,
        always=lab in asked.imposed,
        service=dict(asked.served).get(lab, Decimal(1)),
        cost=cost_of(ground.fees.get(lab, Fees()), asked.costs, ground),
    )


def cost_of(fees: Fees, costs: Costs, ground: Ground) -> Decimal:
    """Return what dealing with a lab costs over the period, in euros.

    Equation: months × pharmacies × orders × (order + invoice + dispute × disputes ÷ 100) + yearly fee ×
    months ÷ 12 + joining fee, each the lab's own plus what the buyer adds.
    Source: handbook, pair simulator.
    """
    each_order = (
        fees.order + costs.order + fees.invoice + costs.invoice
        + (fees.dispute + costs.dispute) * costs.disputes / HUNDRED
    )  # fmt: skip
    orders = ground.months * len(ground.pharmacies) * costs.orders
    yearly = (fees.yearly + costs.yearly) * ground.months / YEAR
    return orders * each_order + yearly + fees.joining + costs.joining
