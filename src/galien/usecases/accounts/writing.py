"""Receiving a pharmacy's years of accounts: a ledger file, an entry by hand, a year taken away."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO

from django.db import transaction

from galien.intake import FecReading, read_fec
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.accounts import AccountTotal, Ledger
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear, Pharmacy, Role, YearTotal
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases.accounts.reading import year_of
from galien.usecases.duties import duties
from galien.usecases.ledger_files import ledger_in
from galien.usecases.pharmacies import make_known
from galien.usecases.services import Services

MOST_ACCOUNTS = 20_000
KEPT_ISSUES = 300
LONGEST = dt.timedelta(days=24 * 31)


def may_write(viewer: Viewer, pharmacy: str) -> bool:
    """Tell whether a viewer may bring or change a pharmacy's accounts.

    Those who send its files and see its accounts may, and the accountants to whom it opens them.
    """
    if viewer.everything:
        return True
    if not visible_to(viewer).accounted().filter(finess=pharmacy).exists():
        return False
    return viewer.role == Role.ACCOUNTANT or pharmacy in duties(viewer).sends_for


def check_may_write(viewer: Viewer, pharmacy: str) -> None:
    """Let through who may change a pharmacy's accounts; NotAllowed otherwise."""
    if not may_write(viewer, pharmacy):
        raise NotAllowed(
            "Cette pharmacie n’est pas de celles dont vous apportez les comptes.",
            code="UNKNOWN_PHARMACY",
        )


def import_fec(  # a file, its name, whose it is, who brings it, its days
    source: BinaryIO,
    filename: str,
    pharmacy: str,
    viewer: Viewer,
    *,
    services: Services,
    days: tuple[dt.date, dt.date] | None = None,
) -> AccountingYear:
    """Read a ledger file and keep its totals as a year of accounts, in the place of the same year.

    `days` are the first and last day of the year when they are not those the file says. Raises
    NotAllowed when the viewer does not bring that pharmacy's accounts, DataRefused when the file cannot
    be read, InvalidInput when the year overlaps another.
    """
    check_may_write(viewer, pharmacy)
    first, last = days or (None, None)
    reading = read_fec(source, filename=filename, first_day=first, last_day=last)
    ledger = ledger_in(reading)
    year = AccountingYear(
        origin=AccountingYear.Origin.FEC,
        filename=filename[:255],
        sha256=reading.sha256,
        entries=reading.entries,
        lines=reading.lines,
        issues=_issues(reading),
    )
    return _kept(year, ledger, pharmacy, viewer, services=services)


def enter_by_hand(
    ledger: Ledger, pharmacy: str, viewer: Viewer, *, services: Services
) -> AccountingYear:
    """Keep a year of accounts typed by hand; the same errors as for a file."""
    check_may_write(viewer, pharmacy)
    year = AccountingYear(origin=AccountingYear.Origin.MANUAL)
    return _kept(year, ledger, pharmacy, viewer, services=services)


def delete_year(viewer: Viewer, pharmacy: str, last_day: dt.date, *, services: Services) -> None:
    """Take a year of accounts away; NotAllowed when it is not the viewer's to change."""
    check_may_write(viewer, pharmacy)
    year = year_of(viewer, pharmacy, last_day)
    access_log.note(
        access_log.SEND, f"Exercice supprimé\u00a0: {year}", viewer, services=services,
        pharmacies=[pharmacy],
    )  # fmt: skip
    year.delete()


def _kept(
    year: AccountingYear, ledger: Ledger, pharmacy: str, viewer: Viewer, *, services: Services
) -> AccountingYear:
    if len(ledger.accounts) > MOST_ACCOUNTS:
        raise InvalidInput(
            f"Ce fichier a plus de {MOST_ACCOUNTS} comptes : vérifiez que ses colonnes sont à leur place."
        )
    if viewer.everything:
        make_known(pharmacy)
    year.pharmacy = Pharmacy.objects.get(pk=pharmacy)
    year.siren, year.first_day, year.last_day = ledger.siren, ledger.first_day, ledger.last_day
    year.received_at, year.received_by = services.clock.now(), viewer.name[:150]
    with transaction.atomic():
        _make_room(year)
        year.save()
        YearTotal.objects.bulk_create(
            [_total(year, each) for each in ledger.accounts],
            batch_size=500,
        )
    access_log.note(
        access_log.SEND, f"Exercice reçu\u00a0: {year}", viewer, services=services,
        pharmacies=[pharmacy],
    )  # fmt: skip
    return year


def _total(year: AccountingYear, each: AccountTotal) -> YearTotal:
    """Return a row of totals, its texts cut to what the records hold."""
    return YearTotal(
        year=year,
        account=each.account[:30],
        label=each.label[:200],
        debit=each.debit,
        credit=each.credit,
        opening_debit=each.opening_debit,
        opening_credit=each.opening_credit,
    )


def _make_room(year: AccountingYear) -> None:
    """Take the same year away; refuse a year that overlaps another, or has impossible days."""
    if not dt.timedelta(0) <= year.last_day - year.first_day <= LONGEST:
        raise InvalidInput(
            "Les jours de l’exercice sont impossibles : son premier jour précède le dernier, de deux ans "
            "au plus."
        )
    AccountingYear.objects.filter(pharmacy=year.pharmacy, last_day=year.last_day).delete()
    other = AccountingYear.objects.filter(
        pharmacy=year.pharmacy, first_day__lte=year.last_day, last_day__gte=year.first_day
    ).first()
    if other is not None:
        raise InvalidInput(
            f"L’exercice du {year.first_day:%d/%m/%Y} au {year.last_day:%d/%m/%Y} chevauche celui du "
            f"{other.first_day:%d/%m/%Y} au {other.last_day:%d/%m/%Y} : précisez ses jours, ou supprimez "
            "l’autre.",
            code="OVERLAP",
        )


def _issues(reading: FecReading) -> list[dict[str, object]]:
    return [
        {
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "message": each.message,
            "severity": each.severity,
        }
        for each in reading.issues[:KEPT_ISSUES]
    ]
