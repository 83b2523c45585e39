"""One contract, one rate: ledger, audit, comparator and simulator give a product the same."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from galien.calculators.discounts.audit.bought import Bought, Laid
from galien.calculators.discounts.audit.found import Facts
from galien.calculators.discounts.audit.holding import Agreed
from galien.calculators.discounts.offered import offered
from galien.calculators.discounts.volumes import Candidate, Terms
from galien.model.clauses import class_named
from galien.model.contracts import Base, Clause, ClauseKind, Contract, ProductKeys, ProductScope
from galien.usecases.net_net.scopes import Scopes
from galien.usecases.simulator.clauses import weighed

ZERO, ONE = Decimal(0), Decimal(1)
KINDS = (ClauseKind.INVOICE_DISCOUNT, ClauseKind.CASH_DISCOUNT, ClauseKind.REBATE)
COLUMNS = (
    "product_code",
    "generic_group",
    "range",
    "brand",
    "lab",
    "generic_status",
    "reimbursable",
)
CATALOGUE = [
    ("3400930000014", "7", "Gamme", "Marque", "Alpha", "generic", True),
    ("3400930000021", "7", "Gamme", "Autre", "ALPHA", "generic", True),
    ("3400930000038", "8", None, "Marque", "alphà", "hybrid", True),
    ("3400930000045", "8", "Gamme", None, "Beta", "generic", True),
    ("3400930000052", None, "Gamme", "Marque", "Alpha", "outside", True),
    ("3400930000069", None, "Crème", "Crème", "Alpha", None, None),
    ("3400930000076", None, None, None, None, None, None),
]
LISTS = ("generic_groups", "ranges", "brands", "labs", "classes")
pools: dict[str, list[str]] = {
    "products": ["3400930000014", "3000002", "03400930000045", "3400930000069"],
    "generic_groups": ["7", "8"],
    "ranges": ["GAMME", "creme"],
    "brands": ["marque"],
    "labs": ["alpha", "BETA"],
    "classes": ["generic", "hybrid", "general"],
    "excluded": ["3400930000014", "3000003"],
}
CIP7 = {"3000002": "3400930000021", "3000003": "3400930000038", "03400930000045": "3400930000045"}


@st.composite
def signed(draw: Any) -> Contract:
    """Draw a contract whose scopes overlap: each rate is told apart by its power of two."""
    clauses = []
    for number in range(draw(st.integers(1, 7))):
        lists = {
            name: tuple(draw(st.lists(st.sampled_from(pool), max_size=2, unique=True)))
            for name, pool in pools.items()
            if draw(st.integers(0, 2)) == 0
        }
        rate = Decimal(2**number) / 1000
        kind = draw(st.sampled_from(KINDS))
        clauses.append(Clause(f"C{number}", kind, ProductScope(**lists), rate))
    lab = draw(st.sampled_from(["", "ALPHA", "Beta"]))
    return Contract("K", "Fournisseur", lab, dt.date(2026, 1, 1), clauses=tuple(clauses))


def plain(text: object) -> str:
    """Fold by hand the few letters of the catalogue above."""
    return str(text or "").lower().replace("à", "a").replace("è", "e")


def rank(contract: Contract, scope: ProductScope, row: tuple[Any, ...]) -> int:
    """Read a scope as the contract says it: 7 by code … 2 by class, 1 everything, 0 nothing."""
    code, *names, status, reimbursed = row
    long = [[CIP7.get(each, each) for each in codes] for codes in (scope.products, scope.excluded)]
    if code in long[1]:
        return 0
    if code in long[0]:
        return 7
    if contract.lab and plain(contract.lab) != plain(row[4]):
        return 0
    standing = {"generic": "generic", "hybrid": "hybrid"}.get(
        status, "general" if reimbursed else ""
    )
    for how, (name, said) in enumerate(zip(LISTS, [*names, standing], strict=True)):
        if said and plain(said) in [plain(each) for each in getattr(scope, name)]:
            return 6 - how
    return 0 if any(getattr(scope, name) for name in ("products", *LISTS)) else 1


def agreed(contract: Contract, row: tuple[Any, ...]) -> dict[ClauseKind, Decimal]:
    """Return what the contract gives on a product: the most precise of a kind, as many as are so."""
    found = {}
    for kind in KINDS:
        of_kind = [each for each in contract.clauses if each.kind is kind]
        best = max((rank(contract, each.scope, row) for each in of_kind), default=0)
        found[kind] = sum(
            (each.rate or ZERO for each in of_kind
             if best and rank(contract, each.scope, row) == best),
            ZERO,
        )  # fmt: skip
    return found


def keys_of(row: tuple[Any, ...]) -> ProductKeys:
    code, group, line, brand, lab, status, reimbursed = row
    named = class_named(status, reimbursed)
    return ProductKeys(code, group or "", line or "", brand or "", lab or "", named)


def by_ledger(contract: Contract) -> dict[str, dict[ClauseKind, Decimal]]:
    table = pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in CATALOGUE])
    scopes = Scopes(table, ["3400930000076", "HORS BASE"])
    found = {row[0]: dict.fromkeys(KINDS, ZERO) for row in CATALOGUE}
    for clause in contract.clauses:
        codes = scopes.codes(contract, clause)
        for code, rates in found.items():
            if codes is None or code in codes:
                rates[clause.kind] += clause.rate or ZERO
    return found


def by_audit(contract: Contract, keys: ProductKeys, kind: ClauseKind) -> Decimal:
    box = Bought(keys.product, "", ("1",), keys, ONE, ZERO, ONE, ONE, None, ZERO)
    held = Agreed((contract,), Laid((box,), ZERO, ZERO, ZERO), Facts(), "Fournisseur")
    found = held.best(kind, box)
    return found.rate if found else ZERO


@settings(max_examples=300, deadline=None)
@example(
    Contract(
        "K", "Fournisseur", "ALPHA", dt.date(2026, 1, 1),
        clauses=(
            Clause("box", KINDS[2], ProductScope(products=("3000002",)), Decimal("0.3")),
            Clause("group", KINDS[2], ProductScope(generic_groups=("7",)), Decimal("0.2")),
            Clause("range", KINDS[2], ProductScope(ranges=("gamme",)), Decimal("0.1")),
            Clause("lab", KINDS[2], ProductScope(labs=("Alpha",)), Decimal("0.05")),
            Clause("class", KINDS[2], ProductScope(classes=("general",)), Decimal("0.04")),
            Clause("all", KINDS[2], ProductScope(excluded=("3400930000038",)), Decimal("0.01")),
        ),
    )
)  # fmt: skip
@given(contract=signed())
def test_four_doors_one_rate(contract: Contract) -> None:
    ledger = by_ledger(contract)
    for row in CATALOGUE:
        keys, expected = keys_of(row), agreed(contract, row)
        assert ledger[row[0]] == expected
        for kind in KINDS:
            assert by_audit(contract, keys, kind) == expected[kind]
        box = Candidate("E", keys, "", "", ONE, ONE)
        terms = Terms(months=Decimal(12), ceilings={"generic": ZERO, "general": ZERO})
        offer = offered("L", contract, [box], terms).get("E")
        compared = dict.fromkeys(KINDS, ZERO)
        for part in offer.parts if offer else ():
            compared[ClauseKind(part.kind)] += part.counted
        assert compared == expected
        if offer:
            assert offer.excess == 0
            chosen = weighed(offer, contract, count_excess=False)
            assert chosen.sure == expected[ClauseKind.INVOICE_DISCOUNT]
            assert chosen.sure + chosen.extra == sum(expected.values(), ZERO)


def test_a_rate_for_all_but_one_product_holds_for_what_the_catalogue_does_not_know() -> None:
    """A wholesaler's rate, and a better one on a box: what is bought and unknown has the first."""
    table = pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in CATALOGUE])
    every = Clause("every", ClauseKind.REBATE, rate=Decimal("0.01"), base=Base.INVOICE)
    box = Clause("box", ClauseKind.REBATE, ProductScope(products=("3000002",)), Decimal("0.02"))
    alone = Contract("K", "Grossiste", "", dt.date(2026, 1, 1), clauses=(every,))
    both = Contract("K", "Grossiste", "", dt.date(2026, 1, 1), clauses=(every, box))
    scopes = Scopes(table, ["HORS BASE"])
    assert (scopes.codes(alone, every), scopes.name(alone, every)) == (None, "")
    assert scopes.codes(both, box) == frozenset({"3400930000021"})
    rest = frozenset(row[0] for row in CATALOGUE) - {"3400930000021"}
    assert scopes.codes(both, every) == rest | {"HORS BASE"}


@pytest.mark.parametrize(("seller", "rate"), [("LABORATOIRES ALPHA SAS", "0.1"), ("OCP", "0")])
def test_what_the_lab_invoices_itself_is_of_the_lab(seller: str, rate: str) -> None:
    off = Clause("R", ClauseKind.INVOICE_DISCOUNT, rate=Decimal("0.1"))
    contract = Contract("K", "", "Alpha", dt.date(2026, 1, 1), clauses=(off,))
    keys = ProductKeys("REF-1")
    box = Bought(keys.product, "", ("1",), keys, ONE, ZERO, ONE, ONE, None, ZERO)
    held = Agreed((contract,), Laid((box,), ZERO, ZERO, ZERO), Facts(), seller)
    found = held.best(ClauseKind.INVOICE_DISCOUNT, box)
    assert (found.rate if found else ZERO) == Decimal(rate)
