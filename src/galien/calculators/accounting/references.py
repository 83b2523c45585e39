"""Dated references: the last value a source gave on or before a day, and the year it is of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.errors import InvalidInput
from galien.law import Banded, Cited, Law, LawValue


@dataclass(frozen=True)
class Reference:
    """A reference figure as it applies to a pharmacy: its value, its size band, who says it.

    `lower` and `upper` bound the band in the unit of its size; both None when there is no band.
    """

    name: str
    label: str
    value: Decimal
    year: int
    source: str
    link: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    beyond: bool = False


def latest(law: Law, name: str, *, on: dt.date) -> Cited[LawValue] | None:
    """Give the last value known on a day: a mean of 2006 stays a reference until a later one.

    >>> found = latest(Law.load(), "benchmark_oec_stock_days", on=dt.date(2026, 1, 1))
    >>> str(found.value), found.since.year
    ('41', 2006)
    """
    parameter = law.parameter(name)
    for entry in reversed(parameter.values):
        if entry.since <= on and entry.value is not None:
            return parameter.find(entry.since)
    return None


def reference(law: Law, name: str, *, on: dt.date, size: Decimal | None = None) -> Reference | None:
    """Give a reference for a pharmacy; None when it is unknown on the day or for its size.

    `size` is what the bands measure (turnover excl. tax, euros). Above the last bound the last
    band is given, with `beyond`.
    """
    cited = latest(law, name, on=on)
    if cited is None:
        return None
    if isinstance(cited.value, Banded):
        return None if size is None else _in_band(cited, cited.value, size)
    if not isinstance(cited.value, Decimal):
        raise InvalidInput(f"« {cited.label} » n’est pas un nombre.")
    return _reference(cited, cited.value)


def number(law: Law, name: str, *, on: dt.date) -> Decimal | None:
    """Give the plain value of a reference, or None."""
    found = reference(law, name, on=on)
    return found.value if found else None


def _in_band(cited: Cited[LawValue], banded: Banded, size: Decimal) -> Reference | None:
    found = banded.band(size)
    band = found or banded.bands[-1]
    if band.value is None:
        return None
    rank = banded.bands.index(band)
    return _reference(
        cited,
        band.value,
        lower=banded.bands[rank - 1].up_to if rank else None,
        upper=band.up_to,
        beyond=found is None,
    )


def _reference(
    cited: Cited[LawValue],
    value: Decimal,
    *,
    lower: Decimal | None = None,
    upper: Decimal | None = None,
    beyond: bool = False,
) -> Reference:
    return Reference(
        name=cited.name,
        label=cited.label,
        value=value,
        year=cited.since.year,
        source=cited.source.title,
        link=cited.source.link,
        lower=lower,
        upper=upper,
        beyond=beyond,
    )
