"""Stock valued by four methods, rolled from a count to another day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.roll import Moved, roll
from galien.calculators.stock.valuation import Held, Method, Movement, value

JANUARY = dt.date(2026, 1, 1)


ZERO = Decimal(0)


def _day(number: int) -> dt.date:
    return JANUARY + dt.timedelta(days=number)


units = st.integers(1, 50).map(Decimal)
buying = st.lists(units, min_size=1, max_size=12)


@given(buying, st.decimals("0.01", "99.99", places=2), st.integers(0, 50))
def test_methods_agree_when_prices_never_change(
    bought: list[Decimal], cost: Decimal, sold: int
) -> None:
    ins = [Movement(_day(place), quantity, cost) for place, quantity in enumerate(bought)]
    whole = sum(bought, ZERO)
    out = min(Decimal(sold), whole)
    held = Held(
        "x",
        whole - out,
        (*ins, Movement(_day(99), -out)),
        public_price_incl=cost * 2 * Decimal("1.06"),
        vat_rate=Decimal("0.06"),
        theoretical_margin=Decimal("0.5"),
    )
    values = {round(each.value or Decimal(0), 6) for each in value(held).values.values()}
    assert values == {held.quantity * cost}


@given(buying)
def test_weighted_average_never_leaves_the_prices_paid(bought: list[Decimal]) -> None:
    ins = tuple(Movement(_day(n), q, Decimal(n + 1)) for n, q in enumerate(bought))
    cost = value(Held("x", Decimal(1), ins)).values[Method.WEIGHTED].unit_cost
    assert cost is not None
    assert 1 <= round(cost, 20) <= len(bought)


def test_methods_differ_product_by_product_when_prices_rise() -> None:
    ins = (Movement(_day(0), Decimal(10), Decimal(2)), Movement(_day(31), Decimal(10), Decimal(3)))
    found = value(Held("x", Decimal(15), ins))
    assert found.values[Method.WEIGHTED].value == Decimal("37.5")
    assert found.values[Method.FIFO].value == 40  # 10 at 3 €, then 5 at 2 €
    assert found.values[Method.LAST].value == 45
    assert found.difference(Method.LAST) == Decimal("7.5")
    assert found.difference(Method.FISCAL) is None


def test_an_exit_leaves_the_average_and_an_entry_on_nothing_sets_it() -> None:
    steps = (
        Movement(_day(0), Decimal(10), Decimal(2)),
        Movement(_day(1), Decimal(-10)),
        Movement(_day(2), Decimal(4), Decimal(9)),
    )
    assert value(Held("x", Decimal(4), steps)).values[Method.WEIGHTED].unit_cost == 9


def test_the_software_s_own_average_cost_is_taken_when_given() -> None:
    held = Held("x", Decimal(2), average_cost=Decimal("3.10"))
    assert value(held).values[Method.WEIGHTED].value == Decimal("6.20")


def test_what_is_older_than_known_purchases_takes_the_oldest_price_and_is_said() -> None:
    found = value(Held("x", Decimal(3), (Movement(_day(0), Decimal(1), Decimal(7)),)))
    assert found.values[Method.FIFO].value == 21
    assert found.values[Method.FIFO].note.startswith("2 unités")


def test_a_product_without_purchase_has_no_last_price() -> None:
    found = value(Held("x", Decimal(3)))
    assert {each.value for each in found.values.values()} == {None}
    assert all(each.note for each in found.values.values())


movements = st.lists(
    st.builds(
        lambda code, day, entered, left: Moved(code, _day(day), Decimal(entered), Decimal(left)),
        st.sampled_from("xyz"), st.integers(0, 60), st.integers(0, 9), st.integers(0, 9),
    ),
    max_size=30,
)  # fmt: skip


@given(movements, st.integers(0, 60), st.integers(0, 60))
def test_stock_in_less_stock_out_is_the_change(moved: list[Moved], start: int, end: int) -> None:
    counted = {code: Decimal(1000) for code in "xyz"}
    there = roll(counted, moved, counted_on=_day(start), to=_day(end))
    for each in there:
        way = 1 if end >= start else -1
        assert each.quantity - each.counted == way * (each.units_in - each.units_out)
    back = roll(
        {r.product_code: r.quantity for r in there}, moved, counted_on=_day(end), to=_day(start)
    )
    assert {each.product_code: each.quantity for each in back} == counted


def test_movements_of_the_day_of_the_count_are_already_in_it() -> None:
    moved = [Moved("x", _day(5), Decimal(3)), Moved("x", _day(6), Decimal(4))]
    [found] = roll({"x": Decimal(10)}, moved, counted_on=_day(5), to=_day(6))
    assert found.quantity == 14
    [found] = roll({"x": Decimal(10)}, moved, counted_on=_day(6), to=_day(5))
    assert found.quantity == 6


def test_a_stock_that_would_be_negative_is_told() -> None:
    [found] = roll({}, [Moved("x", _day(1), units_out=Decimal(2))], counted_on=_day(0), to=_day(3))
    assert found.impossible


def test_an_empty_shelf_is_worth_nothing_whatever_is_known_of_it() -> None:
    found = value(Held("x", ZERO)).values
    assert [found[method].value for method in Method] == [0, 0, 0, 0]
    below = value(Held("x", Decimal(-2), average_cost=Decimal(3))).values
    assert below[Method.WEIGHTED].value == -6
    assert (below[Method.FIFO].value, below[Method.FIFO].note) == (None, "quantité négative")
