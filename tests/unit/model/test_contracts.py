"""Which clauses of a contract give something on a product."""

from __future__ import annotations

from decimal import Decimal

import pytest

from galien.model.contracts import Clause, ClauseKind, ProductKeys, ProductScope, clauses_for

BOX = ProductKeys("3400930000014", "12", "Gamme", "Marque", "Alpha", "generic")
DISCOUNT, REBATE = ClauseKind.INVOICE_DISCOUNT, ClauseKind.REBATE


def clause(name: str, kind: ClauseKind = DISCOUNT, **scope: tuple[str, ...]) -> Clause:
    return Clause(name, kind, ProductScope(**scope), Decimal("0.1"))


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
    ],
)
def test_a_scope_names_a_product_more_or_less_precisely(
    scope: dict[str, tuple[str, ...]], precision: int
) -> None:
    assert ProductScope(**scope).precision(BOX) == precision


def test_the_most_precise_clause_of_a_kind_takes_the_place_of_others() -> None:
    lab, product = clause("lab", labs=("Alpha",)), clause("product", products=(BOX.product,))
    yearly = clause("yearly", REBATE)
    assert clauses_for([lab, yearly, product], BOX) == (yearly, product)


def test_clauses_as_precise_as_each_other_add_up() -> None:
    base, more = clause("base", classes=("generic",)), clause("more", classes=("generic",))
    assert clauses_for([base, more], BOX) == (base, more)


def test_an_unknown_attribute_is_covered_by_no_name() -> None:
    assert clauses_for([clause("none", labs=("",))], ProductKeys("1")) == ()
