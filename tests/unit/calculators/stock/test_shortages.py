"""Shortages: the 72 hours, what ends them, what replaces, what they cost, what is about to run out."""

from __future__ import annotations

import datetime as dt

import pytest

from galien.calculators.stock.shortages import (
    Available,
    OrderLine,
    Shelf,
    Shortage,
    history,
    running_out,
    shortages,
    substitutes,
)

AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
NOW = AT + dt.timedelta(days=20)


def after(hours: float) -> dt.datetime:
    return AT + dt.timedelta(hours=hours)


def ordered(
    at: float, came: float | None = None, supplier: str = "G", product: str = "A"
) -> OrderLine:
    delivered = 5 if came is not None else 0
    return OrderLine(
        "P", product, supplier, after(at), 5, None if came is None else after(came), delivered
    )


def found(*lines: OrderLine, now: dt.datetime = NOW) -> tuple[Shortage, ...]:
    return shortages(lines, now)


@pytest.mark.parametrize(("came", "count"), [(71, 0), (72, 0), (73, 1), (None, 1)])
def test_72_hours_make_a_shortage(came: float | None, count: int) -> None:
    assert len(found(ordered(0, came))) == count


def test_an_order_of_yesterday_is_not_one_yet() -> None:
    assert found(ordered(0), now=after(30)) == ()


def test_another_supplier_ends_the_wait() -> None:
    assert found(ordered(0, supplier="G"), ordered(24, came=48, supplier="H")) == ()


def test_orders_repeated_while_waiting_are_one_shortage() -> None:
    (only,) = found(ordered(0), ordered(24, supplier="H"), ordered(48, came=120, supplier="G"))
    assert (only.asked_at, only.since, only.until) == (after(0), after(72), after(120))
    assert (only.suppliers, only.units) == (("G", "H"), 15)
    assert only.days(NOW) == 5


def test_it_may_come_back() -> None:
    first, second = found(ordered(0, came=100), ordered(150))
    assert (first.until, second.until) == (after(100), None)


def test_a_line_delivered_with_nothing_is_not_delivered() -> None:
    line = OrderLine("P", "A", "G", AT, 5, after(10), 0)
    assert len(found(line)) == 1


def test_substitutes_are_of_the_same_group_and_somewhere() -> None:
    groups = {"A": "g", "B": "g", "C": "h", "D": "g"}
    places = [
        Available("B", "Grossiste", sister=False, units=40),
        Available("D", "Grossiste", sister=False, units=0),
        Available("A", "Pharmacie 2", sister=True, units=3),
        Available("A", "P", sister=True, units=9),
        Available("C", "Grossiste", sister=False, units=99),
    ]
    kept = substitutes("A", groups, places, apart_from="P")
    assert [(each.product, each.place) for each in kept] == [
        ("B", "Grossiste"),
        ("A", "Pharmacie 2"),
    ]
    assert [each.product for each in substitutes("Z", {}, places)] == []


def test_history_puts_the_worst_first() -> None:
    lines = found(ordered(0, came=240, product="A"), ordered(0, came=96, product="B"))
    first, second = history(lines, lambda each: each.product, NOW)
    assert (first.name, first.days, first.lasting) == ("A", 10, 0)
    assert second.longest == 4


def test_a_group_runs_out_when_no_pharmacy_has_it() -> None:
    shelves = [Shelf("P", "A", 2, 1), Shelf("Q", "A", 3, 1), Shelf("R", "A", 0, 0)]
    assert running_out(shelves, {}) == ("A",)
    assert running_out([*shelves, Shelf("S", "A", 30, 1)], {}) == ()
    assert running_out([Shelf("P", "A", 2, 1, incoming=20)], {}) == ()
