"""What the yearly report of a pharmacy holds: only its own figures, each with its reference and source.

No figure of another pharmacy is in it, nor any middle of a set: the report is handed from hand to hand.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from galien.calculators.accounting.benchmarks import Position
from galien.calculators.accounting.classification import (
    Classified,
    Member,
    Rules,
    classify,
    rules_of,
)
from galien.calculators.accounting.findings import Findings, findings
from galien.calculators.accounting.statement import Statement
from galien.calculators.accounting.warnings import EarlyWarning
from galien.kernel.errors import NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Viewer
from galien.usecases import accounts
from galien.usecases.benchmarks import Likeness, standing
from galien.usecases.detail import release_of
from galien.usecases.indicators import History, YearIndicators, history, of_year
from galien.usecases.services import Services

if TYPE_CHECKING:
    from galien.records.models import AccountingYear, Pharmacy


@dataclass(frozen=True)
class Identity:
    """Whom and what the report is about, and what it was made from."""

    pharmacy: Pharmacy
    year: AccountingYear
    release: str
    made_on: dt.date

    @property
    def period(self) -> Period:
        """Return the year of accounts."""
        return Period(self.year.first_day, self.year.last_day)


@dataclass(frozen=True)
class Report:
    """A pharmacy's year: balances, indicators, classes, sector, strengths and points to watch.

    `rules` and `classified` are None where the law of the year has no band; `history` without sales.
    """

    identity: Identity
    statement: Statement
    indicators: YearIndicators
    history: History | None
    rules: Rules | None
    classified: Classified | None
    positions: tuple[Position, ...]
    warnings: tuple[EarlyWarning, ...]
    findings: Findings


def report_of(viewer: Viewer, pharmacy: str, last_day: dt.date, *, services: Services) -> Report:
    """Gather the report of a year of accounts; NotAllowed when the viewer does not see it."""
    year = accounts.year_of(viewer, pharmacy, last_day)
    statement = accounts.statement_of(viewer, pharmacy, last_day)
    period = Period(year.first_day, year.last_day)
    indicators = of_year(viewer, pharmacy, year, period=period, services=services)
    stands = standing(viewer, pharmacy, last_day, law=services.law, likeness=Likeness())
    rules, classified = _classes(statement, indicators, services)
    return Report(
        identity=Identity(year.pharmacy, year, release_of(services), services.clock.today()),
        statement=statement,
        indicators=indicators,
        history=history(viewer, pharmacy, last=last_day, services=services),
        rules=rules,
        classified=classified,
        positions=stands.positions,
        warnings=stands.warnings,
        findings=findings(
            stands.positions,
            stands.warnings,
            indicators.values,
            indicators.references,
            statement if statement.previous_amounts is not None else None,
        ),
    )


# The amounts of the management balances that the panel's classes look at.
_AMOUNTS = {
    "turnover": "turnover",
    "ebe_restated": "ebe_restated",
    "global_gross_margin": "global_gross_margin",
    "balance_margin": "value_added",
}
_INDICATORS = ("vat21_purchase_share", "prescription_counter_ratio", "pmo")


def _classes(
    statement: Statement, indicators: YearIndicators, services: Services
) -> tuple[Rules | None, Classified | None]:
    try:
        rules = rules_of(services.law, on=statement.last_day)
    except NotAvailable:
        return None, None
    values = {name: statement.amount(code) for name, code in _AMOUNTS.items()}
    known = {name: indicators.values[name].value for name in _INDICATORS}
    return rules, classify(Member("", {**values, **known}, statement.months), rules)
