"""From what a clause gives on to product codes, as the catalogue last knows the products."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

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
Lot = tuple[ProductKeys, list[str]]
"""Products that a contract does not tell apart: one of them, then the codes of all."""
Told = tuple[tuple[int, frozenset[str]], ...]
"""What a contract names, each list at its place among the names of a product."""
_CODE, _LAB = 0, 4
# A product's names, one after the other as `ProductKeys.names` has them, each from its code and row.
_NAME: tuple[Callable[[str, tuple[Any, ...]], str], ...] = (
    lambda code, _row: long_code(code),
    *(lambda _code, row, at=at: folded(row[at] or "") for at in range(_LAB)),
    lambda _code, row: folded(class_named(row[_LAB], row[_LAB + 1])),
)


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
    _met: dict[str, ProductKeys] = field(default_factory=dict)
    _indexes: dict[int, Mapping[str, list[str]]] = field(default_factory=dict)
    _lots: dict[tuple[str, Told], list[Lot]] = field(default_factory=dict)

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

    def _alike(self, contract: Contract, parts: Iterable[Part]) -> list[Lot]:
        """Return the products of a contract by lots that no part of it tells apart."""
        by_place = zip(ProductScope().sets, *(each.scope.sets for each in parts), strict=True)
        *lists, excluded = (frozenset[str]().union(*named) for named in by_place)
        lists[_CODE] |= excluded
        told = tuple((place, named) for place, named in enumerate(lists) if named)
        key = (folded(contract.lab), told)
        if key not in self._lots:
            self._lots[key] = list(self._told_apart(*key))
        return self._lots[key]

    def _told_apart(self, lab: str, told: Told) -> Iterator[Lot]:
        """Yield the products of a lab and those listed by their code, by what tells them apart.

        Without a lab, those that nothing names come last, in one lot.
        """
        listed = [each for each in told if each[0] == _CODE or not lab]
        apart = self._named([(_LAB, frozenset({lab})), *listed] if lab else listed)
        first: dict[tuple[object, ...], ProductKeys] = {}
        codes: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for code in apart:
            keys = self._keys(code)
            names = keys.names
            said = (names[place] if names[place] in named else "" for place, named in told)
            lot = (names[_LAB] == lab, *said) if lab else tuple(said)
            first.setdefault(lot, keys)
            codes[lot].append(code)
        yield from ((first[lot], codes[lot]) for lot in first)
        if not lab and (rest := [code for code in self._rows if code not in apart]):
            yield self._keys(rest[0]), rest

    def _named(self, told: Iterable[tuple[int, Collection[str]]]) -> Collection[str]:
        """Return the products that a name says, each name at its place among those of a product."""
        return {
            code for place, names in told for name in names
            for code in (self._index(place).get(name, ()) if name else ())
        }  # fmt: skip

    def _index(self, place: int) -> Mapping[str, list[str]]:
        """Return the products by what names them at a place of `ProductKeys.names`."""
        if place not in self._indexes:
            found: dict[str, list[str]] = defaultdict(list)
            for code, row in self._rows.items():
                found[_NAME[place](code, row)].append(code)
            self._indexes[place] = found
        return self._indexes[place]

    def _keys(self, code: str) -> ProductKeys:
        if code not in self._met:
            group, line, brand, lab, status, reimbursed = self._rows[code]
            self._met[code] = ProductKeys(
                code,
                generic_group=str(group or ""),
                range=str(line or ""),
                brand=str(brand or ""),
                lab=str(lab or ""),
                product_class=class_named(status, reimbursed),
            )
        return self._met[code]

    @cached_property
    def _rows(self) -> Mapping[str, tuple[Any, ...]]:
        """Return what names each product, by code: the last version of those the catalogue knows."""
        nothing = [None] * self.products.num_rows
        codes, *columns = (
            self.products.column(name).to_pylist() if name in self.products.column_names else nothing
            for name in _COLUMNS
        )  # fmt: skip
        unknown = (None,) * len(columns)
        known = dict(zip(map(str, codes), zip(*columns, strict=True), strict=True))
        return {**dict.fromkeys(self.bought, unknown), **known}
