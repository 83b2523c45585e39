"""The indicators of a pharmacy and a year: from its activity and its accounts, beside references."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galien.calculators.accounting.indicators import ACCOUNT_CODES, Indicator, indicators
from galien.calculators.accounting.statement import Statement
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period, shift_months
from galien.law import Cited
from galien.model.viewer import Viewer
from galien.usecases import accounts
from galien.usecases.activity import ActivityFound, as_found, from_facts, saved
from galien.usecases.ask import ask
from galien.usecases.file_indicators import amounts_of, mismatch, references
from galien.usecases.services import Services

if TYPE_CHECKING:
    from galien.analytics.answer import Figure
    from galien.records.models import AccountingYear

# Those that the published sales give month by month.
FOLLOWED = (
    "pmo",
    "pmc",
    "pmvc",
    "pmv",
    "prescription_counter_ratio",
    "prescription_linked_share",
    "tied_counter_share",
    "prescription_bearer_share",
)
MONTHS = 24


@dataclass(frozen=True)
class YearIndicators:
    """The indicators of a year, those of the year before, and what each was made from.

    `before` is empty without a year before; `references` are national values by indicator.
    """

    values: Mapping[str, Indicator]
    before: Mapping[str, Indicator]
    activity: ActivityFound | None
    statement: Statement | None
    references: Mapping[str, Cited[Decimal]]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """Indicators month by month: the months, then a figure for each, None where there is none."""

    months: tuple[dt.date, ...]
    figures: Mapping[str, tuple[Figure, ...]]


def of_year(
    viewer: Viewer,
    pharmacy: str,
    year: AccountingYear | None,
    *,
    period: Period,
    services: Services,
) -> YearIndicators:
    """Return the indicators of a pharmacy over a year, from its summary or else from its sales.

    `year` is the year of accounts, None when there is none for the period.
    """
    activity = _activity(viewer, pharmacy, period, services)
    before = _before(period)
    past = _activity(viewer, pharmacy, before, services)
    statement = accounts.statement_of(viewer, pharmacy, year.last_day) if year else None
    previous = _previous_amounts(statement)
    values = indicators(activity.activity if activity else None, amounts_of(statement))
    notes = list(activity.notes) if activity else []
    if activity and year:
        notes.append(mismatch(activity.period, Period(year.first_day, year.last_day)))
    return YearIndicators(
        values=values,
        before=indicators(past.activity if past else None, previous) if past or previous else {},
        activity=activity,
        statement=statement,
        references=references(services.law, on=period.last),
        notes=tuple(note for note in notes if note),
    )


def _activity(
    viewer: Viewer, pharmacy: str, period: Period, services: Services
) -> ActivityFound | None:
    """Return the summary kept, else what the sales say when they cover the period."""
    summary = saved(viewer, pharmacy, period.last)
    return as_found(summary) if summary else from_facts(viewer, pharmacy, period, services=services)


def _before(period: Period) -> Period:
    """Return the year that ends on the eve of a period, of the same months."""
    last = period.first - dt.timedelta(days=1)
    return Period(shift_months(period.first, -12), last)


def _previous_amounts(statement: Statement | None) -> dict[str, Decimal]:
    if statement is None or statement.previous_amounts is None:
        return {}
    found = {code: statement.previous(code) for code in ACCOUNT_CODES}
    return {code: amount for code, amount in found.items() if amount is not None}


def history(viewer: Viewer, pharmacy: str, *, last: dt.date, services: Services) -> History | None:
    """Return the indicators month by month up to a day, from the sales; None when there are none."""
    from galien.analytics.question import Filter, Question

    first = shift_months(last.replace(day=1), 1 - MONTHS)
    months = tuple(Period(first, last).months())
    for start in (first, shift_months(last.replace(day=1), -11)):
        question = Question(
            subject="traffic",
            measures=FOLLOWED,
            by=("month",),
            period=Period(start, last).iso(),
            compare="none",
            where=(Filter("pharmacy", (pharmacy,)),),
        )
        try:
            rows = ask(question, viewer, services=services).table.to_pylist()
        except (NotAllowed, NotAvailable):
            continue
        found = {str(row["month"])[:7]: row for row in rows}
        return History(
            months,
            {
                name: tuple(found.get(f"{month:%Y-%m}", {}).get(name) for month in months)
                for name in FOLLOWED
            },
        )
    return None
