"""The contract monitor: what was promised, what was bought, where the span is heading, what is at stake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from galien.calculators.discounts.accrual import Months, Reached, reached
from galien.kernel.period import Period
from galien.model.contracts import Measured

ZERO = Decimal(0)
_DAYS_A_MONTH = Decimal("30.4375")


class Standing(IntEnum):
    """How a target stands, alerts first."""

    MISSED = 0
    AT_RISK = 1
    ON_COURSE = 2
    REACHED = 3


@dataclass(frozen=True)
class Followed:
    """A target over a span, on the last day of known purchases.

    Amounts are what the target counts: boxes, or euros excl. tax. `expected` is what an even pace would
    have brought by then; `missing` what is still to buy, `a_month` what that asks for each month left
    (None when the span is over); `at_stake` the euros lost if it is missed, or won if it is reached.
    """

    span: Period
    target: Decimal
    reached: Reached
    expected: Decimal
    missing: Decimal
    a_month: Decimal | None
    at_stake: Decimal
    standing: Standing

    @property
    def share(self) -> Decimal | None:
        """Return what was bought over the target, a ratio; None without a target."""
        return self.reached.counted / self.target if self.target else None

    @property
    def pace(self) -> Decimal | None:
        """Return what was bought over what an even pace expects, a ratio; None before any is."""
        return self.reached.counted / self.expected if self.expected else None

    @property
    def gap(self) -> Decimal:
        """Return what the projection lacks of the target; negative when it goes beyond."""
        return self.target - self.reached.projected


def follow(
    months: Months,
    span: Period,
    target: Decimal,
    measured: Measured,
    *,
    until: dt.date,
    at_stake: Decimal = ZERO,
) -> Followed:
    """Follow a target over a span.

    Purpose: see a promise about to be missed while it can still be kept. `months` hold what was bought,
    the year before the span too where it is known; `until` is the last day of known purchases; `at_stake`
    is in euros. Projection: see `accrual.reached`. Expected: target × days elapsed ÷ days of the span.

    >>> from galien.calculators.discounts.accrual import Bought
    >>> bought = {dt.date(2026, m, 1): Bought(net_amount=Decimal(1000)) for m in range(1, 7)}
    >>> year = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    >>> found = follow(
    ...     bought, year, Decimal(15000), Measured.NET_AMOUNT, until=dt.date(2026, 6, 30)
    ... )
    >>> found.standing.name, found.missing, round(found.a_month), round(found.share, 2)
    ('AT_RISK', Decimal('9000'), 1489, Decimal('0.40'))
    """
    found = reached(months, span, measured, until=until)
    elapsed = min(max((until - span.first).days + 1, 0), span.days)
    missing = max(target - found.counted, ZERO)
    left = span.days - elapsed
    return Followed(
        span=span,
        target=target,
        reached=found,
        expected=target * elapsed / span.days,
        missing=missing,
        a_month=missing / (left / _DAYS_A_MONTH) if left and missing else None,
        at_stake=at_stake,
        standing=_standing(found, target),
    )


def _standing(found: Reached, target: Decimal) -> Standing:
    if found.counted >= target:
        return Standing.REACHED
    if found.over:
        return Standing.MISSED
    return Standing.ON_COURSE if found.projected >= target else Standing.AT_RISK
