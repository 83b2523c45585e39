"""The choice of a pharmacy and a year of accounts, kept in the address of every page of Gestion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.records.models import AccountingYear
from galien.usecases import accounts
from galien.web.components.models import Empty, Field, Link, Option
from galien.web.lists import span
from galien.web.shell.context import viewer

PHARMACY, YEAR = "pharmacie", "exercice"
SECTION = "Gestion"


@dataclass(frozen=True)
class Choice:
    """The pharmacy and the year chosen, and what else could be.

    `pharmacies` is the name by FINESS; `years` are those of the pharmacy, the last first; `year` is
    None when it has none. `kept` is the rest of the address.
    """

    path: str
    pharmacy: str
    pharmacies: Mapping[str, str]
    years: Sequence[AccountingYear]
    year: AccountingYear | None
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the pharmacy chosen."""
        return self.pharmacies[self.pharmacy]

    @property
    def last_day(self) -> dt.date:
        """Return the last day of the year chosen; NotAllowed when there is none."""
        if self.year is None:
            raise NotAllowed("Cet exercice n’existe pas.", code="UNKNOWN_YEAR")
        return self.year.last_day

    @property
    def when(self) -> str:
        """Return the days of the year in words, with its length when it is not twelve months."""
        return year_label(self.year) if self.year else ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the two selects of the bar."""
        chosen = self.year.last_day if self.year else None
        found = [
            Field(PHARMACY, "Pharmacie", kind="select", required=True, options=tuple(
                Option(key, name, chosen=key == self.pharmacy)
                for key, name in self.pharmacies.items()
            ))
        ]  # fmt: skip
        if self.years:
            found.append(
                Field(YEAR, "Exercice", kind="select", required=True, options=tuple(
                    Option(each.last_day.isoformat(), year_label(each), chosen=each.last_day == chosen)
                    for each in self.years
                ))
            )  # fmt: skip
        return tuple(found)

    @property
    def query(self) -> str:
        """Return the choice as the end of an address, for links to other pages of Gestion."""
        pairs = [(PHARMACY, self.pharmacy)]
        if self.year:
            pairs.append((YEAR, self.year.last_day.isoformat()))
        return urlencode(pairs)

    @property
    def empty(self) -> Empty:
        """Return what a page shows when the pharmacy has no accounts yet."""
        return Empty(
            f"Aucun exercice pour {self.name}",
            "Déposez le fichier des écritures comptables (FEC) que votre expert-comptable remet chaque "
            "année, ou saisissez les comptes d’un exercice.",
            links=(
                Link(
                    "Déposer un FEC", f"/gestion/exercices?{urlencode({PHARMACY: self.pharmacy})}"
                ),
            ),
            icon="file",
        )


def choice(request: HttpRequest) -> Choice:
    """Read the choice of the address; the first pharmacy with accounts and its last year by default.

    NotAllowed when the viewer sees no accounts, or not those of that pharmacy or year;
    InvalidInput when the year is not a date.
    """
    reader = viewer(request)
    pharmacies = accounts.pharmacies_with_accounts(reader)
    every = accounts.years(reader)
    default = next((each.pharmacy_id for each in every), next(iter(pharmacies), ""))
    pharmacy = request.GET.get(PHARMACY, "").strip() or default
    if pharmacy not in pharmacies:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    own = [each for each in every if each.pharmacy_id == pharmacy]
    kept = [
        (str(key), str(value)) for key, value in request.GET.items() if key not in {PHARMACY, YEAR}
    ]
    return Choice(request.path, pharmacy, pharmacies, own, _year(request, own), tuple(kept))


def _year(request: HttpRequest, own: Sequence[AccountingYear]) -> AccountingYear | None:
    """Return the year asked; another pharmacy's year falls back on the last one."""
    asked = request.GET.get(YEAR, "").strip()
    if asked:
        try:
            day = dt.date.fromisoformat(asked)
        except ValueError as error:
            raise InvalidInput(
                f"« {asked[:20]} » n’est pas une date : reprenez la page par le menu."
            ) from error
        found = [each for each in own if each.last_day == day]
        return next(iter(found), next(iter(own), None))
    return next(iter(own), None)


def year_label(year: AccountingYear) -> str:
    """Return the days of a year, with its months when they are not twelve."""
    text = span(year.first_day, year.last_day)
    first, last = year.first_day, year.last_day
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return text if months == 12 else f"{text} ({months}\u00a0mois)"
