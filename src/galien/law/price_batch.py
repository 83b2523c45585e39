"""Taking thousands of public prices apart at once, in whole numbers, exact to the cent."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from galien.law.parameters import Scale
from galien.law.price_structure import PriceStructure

Cents = NDArray[np.int64]  # (prices,)
NO_PRICE = -1

# Prices are counted in half cents, rates in millionths, VAT in ten-thousandths: a price of four
# million euros still fits 64 bits.
_HALF_CENTS = 200
_RATE = 1_000_000
_VAT = 10_000
_FAR_ABOVE = Decimal(1_000_000)


def ex_factory_cents(
    public: Cents, structure: PriceStructure, *, originators: Cents | None = None
) -> Cents:
    """Find the ex-factory prices of public prices incl. tax before fee, all in cents.

    `originators` gives, for a generic that earns its originator's margin, the originator's
    ex-factory price in cents (`NO_PRICE` for a product that earns its own). A price too small to
    hold the regulated margins gives `NO_PRICE`. Agrees with `PriceStructure.ex_factory_price`
    rounded half up to the cent.
    """
    fixed = None
    if originators is not None:
        fixed = np.where(originators >= 0, _scale_amount(originators * 2, structure.mdl), -1)
    vat = _whole(1 + structure.vat, _VAT)
    # Public prices in the unit of `_excl` × VAT: half cents × rate × VAT.
    target = public * (2 * _RATE * _VAT)

    def reached(half_cents: Cents) -> NDArray[np.bool_]:
        return target >= _excl(half_cents, structure, fixed) * vat

    low = np.zeros_like(public)
    high = public + 1
    # The answer is the last cent whose lower half-cent edge is not above the target.
    while np.any(high - low > 1):
        middle = (low + high) // 2
        up = reached(2 * middle - 1)
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.where(reached(np.zeros_like(public)), low, NO_PRICE)


def margin_cents(
    ex_factory: Cents, structure: PriceStructure, *, originators: Cents | None = None
) -> Cents:
    """Give the pharmacist's margins on ex-factory prices, both in cents, rounded half up.

    `originators` as in `ex_factory_cents`: a generic earns its originator's margin in value.
    """
    lent = np.full_like(ex_factory, NO_PRICE) if originators is None else originators
    earning = np.where(lent >= 0, lent, ex_factory)
    return _to_cents(_scale_amount(earning * 2, structure.mdl), 2 * _RATE)


def public_cents(
    ex_factory: Cents,
    structure: PriceStructure,
    *,
    originators: Cents | None = None,
    parts_rounded: bool = False,
) -> Cents:
    """Give the public prices incl. tax before fee of ex-factory prices, both in cents.

    Rounded once, at the end; `parts_rounded` rounds each margin to the cent first, as some price
    lists do.
    """
    own = _scale_amount(ex_factory * 2, structure.mdl)
    margin = own
    if originators is not None:
        margin = np.where(originators >= 0, _scale_amount(originators * 2, structure.mdl), own)
    wholesaler = _wholesaler(ex_factory * 2, structure)
    if parts_rounded:
        unit = 2 * _RATE
        margin, wholesaler = (_to_cents(part, unit) * unit for part in (margin, wholesaler))
    excl = ex_factory * 2 * _RATE + wholesaler + margin
    return _to_cents(excl * _whole(1 + structure.vat, _VAT), 2 * _RATE * _VAT)


def _to_cents(amount: Cents, unit: int) -> Cents:
    return (amount + unit // 2) // unit


def _excl(price: Cents, structure: PriceStructure, fixed: Cents | None) -> Cents:
    """Give public prices excl. tax (half cents × rate) of ex-factory prices in half cents."""
    own = _scale_amount(price, structure.mdl)
    margin = own if fixed is None else np.where(fixed >= 0, fixed, own)
    return price * _RATE + _wholesaler(price, structure) + margin


def _wholesaler(price: Cents, structure: PriceStructure) -> Cents:
    wholesaler = structure.wholesaler
    earned = np.maximum(
        _scale_amount(price, wholesaler.scale), _whole(wholesaler.minimum, _HALF_CENTS) * _RATE
    )
    if wholesaler.maximum is not None:
        earned = np.minimum(earned, _whole(wholesaler.maximum, _HALF_CENTS) * _RATE)
    return earned


def _scale_amount(price: Cents, scale: Scale) -> Cents:
    total = np.zeros_like(price)
    bounds = [*(bracket.start for bracket in scale.brackets[1:]), _FAR_ABOVE]
    for bracket, end in zip(scale.brackets, bounds, strict=True):
        if bracket.rate is None:
            raise ValueError("a scale with an unknown slice is read one price at a time")
        start = _whole(bracket.start, _HALF_CENTS)
        part = np.clip(price, start, _whole(end, _HALF_CENTS)) - start
        total += part * _whole(bracket.rate, _RATE)
    return total


def _whole(value: Decimal, unit: int) -> int:
    scaled = value * unit
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} is finer than 1/{unit}")
    return int(scaled)
