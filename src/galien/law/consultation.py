"""A calculation's reading of the law: what it used, and the sentences of what it could not read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.kernel.errors import NotAvailable
from galien.law.book import Law
from galien.law.parameters import Cited, LawValue, Scale


class Consultation:
    """Reads values on a day for one result, keeping each citation once, in order of use."""

    def __init__(self, law: Law, on: dt.date) -> None:
        self.law, self.on = law, on
        self._cited: dict[tuple[str, dt.date], Cited[LawValue]] = {}
        self._unknown: list[str] = []

    @property
    def cited(self) -> tuple[Cited[LawValue], ...]:
        """The values of the law that were used."""
        return tuple(self._cited.values())

    @property
    def unknown(self) -> tuple[str, ...]:
        """One French sentence for each part of the law that the day does not have."""
        return tuple(self._unknown)

    def number(self, name: str, *, on: dt.date | None = None) -> Decimal | None:
        """Read a rate or an amount; None, with its sentence noted, when the day has none."""
        value = self._read(name, on or self.on)
        return value if isinstance(value, Decimal) else None

    def scale(self, name: str) -> Scale | None:
        """Read a scale; None, with its sentence noted, when the day has none."""
        value = self._read(name, self.on)
        return value if isinstance(value, Scale) else None

    def text(self, name: str, *, on: dt.date | None = None) -> str | None:
        """Read a rule in words; None, with its sentence noted, when the day has none."""
        value = self._read(name, on or self.on)
        return value if isinstance(value, str) else None

    def _read(self, name: str, on: dt.date) -> LawValue | None:
        try:
            cited = self.law.value(name, on=on)
        except NotAvailable as error:
            if error.message not in self._unknown:
                self._unknown.append(error.message)
            return None
        self._cited[name, cited.since] = cited
        return cited.value
