"""Worked examples of stock: rotation, its references, VAT shares, Belgium's change of method."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.calculators.stock.belgian_inventory import (
    INVENTORY_DAY,
    Counted,
    change_of_method,
    check_method,
)
from galien.calculators.stock.rotation import reference_days, rotation
from galien.calculators.stock.valuation import Method
from galien.calculators.stock.vat_table import vat_table
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.law import Law

LAW = Law.load()
ON = dt.date(2026, 11, 22)


def test_39_days_are_9_turns_a_year() -> None:
    found = rotation(Decimal(39_000), Decimal(360_000))
    assert found.days == 39
    assert found.turns is not None
    assert round(found.turns) == 9
    assert round(found.days * found.turns, 20) == 360


def test_without_sales_days_are_not_defined_and_without_stock_turns_are_not() -> None:
    assert rotation(Decimal(10), Decimal(0)).days is None
    assert rotation(Decimal(0), Decimal(10)).turns is None
    with pytest.raises(InvalidInput):
        rotation(Decimal(-1), Decimal(10))


@pytest.mark.parametrize(
    ("typology", "days"),
    [("Centre commercial", 54), ("Centre-ville", 46), ("Ville moyenne", 37), ("Rural", 33)],
)
def test_days_of_reference_by_typology(typology: str, days: int) -> None:
    cited = reference_days(LAW, typology, on=ON)
    assert cited is not None
    assert cited.value == days


def test_a_typology_without_reference_has_none() -> None:
    assert reference_days(LAW, "Aéroport", on=ON) is None


def test_vat_shares_stand_beside_their_references() -> None:
    lines = vat_table(
        {
            Decimal("0.021"): (Decimal(550), Decimal(800)),
            Decimal("0.055"): (Decimal(100), Decimal(50)),
            Decimal("0.100000"): (Decimal(150), Decimal(70)),
            Decimal("0.2"): (Decimal(100), Decimal(80)),
            None: (Decimal(100), Decimal(0)),
        },
        LAW,
        on=ON,
    )
    told = [
        (x.stock_share, x.stock_reference, x.turnover_share, x.turnover_reference) for x in lines
    ]
    d = Decimal
    assert told == [
        (d("0.55"), d("0.55"), d("0.8"), d("0.80")),
        (d("0.25"), d("0.25"), d("0.12"), d("0.12")),
        (d("0.1"), d("0.20"), d("0.08"), d("0.08")),
        (d("0.1"), None, d("0"), None),
    ]


# 100 boxes at 10,60 € (TVA 6 %, theoretical margin 31 %) bought 6,50 €; 20 at 24,20 € (21 %, 35 %)
# bought 12 €. Fiscal: 100 × 6,90 + 20 × 13 = 950 €; weighted: 650 + 240 = 890 €.
COUNTED = (
    Counted("0012345", Decimal(100), Decimal("10.60"), Decimal("0.06"), Decimal("0.31"), Decimal("6.50")),
    Counted("3000017", Decimal(20), Decimal("24.20"), Decimal("0.21"), Decimal("0.35"), Decimal(12)),
)  # fmt: skip


def test_belgium_s_change_of_method_overstates_by_60_euros() -> None:
    found = change_of_method(COUNTED, fiscal_before=True)
    fiscal, weighted = found.summaries
    assert (fiscal.method, fiscal.value) == (Method.FISCAL, Decimal("950.00"))
    assert (weighted.method, weighted.value) == (Method.WEIGHTED, Decimal("890.00"))
    assert found.overstatement == Decimal("60.00")
    assert [(line.vat_rate, line.value) for line in fiscal.lines] == [
        (Decimal("0.06"), Decimal("690.00")),
        (Decimal("0.21"), Decimal("260.00")),
    ]
    assert [row.overstatement for row in found.rows] == [40, 20]


def test_a_pharmacy_already_at_weighted_average_cost_sends_one_inventory() -> None:
    found = change_of_method(COUNTED, fiscal_before=False)
    assert [summary.method for summary in found.summaries] == [Method.WEIGHTED]
    assert found.overstatement == 0


def test_the_inventory_of_the_change_is_that_of_31_august_2025() -> None:
    with pytest.raises(InvalidInput, match="31 août 2025"):
        change_of_method(COUNTED, fiscal_before=True, on=dt.date(2025, 9, 1))


def test_the_method_is_locked_afterwards() -> None:
    check_method(Method.FISCAL, on=INVENTORY_DAY, locked=True)
    check_method(Method.FISCAL, on=dt.date(2025, 9, 15), locked=False)
    for day, locked in ((dt.date(2025, 9, 15), True), (dt.date(2025, 9, 30), False)):
        with pytest.raises(NotAllowed):
            check_method(Method.FISCAL, on=day, locked=locked)
    check_method(Method.WEIGHTED, on=ON, locked=True)
