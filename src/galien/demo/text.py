"""Writes numbers and dates as a dispensing software would, many at a time, into Arrow strings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

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

    def amounts(self, cents: Ints) -> pa.StringArray:
        """Write amounts given in cents."""
        if not self.decimal:
            return numbers(cents)
        table = _amount_table(self.decimal, self.thousands)
        inside = (cents >= _LOW) & (cents < _HIGH)
        if inside.all():
            return picked(table, cents - _LOW)
        rare, place = np.unique(cents[~inside], return_inverse=True)
        extra = pa.array(
            [write_cents(int(c), self.decimal, self.thousands) for c in rare], pa.string()
        )
        index = np.where(inside, cents - _LOW, 0)
        index[~inside] = len(table) + place
        return picked(pa.concat_arrays([table, extra]), index)

    def days(self, days: Ints, first: dt.date) -> pa.StringArray:
        """Write days counted from the first one."""
        return picked(_day_table(self.date, first, int(days.max(initial=0)) + 1), days)

    def times(self, seconds: Ints) -> pa.StringArray:
        """Write times of day counted in seconds."""
        return picked(_time_table(self.time), seconds)

    def vats(self, per_mille: Ints) -> pa.StringArray:
        """Write VAT rates given per mille: as a ratio, or in percent with the decimal mark."""
        rates, place = np.unique(per_mille, return_inverse=True)
        return names([self.vat_text(int(rate)) for rate in rates], place)

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
def _amount_table(decimal: str, thousands: str) -> pa.StringArray:
    amounts = [write_cents(c, decimal, thousands) for c in range(_LOW, _HIGH)]
    return pa.array(amounts, pa.string())


@cache
def _time_table(form: str) -> pa.StringArray:
    marks = form.replace("%H", "{0:02d}").replace("%M", "{1:02d}").replace("%S", "{2:02d}")
    times = [marks.format(s // 3600, s // 60 % 60, s % 60) for s in range(86_400)]
    return pa.array(times, pa.string())


@lru_cache(maxsize=64)
def _day_table(form: str, first: dt.date, count: int) -> pa.StringArray:
    days = [(first + dt.timedelta(days=n)).strftime(form) for n in range(count)]
    return pa.array(days, pa.string())


def names(values: tuple[str, ...] | list[str], index: Ints) -> pa.StringArray:
    """Write the texts that an index points to."""
    return picked(pa.array(list(values), pa.string()), index)


def numbers(values: Ints) -> pa.StringArray:
    """Write whole numbers."""
    return cast("pa.StringArray", pc.cast(pa.array(values), pa.string()))


def joined(left: pa.StringArray, right: pa.StringArray, mark: str) -> pa.StringArray:
    """Write two texts with a mark between them."""
    join: Any = pc.binary_join_element_wise
    return cast("pa.StringArray", join(left, right, mark))


def picked(table: pa.StringArray, index: Ints) -> pa.StringArray:
    """Write the texts of a table that an index points to."""
    return table.take(index)
