"""The clauses of a contract by what they name, so that those of a product are found at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from galien.model.contracts import Clause, ClauseKind, ProductKeys

_LISTS = ("products", "generic_groups", "ranges", "brands", "labs", "classes")


class ClauseIndex:
    """Finds what `clauses_for` finds, whatever the number of clauses and of products they name."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = tuple(clauses)
        self._named: tuple[dict[str, list[int]], ...] = tuple(defaultdict(list) for _ in _LISTS)
        self._everything: list[int] = []
        for rank, clause in enumerate(self._clauses):
            lists = [getattr(clause.scope, name) for name in _LISTS]
            for names, index in zip(lists, self._named, strict=True):
                for name in names:
                    index[name].append(rank)
            if not any(lists):
                self._everything.append(rank)
        self._excluded = {code for each in self._clauses for code in each.scope.excluded}
        self._found: dict[tuple[str, ...], tuple[int, ...]] = {}

    def of(self, keys: ProductKeys) -> tuple[Clause, ...]:
        """Return the clauses that give something on a product, in their order.

        >>> ClauseIndex(()).of(ProductKeys("3400930000014"))
        ()
        """
        return tuple(self._clauses[rank] for rank in self._ranks(keys))

    def references(self, keys: ProductKeys) -> tuple[str, ...]:
        """Return the references of these clauses: they tell a contract's clauses apart."""
        return tuple(self._clauses[rank].reference for rank in self._ranks(keys))

    def _ranks(self, keys: ProductKeys) -> tuple[int, ...]:
        names = (
            keys.product,
            keys.generic_group,
            keys.range,
            keys.brand,
            keys.lab,
            keys.product_class,
        )
        said = [
            name if name in index else "" for name, index in zip(names, self._named, strict=True)
        ]
        out = keys.product if keys.product in self._excluded else ""
        key = (*said, out)
        if key not in self._found:
            self._found[key] = self._search(said, out)
        return self._found[key]

    def _search(self, names: Sequence[str], excluded: str) -> tuple[int, ...]:
        # From the least precise to the most: the last one said of a clause is the one that holds.
        precision = dict.fromkeys(self._everything, 1)
        for rank in range(len(_LISTS) - 1, -1, -1):
            found = self._named[rank].get(names[rank], ()) if names[rank] else ()
            precision |= dict.fromkeys(found, 7 - rank)
        kept = {
            rank: each
            for rank, each in precision.items()
            if not excluded or excluded not in self._clauses[rank].scope.excluded
        }
        best: dict[ClauseKind, int] = {}
        for rank, each in kept.items():
            kind = self._clauses[rank].kind
            best[kind] = max(best.get(kind, 0), each)
        return tuple(rank for rank in sorted(kept) if kept[rank] == best[self._clauses[rank].kind])
