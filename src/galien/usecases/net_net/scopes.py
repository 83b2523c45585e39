"""From what a clause gives on to product codes, as the catalogue last knows the products."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from galien.kernel.codes import long_code
from galien.model.clauses import ClauseIndex, class_named, precision
from galien.model.contracts import (
    Clause,
    Commitment,
    Contract,
    ProductKeys,
    ProductScope,
    folded,
)

_COLUMNS = (
    "product_code", "generic_group", "range", "brand", "lab", "generic_status", "reimbursable",
)  # fmt: skip
Part = Clause | Commitment


@dataclass
class Scopes:
    """Products of clauses and commitments, each set once, under a name made of what it holds.

    `products` is the catalogue, its versions in order of date; `bought` are codes bought that it may
    not know, which only their code and what covers everything name.
    """

    products: pa.Table
    bought: Collection[str] = ()
    found: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[Contract, dict[str, frozenset[str] | None]] = field(default_factory=dict)

    def name(self, contract: Contract, part: Part) -> str:
        """Return the name of the products of a part of a contract; empty when it is all of them."""
        codes = self.codes(contract, part)
        if codes is None:
            return ""
        name = hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()[:16]
        self.found[name] = codes
        return name

    def codes(self, contract: Contract, part: Part) -> frozenset[str] | None:
        """Return the codes on which a clause gives something, or that a commitment counts; None for all."""
        if contract not in self._known:
            self._known[contract] = self._parts(contract)
        return self._known[contract][part.reference]

    def table(self, names: Collection[str] | None = None) -> pa.Table:
        """Return scopes met, those named or all of them, as rows of a name and a code."""
        rows = [
            (name, code)
            for name in sorted(self.found)
            if names is None or name in names
            for code in sorted(self.found[name])
        ]
        return pa.table(
            {
                "scope": pa.array([name for name, _ in rows], pa.string()),
                "product_code": pa.array([code for _, code in rows], pa.string()),
            }
        )

    def _parts(self, contract: Contract) -> dict[str, frozenset[str] | None]:
        covered: dict[str, set[str]] = defaultdict(set)
        index = ClauseIndex(contract)
        parts: tuple[Part, ...] = (*contract.clauses, *contract.commitments)
        count = 0
        for keys, codes in self._alike(contract, parts):
            count += len(codes)
            counted = (c for c in contract.commitments if precision(contract, c.scope, keys))
            for reference in (*index.references(keys), *(each.reference for each in counted)):
                covered[reference].update(codes)
        whole = count if not contract.lab else -1
        return {
            each.reference: None
            if not any(each.scope.sets) and len(covered[each.reference]) == whole
            else frozenset(covered[each.reference])
            for each in parts
        }

    def _alike(
        self, contract: Contract, parts: Iterable[Part]
    ) -> Iterator[tuple[ProductKeys, list[str]]]:
        """Yield the products of a contract by lots that no part of it tells apart: one, then all codes."""
        by_place = zip(ProductScope().sets, *(each.scope.sets for each in parts), strict=True)
        *lists, excluded = (frozenset[str]().union(*named) for named in by_place)
        lists[0] |= excluded
        told = [(place, named) for place, named in enumerate(lists) if named]
        lab = folded(contract.lab)
        first: dict[tuple[object, ...], ProductKeys] = {}
        codes: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for keys in self._candidates(contract):
            names = keys.names
            said = (names[place] if names[place] in named else "" for place, named in told)
            lot = (folded(keys.lab) == lab, *said) if lab else tuple(said)
            first.setdefault(lot, keys)
            codes[lot].append(keys.product)
        return ((first[lot], codes[lot]) for lot in first)

    def _candidates(self, contract: Contract) -> Iterable[ProductKeys]:
        """Return the products of the lab and those listed by their code; every product without a lab."""
        if not contract.lab:
            return self._keys.values()
        parts: tuple[Part, ...] = (*contract.clauses, *contract.commitments)
        listed = {code for each in parts for code in each.scope.sets[0]}
        by_hand = (code for long in listed for code in self._by_long_code.get(long, ()))
        codes = {*self._by_lab.get(folded(contract.lab), ()), *by_hand}
        return (self._keys[code] for code in codes)

    @cached_property
    def _keys(self) -> dict[str, ProductKeys]:
        found = {code: ProductKeys(code) for code in self.bought}
        return found | {each.product: each for each in _last_versions(self.products)}

    @cached_property
    def _by_lab(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, keys in self._keys.items():
            found[folded(keys.lab)].append(code)
        return found

    @cached_property
    def _by_long_code(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code in self._keys:
            found[long_code(code)].append(code)
        return found


def _last_versions(products: pa.Table) -> Iterator[ProductKeys]:
    nothing = [None] * products.num_rows
    columns = (
        products.column(name).to_pylist() if name in products.column_names else nothing
        for name in _COLUMNS
    )  # fmt: skip
    for code, group, line, brand, lab, status, reimbursed in zip(*columns, strict=True):
        yield ProductKeys(
            code,
            generic_group=str(group or ""),
            range=str(line or ""),
            brand=str(brand or ""),
            lab=str(lab or ""),
            product_class=class_named(status, reimbursed),
        )
