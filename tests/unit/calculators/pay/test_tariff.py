"""A box under the law of a day: margins, borrowed margins, fees, and proposed values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.pay.tariff import Medicine, Pack, Tariff
from galien.law import Bracket, Cited, Law, Parameter, Scale
from galien.law.parameters import DatedValue, Source

LAW = Law.load()
IN_2026 = dt.date(2026, 6, 1)
prices = st.integers(1, 300_000).map(lambda cents: Decimal(cents) / 100)


def by_hand(price: Decimal) -> Decimal:
    """The scale of 2020, one slice after the other."""
    left, total, start = price, Decimal(0), Decimal(0)
    for end, rate in (("1.91", "0.1"), ("22.9", "0.07"), ("150", "0.055"), ("1930", "0.05")):
        part = min(left, Decimal(end) - start)
        total += part * Decimal(rate)
        left, start = left - part, Decimal(end)
    return total


@given(prices)
def test_a_box_earns_the_slices_of_its_price(price: Decimal) -> None:
    assert Tariff.on(LAW, IN_2026).box(Medicine(price)).margin == by_hand(price)


@given(prices, prices)
def test_a_generic_earns_its_originators_margin_in_value(price: Decimal, other: Decimal) -> None:
    tariff = Tariff.on(LAW, IN_2026)
    assert tariff.box(Medicine(price, other, "generic")).margin == by_hand(other)
    assert tariff.box(Medicine(price, other, "originator")).margin == by_hand(price)
    assert tariff.box(Medicine(price, None, "generic")).margin == by_hand(price)


@given(prices)
def test_the_public_price_is_what_all_of_them_get(price: Decimal) -> None:
    box = Tariff.on(LAW, IN_2026).box(Medicine(price))
    assert box.public_price_excl == price + box.margin + box.wholesaler_margin
    assert box.public_price_incl == box.public_price_excl * Decimal("1.021")


@pytest.mark.parametrize(
    ("pack", "incl"), [(Pack.COMMON, "1.02"), (Pack.LARGE, "2.76"), (Pack.NO_FEE, "0")]
)
def test_the_fee_is_that_of_the_pack(pack: Pack, incl: str) -> None:
    box = Tariff.on(LAW, IN_2026).box(Medicine(Decimal(5), pack=pack))
    assert box.fee_incl == Decimal(incl)


def test_before_2015_a_box_earned_53_cents() -> None:
    tariff = Tariff.on(LAW, dt.date(2012, 6, 1))
    assert tariff.box_fee.excl == Decimal("0.53")
    assert tariff.prescription_fee.excl == 0


def proposed(name: str, value: Decimal | Scale) -> Law:
    """The law with one value proposed from 2026 on."""
    known = LAW.parameter(name)
    entry = DatedValue(dt.date(2026, 1, 2), value, Source("Essai"), dt.date(2026, 1, 2))
    values = (*(v for v in known.values if v.since < entry.since), entry)
    parameter = Parameter(known.name, known.label, known.country, known.topic, known.unit, values)
    return Law({**{p.name: p for p in LAW.parameters()}, name: parameter})


def test_a_proposed_fee_moves_the_amount_with_tax_and_that_of_large_packs() -> None:
    tariff = Tariff.on(proposed("fee_hd_excl", Decimal("1.10")), IN_2026)
    assert (tariff.box_fee.excl, tariff.box_fee.incl) == (Decimal("1.10"), Decimal("1.12"))
    # Three boxes at 90 %: 3 × 1,10 × 0,90.
    assert tariff.large_pack_fee.excl == Decimal("2.97")


def test_rules_are_the_same_on_two_days_of_one_law_and_not_under_a_proposal() -> None:
    now = Tariff.on(LAW, IN_2026)
    assert now.same_rules(Tariff.on(LAW, dt.date(2026, 7, 1)))
    flat = Scale((Bracket(Decimal(0), Decimal("0.1")),))
    assert not now.same_rules(Tariff.on(proposed("mdl_scale", flat), IN_2026))


def test_a_tariff_cites_the_values_it_used() -> None:
    cited: list[Cited[object]] = list(Tariff.on(LAW, IN_2026).cited)
    assert {"mdl_scale", "fee_hd_excl", "vat_dispensing_fee"} <= {each.name for each in cited}
    assert all(each.source.title for each in cited)
