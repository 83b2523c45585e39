"""What a Belgian pharmacist earns on a reimbursable medicine: economic margin, fees, VAT."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from galien.law import Cited, Consultation, Law, LawValue

ECONOMIC_MARGIN: Final = "be_economic_margin_scale"
BASIC_FEE: Final = "be_basic_fee"
INN_OR_CHAPTER_IV_FEE: Final = "be_inn_or_chapter_iv_fee"
MEDICINE_VAT: Final = "vat_be_medicine"


@dataclass(frozen=True)
class BelgianPay:
    """A delivery's pay on a day. Euros and ratios, unrounded.

    A part whose law is unknown that day is None and has its French sentence in `unknown`. The
    public prices are None too without the wholesaler's margin, which no source has established.
    """

    on: dt.date
    ex_factory_price: Decimal
    economic_margin: Decimal | None
    basic_fee: Decimal | None
    extra_fee: Decimal | None
    vat_rate: Decimal | None
    public_price_excl: Decimal | None
    public_price_incl: Decimal | None
    unknown: tuple[str, ...]
    cited: tuple[Cited[LawValue], ...]

    @property
    def pay_excl(self) -> Decimal | None:
        """Economic margin and fees, excl. VAT; None when one of them is unknown."""
        return _sum(self.economic_margin, self.basic_fee, self.extra_fee)

    @property
    def pay_incl(self) -> Decimal | None:
        """Economic margin and fees, VAT included."""
        if self.pay_excl is None or self.vat_rate is None:
            return None
        return self.pay_excl * (1 + self.vat_rate)


def belgian_pay(
    law: Law,
    ex_factory_price: Decimal,
    *,
    on: dt.date,
    inn_or_chapter_iv: bool = False,
    wholesaler_margin: Decimal | None = None,
) -> BelgianPay:
    """Compute what one delivery of a reimbursable medicine pays a Belgian pharmacist.

    Inputs: ex-factory price in euros excl. VAT; `inn_or_chapter_iv`, prescribed under its
    international name or under chapter IV; `wholesaler_margin` in euros where it is known.
    Equation: pay = Σ slice of the ex-factory price × rate + basic fee + special fee;
    public price = (ex-factory price + wholesaler's margin + pay) × (1 + VAT).
    Source: INAMI, pay of pharmacists; CBIP, Folia of 2010.

    >>> pay = belgian_pay(Law.load(), Decimal(60), on=dt.date(2024, 6, 1))
    >>> pay.economic_margin, pay.basic_fee, pay.pay_incl
    (Decimal('4.3080'), Decimal('5.06'), Decimal('9.930080'))
    """
    reading = Consultation(law, on)
    scale = reading.scale(ECONOMIC_MARGIN)
    margin = scale.amount(ex_factory_price) if scale else None
    basic = reading.number(BASIC_FEE)
    extra = reading.number(INN_OR_CHAPTER_IV_FEE) if inn_or_chapter_iv else Decimal(0)
    vat = reading.number(MEDICINE_VAT)
    excl = _sum(ex_factory_price, wholesaler_margin, margin, basic, extra)
    return BelgianPay(
        on=on,
        ex_factory_price=ex_factory_price,
        economic_margin=margin,
        basic_fee=basic,
        extra_fee=extra,
        vat_rate=vat,
        public_price_excl=excl,
        public_price_incl=None if excl is None or vat is None else excl * (1 + vat),
        unknown=reading.unknown,
        cited=reading.cited,
    )


def _sum(*parts: Decimal | None) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None
