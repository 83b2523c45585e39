"""The first page: a dozen figures of the last full month, each with its last thirteen months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from galien.analytics.answer import Answer, Figure
from galien.analytics.question import Filter, Question
from galien.kernel import glossary
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.glossary import Term
from galien.kernel.period import Period, month_end, shift_months
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.freshness import freshness
from galien.usecases.services import Services

MONTHS = 13


@dataclass(frozen=True)
class Plain:
    """An indicator that is a measure of a subject."""

    name: str
    subject: str
    measure: str

    def asks(self) -> dict[tuple[str, tuple[Filter, ...]], str]:
        """Return the measure asked of each (subject, filters)."""
        return {(self.subject, ()): self.measure}

    def value(self, found: list[Figure]) -> Figure:
        """Return the figure of a month from what was asked."""
        return found[0]


@dataclass(frozen=True)
class Share:
    """An indicator that is one measure over two sets of rows: part ÷ whole."""

    name: str
    subject: str
    measure: str
    part: tuple[Filter, ...]
    whole: tuple[Filter, ...] = ()

    def asks(self) -> dict[tuple[str, tuple[Filter, ...]], str]:
        """Return the measure asked of each (subject, filters): the part, then the whole."""
        return {(self.subject, self.part): self.measure, (self.subject, self.whole): self.measure}

    def value(self, found: list[Figure]) -> Figure:
        """Return the part divided by the whole, None when the whole is nothing."""
        part, whole = found
        return None if part is None or not whole else float(part) / float(whole)


Declared = Plain | Share
GENERICS = Filter("generic_status", ("generic",))
GENERICS_AND_ORIGINATORS = Filter("generic_status", ("originator", "generic"))
NOT_COUNTER = Filter("prescription_or_counter", ("counter",), exclude=True)

INDICATORS: tuple[Declared, ...] = (
    Plain("sales_incl", "sales", "sales_incl"),
    Plain("sales_excl", "sales", "sales_excl"),
    Plain("adjusted_margin", "sales", "adjusted_margin"),
    Plain("margin_rate", "sales", "margin_rate"),
    Plain("net_amount", "purchases", "net_amount"),
    Plain("discount_rate", "purchases", "discount_rate"),
    Share("generic_share", "sales", "quantity", (GENERICS,), (GENERICS_AND_ORIGINATORS,)),
    Share("prescription_share", "sales", "sales_incl", (NOT_COUNTER,)),
    Plain("visits", "traffic", "visits"),
    Plain("average_basket", "traffic", "average_basket"),
)


@dataclass(frozen=True)
class Indicator:
    """A figure of the first page: this month, the month before, the same month a year before."""

    term: Term
    value: Figure
    month_before: Figure
    year_before: Figure
    trend: tuple[Figure, ...]


@dataclass(frozen=True)
class Home:
    """The first page: the month it is about, its figures, and the breakdown that tells most.

    `by` is `pharmacy` for who reads several, `universe_1` for who reads one; `breakdown` is None
    when the rights or the data give none.
    """

    month: Period
    indicators: tuple[Indicator, ...]
    late: int
    pharmacies: int
    by: str
    breakdown: Answer | None
    scope: tuple[str, ...]
    release: str


def home(viewer: Viewer, *, services: Services) -> Home | None:
    """Return the first page of a viewer; None when they have no data to read."""
    fresh = freshness(viewer, services=services)
    if fresh is None:
        return None
    month = last_full_month(fresh.until, services.clock.today())
    asked = _answers(month, viewer, services)
    breakdown_by = "pharmacy" if fresh.pharmacies > 1 else "universe_1"
    breakdown = _breakdown(breakdown_by, month, viewer, services)
    return Home(
        month=month,
        indicators=tuple(_indicators(month, asked)),
        late=fresh.pharmacies - fresh.up_to_date,
        pharmacies=fresh.pharmacies,
        by=breakdown_by,
        breakdown=breakdown,
        scope=breakdown.meta.scope if breakdown else (),
        release=fresh.release,
    )


def last_full_month(until: dt.date, today: dt.date) -> Period:
    """Return the last month that is over and that the data reach.

    >>> last_full_month(dt.date(2026, 11, 20), dt.date(2026, 11, 21)).label()
    'octobre 2026'
    >>> last_full_month(dt.date(2026, 8, 14), dt.date(2026, 11, 21)).label()
    'août 2026'
    """
    over = today.replace(day=1) - dt.timedelta(days=1)
    last = min(month_end(until), over)
    return Period(last.replace(day=1), last)


Key = tuple[str, tuple[Filter, ...]]
Months = Mapping[str, Mapping[str, Figure]]


def _answers(month: Period, viewer: Viewer, services: Services) -> dict[Key, Months]:
    """Ask each (subject, filters) once, with all the measures wanted of it, by month."""
    wanted: dict[Key, set[str]] = {}
    for declared in INDICATORS:
        for key, measure in declared.asks().items():
            wanted.setdefault(key, set()).add(measure)
    found = {}
    for key, measures in wanted.items():
        months = _by_month(key, tuple(sorted(measures)), month, viewer, services)
        if months is not None:
            found[key] = months
    return found


def _by_month(
    key: Key, measures: tuple[str, ...], month: Period, viewer: Viewer, services: Services
) -> Months | None:
    """Ask over thirteen months; over the month alone where rights do not reach further back."""
    subject, where = key
    start = shift_months(month.first, 1 - MONTHS)
    for first in (start, month.first):
        question = Question(
            subject=subject,
            measures=measures,
            by=("month",),
            period=Period(first, month.last).iso(),
            compare="none",
            where=where,
        )
        try:
            answer = ask(question, viewer, services=services)
        except (NotAllowed, NotAvailable):
            continue
        return {str(row["month"])[:7]: row for row in answer.table.to_pylist()}
    return None


def _indicators(month: Period, asked: Mapping[Key, Months]) -> Iterable[Indicator]:
    """Yield the indicators whose feeds gave figures this month."""
    first = shift_months(month.first, 1 - MONTHS)
    names = [f"{day:%Y-%m}" for day in Period(first, month.last).months()]
    for declared in INDICATORS:
        parts = [(asked.get(key), measure) for key, measure in declared.asks().items()]
        if any(months is None for months, _ in parts):
            continue
        trend = tuple(
            declared.value([(months or {}).get(name, {}).get(measure) for months, measure in parts])
            for name in names
        )
        if trend[-1] is not None:
            yield Indicator(
                term=glossary.term(declared.name),
                value=trend[-1],
                month_before=trend[-2],
                year_before=trend[0],
                trend=trend,
            )


def _breakdown(by: str, month: Period, viewer: Viewer, services: Services) -> Answer | None:
    question = Question(
        subject="sales",
        measures=("sales_incl", "adjusted_margin", "margin_rate"),
        by=(by,),
        period=month.iso(),
        order="-sales_incl",
    )
    try:
        return ask(question, viewer, services=services)
    except (NotAllowed, NotAvailable):
        return None
