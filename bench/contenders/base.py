"""What a contender is, and the common form its results are compared in."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from bench.cases import Case, Subject
from galien.kernel.money import round_amount

Sums = tuple[int, ...]
Ratios = tuple[float | None, ...]
Rows = dict[str | None, tuple[Sums, Ratios]]


class Contender(Protocol):
    """An engine that answers the standard list. `name` heads its column."""

    @property
    def name(self) -> str:
        """How it is called in tables."""
        ...

    def run(self, case: Case) -> object:
        """Answer one case completely: this is what is timed."""
        ...

    def rows(self, case: Case, result: object) -> Rows:
        """Return an answer in the common form: this is not timed."""
        ...


@dataclass(frozen=True)
class Bounds:
    """What every contender is told: the two runs of months, the ten pharmacies, the generic group.

    `scales` are the decimal places of each summed column, kept as whole numbers by the contenders
    that have no fast decimals; `codes` the pharmacies by their numbers.
    """

    first: dt.date
    last: dt.date
    previous_first: dt.date
    previous_last: dt.date
    ids: tuple[int, ...]
    group: str
    codes: Mapping[int, str]
    scales: Mapping[str, int]

    @property
    def parameters(self) -> dict[str, object]:
        """Return the months as values to bind."""
        return {
            "c0": self.first,
            "c1": self.last,
            "p0": self.previous_first,
            "p1": self.previous_last,
        }

    def pharmacies(self, case: Case) -> list[int]:
        """Return the numbers of the pharmacies a case keeps, none for all of them."""
        return list(self.ids[: case.pharmacies])

    def places(self, subject: Subject) -> dict[str, int]:
        """Return the decimal places of each measure, for those who count in whole numbers."""
        if subject.name == "sales":
            money = self.scales["net_incl"]
            return {"sales_incl": money, "sales_excl": money, "adjusted_margin": 8}
        return dict.fromkeys(subject.money, self.scales["list_amount"])


def columns(subject: Subject) -> list[str]:
    """Return the columns of every contender's answer, in order, the key first."""
    previous = [f"{name}_previous" for name in subject.measures]
    changes = [f"{name}_change" for name in subject.measures]
    rates = [subject.rate, f"{subject.rate}_previous"]
    return ["k", *subject.measures, *previous, *changes, *rates]


def common_form(case: Case, table: Iterable[Sequence[Any]], bounds: Bounds, *, whole: bool) -> Rows:
    """Put an answer in the common form: boxes and cents exactly, then changes and rates.

    `whole` tells amounts that are whole numbers at the scale of their column. Rows where
    every sum is nothing are dropped: some engines show them, some do not.
    """
    subject, found = case.subject, Rows()
    places = bounds.places(subject)
    for key, *figures in table:
        sums = []
        for position in range(2 * len(subject.measures)):
            measure = subject.measures[position % len(subject.measures)]
            value = figures[position] or 0
            scale = (places[measure] if whole else None) if measure in subject.money else 0
            sums.append(_cents(value, scale))
        if any(sums):
            ratios = tuple(_ratio(value) for value in figures[2 * len(subject.measures) :])
            found[_key(case, key, bounds)] = (tuple(sums), ratios)
    return found


def differences(expected: Rows, found: Rows) -> list[str]:
    """Say where two answers differ: sums must be equal, ratios within a billionth."""
    said = [f"row {key!r} on one side only" for key in expected.keys() ^ found.keys()]
    for key in expected.keys() & found.keys():
        (sums, ratios), (other_sums, other_ratios) = expected[key], found[key]
        if sums != other_sums:
            said.append(f"row {key!r}: {sums} against {other_sums}")
        elif not all(map(_near, ratios, other_ratios)):
            said.append(f"row {key!r}: {ratios} against {other_ratios}")
    return said


def cells(rows: Rows) -> int:
    """Count the figures of an answer."""
    return sum(len(sums) + len(ratios) for sums, ratios in rows.values())


def _cents(value: Any, scale: int | None) -> int:
    """Return boxes as they are and amounts in cents, halves away from zero."""
    if scale is None:
        return int(round_amount(Decimal(value)) * 100)
    if scale == 0:
        return int(value)
    unit = 10 ** (scale - 2)
    size = (2 * abs(int(value)) + unit) // (2 * unit)
    return int(size if value >= 0 else -size)


def _ratio(value: Any) -> float | None:
    return None if value is None or math.isnan(value) or math.isinf(value) else float(value)


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _key(case: Case, value: Any, bounds: Bounds) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if case.dimension == "vat_rate":
        rate = value if isinstance(value, Decimal) else Decimal(str(value))
        return f"{(rate / 1_000_000 if rate > 1 else rate).normalize():f}"
    if case.dimension == "pharmacy" and not isinstance(value, str):
        return bounds.codes[int(value)]
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return str(value).lower() if isinstance(value, bool) else str(value)
