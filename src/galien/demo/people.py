"""The people of the demonstration: a group with its team, an accounting firm, owners, and their rights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import transaction

from galien.model.accounts import ACCOUNTS
from galien.records.models import (
    Authorisation,
    Membership,
    Organisation,
    OrganisationKind,
    Pharmacy,
    Role,
    User,
)
from galien.records.models.rights import every_feed
from galien.usecases.pharmacies import own_company

PASSWORD = "galien"  # noqa: S105  # the demonstration's, printed at each start
GROUP_TEAM = (
    ("acheteur", "Camille Achard", Role.BUYER),
    ("reseau", "Rémi Seaux", Role.NETWORK_MANAGER),
    ("admin", "Adèle Min", Role.ADMINISTRATOR),
)
OWNER = ("titulaire", "Thaïs Titulaire")
ACCOUNTANT = ("comptable", "Cyril Compte")
TEAM_MEMBER = ("equipe", "Élise Quipet")
FIRM = "Cabinet Bilan & Officine"


@transaction.atomic
def make_people(finess: Sequence[str], *, today: dt.date) -> None:
    """Make the organisations, users and authorisations of the demonstration; twice changes nothing.

    Every pharmacy opens its sales, purchases and stock to its group, and all but every sixth its
    accounts too; all open everything to the accounting firm. The password of all is hashed once.
    """
    pharmacies = {each.finess: each for each in Pharmacy.objects.filter(finess__in=finess)}
    first = pharmacies[finess[0]]
    group = first.group or _organisation("Groupement de démonstration", OrganisationKind.GROUP)
    password = make_password(PASSWORD)
    for username, name, role in GROUP_TEAM:
        _member(username, name, group, role, password=password)
    firm = _organisation(FIRM, OrganisationKind.ACCOUNTING_FIRM)
    _member(*ACCOUNTANT, firm, Role.ACCOUNTANT, password=password)
    for rank, code in enumerate(finess):
        own_company(pharmacies[code])
        shared = every_feed() if rank % 6 == 5 else [*every_feed(), ACCOUNTS]
        _authorise(pharmacies[code], group, shared, today)
        _authorise(pharmacies[code], firm, [*every_feed(), ACCOUNTS], today)
    company = own_company(first)
    _member(*OWNER, company, Role.OWNER, password=password)
    _member(*TEAM_MEMBER, company, Role.TEAM_MEMBER, password=password)


def _organisation(name: str, kind: OrganisationKind) -> Organisation:
    return Organisation.objects.get_or_create(name=name, kind=kind)[0]


def _member(
    username: str, name: str, organisation: Organisation, role: Role, *, password: str
) -> None:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"password": password, "display_name": name}
    )
    Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})


def _authorise(
    pharmacy: Pharmacy, organisation: Organisation, feeds: list[str], today: dt.date
) -> None:
    Authorisation.objects.get_or_create(
        pharmacy=pharmacy,
        organisation=organisation,
        withdrawn_at=None,
        defaults={
            "feeds": feeds,
            "signed_by": f"Titulaire de {pharmacy.name}",
            "signed_on": today - dt.timedelta(days=400),
            "document": "Convention de partage des données, version 1",
        },
    )
