"""Which contracts hold for an invoice, and what their clauses give on one of its products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from galien.calculators.discounts.audit.bought import Bought, Laid
from galien.calculators.discounts.audit.found import Facts
from galien.kernel.french import fold
from galien.model.clauses import ClauseIndex
from galien.model.contracts import Clause, ClauseKind, Contract, Measured, Span
from galien.model.invoices import ZERO, Invoice

_LEGAL = frozenset(
    {
        "sa", "sas", "sasu", "sarl", "eurl", "snc", "scop", "scs", "gie", "se", "sca", "selarl", "gmbh",
        "bv", "nv", "sprl", "ltd", "spa", "france", "laboratoire", "laboratoires", "labo", "labos",
        "pharma", "ets", "etablissements", "groupe", "societe",
    }
)  # fmt: skip
_BRACKETS = re.compile(r"\([^)]*\)")
_WORDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Due:
    """The clauses of a contract that apply to a product, and the rate they give together."""

    contract: Contract
    clauses: tuple[Clause, ...]
    rate: Decimal

    @property
    def reference(self) -> str:
        """Return the clauses cited."""
        return ", ".join(each.reference for each in self.clauses)

    @property
    def tiered(self) -> bool:
        """Tell whether the rate comes from tiers."""
        return any(each.tiers for each in self.clauses)


def same_firm(one: str, other: str) -> bool:
    """Tell whether two names are those of one firm, whatever their legal form and their case.

    >>> same_firm("BIOGARAN SAS", "Biogaran"), same_firm("Arrow Génériques", "Arrow"), same_firm("", "x")
    (True, True, False)
    """
    mine, theirs = _name(one), _name(other)
    if not mine or not theirs:
        return False
    short, long = sorted((mine, theirs), key=len)
    return long[: len(short)] == short


@lru_cache(maxsize=4096)
def _name(text: str) -> tuple[str, ...]:
    words = [each for each in _WORDS.split(fold(_BRACKETS.sub(" ", text))) if each]
    return tuple(each for each in words if each not in _LEGAL) or tuple(words)


def holding(invoice: Invoice, contracts: Iterable[Contract], facts: Facts) -> Iterator[Contract]:
    """Yield the contracts in force on the day of the invoice, with who issued it, for the pharmacy."""
    for each in contracts:
        if not each.in_force(invoice.issued_on):
            continue
        if each.members and facts.pharmacy and facts.pharmacy not in each.members:
            continue
        if same_firm(each.supplier or each.lab, invoice.seller.name):
            yield each


@dataclass(frozen=True)
class Agreed:
    """What was agreed for an invoice: its contracts, and what is needed to read their tiers.

    `seller` issued it: what is not known to be of another lab is of its own.
    """

    contracts: Sequence[Contract]
    laid: Laid
    facts: Facts
    seller: str = ""

    def best(self, kind: ClauseKind, product: Bought) -> Due | None:
        """Return what gives most on a product for a kind; None when no clause does."""
        found = [self._due(each, kind, product) for each in self.contracts]
        return max(
            (each for each in found if each.clauses), key=lambda each: each.rate, default=None
        )

    def _due(self, contract: Contract, kind: ClauseKind, product: Bought) -> Due:
        clauses = tuple(
            each
            for each in self._applying(contract, product)
            if each.kind is kind and (contract.reference, each.condition) not in self.facts.unmet
        )
        if kind is ClauseKind.FREE_UNITS:
            return Due(contract, clauses, sum((each.free_rate for each in clauses), ZERO))
        reached = (each.rate_at(self._reached(contract, each, product)) for each in clauses)
        return Due(contract, clauses, min(sum(reached, ZERO), Decimal(1)))

    def _applying(self, contract: Contract, product: Bought) -> tuple[Clause, ...]:
        """Return the clauses of a contract that give something on a product."""
        keys = product.keys
        if not keys.lab and same_firm(contract.lab, self.seller):
            keys = replace(keys, lab=contract.lab)
        return self._indexes[id(contract)].of(keys)

    @cached_property
    def _indexes(self) -> dict[int, ClauseIndex]:
        return {id(each): ClauseIndex(each) for each in self.contracts}

    def _reached(self, contract: Contract, clause: Clause, product: Bought) -> Decimal:
        """Return what a clause's tiers count: the line, the order, or what was counted before."""
        if clause.span is Span.LINE:
            return _measure(product, clause.measured)
        order = sum(
            (
                _measure(each, clause.measured)
                for each in self.laid.products
                if clause in self._applying(contract, each)
            ),
            ZERO,
        )
        if clause.span is Span.ORDER:
            return order
        return max(order, self.facts.counted.get((contract.reference, clause.reference), ZERO))


def _measure(product: Bought, measured: Measured) -> Decimal:
    return {
        Measured.QUANTITY: product.paid,
        Measured.LIST_AMOUNT: product.gross,
        Measured.NET_AMOUNT: product.net,
    }[measured]
