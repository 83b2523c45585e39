"""The regulated margin of a price on a day, beside another day's, and its curve over prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.margin import (
    RegulatedPrice,
    regulated_price,
    regulated_price_from_public,
)
from galien.kernel.errors import NotAvailable
from galien.law import Law
from galien.law.price_structure import MDL_SCALE

_STEPS = 100
_TOPS = tuple(Decimal(top) for top in (5, 10, 30, 60, 200, 500, 1000, 2500, 5000))
_ROUND = tuple(Decimal(price) for price in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000))


@dataclass(frozen=True)
class MarginQuestion:
    """A price in euros, ex-factory or public (incl. tax, before fee), a day, and maybe another.

    `generic_of` is the originator's ex-factory price; `vat` a ratio, the reimbursable rate by
    default.
    """

    price: Decimal
    on: dt.date
    public: bool = False
    against: dt.date | None = None
    generic_of: Decimal | None = None
    vat: Decimal | None = None


@dataclass(frozen=True)
class MarginAnswer:
    """The price taken apart on the day, and the same ex-factory price on the other day."""

    price: RegulatedPrice
    before: RegulatedPrice | None


@dataclass(frozen=True)
class CurvePoint:
    """The margin on an ex-factory price, in euros; None on a day whose scale is unknown."""

    price: Decimal
    margin: Decimal | None
    before: Decimal | None


def margin_of(question: MarginQuestion, *, law: Law) -> MarginAnswer:
    """Take a price apart on its day, and on the other day when there is one.

    Raises InvalidInput for a public price too small to hold the margins, NotAvailable when the law
    of the day does not allow a public price to be taken apart.
    """
    found = (regulated_price_from_public if question.public else regulated_price)(
        law, question.price, on=question.on, generic_of=question.generic_of, vat=question.vat
    )
    if question.against is None:
        return MarginAnswer(found, None)
    before = regulated_price(
        law,
        found.ex_factory_price,
        on=question.against,
        generic_of=question.generic_of,
        vat=question.vat,
    )
    return MarginAnswer(found, before)


def curve(law: Law, *, on: dt.date, against: dt.date | None, up_to: Decimal) -> list[CurvePoint]:
    """Compute the margin on a hundred ex-factory prices from 0 to a round price above `up_to`."""
    top = next((each for each in _TOPS if each >= up_to * Decimal("1.2")), up_to * 2)
    prices = [top * step / _STEPS for step in range(_STEPS + 1)]
    return _points(prices, law, on, against)


def round_prices(law: Law, *, on: dt.date, against: dt.date | None) -> list[CurvePoint]:
    """Compute the margin on round ex-factory prices, 1 to 5 000 euros."""
    return _points(_ROUND, law, on, against)


def _points(
    prices: Sequence[Decimal], law: Law, on: dt.date, against: dt.date | None
) -> list[CurvePoint]:
    now, then = _margins(prices, law, on), _margins(prices, law, against)
    return [CurvePoint(*each) for each in zip(prices, now, then, strict=True)]


def _margins(prices: Sequence[Decimal], law: Law, on: dt.date | None) -> list[Decimal | None]:
    try:
        scale = law.scale(MDL_SCALE, on=on).value if on else None
    except NotAvailable:
        scale = None
    return [scale.amount(price) if scale else None for price in prices]
