"""The regulated margin: the handbook's figures, and what must hold at every price and date."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.calculators.margin import (
    ex_factory_from_public_price,
    regulated_price,
    regulated_price_from_public,
)
from galien.kernel.errors import InvalidInput, NotAvailable
from galien.kernel.money import round_amount
from galien.law import Law, PriceStructure
from galien.law.price_batch import NO_PRICE, ex_factory_cents, margin_cents, public_cents
from galien.law.price_structure import STRUCTURE_PARAMETERS

LAW = Law.load()
# The first day of each set of rules since the wholesaler's scale is wholly known.
WHOLLY_KNOWN = dt.date(2012, 1, 1)
CHANGES = {day for name in STRUCTURE_PARAMETERS for day in LAW.changes(name)}
DAYS = sorted(day for day in CHANGES if day >= WHOLLY_KNOWN)
PRICES = st.decimals(min_value=0, max_value=70_000, places=2)
DAY = st.sampled_from(DAYS)


def test_the_handbook_s_worked_example() -> None:
    price = regulated_price(LAW, Decimal(152), on=dt.date(2020, 1, 1))
    assert [str(each.margin.normalize()) for each in price.slices] == [
        "0.191",
        "1.4693",
        "6.9905",
        "0.1",
    ]
    assert price.margin is not None and round_amount(price.margin) == Decimal("8.75")


def test_an_originator_at_10_euros_on_the_2004_scale() -> None:
    price = regulated_price(LAW, Decimal(10), on=dt.date(2005, 1, 1))
    assert (price.margin, price.box_fee) == (Decimal("2.61"), Decimal("0.53"))
    assert price.wholesaler_margin == Decimal("1.03")


def test_rates_at_10_euros_are_unrounded() -> None:
    price = regulated_price(LAW, Decimal(10), on=dt.date(2020, 1, 1))
    assert price.markup_rate == Decimal("0.07573")
    assert price.margin_rate is not None
    assert abs(price.margin_rate - Decimal("0.0663")) < Decimal("0.0001")
    assert price.public_price_excl == Decimal("11.4253")
    assert price.box_fee == Decimal(1)


def test_a_generic_earns_its_originator_s_margin_in_value() -> None:
    price = regulated_price(LAW, Decimal(4), on=dt.date(2020, 1, 1), generic_of=Decimal(10))
    assert price.margin == Decimal("0.7573")
    assert price.public_price_excl == Decimal(4) + Decimal("0.30") + Decimal("0.7573")


def test_an_unknown_part_is_said_and_the_rest_is_given() -> None:
    price = regulated_price(LAW, Decimal(100), on=dt.date(2005, 1, 1))
    assert price.margin is not None
    assert (price.wholesaler_margin, price.public_price_incl) == (None, None)
    assert len(price.unknown) == 1 and "tranche" in price.unknown[0]
    nothing = regulated_price(LAW, Decimal(100), on=dt.date(1980, 1, 1))
    assert (nothing.margin, nothing.box_fee, nothing.margin_rate) == (None, None, None)
    assert len(nothing.unknown) == 4


def test_the_values_used_are_cited() -> None:
    price = regulated_price(LAW, Decimal(10), on=dt.date(2026, 7, 24))
    names = {cited.name for cited in price.cited}
    assert {"mdl_scale", "wholesaler_margin_scale", "fee_hd_excl"} <= names
    assert all(cited.source.link for cited in price.cited)


def by_hand(price: Fraction, structure: PriceStructure) -> Fraction:
    """The public price incl. tax, written again with fractions and plain loops."""

    def earned(scale: object) -> Fraction:
        total, rows = Fraction(0), [(Fraction(b.start), b.rate) for b in scale.brackets]  # type: ignore[attr-defined]
        for rank, (start, rate) in enumerate(rows):
            end = rows[rank + 1][0] if rank + 1 < len(rows) else price
            total += Fraction(rate) * max(Fraction(0), min(price, end) - start)
        return total

    wholesaler = max(earned(structure.wholesaler.scale), Fraction(structure.wholesaler.minimum))
    if structure.wholesaler.maximum is not None:
        wholesaler = min(wholesaler, Fraction(structure.wholesaler.maximum))
    return (price + wholesaler + earned(structure.mdl)) * (1 + Fraction(structure.vat))


@given(PRICES, DAY)
def test_the_public_price_agrees_with_fractions(price: Decimal, day: dt.date) -> None:
    structure = PriceStructure.on(LAW, day)
    assert Fraction(structure.public_price_incl(price)) == by_hand(Fraction(price), structure)


SCALES = [
    (name, day)
    for name in ("mdl_scale", "wholesaler_margin_scale", "be_economic_margin_scale")
    for day in LAW.changes(name)
    if LAW.find(name, on=day)
]


@pytest.mark.parametrize(("name", "day"), SCALES, ids=str)
@given(price=PRICES)
def test_every_scale_ever_in_force_is_continuous_and_never_decreases(
    name: str, day: dt.date, price: Decimal
) -> None:
    scale, little = LAW.scale(name, on=day).value, Decimal("0.0001")
    for at in (price, *(bracket.start for bracket in scale.brackets)):
        here, above = scale.amount(at), scale.amount(at + little)
        if here is not None and above is not None:
            assert 0 <= above - here <= little


@given(st.lists(st.tuples(st.integers(0, 7_000_000), st.integers(-1, 200_000)), min_size=1), DAY)
def test_margins_and_public_prices_at_once_agree_with_one_at_a_time(
    rows: list[tuple[int, int]], day: dt.date
) -> None:
    structure = PriceStructure.on(LAW, day)
    ex_factory, originators = np.array(rows, dtype=np.int64).T
    margins = margin_cents(ex_factory, structure, originators=originators)
    publics = public_cents(ex_factory, structure, originators=originators)
    for (cents, lent), margin, public in zip(rows, margins.tolist(), publics.tolist(), strict=True):
        own = structure.margin(Decimal(cents if lent < 0 else lent) / 100)
        assert round_amount(own) * 100 == margin
        priced = structure.public_price_incl(Decimal(cents) / 100, margin=own)
        assert round_amount(priced) * 100 == public


@given(PRICES, DAY)
def test_a_price_in_cents_comes_back_from_its_public_price(price: Decimal, day: dt.date) -> None:
    structure = PriceStructure.on(LAW, day)
    public = round_amount(structure.public_price_incl(price))
    if public / (1 + structure.vat) >= structure.public_price_excl(Decimal(0)):
        assert ex_factory_from_public_price(public, structure) == price


@given(
    st.decimals(min_value=0, max_value="22.89", places=2),
    st.sampled_from([dt.date(2004, 2, 22), dt.date(2008, 3, 6), dt.date(2011, 12, 31)]),
)
def test_a_price_of_the_first_slice_comes_back_before_2012_too(
    price: Decimal, day: dt.date
) -> None:
    structure = PriceStructure.on(LAW, day)
    public = round_amount(structure.public_price_incl(price))
    assert ex_factory_from_public_price(public, structure) == price


@given(st.decimals(min_value="0.32", max_value=70_000, places=2), DAY)
def test_a_public_price_comes_back_from_what_it_is_made_of(public: Decimal, day: dt.date) -> None:
    price = regulated_price_from_public(LAW, public, on=day)
    assert price.public_price_incl is not None
    assert round_amount(price.public_price_incl) == public


@given(st.lists(st.tuples(st.integers(0, 7_000_000), st.integers(-1, 200_000)), min_size=1), DAY)
def test_the_batch_agrees_with_one_price_at_a_time(
    rows: list[tuple[int, int]], day: dt.date
) -> None:
    structure = PriceStructure.on(LAW, day)
    public, originators = np.array(rows, dtype=np.int64).T
    found = ex_factory_cents(public, structure, originators=originators)
    for (cents, originator), answer in zip(rows, found.tolist(), strict=True):
        margin = None if originator < 0 else structure.margin(Decimal(originator) / 100)
        try:
            expected = ex_factory_from_public_price(Decimal(cents) / 100, structure, margin=margin)
        except InvalidInput:
            assert answer == NO_PRICE
        else:
            assert answer == expected * 100


def test_a_day_whose_law_is_unknown_is_a_sentence() -> None:
    with pytest.raises(NotAvailable, match="22 février 2004"):
        regulated_price_from_public(LAW, Decimal(20), on=dt.date(2001, 1, 1))
    with pytest.raises(NotAvailable, match="tranche"):
        regulated_price_from_public(LAW, Decimal(200), on=dt.date(2009, 1, 1))
