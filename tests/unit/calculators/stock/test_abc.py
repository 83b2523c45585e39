"""ABC classes: thresholds to the letter, shares that add up, products that moved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.abc import (
    AbcClass,
    Holding,
    Item,
    Move,
    Thresholds,
    classify,
    moves,
)
from galien.kernel.errors import InvalidInput

A, B, C = AbcClass.A, AbcClass.B, AbcClass.C
euros = st.decimals(min_value=0, max_value=10_000, places=2)
shelves = st.lists(st.tuples(euros, euros), min_size=1, max_size=40).map(
    lambda pairs: [Item(f"P{place:02}", *pair) for place, pair in enumerate(pairs)]
)


def _items(**values: int) -> list[Item]:
    return [Item(code, Decimal(value), Decimal(0)) for code, value in values.items()]


def test_a_product_is_a_while_the_share_before_it_is_under_80_percent() -> None:
    found = classify(_items(p1=500, p2=300, p3=100, p4=60, p5=40))
    told = [
        (row.item.product_code, row.class_outgoing, str(row.cumulative_share_outgoing))
        for row in found.rows
    ]
    assert told == [
        ("p1", A, "0.5"),
        ("p2", A, "0.8"),
        ("p3", B, "0.9"),
        ("p4", B, "0.96"),
        ("p5", C, "1"),
    ]


def test_a_product_that_makes_everything_is_a() -> None:
    assert [row.class_outgoing for row in classify(_items(p1=10, p2=0)).rows] == [A, C]


def test_ties_come_by_code() -> None:
    found = classify(_items(z=25, b=25, c=25, a=25))
    assert [row.item.product_code for row in found.rows] == ["a", "b", "c", "z"]
    assert [row.class_outgoing for row in found.rows] == [A, A, A, A]


def test_nothing_going_out_leaves_all_products_in_c_without_share() -> None:
    [row] = classify(_items(p=0)).rows
    assert (row.class_outgoing, row.cumulative_share_outgoing) == (C, None)
    assert classify([]).rows == ()


def test_what_must_be_held_is_held_though_it_sells_little() -> None:
    rows = classify(_items(p1=96, p2=3, p3=1), must_hold={"p2"}).rows
    assert [row.holding for row in rows] == [Holding.ALWAYS, Holding.MUST_HOLD, Holding.ON_ORDER]


def test_thresholds_are_settings() -> None:
    rows = classify(
        _items(p1=6, p2=3, p3=1), thresholds=Thresholds(Decimal("0.5"), Decimal("0.8"))
    ).rows
    assert [row.class_outgoing for row in rows] == [A, B, C]
    with pytest.raises(InvalidInput):
        Thresholds(Decimal("0.9"), Decimal("0.8"))


def test_a_product_given_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="p1"):
        classify([*_items(p1=1), *_items(p1=2)])


def test_products_that_changed_class_are_told() -> None:
    assert moves({"x": A, "y": B, "z": C}, {"x": B, "y": B, "w": A}) == (
        Move("w", A, None),
        Move("x", B, A),
        Move("z", None, C),
    )


@given(shelves)
def test_the_nine_cells_hold_everything_once(items: list[Item]) -> None:
    found = classify(items)
    assert sum(cell.products for cell in found.cells) == len(items)
    assert sum(cell.outgoing_value for cell in found.cells) == sum(i.outgoing_value for i in items)
    assert sum(cell.stock_value for cell in found.cells) == sum(i.stock_value for i in items)
    assert sum(share.products for share in found.classes) == len(items)


@given(shelves)
def test_classes_never_go_back_up_down_the_list(items: list[Item]) -> None:
    ranks = [row.class_outgoing for row in classify(items).rows]
    assert ranks == sorted(ranks)
