"""What a clause is owed as months go: the tier reached, the tier the year is heading for, what is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from galien.kernel.period import Period, month_end, shift_months
from galien.model.contracts import Clause, Commitment, Contract, Measured, Span
from galien.model.net_net import Source

ZERO = Decimal(0)
_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}


@dataclass(frozen=True)
class Bought:
    """What was bought in a month: boxes paid, euros excl. tax at list and at invoice price."""

    quantity: Decimal = ZERO
    list_amount: Decimal = ZERO
    net_amount: Decimal = ZERO

    def __add__(self, other: Bought) -> Bought:
        return Bought(
            self.quantity + other.quantity,
            self.list_amount + other.list_amount,
            self.net_amount + other.net_amount,
        )

    def measured(self, what: Measured) -> Decimal:
        """Return what tiers and commitments count: boxes, or euros at list or invoice price."""
        amounts: dict[Measured, Decimal] = {
            Measured.QUANTITY: self.quantity,
            Measured.LIST_AMOUNT: self.list_amount,
            Measured.NET_AMOUNT: self.net_amount,
        }
        return amounts[what]


Months = Mapping[dt.date, Bought]
"""What was bought, by first day of the month."""


@dataclass(frozen=True)
class Reached:
    """How far a count has gone over its span, on the last day known: counted, and heading for."""

    span: Period
    counted: Decimal
    projected: Decimal
    over: bool

    def sure_of(self, minimum: Decimal) -> bool:
        """Tell whether what happens about a minimum is known: passed already, or the span is over."""
        return self.over or self.counted >= minimum


@dataclass(frozen=True)
class Due:
    """The rate a clause owes over a span, a ratio, and whether purchases already made settle it."""

    rate: Decimal
    source: Source


def spans(contract: Contract, span: Span, until: dt.date) -> list[Period]:
    """Return the spans over which a contract counts, those begun on `until` or before.

    Months are the calendar's; quarters and years run from the first month of the contract, and the last
    one ends with it.
    """
    length = _MONTHS[span]
    first, found = contract.since.replace(day=1), []
    last_day = min(until, contract.until or until)
    while max(first, contract.since) <= last_day:
        ending = month_end(shift_months(first, length - 1))
        if contract.until is not None:
            ending = min(ending, contract.until)
        found.append(Period(max(first, contract.since), ending))
        first = shift_months(first, length)
    return found


def reached(months: Months, span: Period, measured: Measured, *, until: dt.date) -> Reached:
    """Count what was bought over a span, and project it to its end.

    `until` is the last day of known purchases; `months` hold what is before the span too. The projection
    keeps the pace of the year before when it was bought over the whole of that year's span, its seasons
    with it; else the pace of the days elapsed.

    >>> hundred = {dt.date(2026, m, 1): Bought(Decimal(100)) for m in range(1, 4)}
    >>> year = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    >>> found = reached(hundred, year, Measured.QUANTITY, until=dt.date(2026, 3, 31))
    >>> found.counted, found.projected
    (Decimal('300'), Decimal('1216.67'))
    """
    counted = _sum(months, span.months(), measured)
    if until >= span.last:
        return Reached(span, counted, counted, over=True)
    elapsed = Period(span.first, max(until, span.first))
    before = [shift_months(month, -12) for month in span.months()]
    grown = Fraction(span.days, elapsed.days)
    if all(month in months for month in before):
        whole = _sum(months, before, measured)
        same = _until(months, before, measured, shift_months(until, -12))
        if same > 0 and whole > 0:
            grown = Fraction(whole) / Fraction(same)
    ahead = Fraction(counted) * grown
    projected = (Decimal(ahead.numerator) / Decimal(ahead.denominator)).quantize(Decimal("0.01"))
    return Reached(span, counted, max(counted, projected), over=False)


def due(
    clause: Clause,
    counted: Reached | None,
    conditions: Iterable[tuple[Commitment, Reached]] = (),
) -> Due:
    """Return the rate to accrue for a clause over a span.

    `counted` is what its tiers count, None for a plain rate; `conditions` are the commitments that must
    be met for it to be due, each with what was counted for it. Accrued at the tier the span is heading
    for: sure (contract) when what was bought settles it, an estimate otherwise.
    """
    sure = True
    rate = clause.rate or ZERO
    if clause.tiers and counted is not None:
        rate = clause.rate_at(counted.projected)
        sure = counted.over or rate == clause.rate_at(counted.counted)
    for commitment, found in conditions:
        sure = sure and found.sure_of(commitment.minimum)
        if found.projected < commitment.minimum:
            rate = ZERO
    return Due(rate, Source.CONTRACT if sure else Source.ESTIMATE)


def _sum(months: Months, named: Iterable[dt.date], measured: Measured) -> Decimal:
    return sum((months[m].measured(measured) for m in named if m in months), ZERO)


def _until(months: Months, named: Iterable[dt.date], measured: Measured, day: dt.date) -> Fraction:
    """Add months up to a day, the month it falls in counting for its days."""
    total = Fraction(0)
    for month in named:
        last = month_end(month)
        part = Fraction(day.day, last.day) if month <= day < last else Fraction(month <= day)
        total += part * Fraction(months[month].measured(measured))
    return total
