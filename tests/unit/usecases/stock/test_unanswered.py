"""What suppliers sent nothing of when last asked, as an order says it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.usecases.stock.flows import Bought
from galien.usecases.stock.sources import unanswered


def line(day: int, supplier: str, delivered: int, code: str = "A") -> Bought:
    nothing = Decimal(0)
    on = dt.date(2026, 10, day)
    return Bought(code, on, supplier, "wholesaler", 5, delivered, 0, nothing, nothing)


def test_the_last_demand_without_a_box_is_said() -> None:
    assert unanswered([line(2, "Alpha", 5), line(20, "Alpha", 0)]) == {
        "A": "Demandé sans rien recevoir à Alpha le 20 octobre 2026."
    }


def test_a_box_since_from_anybody_ends_it() -> None:
    assert unanswered([line(2, "Alpha", 0), line(20, "Alpha", 5)]) == {}
    assert unanswered([line(20, "Alpha", 0), line(20, "Bêta", 5)]) == {}
    assert unanswered([line(20, "Alpha", 0), line(21, "Bêta", 5, "B")]).keys() == {"A"}


def test_several_suppliers_are_named() -> None:
    said = unanswered([line(19, "Bêta", 0), line(20, "Alpha", 0)])["A"]
    assert said.endswith("à Bêta le 19 octobre 2026 et Alpha le 20 octobre 2026.")
