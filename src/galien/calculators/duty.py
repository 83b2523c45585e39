"""Duty (garde): the fee of a prescription by the hour it was served, and the allowances."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from galien.law import Cited, Consultation, Law, LawValue

ALLOWANCE: Final = "duty_allowance"
NIGHT_HOURS: Final = "duty_night_hours"
DEEP_NIGHT_HOURS: Final = "duty_deep_night_hours"
SUNDAY: Final = 7


class DutyBand(StrEnum):
    """The time band a prescription is served in; the value names its fee in the law."""

    NIGHT = "duty_fee_night"
    DEEP_NIGHT = "duty_fee_deep_night"
    SUNDAY = "duty_fee_sunday"
    DAY = "duty_fee_day"


@dataclass(frozen=True)
class DutyLine:
    """Prescriptions of one band at one fee: count, fee and amount in euros."""

    band: DutyBand
    count: int
    fee: Decimal
    amount: Decimal


@dataclass(frozen=True)
class DutyPay:
    """What a period of duty pays, in euros; what the law leaves unknown is said, not counted."""

    lines: tuple[DutyLine, ...]
    allowances: Decimal
    uncounted: int
    unknown: tuple[str, ...]
    cited: tuple[Cited[LawValue], ...]

    @property
    def fees(self) -> Decimal:
        """The fees of all prescriptions counted."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Fees and allowances."""
        return self.fees + self.allowances


def duty_band(
    law: Law, moment: dt.datetime, *, holidays: Collection[dt.date] = ()
) -> DutyBand | None:
    """Tell the band of a moment; None when the hours of that day's law are not known.

    Night comes before Sundays and holidays, as in the agreement: the day fees run from the end of
    the night to its beginning.

    >>> law = Law.load()
    >>> duty_band(law, dt.datetime(2025, 6, 1, 3, 0)).name, duty_band(
    ...     law, dt.datetime(2025, 6, 1, 10, 0)).name
    ('DEEP_NIGHT', 'SUNDAY')
    """
    return _band(Consultation(law, moment.date()), moment, holidays)


def duty_pay(
    law: Law,
    prescriptions: Iterable[dt.datetime],
    *,
    periods: Iterable[dt.date] = (),
    holidays: Collection[dt.date] = (),
) -> DutyPay:
    """Compute the pay of duty from the moments prescriptions were served.

    Inputs: local moments of the prescriptions; the day of each duty period that earns an allowance;
    public holidays. Equation: Σ fee of the band on the day + Σ allowance of the day.
    Source: the pharmacists' agreement and its amendments, cited by the law values.

    >>> pay = duty_pay(Law.load(), [dt.datetime(2025, 6, 1, 3, 0)], periods=[dt.date(2025, 6, 1)])
    >>> pay.fees, pay.allowances, pay.total
    (Decimal('20'), Decimal('200'), Decimal('220'))
    """
    reading = Consultation(law, dt.date.max)  # each moment is read on its own day
    counts: dict[tuple[DutyBand, Decimal], int] = {}
    uncounted = 0
    for moment in prescriptions:
        band = _band(reading, moment, holidays)
        fee = None if band is None else reading.number(band, on=moment.date())
        if band is None or fee is None:
            uncounted += 1
        else:
            counts[band, fee] = counts.get((band, fee), 0) + 1
    allowances = [reading.number(ALLOWANCE, on=day) for day in periods]
    return DutyPay(
        lines=_lines(counts),
        allowances=sum((each for each in allowances if each is not None), Decimal(0)),
        uncounted=uncounted,
        unknown=reading.unknown,
        cited=reading.cited,
    )


def _lines(counts: Mapping[tuple[DutyBand, Decimal], int]) -> tuple[DutyLine, ...]:
    order = list(DutyBand)
    return tuple(
        DutyLine(band, count, fee, fee * count)
        for (band, fee), count in sorted(
            counts.items(), key=lambda each: (order.index(each[0][0]), each[0][1])
        )
    )


def _band(
    reading: Consultation, moment: dt.datetime, holidays: Collection[dt.date]
) -> DutyBand | None:
    day = moment.date()
    night = reading.text(NIGHT_HOURS, on=day)
    if night is None:
        return None
    # Deep night is a band of its own since 2025 only.
    deep = reading.law.find(DEEP_NIGHT_HOURS, on=day)
    if deep and isinstance(deep.value, str) and _within(deep.value, moment.time()):
        return DutyBand.DEEP_NIGHT
    if _within(night, moment.time()):
        return DutyBand.NIGHT
    closed = day.isoweekday() == SUNDAY or day in holidays
    return DutyBand.SUNDAY if closed else DutyBand.DAY


def _within(hours: str, time: dt.time) -> bool:
    """Tell whether a time falls in hours written `20:00-00:00, 06:00-08:00`, ends excluded."""
    for span in hours.split(", "):
        start, end = (dt.time.fromisoformat(part) for part in span.split("-"))
        over_midnight = end <= start
        if (start <= time or time < end) if over_midnight else (start <= time < end):
            return True
    return False
