"""Sleeping and excess stock, its bands and cost, where it goes, and what is written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.stock.clearing import RESALE_FLAG, Action, Sister, clear
from galien.calculators.stock.depreciation import Scale, Step, depreciate
from galien.calculators.stock.sleeping import (
    Band,
    OnShelf,
    Settings,
    band_of,
    by_band,
    find,
    whole_months,
)
from galien.kernel.errors import InvalidInput
from galien.model.contracts import Returns

ON = dt.date(2026, 11, 22)


def shelf(quantity: int = 10, **more: object) -> OnShelf:
    return replace(OnShelf("x", Decimal(quantity), Decimal(5)), **more)  # type: ignore[arg-type]


def test_what_was_not_sold_in_six_months_sleeps_and_costs_one_percent_a_month_plus_money() -> None:
    found = find(shelf(last_sold=dt.date(2026, 5, 22)), on=ON)
    assert found.asleep
    assert found.idle_value == 50
    # 50 € × (1 % + 4 % ÷ 12)
    assert round(found.monthly_cost, 4) == Decimal("0.6667")


def test_a_day_less_than_six_months_is_not_asleep() -> None:
    assert not find(shelf(last_sold=dt.date(2026, 5, 23)), on=ON).asleep


def test_what_has_just_come_in_has_had_no_time_to_sell() -> None:
    assert not find(shelf(last_received=dt.date(2026, 10, 1)), on=ON).asleep
    assert find(shelf(last_received=dt.date(2026, 1, 1)), on=ON).asleep


def test_excess_is_what_is_beyond_the_cover_wanted_and_the_minimum() -> None:
    selling = shelf(20, last_sold=ON, monthly_sales=Decimal(4))
    assert find(selling, on=ON).excess_units == 14  # 4 a month, 45 days: 6 kept
    assert find(replace(selling, minimum=Decimal(15)), on=ON).excess_units == 5
    assert find(selling, on=ON).cover_days == 150


def test_what_must_be_held_is_never_idle() -> None:
    assert find(shelf(must_hold=True), on=ON).idle_units == 0


def test_boxes_that_sales_will_not_take_before_expiry_are_counted() -> None:
    found = find(
        shelf(10, monthly_sales=Decimal(2), last_sold=ON, nearest_expiry=dt.date(2027, 1, 21)),
        on=ON,
    )
    assert (found.near_expiry, found.expired, found.expiring_units) == (True, False, Decimal(6))


@given(st.one_of(st.none(), st.integers(0, 400)))
def test_every_age_falls_in_exactly_one_band(months: int | None) -> None:
    found = find(shelf(last_sold=None), on=ON)
    totals = by_band([replace(found, band=band_of(months))])
    assert [total.products for total in totals].count(1) == 1
    assert sum(total.products for total in totals) == 1


def test_bands_follow_each_other() -> None:
    assert [total.band for total in by_band([])] == [
        Band(0, 3), Band(3, 6), Band(6, 12), Band(12, 24), Band(24, None), Band(None, None),
    ]  # fmt: skip
    with pytest.raises(InvalidInput):
        Settings(bounds=(6, 3))


def test_months_are_whole_ones() -> None:
    assert whole_months(dt.date(2026, 1, 31), dt.date(2026, 2, 28)) == 0
    assert whole_months(dt.date(2025, 2, 28), dt.date(2026, 2, 28)) == 12


def test_a_contract_that_takes_back_is_used_within_its_days() -> None:
    returnable = shelf(
        last_sold=dt.date(2026, 1, 1),
        last_received=dt.date(2026, 4, 1),
        returns=Returns(allowed=True, days=365, credit_rate=Decimal("0.8")),
    )
    [proposal] = clear(find(returnable, on=ON), on=ON)
    assert (proposal.action, proposal.units, proposal.recovered) == (
        Action.RETURN,
        Decimal(10),
        Decimal(40),
    )
    late = replace(returnable, returns=Returns(allowed=True, days=90))
    [proposal] = clear(find(late, on=ON), on=ON)
    assert proposal.action is Action.CLEAR
    assert "90 jours" in proposal.reason
    [proposal] = clear(find(replace(returnable, returnless=True), on=ON), on=ON)
    assert proposal.action is Action.CLEAR
    assert "froid" in proposal.reason


def test_sisters_take_what_they_miss_and_the_law_is_recalled() -> None:
    found = find(shelf(last_sold=dt.date(2026, 1, 1)), on=ON)
    sisters = [
        Sister("small", Decimal(2), Decimal(0)),
        Sister("large", Decimal(6), Decimal(4)),
        Sister("full", Decimal(9), Decimal(90)),
    ]
    moved = clear(found, sisters, on=ON)
    assert [(p.action, p.to, p.units) for p in moved] == [
        (Action.TRANSFER, "large", Decimal(5)),
        (Action.TRANSFER, "small", Decimal(3)),
        (Action.CLEAR, "", Decimal(2)),
    ]
    assert [p.flag for p in moved] == [RESALE_FLAG, RESALE_FLAG, ""]
    assert sum(p.units for p in moved) == found.idle_units


def test_narcotics_are_not_passed_on() -> None:
    found = find(shelf(last_sold=dt.date(2026, 1, 1)), on=ON)
    sisters = [Sister("large", Decimal(60), Decimal(0))]
    assert [p.action for p in clear(found, sisters, on=ON, transferable=False)] == [Action.CLEAR]


def test_what_has_expired_is_taken_away() -> None:
    found = find(shelf(last_sold=ON, monthly_sales=Decimal(60), nearest_expiry=ON), on=ON)
    assert [p.action for p in clear(found, on=ON)] == [Action.TAKE_AWAY]


def test_depreciation_takes_the_larger_of_age_and_expiry_never_both() -> None:
    old = shelf(last_sold=dt.date(2025, 5, 1))
    by_age = depreciate(find(old, on=ON))
    assert by_age is not None
    assert (by_age.amount, by_age.rate) == (Decimal(25), Decimal("0.50"))
    expiring = depreciate(find(replace(old, nearest_expiry=dt.date(2026, 12, 1)), on=ON))
    assert expiring is not None
    assert expiring.amount == 50
    assert depreciate(find(shelf(last_sold=ON, monthly_sales=Decimal(9)), on=ON)) is None


def test_a_scale_of_depreciation_never_goes_down() -> None:
    with pytest.raises(InvalidInput):
        Scale((Step(12, Decimal("0.5")), Step(24, Decimal("0.3"))))
