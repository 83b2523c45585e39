"""A Belgian pharmacist's pay, on the figures published in 2010 and 2024."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.calculators.belgium import belgian_pay
from galien.law import Law

LAW = Law.load()


@pytest.mark.parametrize(
    ("day", "price", "margin", "fee"),
    [
        ("2010-04-01", "10", "0.604", "3.88"),  # 6,04 %
        ("2010-12-31", "60", "3.624", "3.88"),
        ("2010-12-31", "160", "5.624", "3.88"),  # + 2 % above 60 €
        ("2018-06-01", "100", "4.424", "4.27"),
        ("2024-01-01", "60", "4.308", "5.06"),  # the fixed part printed by INAMI
        ("2024-12-31", "160", "6.678", "5.06"),  # 4,308 + 2,37 % of 100 €
    ],
)
def test_margin_and_fee_of_a_delivery(day: str, price: str, margin: str, fee: str) -> None:
    pay = belgian_pay(LAW, Decimal(price), on=dt.date.fromisoformat(day))
    assert (pay.economic_margin, pay.basic_fee) == (Decimal(margin), Decimal(fee))
    assert pay.pay_excl == Decimal(margin) + Decimal(fee)
    assert pay.pay_incl == (Decimal(margin) + Decimal(fee)) * Decimal("1.06")


def test_the_fixed_part_printed_is_what_the_first_slice_gives() -> None:
    fixed = LAW.number("be_economic_margin_fixed_part", on=dt.date(2024, 5, 1)).value
    assert belgian_pay(LAW, Decimal(60), on=dt.date(2024, 5, 1)).economic_margin == fixed


def test_a_special_prescription_earns_its_fee() -> None:
    pay = belgian_pay(LAW, Decimal(10), on=dt.date(2010, 6, 1), inn_or_chapter_iv=True)
    assert pay.pay_excl == Decimal("0.604") + Decimal("3.88") + Decimal("1.19")


def test_the_public_price_needs_the_wholesaler_s_margin() -> None:
    on = dt.date(2024, 6, 1)
    assert belgian_pay(LAW, Decimal(60), on=on).public_price_incl is None
    full = belgian_pay(LAW, Decimal(60), on=on, wholesaler_margin=Decimal("3.50"))
    assert full.public_price_excl == Decimal("72.868")  # 60 + 3,50 + 4,308 + 5,06
    assert full.public_price_incl == Decimal("72.868") * Decimal("1.06")


@pytest.mark.parametrize(("day", "sentences"), [("2009-01-01", 2), ("2015-01-01", 1)])
def test_what_a_day_does_not_say_is_left_empty(day: str, sentences: int) -> None:
    pay = belgian_pay(LAW, Decimal(10), on=dt.date.fromisoformat(day))
    assert pay.pay_incl is None
    assert len(pay.unknown) == sentences
