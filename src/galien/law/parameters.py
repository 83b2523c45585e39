"""A regulated figure: its label, its unit and the values it has taken, each with its source."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from galien.kernel.errors import NotAvailable
from galien.kernel.french import day
from galien.kernel.units import Unit
from galien.law.banded import Banded

V_co = TypeVar("V_co", covariant=True)


@dataclass(frozen=True)
class Bracket:
    """A slice of a price, from a bound in euros up to the next bracket's; `rate` is a ratio.

    The rate is None where the law of the time has not been established.
    """

    start: Decimal
    rate: Decimal | None


@dataclass(frozen=True)
class Scale:
    """Rates by slice of price, the first one starting at zero."""

    brackets: tuple[Bracket, ...]

    def __post_init__(self) -> None:
        starts = [bracket.start for bracket in self.brackets]
        if not starts or starts[0] != 0 or any(a >= b for a, b in itertools.pairwise(starts)):
            raise ValueError("brackets start at zero and go up")

    def slices(self, price: Decimal) -> Iterator[tuple[Bracket, Decimal]]:
        """Cut a price in euros: each bracket it reaches, and the euros that fall in it.

        >>> scale = Scale((Bracket(Decimal(0), Decimal("0.1")), Bracket(Decimal(5), Decimal(0))))
        >>> [(str(bracket.start), str(part)) for bracket, part in scale.slices(Decimal(7))]
        [('0', '5'), ('5', '2')]
        """
        ends = [*(min(bracket.start, price) for bracket in self.brackets[1:]), price]
        for bracket, end in zip(self.brackets, ends, strict=True):
            if end > bracket.start:
                yield bracket, end - bracket.start

    def amount(self, price: Decimal) -> Decimal | None:
        """Sum what the slices of a price earn, in euros; None when it reaches an unknown rate.

        >>> scale = Scale((Bracket(Decimal(0), Decimal("0.1")), Bracket(Decimal(5), None)))
        >>> scale.amount(Decimal(4))
        Decimal('0.4')
        """
        total = Decimal(0)
        for bracket, part in self.slices(price):
            if bracket.rate is None:
                return None
            total += bracket.rate * part
        return total

    def price_earning(self, amount: Decimal) -> Decimal | None:
        """Find the smallest price that earns an amount; None when no price does."""
        earned, bounds = Decimal(0), [bracket.start for bracket in self.brackets[1:]]
        for bracket, end in zip(self.brackets, [*bounds, Decimal("Infinity")], strict=True):
            if bracket.rate is None:
                return None
            if bracket.rate and earned + bracket.rate * (end - bracket.start) >= amount:
                return bracket.start + (amount - earned) / bracket.rate
            if end.is_finite():
                earned += bracket.rate * (end - bracket.start)
        return None


# The day of a value whose beginning no source gives.
ALWAYS = dt.date.min

LawValue = Decimal | Scale | Banded | bool | str


@dataclass(frozen=True)
class Source:
    """Where a value was read: the title of the text or article, and its address."""

    title: str
    link: str = ""


@dataclass(frozen=True)
class DatedValue:
    """A value and the day it begins; None says that the parameter ends."""

    since: dt.date
    value: LawValue | None
    source: Source
    checked_on: dt.date
    note: str = ""


@dataclass(frozen=True)
class Cited(Generic[V_co]):
    """A value in force on a day, with all that a screen needs to cite it."""

    name: str
    label: str
    value: V_co
    unit: Unit
    since: dt.date
    until: dt.date | None
    source: Source
    checked_on: dt.date
    note: str = ""

    @property
    def begun_on(self) -> dt.date | None:
        """The day the value begins; None when no source gives it."""
        return None if self.since == ALWAYS else self.since


@dataclass(frozen=True)
class Parameter:
    """A regulated figure through time; `values` are in strictly increasing date order."""

    name: str
    label: str
    country: str
    topic: str
    unit: Unit
    values: tuple[DatedValue, ...]

    def find(self, on: dt.date) -> Cited[LawValue] | None:
        """Give the value in force on a day, or None when the law of that day is not known."""
        index = bisect.bisect_right([entry.since for entry in self.values], on) - 1
        if index < 0:
            return None
        entry = self.values[index]
        if entry.value is None:
            return None
        following = self.values[index + 1 : index + 2]
        return Cited(
            name=self.name,
            label=self.label,
            value=entry.value,
            unit=self.unit,
            since=entry.since,
            until=following[0].since - dt.timedelta(days=1) if following else None,
            source=entry.source,
            checked_on=entry.checked_on,
            note=entry.note,
        )

    def on(self, on: dt.date) -> Cited[LawValue]:
        """Give the value in force on a day; raises `NotAvailable` with the dates that are known."""
        cited = self.find(on)
        if cited is None:
            raise NotAvailable(
                f"« {self.label} » : valeur inconnue au {day(on)}. {self._known(on)}"
            )
        return cited

    def _known(self, on: dt.date) -> str:
        later = [
            entry.since for entry in self.values if entry.since > on and entry.value is not None
        ]
        if later:
            return f"La première valeur connue ensuite date du {day(later[0])}."
        ended = next(entry.since for entry in reversed(self.values) if entry.since <= on)
        return f"La dernière valeur connue vaut jusqu’au {day(ended - dt.timedelta(days=1))}."
