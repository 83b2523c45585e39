"""The clauses of a lab's offer as the choice of labs counts them: euros at list price over the period.

Offers are weighed as if all they cover moved to the lab; here volumes are those a choice really gives,
so what depends on a volume is taken apart: tiers, conditional advantages, thresholds, minimums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from galien.calculators.discounts.offered import PAYMENT_TERM, SURE, Offered, Why
from galien.calculators.discounts.optimum.rules import YEAR, ZERO, LabRules, Tier
from galien.calculators.discounts.volumes import MONTHS_OF
from galien.model.clauses import condition_of
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Contract,
    Counted,
    Measured,
    Span,
)

ONE, CENT, RATE = Decimal(1), Decimal("0.01"), Decimal("0.00000001")
OVER_TIME = frozenset({Span.MONTH, Span.QUARTER, Span.YEAR})


@dataclass(frozen=True)
class Weighed:
    """What a lab gives on an equivalence whatever the volume: `sure` on the invoice, `extra` later."""

    sure: Decimal
    extra: Decimal


@dataclass(frozen=True)
class Reach:
    """What volumes are counted with: months and pharmacies of the purchases, and what the lab covers.

    `list_amount` euros and `quantity` boxes are those its offer covers, `discount` its mean invoice
    discount on them.
    """

    months: Decimal
    pharmacies: int
    list_amount: Decimal
    quantity: Decimal
    discount: Decimal

    def euros(self, minimum: Decimal, item: Clause | Commitment) -> Decimal:
        """Return a minimum as euros at list price over the period, all pharmacies together."""
        found = minimum * self.months / MONTHS_OF[item.span]
        if item.counted is Counted.PHARMACY:
            found *= max(1, self.pharmacies)
        if item.measured is Measured.QUANTITY:
            found *= self.list_amount / self.quantity if self.quantity else ZERO
        elif item.measured is Measured.NET_AMOUNT:
            found /= max(ONE - self.discount, CENT)
        return found.quantize(CENT, rounding=ROUND_CEILING)


def by_volume(contract: Contract, clause: Clause) -> bool:
    """Tell whether what a clause gives depends on the volume bought over time, or on a commitment."""
    over_time = bool(clause.tiers) and clause.span in OVER_TIME
    return over_time or bool(condition_of(contract, clause))


def weighed(offer: Offered, contract: Contract, *, count_excess: bool) -> Weighed:
    """Return what an offer gives whatever the volume; within the ceiling unless `count_excess`."""
    moving = {each.reference for each in contract.clauses if by_volume(contract, each)}
    parts = [
        each for each in offer.parts
        if each.reference not in moving and each.why is not Why.TIER_MISSED
    ]  # fmt: skip
    sure = sum((each.rate for each in parts if each.kind in SURE), ZERO)
    later = sum(
        (each.rate for each in parts if each.kind not in SURE and each.kind != PAYMENT_TERM), ZERO
    )
    if offer.ceiling is not None and not count_excess:
        sure = min(sure, offer.ceiling)
        later = min(later, offer.ceiling - sure)
    later += sum((each.counted for each in parts if each.kind == PAYMENT_TERM), ZERO)
    return Weighed(
        (offer.price_ratio * sure).quantize(RATE), (offer.price_ratio * later).quantize(RATE)
    )


def lab_rules(
    offers: Sequence[tuple[Offered, Decimal]], contracts: Iterable[Contract], reach: Reach
) -> LabRules:
    """Return what a lab asks, from its contracts and its offers with the euros bought of each.

    A commitment under which the discount is billed back is a threshold; one without consequence a
    minimum that must be held to sign; tiers and conditional clauses are tiers, their rates brought to
    all that the lab covers.
    """
    contracts = tuple(contracts)
    held = [each for contract in contracts for each in contract.commitments]
    by_consequence = {
        consequence: max(
            (reach.euros(each.minimum, each) for each in held if each.consequence is consequence),
            default=ZERO,
        )
        for consequence in (Consequence.BILLED_BACK, Consequence.NONE)
    }
    threshold = by_consequence[Consequence.BILLED_BACK] * YEAR / reach.months
    return LabRules(
        yearly_threshold=threshold,
        minimum=by_consequence[Consequence.NONE],
        tiers=_tiers([step for each in contracts for step in _steps(each, offers, reach)]),
    )


def exclusive(
    offers: Sequence[tuple[Offered, Decimal]], contracts: Iterable[Contract]
) -> Contract | None:
    """Return the contract by which a lab wants all that it offers, None when there is none.

    It is the one that most of the purchases would come under; another's exclusivity is of little.
    """
    under: dict[str, Decimal] = defaultdict(Decimal)
    for offer, euros in offers:
        under[offer.contract] += euros
    main = max(sorted(under), key=lambda reference: under[reference], default="")
    return next(
        (each for each in contracts if each.reference == main and each.conditions.exclusivity), None
    )


def _steps(
    contract: Contract, offers: Sequence[tuple[Offered, Decimal]], reach: Reach
) -> list[tuple[str, Decimal, Decimal]]:
    """Return (clause, volume, rate over all that the lab covers) of each step of a contract."""
    found: list[tuple[str, Decimal, Decimal]] = []
    for clause in contract.clauses:
        if not by_volume(contract, clause):
            continue
        share = _share(clause, offers, reach)
        needed = max(
            (reach.euros(each.minimum, each) for each in condition_of(contract, clause)),
            default=ZERO,
        )
        if clause.tiers:
            found += [
                (
                    clause.reference,
                    max(needed, reach.euros(tier.minimum, clause)),
                    tier.rate * share,
                )
                for tier in clause.tiers
            ]
        else:
            rate = clause.free_rate if clause.kind is ClauseKind.FREE_UNITS else clause.rate or ZERO
            found.append((clause.reference, needed, rate * share))
    return found


def _share(clause: Clause, offers: Sequence[tuple[Offered, Decimal]], reach: Reach) -> Decimal:
    """Return what a rate of one in a clause is worth on all that the lab covers, a ratio."""
    inside = sum(
        (euros for offer, euros in offers
         if any(part.reference == clause.reference for part in offer.parts)),
        ZERO,
    )  # fmt: skip
    share = inside / reach.list_amount if reach.list_amount else ZERO
    on_invoice = clause.base is Base.INVOICE and clause.kind is not ClauseKind.INVOICE_DISCOUNT
    return share * (ONE - reach.discount) if on_invoice else share


def _tiers(steps: Iterable[tuple[str, Decimal, Decimal]]) -> tuple[Tier, ...]:
    """Add up the steps of all clauses into tiers: at each volume, the best step of each clause."""
    steps = sorted(steps, key=lambda step: (step[1], step[2]))
    reached: dict[str, Decimal] = {}
    found: dict[Decimal, Decimal] = {}
    for reference, since, rate in steps:
        reached[reference] = max(reached.get(reference, ZERO), rate)
        found[since] = min(ONE, sum(reached.values(), ZERO)).quantize(Decimal("0.000001"))
    return tuple(Tier(since, rate) for since, rate in _rising(found).items() if rate)


def _rising(found: Mapping[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """Leave out the volumes that bring nothing more."""
    kept: dict[Decimal, Decimal] = {}
    last = ZERO
    for since, rate in found.items():
        if rate > last:
            kept[since] = last = rate
    return kept
