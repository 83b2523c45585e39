"""Which contracts hold for an invoice, and what their clauses give on one of its products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from galien.calculators.discounts.audit.bought import Bought, Laid
from galien.calculators.discounts.audit.found import Facts
from galien.kernel.codes import gs1_key
from galien.kernel.french import fold
from galien.model.contracts import Clause, ClauseKind, Contract, Measured, Span, clauses_for
from galien.model.invoices import ZERO, Invoice

_LEGAL = frozenset(
    {
        "sa", "sas", "sasu", "sarl", "eurl", "snc", "scop", "scs", "gie", "se", "sca", "selarl", "gmbh",
        "bv", "nv", "sprl", "ltd", "spa", "france", "laboratoire", "laboratoires", "labo", "labos",
        "pharma", "ets", "etablissements", "groupe", "societe",
    }
)  # fmt: skip
FRENCH_CODE = "34009"
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
            yield _with_long_codes(each)


def _with_long_codes(contract: Contract) -> Contract:
    """Return a contract whose product codes are those of invoices: thirteen digits."""
    scopes = (each.scope for each in contract.clauses)
    if all(len(code) == 13 for scope in scopes for code in (*scope.products, *scope.excluded)):
        return contract
    return replace(
        contract,
        clauses=tuple(
            replace(
                each,
                scope=replace(
                    each.scope,
                    products=tuple(map(long_code, each.scope.products)),
                    excluded=tuple(map(long_code, each.scope.excluded)),
                ),
            )
            for each in contract.clauses
        ),
    )


def long_code(code: str) -> str:
    """Return the thirteen digits of a CIP7 or of a GTIN that begins with 0; another code as it is.

    >>> long_code("3595583"), long_code("03400935955838"), long_code("REF")
    ('3400935955838', '3400935955838', 'REF')
    """
    if len(code) == 7 and code.isdigit():
        return f"{FRENCH_CODE}{code}{gs1_key(f'{FRENCH_CODE}{code}')}"
    return code[1:] if len(code) == 14 and code.startswith("0") else code


@dataclass(frozen=True)
class Agreed:
    """What was agreed for an invoice: its contracts, and what is needed to read their tiers."""

    contracts: Sequence[Contract]
    laid: Laid
    facts: Facts

    def best(self, kind: ClauseKind, product: Bought) -> Due | None:
        """Return what gives most on a product for a kind; None when no clause does."""
        found = [self._due(each, kind, product) for each in self.contracts]
        return max(
            (each for each in found if each.clauses), key=lambda each: each.rate, default=None
        )

    def _due(self, contract: Contract, kind: ClauseKind, product: Bought) -> Due:
        if contract.lab and product.keys.lab and not same_firm(contract.lab, product.keys.lab):
            return Due(contract, (), ZERO)
        clauses = tuple(
            each
            for each in clauses_for(contract.clauses, product.keys)
            if each.kind is kind and (contract.reference, each.condition) not in self.facts.unmet
        )
        if kind is ClauseKind.FREE_UNITS:
            clauses = tuple(sorted(clauses, key=lambda each: -each.free_rate))[:1]
            return Due(contract, clauses, sum((each.free_rate for each in clauses), ZERO))
        reached = (each.rate_at(self._reached(contract, each, product)) for each in clauses)
        return Due(contract, clauses, min(sum(reached, ZERO), Decimal(1)))

    def _reached(self, contract: Contract, clause: Clause, product: Bought) -> Decimal:
        """Return what a clause's tiers count: the line, the order, or what was counted before."""
        if clause.span is Span.LINE:
            return _measure(product, clause.measured)
        order = sum(
            (
                _measure(each, clause.measured)
                for each in self.laid.products
                if clause.scope.precision(each.keys)
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
