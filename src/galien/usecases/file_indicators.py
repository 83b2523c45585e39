"""Indicators from files alone, an activity summary and a ledger: no workspace, nothing kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from galien.calculators.accounting.indicators import ACCOUNT_CODES, Indicator, indicators
from galien.calculators.accounting.statement import Statement
from galien.kernel import french
from galien.kernel.period import Period
from galien.law import Cited, Law
from galien.usecases.activity_table import COLUMNS, gap_sentence, read_activity
from galien.usecases.ledger_files import ledger_in, read_file, statement_of_files
from galien.usecases.typed_csv import read_file as read_table

# Indicators that have a national reference: the parameter of the law's book is reference_NAME.
REFERENCED = (
    "pmo",
    "pmc",
    "pmvc",
    "prescription_counter_ratio",
    "prescription_linked_share",
    "value_added_per_sale",
    "staff_ratio",
    "turnover_per_fte",
)


@dataclass(frozen=True)
class ActivityFile:
    """What a command is given of an activity: its file, and what the file does not hold."""

    path: Path
    clients: int | None = None
    fte: Decimal | None = None
    period: Period | None = None


@dataclass(frozen=True)
class FileIndicators:
    """The indicators of files, and the sentences to read them with."""

    values: Mapping[str, Indicator]
    notes: tuple[str, ...]


def indicators_of_files(given: ActivityFile, ledger: Path | None) -> FileIndicators:
    """Compute the indicators of an activity file, and of a ledger file when it is given.

    Raises InvalidInput or DataRefused, with the line at fault, when a file cannot be read.
    """
    table = read_table(given.path, required=COLUMNS, known=COLUMNS)
    activity = read_activity(table, clients=given.clients, fte=given.fte)
    notes = [gap_sentence(activity)]
    amounts: dict[str, Decimal] = {}
    if ledger is not None:
        reading = read_file(ledger)
        found = ledger_in(reading)
        amounts = amounts_of(statement_of_files(found, None, {}))
        notes.append(mismatch(given.period, Period(found.first_day, found.last_day)))
        if not reading.balanced:
            notes.append("Ce FEC n’est pas équilibré : les indicateurs comptables sont à vérifier.")
    return FileIndicators(indicators(activity, amounts), tuple(note for note in notes if note))


def amounts_of(statement: Statement | None) -> dict[str, Decimal]:
    """Return the lines of the management balances that indicators read, in euros."""
    return {code: statement.amount(code) for code in ACCOUNT_CODES} if statement else {}


def references(law: Law, *, on: dt.date) -> dict[str, Cited[Decimal]]:
    """Return the national references known on a day, by indicator."""
    names = {name: f"reference_{name}" for name in REFERENCED}
    return {
        name: law.number(parameter, on=on)
        for name, parameter in names.items()
        if law.find(parameter, on=on) is not None
    }


def mismatch(activity: Period | None, year: Period) -> str:
    """Say that an activity and the accounts do not cover the same days; empty when they do.

    >>> year = Period(dt.date(2017, 2, 1), dt.date(2018, 1, 31))
    >>> mismatch(year, year)
    ''
    """
    shown = f"du {french.day(year.first)} au {french.day(year.last)}"
    if activity is None:
        return (
            f"Les comptes vont {shown} et le bilan d’activité ne dit pas ses dates : vérifiez qu’il "
            "couvre les mêmes jours."
        )
    if activity == year:
        return ""
    return (
        f"Le bilan d’activité va du {french.day(activity.first)} au {french.day(activity.last)} et les "
        f"comptes {shown} : les indicateurs qui croisent les deux sont calculés, à lire avec réserve."
    )
