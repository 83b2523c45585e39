"""The figures on top of an analysis: their value, their change, their last thirteen months."""

from __future__ import annotations

from dataclasses import replace

from galien.analytics.answer import Answer, Figure
from galien.analytics.measures.purchases import INVOICE, worded_at
from galien.analytics.question import Question
from galien.kernel import french, glossary
from galien.kernel.errors import GalienError
from galien.kernel.period import Period, month_end, shift_months
from galien.kernel.units import Unit
from galien.model.country import FRANCE
from galien.model.viewer import Viewer
from galien.usecases.ask import ask
from galien.usecases.services import Services
from galien.web.analysis.columns import better_of, country_of_answer, definition_of
from galien.web.analysis.declared import Analysis
from galien.web.components.models import Better, Change, Headline

TREND_MONTHS = 13
CENTS_UNDER = 1000  # euros
SMALL = 10


def headlines(
    answer: Answer, analysis: Analysis, question: Question, viewer: Viewer, services: Services
) -> tuple[Headline, ...]:
    """Return the headline figures of an analysis, those the answer holds."""
    names = tuple(name for name in analysis.headlines if name in answer.totals)
    trends = _trends(names, question, answer.meta.period, viewer, services)
    against = ""
    if answer.meta.comparison is not None:
        against = f"contre {answer.meta.comparison.short_label()}"
    return tuple(
        headline(
            name,
            answer.totals,
            against=against,
            trend=trends.get(name, ()),
            level=question.level,
            country=country_of_answer(answer),
        )
        for name in names
    )


def headline(  # noqa: PLR0913  # a figure, what it is set against, and its words
    name: str,
    totals: object,
    *,
    against: str = "",
    trend: tuple[Figure, ...] = (),
    href: str = "",
    level: str = INVOICE,
    country: str = FRANCE,
) -> Headline:
    """Return one headline figure out of the totals of an answer."""
    figures = dict(totals)  # type: ignore[call-overload]
    value, unit = figures.get(name), glossary.unit(name)
    return Headline(
        label=glossary.label(worded_at(name, level), country=country),
        value=shown(value, unit),
        exact=_exact(value, unit),
        change=_change(name, figures, unit) if against else None,
        against=against,
        trend=trend,
        definition=definition_of(name, level, country),
        href=href,
    )


def shown(value: Figure, unit: Unit) -> str:
    """Write a figure as headlines do: k€ and M€, percentages, whole numbers."""
    if value is None:
        return "–"
    if unit is Unit.RATIO:
        return french.percent(value, 1)
    if unit.is_money:
        return (
            french.amount(value, 2)
            if abs(float(value)) < CENTS_UNDER
            else french.compact_amount(value)
        )
    return french.number(value, _places(float(value)))


def _places(value: float) -> int:
    """Give small ratios two places: 1,24 prescriptions for a counter sale is not 1,2."""
    if value.is_integer():
        return 0
    return 2 if abs(value) < SMALL else 1


def _exact(value: Figure, unit: Unit) -> str:
    if value is None:
        return ""
    return french.amount(value) if unit.is_money else ""


def _change(name: str, figures: dict[str, Figure], unit: Unit) -> Change | None:
    if f"{name}_change" in figures:
        return Change(figures[f"{name}_change"], better=better_of(name))
    return change_of(figures.get(name), figures.get(f"{name}_previous"), unit, better_of(name))


def change_of(now: Figure, before: Figure, unit: Unit, better: Better) -> Change | None:
    """Return the change of a figure, in points for a ratio; None when either is unknown."""
    if now is None or before is None:
        return None
    if unit is Unit.RATIO:
        return Change(float(now) - float(before), points=True, better=better)
    ratio = (float(now) - float(before)) / abs(float(before)) if before else None
    return Change(ratio, better=better)


def _trends(
    names: tuple[str, ...],
    question: Question,
    period: Period,
    viewer: Viewer,
    services: Services,
) -> dict[str, tuple[Figure, ...]]:
    """Ask the same by month; no trend where the rights or the data do not allow the question."""
    last = month_end(period.last)
    first = shift_months(last.replace(day=1), 1 - TREND_MONTHS)
    by_month = replace(
        question,
        measures=names,
        by=("month",),
        period=Period(first, last).iso(),
        compare="none",
        order=None,
        top=None,
    )
    try:
        records = ask(by_month, viewer, services=services).table.to_pylist()
    except GalienError:
        return {}
    found = {record["month"]: record for record in records}
    months = [month.isoformat()[:7] for month in Period(first, last).months()]
    return {
        name: tuple(_float(_month(found, month).get(name)) for month in months) for name in names
    }


def _month(found: dict[str, dict[str, Figure]], month: str) -> dict[str, Figure]:
    return found.get(month) or found.get(f"{month}-01") or {}


def _float(value: Figure) -> float | None:
    return None if value is None else float(value)
