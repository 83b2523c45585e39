"""Where a pharmacy's year of accounts stands: its sector, pharmacies like it, early warnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from galien.calculators.accounting.balance import balance_of
from galien.calculators.accounting.benchmarks import (
    LEAST_PEERS,
    Position,
    positions,
    turnover_band,
)
from galien.calculators.accounting.figures import Figures, figures
from galien.calculators.accounting.statement import statement
from galien.calculators.accounting.warnings import EarlyWarning, Situation, warnings
from galien.law import Law
from galien.model.accounts import Ledger
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear
from galien.usecases import accounts
from galien.usecases.accounts.reading import ledger_from
from galien.usecases.activity import saved

# Another pharmacy's year is compared when it ends within a year of this one.
NEAR = dt.timedelta(days=366)
COMPANY_TAX, SOLE_OWNER = "695", "108"


@dataclass(frozen=True)
class Likeness:
    """What pharmacies of the comparison set share with this one; every test is a choice."""

    zone: bool = False
    turnover: bool = False
    legal_form: bool = False
    regime: bool = False


@dataclass(frozen=True)
class Member:
    """A pharmacy's year as it is compared: its figures and what it can be likened by."""

    pharmacy: str
    figures: Figures
    zone: str
    legal_form: str
    regime: str

    @property
    def band(self) -> int:
        """Return the comparison band of its turnover."""
        return turnover_band(self.figures["turnover"].value or Decimal(0))

    def like(self, other: Member, likeness: Likeness) -> bool:
        """Tell whether another pharmacy is in its comparison set."""
        tests = (
            (likeness.zone, self.zone == other.zone),
            (likeness.turnover, self.band == other.band),
            (likeness.legal_form, self.legal_form == other.legal_form),
            (likeness.regime, self.regime == other.regime),
        )
        return all(same for asked, same in tests if asked)


@dataclass(frozen=True)
class Standing:
    """A year against references and peers, and its warnings; `peers` counts the set.

    `months` is the length of the year: sizes and heads are those of the year as it is.
    """

    member: Member
    positions: tuple[Position, ...]
    warnings: tuple[EarlyWarning, ...]
    peers: int
    months: int

    @property
    def told(self) -> bool:
        """Tell whether the set is large enough to be shown."""
        return self.peers >= LEAST_PEERS


def standing(
    viewer: Viewer,
    pharmacy: str,
    last_day: dt.date,
    *,
    law: Law,
    likeness: Likeness,
    old_receivables: Decimal | None = None,
) -> Standing:
    """Place a year of accounts; NotAllowed when the viewer does not see it.

    The set is made of the pharmacies whose accounts the viewer may see, this one left out; under
    five of them nothing of theirs is told.
    """
    year = accounts.year_of(viewer, pharmacy, last_day)
    ledger = ledger_from(year)
    own = _member(viewer, year, ledger)
    others = [each for each in _others(viewer, year) if own.like(each, likeness)]
    before = accounts.previous_of(viewer, year)
    situation = Situation(
        figures=own.figures,
        balance=balance_of(ledger),
        previous_turnover=_turnover(before) if before else None,
        old_receivables=old_receivables,
        zone=own.zone,
    )
    shown = [each.figures for each in others] if len(others) >= LEAST_PEERS else []
    return Standing(
        member=own,
        positions=positions(own.figures, law, on=last_day, others=shown),
        warnings=warnings(situation, law, on=last_day),
        peers=len(others),
        months=ledger.months,
    )


def _others(viewer: Viewer, year: AccountingYear) -> Iterator[Member]:
    """Yield the nearest year of each other pharmacy."""
    nearest: dict[str, AccountingYear] = {}
    for each in accounts.years(viewer):
        gap = abs(each.last_day - year.last_day)
        kept = nearest.get(each.pharmacy_id)
        if each.pharmacy_id == year.pharmacy_id or gap > NEAR:
            continue
        if kept is None or gap < abs(kept.last_day - year.last_day):
            nearest[each.pharmacy_id] = each
    return (_member(viewer, each, ledger_from(each)) for each in nearest.values())


def _member(viewer: Viewer, year: AccountingYear, ledger: Ledger) -> Member:
    made = statement(ledger, accounts.rules_of(year))
    summary = saved(viewer, year.pharmacy_id, year.last_day)
    headcount = summary.fte if summary else None
    sole = any(ledger.under(SOLE_OWNER))
    return Member(
        pharmacy=year.pharmacy_id,
        figures=figures(made.amount, balance_of(ledger), headcount=headcount),
        zone=year.pharmacy.typology,
        legal_form="entreprise individuelle" if sole else "société",
        regime="is" if any(ledger.under(COMPANY_TAX)) else "ir",
    )


def _turnover(year: AccountingYear) -> Decimal:
    return statement(ledger_from(year), accounts.rules_of(year)).amount("turnover")
