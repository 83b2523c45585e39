"""Where a product short, or another of its group, is: suppliers by their last answer, sisters' shelves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.calculators.stock.shortages import Available
from galien.usecases.stock.flows import Bought
from galien.usecases.stock.instead import LastLine, places
from galien.usecases.stock.reading import Level

DAY = dt.date(2026, 10, 20)


def bought(supplier: str, delivered: int, net: str) -> Bought:
    return Bought("A", DAY, supplier, "wholesaler", 10, delivered, 0, Decimal(net), Decimal(net))


def level(pharmacy: str, units: int) -> Level:
    nothing = Decimal(0)
    return Level(
        pharmacy=pharmacy, product_code="A", label="A", lab="", universe="", counted_on=DAY,
        quantity=Decimal(units), unit_cost=nothing, stock_value=nothing, minimum=nothing,
        nearest_expiry=None, narcotic=False, reimbursable=True, yearly_units=nothing,
        last_sold=None, vat_rate=None, public_price=None,
    )  # fmt: skip


def test_a_supplier_has_what_it_last_delivered() -> None:
    answers = [LastLine("A", "Alpha", DAY, 6), LastLine("A", "Bêta", DAY, 0)]
    assert places(answers, (), (), apart="P") == (
        Available("A", "Alpha", sister=False, units=6, seen_on=DAY),
    )


def test_its_price_is_what_this_pharmacy_paid_it_last() -> None:
    answers = [LastLine("A", "Alpha", DAY, 6), LastLine("A", "Gamma", DAY, 6)]
    lines = [bought("Alpha", 4, "20.00"), bought("Alpha", 0, "0"), bought("Alpha", 3, "16.00")]
    alpha, gamma = places(answers, (), lines, apart="P")
    assert alpha.price == Decimal("5.33")
    assert gamma.price is None, "what a sister paid is not told"


def test_one_s_own_shelf_is_no_other_place() -> None:
    (there,) = places((), [level("P", 0), level("Q", 8)], (), apart="P")
    assert (there.place, there.sister, there.units, there.seen_on) == ("Q", True, 8, DAY)
