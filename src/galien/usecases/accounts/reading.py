"""Reading a pharmacy's years of accounts: their ledger, their rules, their management balances."""

from __future__ import annotations

import datetime as dt

from galien.calculators.accounting.rules import Rules, rules_for
from galien.calculators.accounting.statement import Statement, annualised, statement
from galien.kernel.errors import NotAllowed
from galien.model.accounts import AccountTotal, Ledger
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear, AccountRule
from galien.records.scope import visible_to

UNKNOWN = "Cet exercice n’existe pas."
FULL_YEAR = 12


def pharmacies_with_accounts(viewer: Viewer) -> dict[str, str]:
    """Return the pharmacies some of whose accounts a viewer may see: name by FINESS, by name."""
    return dict(visible_to(viewer).accounted().values_list("finess", "name"))


def years(viewer: Viewer, pharmacy: str = "") -> list[AccountingYear]:
    """Return the years of accounts a viewer may see, the last first; of a pharmacy when given."""
    found = visible_to(viewer).years().select_related("pharmacy")
    if pharmacy:
        found = found.filter(pharmacy=pharmacy)
    return list(found.order_by("pharmacy__name", "pharmacy", "-last_day"))


def year_of(viewer: Viewer, pharmacy: str, last_day: dt.date) -> AccountingYear:
    """Return a year by its last day; NotAllowed, in the words of an absence, when it is not seen."""
    found = visible_to(viewer).years().filter(pharmacy=pharmacy, last_day=last_day)
    year = found.select_related("pharmacy").first()
    if year is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_YEAR")
    return year


def previous_of(viewer: Viewer, year: AccountingYear) -> AccountingYear | None:
    """Return the year of accounts before a year, when the viewer may see it."""
    before = visible_to(viewer).years().filter(pharmacy=year.pharmacy_id)
    return before.filter(last_day__lt=year.first_day).order_by("-last_day").first()


def ledger_of(viewer: Viewer, pharmacy: str, last_day: dt.date) -> Ledger:
    """Return the totals of a year by account; NotAllowed when the viewer does not see it."""
    return ledger_from(year_of(viewer, pharmacy, last_day))


def statement_of(
    viewer: Viewer, pharmacy: str, last_day: dt.date, *, annualise: bool = False
) -> Statement:
    """Return the management balances of a year beside those of the year before, when there is one.

    `annualise` brings years that are not of twelve months to twelve.
    """
    year = year_of(viewer, pharmacy, last_day)
    before = previous_of(viewer, year)
    ledgers = [ledger_from(each) for each in (year, before) if each]
    if annualise:
        ledgers = [annualised(each) for each in ledgers]
    return statement(
        ledgers[0],
        rules_of(year),
        ledgers[1] if before else None,
        previous_rules=rules_of(before) if before else None,
    )


def rules_of(year: AccountingYear) -> Rules:
    """Return the account rules of a year: those of its opening, corrected by the pharmacy."""
    return rules_for(year.first_day, corrections_of(year.pharmacy_id))


def corrections_of(pharmacy: str) -> dict[str, str]:
    """Return a pharmacy's corrections: line or detail by account prefix."""
    return dict(AccountRule.objects.filter(pharmacy=pharmacy).values_list("prefix", "line"))


def ledger_from(year: AccountingYear) -> Ledger:
    """Return the ledger kept for a year."""
    names = ("account", "label", "debit", "credit", "opening_debit", "opening_credit")
    rows = year.totals.order_by("account").values_list(*names)
    return Ledger(
        siren=year.siren,
        first_day=year.first_day,
        last_day=year.last_day,
        accounts=tuple(AccountTotal(*row) for row in rows),
    )
