"""Duty: the band of an hour and its fee, on both sides of each change of the agreement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.calculators.duty import DutyBand, duty_band, duty_pay
from galien.law import Law

LAW = Law.load()
# 2010-06-02, 2018-06-06 and 2025-06-04 are Wednesdays; 2025-06-01 is a Sunday.


@pytest.mark.parametrize(
    ("moment", "band", "fee"),
    [
        ("2010-06-02 06:59", DutyBand.NIGHT, 6),
        ("2010-06-02 07:00", DutyBand.DAY, 2),
        ("2010-06-02 20:59", DutyBand.DAY, 2),
        ("2010-06-02 21:00", DutyBand.NIGHT, 6),
        ("2010-06-06 12:00", DutyBand.SUNDAY, 4),
        ("2018-06-06 20:00", DutyBand.NIGHT, 8),
        ("2018-06-06 03:00", DutyBand.NIGHT, 8),
        ("2018-06-10 08:00", DutyBand.SUNDAY, 5),
        ("2025-01-07 03:00", DutyBand.NIGHT, 8),
        ("2025-01-08 03:00", DutyBand.DEEP_NIGHT, 20),
        ("2025-06-04 00:00", DutyBand.DEEP_NIGHT, 20),
        ("2025-06-04 05:59", DutyBand.DEEP_NIGHT, 20),
        ("2025-06-04 06:00", DutyBand.NIGHT, 10),
        ("2025-06-04 08:00", DutyBand.DAY, 2),
        ("2025-06-04 23:59", DutyBand.NIGHT, 10),
        ("2025-06-01 19:59", DutyBand.SUNDAY, 6),
        ("2025-06-01 20:00", DutyBand.NIGHT, 10),
    ],
)
def test_the_band_of_an_hour_and_its_fee(moment: str, band: DutyBand, fee: int) -> None:
    at = dt.datetime.fromisoformat(moment)
    assert duty_band(LAW, at) is band
    assert duty_pay(LAW, [at]).fees == fee


def test_a_holiday_pays_as_a_sunday() -> None:
    armistice = dt.datetime.fromisoformat("2025-11-11 10:00")
    assert duty_pay(LAW, [armistice]).fees == 2
    assert duty_pay(LAW, [armistice], holidays=[armistice.date()]).fees == 6


@pytest.mark.parametrize(
    ("day", "allowance"),
    [
        ("2012-10-31", 75), ("2012-11-01", 150), ("2018-06-13", 150), ("2018-06-14", 175),
        ("2018-12-31", 175), ("2019-01-01", 190), ("2025-01-07", 190), ("2025-01-08", 200),
    ],
)  # fmt: skip
def test_the_allowance_of_a_period(day: str, allowance: int) -> None:
    assert duty_pay(LAW, [], periods=[dt.date.fromisoformat(day)]).total == allowance


def test_a_week_of_duty_adds_up_by_band() -> None:
    served = [
        dt.datetime.fromisoformat(f"2025-06-01 {hour}:30")
        for hour in ("02", "02", "07", "11", "15", "21")
    ]
    pay = duty_pay(LAW, served, periods=[dt.date(2025, 6, 1)] * 2)
    assert [(line.band.name, line.count, line.amount) for line in pay.lines] == [
        ("NIGHT", 2, Decimal(20)),
        ("DEEP_NIGHT", 2, Decimal(40)),
        ("SUNDAY", 2, Decimal(12)),
    ]
    assert [pay.fees, pay.allowances, pay.total] == [72, 400, 472]
    assert {cited.since for cited in pay.cited} == {dt.date(2025, 1, 8)}


def test_hours_that_no_source_gives_are_said_and_left_out() -> None:
    pay = duty_pay(LAW, [dt.datetime.fromisoformat("2004-06-01 23:00")])
    assert not pay.fees and pay.uncounted == 1
    assert "1er septembre 2006" in pay.unknown[0]
