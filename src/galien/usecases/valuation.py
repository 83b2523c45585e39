"""What a pharmacy of the workspace is worth: its accounts and activity, for the five methods."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from galien.calculators.accounting.balance import balance_of
from galien.calculators.accounting.indicators import Activity
from galien.calculators.accounting.statement import Statement, annualised, statement
from galien.calculators.accounting.valuation import Business
from galien.kernel.errors import NotAvailable
from galien.model.enums import SALE_TYPES
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear
from galien.usecases import accounts
from galien.usecases.accounts.reading import ledger_from
from galien.usecases.activity import as_found, saved

YEARS = 3
TWELVE = 12


@dataclass(frozen=True)
class Known:
    """What the accounts of a pharmacy say of its value, the year they end, and remarks."""

    business: Business
    last_day: dt.date
    notes: tuple[str, ...]


def business_of(viewer: Viewer, pharmacy: str, last_day: dt.date | None = None) -> Known:
    """Read up to three years ending with `last_day` (the last one known by default).

    Years that are not of twelve months are brought to twelve, and it is said. Raises NotAvailable
    when the pharmacy has no accounts, NotAllowed when the viewer does not see those.
    """
    if last_day is not None:
        accounts.year_of(viewer, pharmacy, last_day)
    years = accounts.years(viewer, pharmacy)
    kept = [each for each in years if last_day is None or each.last_day <= last_day][:YEARS]
    if not kept:
        raise NotAvailable(
            f"Aucun exercice pour la pharmacie {pharmacy} : déposez son FEC, ou donnez les montants."
        )
    made = [_twelve_months(year) for year in kept]
    summary = saved(viewer, pharmacy, kept[0].last_day)
    activity = as_found(summary).activity if summary else Activity(())
    stock = balance_of(ledger_from(kept[0])).stock
    business = Business(
        turnovers=tuple(each.amount("turnover") for each in made),
        ebe_restated=made[0].amount("ebe_restated"),
        global_gross_margin=made[0].amount("global_gross_margin"),
        clients=activity.clients,
        invoices=activity.invoices(*SALE_TYPES) or None,
        stock=stock.closing if stock else None,
    )
    return Known(business, kept[0].last_day, _notes(kept, activity))


def _twelve_months(year: AccountingYear) -> Statement:
    ledger = ledger_from(year)
    whole = ledger if ledger.months == TWELVE else annualised(ledger)
    return statement(whole, accounts.rules_of(year))


def _notes(years: list[AccountingYear], activity: Activity) -> tuple[str, ...]:
    notes = [
        f"Exercice au {each.last_day:%d/%m/%Y} ramené à douze mois."
        for each in years
        if ledger_from(each).months != TWELVE
    ]
    if not activity.rows:
        notes.append("Sans bilan d’activité : les clients et les factures restent à donner.")
    return tuple(notes)
