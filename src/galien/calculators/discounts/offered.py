"""What a lab's contract or offer would really give on each equivalence, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from galien.calculators.discounts.volumes import ONE, ZERO, Candidate, Terms, Volumes
from galien.model.clauses import ClauseIndex
from galien.model.contracts import Base, Clause, ClauseKind, Contract

DAYS = Decimal(365)
# Given on the invoice whatever happens next; the rest comes later, or on conditions.
SURE = frozenset({ClauseKind.INVOICE_DISCOUNT, ClauseKind.FREE_UNITS})


class Why(StrEnum):
    """Why a part counts, wholly or not."""

    COUNTED = "counted"
    TIER_MISSED = "tier_missed"
    COMMITMENT_MISSED = "commitment_missed"
    OVER_CEILING = "over_ceiling"


@dataclass(frozen=True)
class Part:
    """A part of what a lab gives: its rate over all units at ex-factory price, and what counts of it.

    `reference` names the clause; `reached` and `needed` tell of a tier or a commitment, in `measured`
    over its span.
    """

    kind: str
    reference: str
    rate: Decimal
    counted: Decimal
    why: Why = Why.COUNTED
    reached: Decimal | None = None
    needed: Decimal | None = None
    measured: str = ""
    span: str = ""


@dataclass(frozen=True)
class Offered:
    """What a contract gives on an equivalence. Rates are ratios of the ex-factory price of all units.

    `excess` is what passes the ceiling of the product's class; `price_ratio` brings a price of
    another box to that of the boxes bought today.
    """

    lab: str
    equivalence: str
    contract: str
    product: str
    label: str
    parts: tuple[Part, ...]
    ceiling: Decimal | None
    excess: Decimal
    price_ratio: Decimal = ONE

    @property
    def discount_rate(self) -> Decimal:
        """Return what is sure, on the invoice."""
        return self.price_ratio * sum((p.counted for p in self.parts if p.kind in SURE), ZERO)

    @property
    def extra_rate(self) -> Decimal:
        """Return what comes later or on conditions, the payment term with it."""
        return self.price_ratio * sum((p.counted for p in self.parts if p.kind not in SURE), ZERO)

    @property
    def total_rate(self) -> Decimal:
        """Return all that counts."""
        return self.discount_rate + self.extra_rate


PAYMENT_TERM = "payment_term"


def offered(
    lab: str, contract: Contract, candidates: Iterable[Candidate], terms: Terms
) -> dict[str, Offered]:
    """Return what a contract gives on each equivalence that one of its products can serve.

    Purpose: compare what the pharmacy would really pay. Inputs: the products the lab could deliver,
    the terms. Tiers and commitments are met or missed with all that the contract covers of the
    purchases, as if it moved to the lab; those of a line or an order with a month of it.
    Equations, for d the discount on the invoice, p paid and f free units, r a later rate:
        invoice = d p/(p + f),  free = f/(p + f),
        later = r p/(p + f) on the list price, r (1 − d) p/(p + f) on the invoice,
        payment term = (1 − d) p/(p + f) (days − usual days)/365 × cost of money.
    All but the payment term count under the ceiling, what comes last being cut first.
    Source: handbook, Comparator; article L. 138-9 of the social security code;
    docs/methods/comparateur.md.
    """
    index = ClauseIndex(contract)
    covered = [(each, clauses) for each in candidates if (clauses := index.of(each.keys))]
    volumes = Volumes(contract, covered, terms)
    found: dict[str, Offered] = {}
    for candidate, clauses in covered:
        made = _offered(lab, contract, candidate, clauses, terms, volumes)
        known = found.get(candidate.equivalence)
        if known is None or made.total_rate > known.total_rate:
            found[candidate.equivalence] = made
    return found


def _offered(
    lab: str,
    contract: Contract,
    candidate: Candidate,
    clauses: tuple[Clause, ...],
    terms: Terms,
    volumes: Volumes,
) -> Offered:
    paid = ONE
    for clause in clauses:
        paid *= ONE - clause.free_rate
    judged = [(clause, *_due(clause, candidate, volumes)) for clause in clauses]
    discount = sum(
        (rate for clause, rate, part in judged
         if clause.kind is ClauseKind.INVOICE_DISCOUNT and part.why is Why.COUNTED),
        ZERO,
    )  # fmt: skip
    parts = []
    for clause, rate, part in judged:
        share = _share(clause, rate, paid, discount)
        counted = share if part.why is Why.COUNTED else ZERO
        parts.append(replace(part, rate=share, counted=counted))
    order = list(ClauseKind)
    parts.sort(key=lambda each: order.index(ClauseKind(each.kind)))
    ceiling = terms.ceilings.get(candidate.ceiling_class)
    excess = _excess(parts, ceiling)
    if excess and not terms.count_excess:
        parts = _cut(parts, excess)
    return Offered(
        lab=lab,
        equivalence=candidate.equivalence,
        contract=contract.reference,
        product=candidate.keys.product,
        label=candidate.label,
        parts=(*parts, *_payment(contract, terms, (ONE - discount) * paid)),
        ceiling=ceiling,
        excess=excess,
        price_ratio=candidate.price_ratio,
    )


def _due(clause: Clause, candidate: Candidate, volumes: Volumes) -> tuple[Decimal, Part]:
    """Return the rate of a clause, and whether its tier and its commitment are met."""
    rate, told = clause.rate or ZERO, Part(clause.kind, clause.reference, ZERO, ZERO)
    if clause.tiers:
        reached = volumes.of_clause(clause)
        rate = clause.rate_at(reached)
        first = min(tier.minimum for tier in clause.tiers)
        met = reached >= first
        told = Part(
            clause.kind, clause.reference, ZERO, ZERO,
            Why.COUNTED if met else Why.TIER_MISSED,
            reached, first if not met else _tier_passed(clause, reached),
            clause.measured, clause.span,
        )  # fmt: skip
        if not met:
            rate = min((tier.minimum, tier.rate) for tier in clause.tiers)[1]
    missed = volumes.missed(clause) or volumes.billed_back(candidate)
    if missed:
        commitment, reached = missed
        told = Part(
            clause.kind, clause.reference, ZERO, ZERO, Why.COMMITMENT_MISSED,
            reached, commitment.minimum, commitment.measured, commitment.span,
        )  # fmt: skip
    return rate, told


def _tier_passed(clause: Clause, reached: Decimal) -> Decimal:
    return max(tier.minimum for tier in clause.tiers if tier.minimum <= reached)


def _share(clause: Clause, rate: Decimal, paid: Decimal, discount: Decimal) -> Decimal:
    """Return the rate of a clause over all units delivered, at ex-factory price."""
    if clause.kind is ClauseKind.FREE_UNITS:
        return clause.free_rate
    if clause.kind is ClauseKind.INVOICE_DISCOUNT or clause.base is Base.LIST:
        return rate * paid
    return rate * (ONE - discount) * paid


def _excess(parts: Iterable[Part], ceiling: Decimal | None) -> Decimal:
    if ceiling is None:
        return ZERO
    return max(ZERO, sum((part.counted for part in parts), ZERO) - ceiling)


def _cut(parts: Sequence[Part], excess: Decimal) -> list[Part]:
    """Take what passes the ceiling off the parts, from the last to the first."""
    left, kept = excess, []
    for part in reversed(parts):
        off = min(left, part.counted)
        left -= off
        why = Why.OVER_CEILING if off else part.why
        kept.append(replace(part, counted=part.counted - off, why=why))
    return kept[::-1]


def _payment(contract: Contract, terms: Terms, paid: Decimal) -> tuple[Part, ...]:
    """Return what paying later (or sooner) than usual is worth; nothing when no term is written."""
    days = contract.conditions.payment_days
    if days is None or not terms.cost_of_money or days == terms.usual_days:
        return ()
    worth = paid * terms.cost_of_money * (days - terms.usual_days) / DAYS
    return (Part(PAYMENT_TERM, "", worth, worth),)
