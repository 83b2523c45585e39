"""Which clauses of a contract give something on a product: the one reading of what they name.

A contract with a lab covers that lab's products, and any product that a clause lists by its code. Of the
clauses of a kind, those that name the product most precisely apply: a rate on a product takes the place
of the rate on its lab. As precise as each other they add up; of free units the most generous count alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from galien.model.contracts import (
    Clause,
    ClauseKind,
    Commitment,
    Consequence,
    Contract,
    ProductKeys,
    ProductScope,
    folded,
)

BY_CODE = 7
_LISTS = 6
GENERIC, HYBRID, GENERAL, NO_CLASS = "generic", "hybrid", "general", ""
_CLASS_OF = {"generic": GENERIC, "substitutable": GENERIC, "hybrid": HYBRID}
CLASSED = tuple(_CLASS_OF)


def class_named(generic_status: str | None, reimbursed: bool | None) -> str:  # noqa: FBT001
    """Return the class by which clauses name a product, by its place in the register.

    Other medicines are general when they are reimbursed; the rest has none. Biosimilars are named by
    their group: the public base does not tell them.
    """
    return _CLASS_OF.get(generic_status or "", GENERAL if reimbursed else NO_CLASS)


def ceiling_class(generic_status: str | None, reimbursed: bool | None) -> str:  # noqa: FBT001
    """Return the class of a product's legal ceiling; empty for what is not reimbursed, that none holds.

    >>> ceiling_class("generic", True), ceiling_class("generic", False), ceiling_class(None, True)
    ('generic', '', 'general')
    """
    return class_named(generic_status, reimbursed) if reimbursed else NO_CLASS


def precision(contract: Contract, scope: ProductScope, keys: ProductKeys) -> int:
    """Tell how precisely a clause or a commitment of a contract names a product; 0: it does not."""
    found = scope.precision(keys)
    return found if found == BY_CODE or _is_of_lab(contract, keys) else 0


def clauses_for(contract: Contract, keys: ProductKeys) -> tuple[Clause, ...]:
    """Return the clauses that give something on a product, in their order."""
    found = {rank: precision(contract, c.scope, keys) for rank, c in enumerate(contract.clauses)}
    return tuple(contract.clauses[rank] for rank in _winners(contract.clauses, found))


def condition_of(contract: Contract, clause: Clause) -> tuple[Commitment, ...]:
    """Return the commitments a clause hangs on: the one it names, else those that lose rebates."""
    named = tuple(each for each in contract.commitments if each.reference == clause.condition)
    if named or clause.kind is not ClauseKind.REBATE:
        return named
    return tuple(
        each for each in contract.commitments if each.consequence is Consequence.REBATE_LOST
    )


def _is_of_lab(contract: Contract, keys: ProductKeys) -> bool:
    return not contract.lab or folded(keys.lab) == folded(contract.lab)


def _winners(clauses: Sequence[Clause], precisions: Mapping[int, int]) -> Iterator[int]:
    """Yield the ranks of the clauses that apply, of those that name the product more or less precisely."""
    best: dict[ClauseKind, tuple[int, ...]] = {}
    for rank in sorted(precisions):
        kind, how = clauses[rank].kind, precisions[rank]
        known = best.get(kind)
        if not how or (known and precisions[known[0]] > how):
            continue
        if known is None or precisions[known[0]] < how:
            best[kind] = (rank,)
        elif kind is not ClauseKind.FREE_UNITS:
            best[kind] = (*known, rank)
        elif clauses[rank].free_rate > clauses[known[0]].free_rate:
            best[kind] = (rank,)
    yield from sorted(rank for ranks in best.values() for rank in ranks)


class ClauseIndex:
    """Finds what `clauses_for` finds, whatever the number of clauses and of products they name."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._clauses = contract.clauses
        self._named: tuple[dict[str, list[int]], ...] = tuple(
            defaultdict(list) for _ in range(_LISTS)
        )
        self._everything: list[int] = []
        self._excluded: set[str] = set()
        for rank, clause in enumerate(self._clauses):
            *lists, excluded = clause.scope.sets
            self._excluded |= excluded
            for names, index in zip(lists, self._named, strict=True):
                for name in names:
                    index[name].append(rank)
            if not any(lists):
                self._everything.append(rank)
        self._found: dict[tuple[bool, tuple[str, ...]], tuple[int, ...]] = {}

    def of(self, keys: ProductKeys) -> tuple[Clause, ...]:
        """Return the clauses that give something on a product, in their order.

        >>> import datetime as dt
        >>> ClauseIndex(Contract("C", "", "Alpha", dt.date(2026, 1, 1))).of(ProductKeys("3400930000014"))
        ()
        """
        return tuple(self._clauses[rank] for rank in self._ranks(keys))

    def references(self, keys: ProductKeys) -> tuple[str, ...]:
        """Return the references of these clauses: they tell a contract's clauses apart."""
        return tuple(self._clauses[rank].reference for rank in self._ranks(keys))

    def _ranks(self, keys: ProductKeys) -> tuple[int, ...]:
        said = [
            name if name in index else ""
            for name, index in zip(keys.names, self._named, strict=True)
        ]
        code = keys.names[0]
        key = (_is_of_lab(self.contract, keys), (*said, code if code in self._excluded else ""))
        if key not in self._found:
            self._found[key] = tuple(_winners(self._clauses, self._precisions(*key)))
        return self._found[key]

    def _precisions(self, of_lab: bool, key: tuple[str, ...]) -> dict[int, int]:  # noqa: FBT001
        *names, excluded = key
        # From the least precise to the most: the last one said of a clause is the one that holds.
        found = dict.fromkeys(self._everything if of_lab else (), 1)
        for place in range(_LISTS - 1 if of_lab else 0, -1, -1):
            if names[place]:
                found |= dict.fromkeys(self._named[place].get(names[place], ()), BY_CODE - place)
        return {
            rank: how
            for rank, how in found.items()
            if not excluded or excluded not in self._clauses[rank].scope.sets[-1]
        }
