"""Regulated prices of many medicines at once: ex-factory price, wholesaler's price, fees, ceilings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

import numpy as np

from galien.demo.public import Floats, Ints
from galien.law import Law, PriceStructure

_FAR = Decimal(1_000_000)


@cache
def law() -> Law:
    """Read the law once."""
    return Law.load()


def number(name: str, on: dt.date) -> Decimal:
    """Give a regulated number on a day."""
    return law().number(name, on=on).value


def fee_cents(name: str, on: dt.date) -> int:
    """Give a dispensing fee of the day in cents, tax included."""
    return int(number(name, on) * 100)


def ex_factory_cents(public_incl: Ints, *, on: dt.date, margin: Floats | None = None) -> Floats:
    """Invert public prices before fee (cents, tax included) on the scales of the day, in cents.

    `margin` (cents, excl. tax) is that of the originator where a generic earns it, NaN elsewhere.
    The same inversion as the calculator of margins, over an array: prices are straight lines
    between the bounds of the scales.
    """
    structure = PriceStructure.on(law(), on)
    starts = {bracket.start for bracket in structure.mdl.brackets} | structure.wholesaler.kinks()
    bounds = sorted(starts | {_FAR})
    ex_factory = np.array([float(bound) * 100 for bound in bounds])
    own = [float(structure.public_price_excl(bound)) * 100 for bound in bounds]
    bare = [float(structure.public_price_excl(bound, margin=Decimal(0))) * 100 for bound in bounds]
    target = public_incl / float(1 + structure.vat)
    result = np.interp(target, own, ex_factory)
    if margin is not None:
        lent = np.interp(target - margin, bare, ex_factory)
        result = np.where(np.isnan(margin) | (lent < 0.25 * target), result, lent)
    return np.asarray(result, np.float64)


def margin_cents(ex_factory: Floats, *, on: dt.date) -> Floats:
    """Give the pharmacist's regulated margin on ex-factory prices, both in cents excl. tax."""
    scale = PriceStructure.on(law(), on).mdl
    starts = [float(bracket.start) * 100 for bracket in scale.brackets]
    rates = [float(bracket.rate or 0) for bracket in scale.brackets]
    ends = [*starts[1:], np.inf]
    parts = [
        rate * (np.minimum(ex_factory, end) - start).clip(0)
        for start, end, rate in zip(starts, ends, rates, strict=True)
    ]
    return np.asarray(sum(parts), np.float64)


def wholesaler_cents(ex_factory: Floats, *, on: dt.date) -> Floats:
    """Give the wholesaler's margin on ex-factory prices, both in cents excl. tax."""
    margin = PriceStructure.on(law(), on).wholesaler
    bounds = sorted(margin.kinks() | {_FAR})
    amounts = [float(margin.amount(bound)) * 100 for bound in bounds]
    return np.interp(ex_factory, [float(bound) * 100 for bound in bounds], amounts)


def discount_ceiling(name: str, on: dt.date) -> float:
    """Give the legal ceiling of a class (`generic`, `general`) on a day, a ratio of ex-factory."""
    return float(number(f"discount_ceiling_{name}", on))
