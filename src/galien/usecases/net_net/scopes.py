"""From what a clause covers to product codes, by the attributes products have in the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from galien.kernel import french
from galien.model.contracts import Contract, ProductScope

GENERAL = "general"
# Classes of the legal ceilings, by standing in the register; biosimilars are named by their group.
CLASS_OF = {"generic": "generic", "substitutable": "generic", "hybrid": "hybrid"}
_BY_NAME = {"labs": "lab", "brands": "brand", "ranges": "range"}


@dataclass
class Scopes:
    """Scopes met so far, each once, under a name made of the products they hold."""

    products: pa.Table
    found: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[tuple[str, ProductScope], str] = field(default_factory=dict)

    def name(self, contract: Contract, scope: ProductScope) -> str:
        """Return the name of the products a contract covers with a scope; empty when it is all of them."""
        key = (contract.lab, scope)
        if key not in self._known:
            self._known[key] = self._named(contract.lab, scope)
        return self._known[key]

    def codes(self, lab: str, scope: ProductScope) -> frozenset[str] | None:
        """Return the codes of a scope, of a lab when it is given; None for every product."""
        of_lab = self._of("lab", [lab]) if lab else None
        named = self._named_by(scope)
        if of_lab is None and named is None and not scope.excluded:
            return None
        kept = self._all if named is None else named
        if of_lab is not None:
            # A code listed by hand is of the lab, whatever the catalogue says of it.
            kept = (kept & of_lab) | (
                frozenset(scope.products) if named is not None else frozenset()
            )
        return kept - frozenset(scope.excluded)

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

    def _named(self, lab: str, scope: ProductScope) -> str:
        codes = self.codes(lab, scope)
        if codes is None:
            return ""
        name = hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()[:16]
        self.found[name] = codes
        return name

    def _named_by(self, scope: ProductScope) -> frozenset[str] | None:
        lists: list[frozenset[str]] = []
        if scope.products:
            lists.append(frozenset(scope.products))
        lists += [
            self._of(column, getattr(scope, name))
            for name, column in _BY_NAME.items()
            if getattr(scope, name)
        ]
        if scope.generic_groups:
            lists.append(self._of("generic_group", scope.generic_groups))
        if scope.classes:
            lists.append(self._of_classes(scope.classes))
        return frozenset().union(*lists) if lists else None

    def _of(self, column: str, values: Iterable[str]) -> frozenset[str]:
        index = self._indexes.get(column, {})
        return frozenset().union(*(index.get(french.fold(each), frozenset()) for each in values))

    def _of_classes(self, classes: Sequence[str]) -> frozenset[str]:
        by_status = self._indexes.get("generic_status", {})
        ruled = frozenset().union(
            *(codes for status, codes in by_status.items() if status in CLASS_OF)
        )
        found = frozenset().union(
            *(codes for status, codes in by_status.items() if CLASS_OF.get(status) in classes)
        )
        return found | (self._all - ruled if GENERAL in classes else frozenset())

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self._codes)

    @cached_property
    def _codes(self) -> list[str]:
        codes: list[Any] = self.products.column("product_code").to_pylist()
        return codes

    @cached_property
    def _indexes(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Return the codes having each value of each attribute, in any of their versions."""
        found: dict[str, dict[str, frozenset[str]]] = {}
        for column in (*_BY_NAME.values(), "generic_group", "generic_status"):
            if column not in self.products.column_names:
                continue
            named: dict[str, set[str]] = {}
            for code, value in zip(
                self._codes, self.products.column(column).to_pylist(), strict=True
            ):
                if value is not None:
                    named.setdefault(value, set()).add(code)
            folded: dict[str, frozenset[str]] = {}
            for value, of in named.items():
                key = french.fold(str(value))
                folded[key] = folded.get(key, frozenset()) | of
            found[column] = folded
        return found
