"""The regulated margin of a reimbursable medicine: slices, wholesaler, public price, rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from galien.kernel.errors import NotAvailable
from galien.kernel.money import round_amount
from galien.law import Cited, Law, LawValue, PriceStructure, Scale
from galien.law.price_structure import (
    MDL_SCALE,
    REIMBURSABLE_VAT,
    STRUCTURE_PARAMETERS,
    WholesalerMargin,
)

T = TypeVar("T")

# The box fee paid with the margin, then the fee that replaced it: the name that is known wins.
BOX_FEES = ("mdl_box_fee", "fee_hd_excl")


@dataclass(frozen=True)
class MarginSlice:
    """A slice of the ex-factory price: from and to (euros excl. tax; `end` None at the top)."""

    start: Decimal
    end: Decimal | None
    rate: Decimal
    base: Decimal
    margin: Decimal


@dataclass(frozen=True)
class RegulatedPrice:
    """A medicine's price taken apart on a day. Euros and ratios, unrounded.

    A part whose law is unknown that day is None and has its French sentence in `unknown`;
    `cited` holds the values of the law that were used.
    """

    on: dt.date
    ex_factory_price: Decimal
    slices: tuple[MarginSlice, ...]
    margin: Decimal | None
    box_fee: Decimal | None
    wholesaler_margin: Decimal | None
    vat_rate: Decimal | None
    public_price_excl: Decimal | None
    public_price_incl: Decimal | None
    unknown: tuple[str, ...]
    cited: tuple[Cited[LawValue], ...]

    @property
    def markup_rate(self) -> Decimal | None:
        """*Taux de marge*: margin ÷ ex-factory price."""
        if self.margin is None or not self.ex_factory_price:
            return None
        return self.margin / self.ex_factory_price

    @property
    def margin_rate(self) -> Decimal | None:
        """*Taux de marque*: margin ÷ public price excl. tax."""
        if self.margin is None or not self.public_price_excl:
            return None
        return self.margin / self.public_price_excl


def regulated_price(
    law: Law,
    ex_factory_price: Decimal,
    *,
    on: dt.date,
    generic_of: Decimal | None = None,
    vat: Decimal | None = None,
) -> RegulatedPrice:
    """Build a medicine's public price from its ex-factory price, with every part of it.

    Inputs: ex-factory price in euros excl. tax; `generic_of`, the originator's ex-factory price,
    whose margin a generic earns in value; `vat`, a ratio, by default the reimbursable rate.
    Equation: public price = (ex-factory price + wholesaler's margin + Σ slice × rate) × (1 + VAT).
    Source: the margin orders cited by the law values; CSS art. L. 162-38.

    >>> price = regulated_price(Law.load(), Decimal(10), on=dt.date(2020, 1, 1))
    >>> price.margin, round(price.markup_rate, 4), round(price.margin_rate, 4)
    (Decimal('0.7573'), Decimal('0.0757'), Decimal('0.0663'))
    """
    unknown: list[str] = []
    scale = _known(unknown, lambda: law.scale(MDL_SCALE, on=on).value)
    earning = ex_factory_price if generic_of is None else generic_of
    slices = _slices(scale, earning) if scale else ()
    margin = sum((each.margin for each in slices), Decimal(0)) if scale else None
    wholesaler = _known(unknown, lambda: WholesalerMargin.on(law, on).amount(ex_factory_price))
    rate = vat
    if rate is None:
        rate = _known(unknown, lambda: law.number(REIMBURSABLE_VAT, on=on).value)
    excl = None
    if margin is not None and wholesaler is not None:
        excl = ex_factory_price + wholesaler + margin
    fee = next((c for c in (law.find(name, on=on) for name in BOX_FEES) if c is not None), None)
    if fee is None:
        _known(unknown, lambda: law.number(BOX_FEES[0], on=on).value)
    found = (law.find(name, on=on) for name in STRUCTURE_PARAMETERS)
    return RegulatedPrice(
        on=on,
        ex_factory_price=ex_factory_price,
        slices=slices,
        margin=margin,
        box_fee=fee.value if fee is not None and isinstance(fee.value, Decimal) else None,
        wholesaler_margin=wholesaler,
        vat_rate=rate,
        public_price_excl=excl,
        public_price_incl=None if excl is None or rate is None else excl * (1 + rate),
        unknown=tuple(unknown),
        cited=tuple(cited for cited in (*found, fee) if cited is not None),
    )


def regulated_price_from_public(
    law: Law,
    public_price_incl: Decimal,
    *,
    on: dt.date,
    generic_of: Decimal | None = None,
    vat: Decimal | None = None,
) -> RegulatedPrice:
    """Take a public price incl. tax, before the fee, apart (the public file has no other).

    An ex-factory price is set in cents: when one gives this public price back to the cent, it is
    the answer; otherwise the exact root is kept, so that the public price stays the one given.
    Raises `NotAvailable` when the law of the day does not allow the inversion.

    >>> law, day = Law.load(), dt.date(2020, 1, 1)
    >>> regulated_price_from_public(law, Decimal("11.67"), on=day).ex_factory_price
    Decimal('10.00')
    """
    structure = PriceStructure.on(law, on, vat=vat)
    margin = None if generic_of is None else structure.margin(generic_of)
    exact = structure.ex_factory_price(public_price_incl, margin=margin)
    in_cents = round_amount(exact)
    gives_back = round_amount(structure.public_price_incl(in_cents, margin=margin))
    price = in_cents if gives_back == public_price_incl else exact
    return regulated_price(law, price, on=on, generic_of=generic_of, vat=vat)


def ex_factory_from_public_price(
    public_price_incl: Decimal, structure: PriceStructure, *, margin: Decimal | None = None
) -> Decimal:
    """Find the ex-factory price, in euros to the cent, of a public price incl. tax before fee.

    >>> structure = PriceStructure.on(Law.load(), dt.date(2020, 1, 1))
    >>> ex_factory_from_public_price(Decimal("11.67"), structure)
    Decimal('10.00')
    """
    return round_amount(structure.ex_factory_price(public_price_incl, margin=margin))


def _slices(scale: Scale, price: Decimal) -> tuple[MarginSlice, ...]:
    ends: list[Decimal | None] = [bracket.start for bracket in scale.brackets[1:]]
    by_start = dict(zip((b.start for b in scale.brackets), [*ends, None], strict=True))
    return tuple(
        MarginSlice(bracket.start, by_start[bracket.start], bracket.rate, part, bracket.rate * part)
        for bracket, part in scale.slices(price)
        if bracket.rate is not None
    )


def _known(unknown: list[str], read: Callable[[], T]) -> T | None:
    """Read a part of the law; when that day is unknown, note the sentence and go on."""
    try:
        return read()
    except NotAvailable as error:
        unknown.append(error.message)
        return None
