"""Which clauses of a contract give something on a product."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.model.clauses import ceiling_class, class_named, clauses_for
from galien.model.contracts import Clause, ClauseKind, Contract, ProductKeys, ProductScope

BOX = ProductKeys("3400930000014", "12", "Gamme", "Marque", "Alpha", "generic")
DISCOUNT, REBATE = ClauseKind.INVOICE_DISCOUNT, ClauseKind.REBATE


def clause(name: str, kind: ClauseKind = DISCOUNT, **scope: tuple[str, ...]) -> Clause:
    return Clause(name, kind, ProductScope(**scope), Decimal("0.1"))


def contract(*clauses: Clause, lab: str = "Alpha") -> Contract:
    return Contract("C", "", lab, dt.date(2026, 1, 1), clauses=clauses)


@pytest.mark.parametrize(
    ("scope", "precision"),
    [
        ({}, 1),
        ({"classes": ("generic",)}, 2),
        ({"labs": ("Alpha",)}, 3),
        ({"brands": ("Marque",)}, 4),
        ({"ranges": ("Gamme",)}, 5),
        ({"generic_groups": ("12",)}, 6),
        ({"products": (BOX.product,)}, 7),
        ({"products": ("3400930000021",), "labs": ("Alpha",)}, 3),
        ({"products": ("3400930000021",)}, 0),
        ({"excluded": (BOX.product,)}, 0),
        # Names are read without case nor accents, codes as their thirteen digits.
        ({"labs": ("ALPHÀ",)}, 3),
        ({"products": ("3000001",)}, 7),
        ({"products": (f"0{BOX.product}",)}, 7),
    ],
)
def test_a_scope_names_a_product_more_or_less_precisely(
    scope: dict[str, tuple[str, ...]], precision: int
) -> None:
    assert ProductScope(**scope).precision(BOX) == precision


def test_the_most_precise_clause_of_a_kind_takes_the_place_of_others() -> None:
    lab, product = clause("lab", labs=("Alpha",)), clause("product", products=(BOX.product,))
    yearly = clause("yearly", REBATE)
    assert clauses_for(contract(lab, yearly, product), BOX) == (yearly, product)


def test_clauses_as_precise_as_each_other_add_up() -> None:
    base, more = clause("base", classes=("generic",)), clause("more", classes=("generic",))
    assert clauses_for(contract(base, more), BOX) == (base, more)


def test_an_unknown_attribute_is_covered_by_no_name() -> None:
    assert clauses_for(contract(clause("none", labs=("",))), ProductKeys("1")) == ()


def test_a_contract_covers_its_lab_and_what_is_listed_by_code() -> None:
    every, listed = clause("every"), clause("listed", products=(BOX.product,))
    assert clauses_for(contract(every, lab="BETA"), BOX) == ()
    assert clauses_for(contract(every, lab="alpha"), BOX) == (every,)
    assert clauses_for(contract(every, listed, lab="BETA"), BOX) == (listed,)


def test_of_free_units_the_most_generous_count_alone() -> None:
    ten = Clause("10 + 1", ClauseKind.FREE_UNITS, paid=10, free=1)
    five = Clause("5 + 1", ClauseKind.FREE_UNITS, paid=5, free=1)
    assert clauses_for(contract(ten, five), BOX) == (five,)
    assert clauses_for(contract(five, ten), BOX) == (five,)


@pytest.mark.parametrize(
    ("status", "reimbursed", "named", "ceiling"),
    [
        ("generic", True, "generic", "generic"),
        ("substitutable", True, "generic", "generic"),
        ("hybrid", True, "hybrid", "hybrid"),
        ("originator", True, "general", "general"),
        ("generic", False, "generic", ""),
        ("outside", False, "", ""),
        (None, None, "", ""),
    ],
)
def test_no_ceiling_holds_for_what_is_not_reimbursed(
    status: str | None, reimbursed: bool | None, named: str, ceiling: str
) -> None:
    assert class_named(status, reimbursed) == named
    assert ceiling_class(status, reimbursed) == ceiling
