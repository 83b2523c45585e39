"""Writes numbers and dates as a dispensing software would, many at a time, into Arrow strings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from galien.demo.public import Ints

_LOW, _HIGH = -20_000, 150_000


@dataclass(frozen=True)
class Style:
    """How a layout writes figures and dates; `decimal` empty means whole cents."""

    decimal: str
    thousands: str
    date: str
    time: str
    vat: str

    def amounts(self, cents: Ints) -> pa.Array:
        """Write amounts given in cents."""
        if not self.decimal:
            return pa.array(cents).cast(pa.string())
        table = _amount_table(self.decimal, self.thousands)
        inside = (cents >= _LOW) & (cents < _HIGH)
        if inside.all():
            return table.take(pa.array(cents - _LOW))
        rare, place = np.unique(cents[~inside], return_inverse=True)
        extra = pa.array([write_cents(int(c), self.decimal, self.thousands) for c in rare])
        index = np.where(inside, cents - _LOW, 0)
        index[~inside] = len(table) + place
        return pa.concat_arrays([table, extra]).take(pa.array(index))

    def days(self, days: Ints, first: dt.date, *, past: int = 0) -> pa.Array:
        """Write days counted from the first one; `past` leaves room for later dates."""
        top = int(days.max(initial=0)) + 1 + past
        names = [(first + dt.timedelta(days=n)).strftime(self.date) for n in range(top)]
        return pa.array(names).take(pa.array(days))

    def times(self, seconds: Ints) -> pa.Array:
        """Write times of day counted in seconds."""
        return _time_table(self.time).take(pa.array(seconds))

    def vats(self, per_mille: Ints) -> pa.Array:
        """Write VAT rates given per mille: as a ratio, or in percent with the decimal mark."""
        rates, place = np.unique(per_mille, return_inverse=True)
        return pa.array([self.vat_text(int(rate)) for rate in rates]).take(pa.array(place))

    def vat_text(self, per_mille: int) -> str:
        """Write one VAT rate.

        >>> Style(",", "", "%d/%m/%Y", "%H:%M:%S", "percent").vat_text(55)
        '5,5'
        """
        if self.vat == "ratio":
            return f"{per_mille / 1000:.3f}"
        return f"{per_mille / 10:.1f}".replace(".", self.decimal)


def write_cents(cents: int, decimal: str, thousands: str) -> str:
    """Write an amount in euros.

    >>> write_cents(-123456, ",", " "), write_cents(5, ".", "")
    ('-1 234,56', '0.05')
    """
    euros, rest = divmod(abs(cents), 100)
    whole = f"{euros:,}".replace(",", thousands)
    return f"{'-' if cents < 0 else ''}{whole}{decimal}{rest:02d}"


@cache
def _amount_table(decimal: str, thousands: str) -> pa.Array:
    return pa.array([write_cents(c, decimal, thousands) for c in range(_LOW, _HIGH)])


@cache
def _time_table(form: str) -> pa.Array:
    midnight = dt.datetime(2000, 1, 1)
    return pa.array([(midnight + dt.timedelta(seconds=s)).strftime(form) for s in range(86_400)])


def names(values: tuple[str, ...] | list[str], index: Ints) -> pa.Array:
    """Write the texts that an index points to."""
    return pa.array(list(values), pa.string()).take(pa.array(index))


def numbers(values: Ints) -> pa.Array:
    """Write whole numbers."""
    return pa.array(values).cast(pa.string())
