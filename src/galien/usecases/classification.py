"""The panel that a viewer may see: their pharmacies' years of accounts, classed by both sets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from galien.analytics.question import Filter, Question
from galien.calculators.accounting.classification import Member, Value, rules_of
from galien.calculators.accounting.indicators import Activity, ActivityRow, indicators
from galien.calculators.accounting.statement import statement
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases import accounts
from galien.usecases.accounts.reading import ledger_from
from galien.usecases.activity import as_found, summaries
from galien.usecases.ask import ask
from galien.usecases.file_indicators import amounts_of
from galien.usecases.panel_file import Panel, panel_of
from galien.usecases.services import Services

if TYPE_CHECKING:
    from galien.records.models import AccountingYear

ACTIVITY = ("pmo", "prescription_counter_ratio")
# Years before its first value have no bands to be classed by.
BANDED_SINCE = "class_old_majority"


@dataclass(frozen=True)
class ActivityFigures:
    """What the classes need of an activity, unrounded, and where it comes from."""

    origin: str
    values: Mapping[str, Value]


NOTHING = ActivityFigures("", {})


@dataclass(frozen=True)
class PanelYear:
    """A pharmacy of the panel: its name, its year of accounts, where its activity comes from.

    `origin` is `summary`, `facts`, or empty when its activity is unknown.
    """

    pharmacy: str
    name: str
    first_day: dt.date
    last_day: dt.date
    origin: str


@dataclass(frozen=True)
class SeenPanel:
    """The panel of a civil year: it holds the years of accounts that end in it.

    `members` of the panel are named by pharmacy in `years`; `civil_years` are those on offer.
    """

    civil_year: int | None
    civil_years: tuple[int, ...]
    panel: Panel
    years: Mapping[str, PanelYear]


def panel_of_year(
    viewer: Viewer, civil_year: int | None, *, old_rule: str, services: Services
) -> SeenPanel:
    """Class the pharmacies whose accounts the viewer sees; the last civil year when none is given.

    Years that ended before the first bands are not offered. Raises InvalidInput for an unknown rule.
    """
    every = accounts.years(viewer)
    offered = tuple(
        year
        for year in sorted({each.last_day.year for each in every}, reverse=True)
        if services.law.find(BANDED_SINCE, on=dt.date(year, 1, 1)) is not None
    )
    chosen = civil_year if civil_year in offered else next(iter(offered), None)
    kept = _last_of_each([each for each in every if each.last_day.year == chosen])
    day = max((each.last_day for each in kept), default=services.clock.today())
    rules = rules_of(services.law, on=day, old_rule=old_rule)
    activity = _activities(viewer, kept, services)
    members = [_member(each, activity.get(each.pharmacy_id, NOTHING)) for each in kept]
    years = {each.pharmacy_id: _seen(each, activity) for each in kept}
    return SeenPanel(chosen, offered, panel_of(members, rules), years)


def _last_of_each(years: Sequence[AccountingYear]) -> list[AccountingYear]:
    """Keep the last year of each pharmacy, where two end in the same civil year."""
    last: dict[str, AccountingYear] = {}
    for each in sorted(years, key=lambda year: year.last_day):
        last[each.pharmacy_id] = each
    return sorted(last.values(), key=lambda year: (year.pharmacy.name, year.pharmacy_id))


def _member(year: AccountingYear, activity: ActivityFigures) -> Member:
    ledger = ledger_from(year)
    amounts = statement(ledger, accounts.rules_of(year))
    share = indicators(None, amounts_of(amounts))["vat21_purchase_share"].value
    values: dict[str, Value] = {
        "turnover": amounts.amount("turnover"),
        "ebe_restated": amounts.amount("ebe_restated"),
        "global_gross_margin": amounts.amount("global_gross_margin"),
        "balance_margin": amounts.amount("value_added"),
        "vat21_purchase_share": share,
    }
    return Member(year.pharmacy_id, {**values, **activity.values}, ledger.months)


def _seen(year: AccountingYear, activity: Mapping[str, ActivityFigures]) -> PanelYear:
    return PanelYear(
        pharmacy=year.pharmacy_id,
        name=year.pharmacy.name,
        first_day=year.first_day,
        last_day=year.last_day,
        origin=activity.get(year.pharmacy_id, NOTHING).origin,
    )


def _activities(
    viewer: Viewer, years: Sequence[AccountingYear], services: Services
) -> dict[str, ActivityFigures]:
    """Return baskets and ratio of each pharmacy: those of its summary, else those of its sales.

    Sales are asked once for all pharmacies whose years of accounts cover the same days.
    """
    found: dict[str, ActivityFigures] = {}
    by_period: dict[Period, list[str]] = defaultdict(list)
    kept = {(each.pharmacy_id, each.last_day): each for each in summaries(viewer)}
    for year in years:
        summary = kept.get((year.pharmacy_id, year.last_day))
        if summary is None:
            by_period[Period(year.first_day, year.last_day)].append(year.pharmacy_id)
            continue
        found[year.pharmacy_id] = _figures(as_found(summary).activity, "summary")
    for period, pharmacies in by_period.items():
        found |= _from_sales(viewer, period, pharmacies, services)
    return found


def _from_sales(
    viewer: Viewer, period: Period, pharmacies: Sequence[str], services: Services
) -> dict[str, ActivityFigures]:
    question = Question(
        subject="traffic",
        measures=("gross_incl", "invoices"),
        by=("pharmacy", "sale_type"),
        period=period.iso(),
        compare="none",
        where=(Filter("pharmacy", tuple(pharmacies)),),
    )
    try:
        rows = ask(question, viewer, services=services).table.to_pylist()
    except (NotAllowed, NotAvailable):
        return {}
    by_pharmacy: dict[str, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        sold = ActivityRow(row["sale_type"], Decimal(row["gross_incl"]), int(row["invoices"]))
        by_pharmacy[row["pharmacy"]].append(sold)
    return {
        pharmacy: _figures(Activity(tuple(sold)), "facts") for pharmacy, sold in by_pharmacy.items()
    }


def _figures(activity: Activity, origin: str) -> ActivityFigures:
    computed = indicators(activity)
    return ActivityFigures(origin, {name: computed[name].value for name in ACTIVITY})
