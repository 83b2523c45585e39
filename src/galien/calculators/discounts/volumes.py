"""What a contract would count of the purchases towards its tiers and commitments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from galien.model.clauses import condition_of, precision
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Contract,
    Counted,
    Measured,
    ProductKeys,
    Span,
)

ZERO, ONE = Decimal(0), Decimal(1)
# A line and an order are taken to be those of a month.
MONTHS_OF = {Span.YEAR: 12, Span.QUARTER: 3, Span.MONTH: 1, Span.ORDER: 1, Span.LINE: 1}


@dataclass(frozen=True)
class Candidate:
    """A product that a lab could deliver for an equivalence, and what is bought of it over the period.

    `quantity` boxes and `list_amount` euros are those of the equivalence; `price_ratio` is the
    product's ex-factory price over what is paid today, both for a unit of dose: 1 for the same box.
    `ceiling_class` is that of the legal maximum, empty when none holds.
    """

    equivalence: str
    keys: ProductKeys
    ceiling_class: str
    label: str
    quantity: Decimal
    list_amount: Decimal
    price_ratio: Decimal = ONE


@dataclass(frozen=True)
class Terms:
    """What offers are weighed with.

    `months` and `pharmacies` are those of the purchases; `cost_of_money` is a yearly rate, and
    `usual_days` the payment term it is counted from. `ceilings` are the legal maxima by class on the
    day of the contract (ratios of the ex-factory price; absent: none is known). What passes them is
    left out unless `count_excess`.
    """

    months: Decimal
    pharmacies: int = 1
    cost_of_money: Decimal = ZERO
    usual_days: int = 30
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    count_excess: bool = False


class Volumes:
    """What the contract would count of the purchases, for each clause and commitment."""

    def __init__(
        self,
        contract: Contract,
        covered: Sequence[tuple[Candidate, tuple[Clause, ...]]],
        terms: Terms,
    ) -> None:
        self._contract, self._terms = contract, terms
        self._by_clause: dict[str, dict[str, Candidate]] = defaultdict(dict)
        self._candidates: dict[str, Candidate] = {}
        self._rates: dict[str, Decimal] = {}
        for candidate, clauses in covered:
            self._candidates.setdefault(candidate.equivalence, candidate)
            self._rates.setdefault(candidate.equivalence, _fixed_discount(clauses))
            for clause in clauses:
                self._by_clause[clause.reference].setdefault(candidate.equivalence, candidate)
        self._commitments = {each.reference: each for each in contract.commitments}
        self._known: dict[str, Decimal] = {}

    def of_clause(self, clause: Clause) -> Decimal:
        """Return what the tiers of a clause count."""
        if clause.reference not in self._known:
            inside = self._by_clause[clause.reference].values()
            self._known[clause.reference] = self._measured(
                inside, clause.measured, clause.span, clause.counted
            )
        return self._known[clause.reference]

    def commitment(self, reference: str) -> tuple[Commitment, Decimal] | None:
        """Return a commitment with what it would count; None when the contract has none such."""
        found = self._commitments.get(reference)
        if found is None:
            return None
        if reference not in self._known:
            inside = [
                c
                for c in self._candidates.values()
                if precision(self._contract, found.scope, c.keys)
            ]
            self._known[reference] = self._measured(
                inside, found.measured, found.span, found.counted
            )
        return found, self._known[reference]

    def missed(self, clause: Clause) -> tuple[Commitment, Decimal] | None:
        """Return the commitment missed, if any, that a clause hangs on."""
        for each in condition_of(self._contract, clause):
            known = self.commitment(each.reference)
            if known and known[1] < each.minimum:
                return known
        return None

    def billed_back(self, candidate: Candidate) -> tuple[Commitment, Decimal] | None:
        """Return the commitment missed, if any, below which the discount is billed back."""
        for each in self._commitments.values():
            if each.consequence is Consequence.BILLED_BACK and precision(
                self._contract, each.scope, candidate.keys
            ):
                known = self.commitment(each.reference)
                if known and known[1] < each.minimum:
                    return known
        return None

    def _measured(
        self, candidates: Iterable[Candidate], measured: Measured, span: Span, counted: Counted
    ) -> Decimal:
        total = ZERO
        for each in candidates:
            if measured is Measured.QUANTITY:
                total += each.quantity
            elif measured is Measured.LIST_AMOUNT:
                total += each.list_amount
            else:
                total += each.list_amount * (ONE - self._rates[each.equivalence])
        share = 1 if counted is Counted.GROUP else max(1, self._terms.pharmacies)
        return total * MONTHS_OF[span] / self._terms.months / share


def _fixed_discount(clauses: Iterable[Clause]) -> Decimal:
    fixed = [
        c.rate for c in clauses if c.kind is ClauseKind.INVOICE_DISCOUNT and c.rate is not None
    ]
    return min(ONE, sum(fixed, ZERO))
