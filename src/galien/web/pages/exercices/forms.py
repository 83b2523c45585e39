"""The forms that bring a year of accounts: ledger files, or figures typed by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from galien.kernel.errors import DataRefused, InvalidInput
from galien.model.accounts import Ledger
from galien.model.viewer import Viewer
from galien.records.models import AccountingYear
from galien.usecases.accounts.by_hand import OPENING_STOCK, SECTIONS, typed_before, typed_ledger
from galien.usecases.accounts.reading import ledger_from, pharmacies_with_accounts
from galien.usecases.accounts.writing import import_fec, may_write
from galien.usecases.services import Services
from galien.web.components.models import Field, Option
from galien.web.gestion import PHARMACY, Choice

ACCEPTED = ".txt,.csv,.tsv,.zip,.gz,.zst"
FIRST, LAST = "premier_jour", "dernier_jour"


@dataclass(frozen=True)
class Sending:
    """What was sent: for whom, the years received, a sentence for each file refused."""

    pharmacy: str
    received: tuple[AccountingYear, ...] = ()
    errors: tuple[str, ...] = ()


def send(request: HttpRequest, viewer: Viewer, services: Services) -> Sending:
    """Receive each file sent; those refused are said, the others are kept."""
    pharmacy = request.POST.get(PHARMACY, "")
    received, errors = [], []
    files = request.FILES.getlist("files")
    try:
        days = _days(request.POST)
    except InvalidInput as wrong:
        return Sending(pharmacy, errors=(wrong.message,))
    for file in files:
        name = file.name or "FEC"
        try:
            received.append(
                import_fec(file, name, pharmacy, viewer, services=services, days=days)  # type: ignore[arg-type]
            )
        except (DataRefused, InvalidInput) as wrong:
            errors.append(f"{name}\u00a0: {wrong.message}")
    if not files:
        errors.append("Choisissez au moins un fichier.")
    return Sending(pharmacy, tuple(received), tuple(errors))


def fields(sending: Sending, viewer: Viewer) -> tuple[Field, ...]:
    """Return the fields of the sending form; none when the viewer brings nobody's accounts."""
    names = {
        finess: name
        for finess, name in pharmacies_with_accounts(viewer).items()
        if may_write(viewer, finess)
    }
    if not names:
        return ()
    offered = tuple(
        Option(finess, name, chosen=finess == sending.pharmacy) for finess, name in names.items()
    )
    return (
        Field(PHARMACY, "Pharmacie", kind="select", required=True, options=offered),
        Field("files", "Fichiers FEC", kind="file", required=True, accept=ACCEPTED,
              help="Texte, compressé ou non, tel que l’expert-comptable le remet. Un exercice par fichier."),
        Field(FIRST, "Premier jour", kind="date"),
        Field(LAST, "Dernier jour", kind="date"),
    )  # fmt: skip


def _days(given: Mapping[str, str]) -> tuple[dt.date, dt.date] | None:
    first, last = given.get(FIRST, ""), given.get(LAST, "")
    if not first and not last:
        return None
    return _day(first), _day(last)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("Donnez le premier et le dernier jour de l’exercice.") from error


def typed_ledger_of(typed: Mapping[str, str]) -> Ledger:
    """Return the ledger of a form; InvalidInput for a wrong day or amount."""
    days = _days(typed)
    if days is None:
        raise InvalidInput("Donnez le premier et le dernier jour de l’exercice.")
    return typed_ledger(typed, *days)


def first_typed(choice: Choice, *, new: bool) -> dict[str, str]:
    """Return the figures a form opens with: none for a new year, else those of the year typed."""
    if new or choice.year is None or choice.year.origin != AccountingYear.Origin.MANUAL:
        return {}
    days = {FIRST: choice.year.first_day.isoformat(), LAST: choice.year.last_day.isoformat()}
    return {**days, **typed_before(ledger_from(choice.year))}


def day_fields(typed: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the two days of the year."""
    return (
        Field(FIRST, "Premier jour", kind="date", required=True, value=typed.get(FIRST, "")),
        Field(LAST, "Dernier jour", kind="date", required=True, value=typed.get(LAST, "")),
    )


def sections(typed: Mapping[str, str]) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """Return the figures asked, by section."""
    found = []
    for title, every in SECTIONS.items():
        asked = [
            Field(each.name, each.label, value=typed.get(each.name, ""), suffix="€", help=each.help)
            for each in every
        ]
        if title.startswith("Bilan"):
            value = typed.get(OPENING_STOCK, "")
            asked.insert(3, Field(OPENING_STOCK, "Stock à l’ouverture", value=value, suffix="€"))
        found.append((title, tuple(asked)))
    return tuple(found)
