"""Authorisations: what each pharmacy opens to whom, signed, dated, withdrawn at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import ALL_FEEDS, Viewer
from galien.records.models import Authorisation, Organisation, OrganisationKind, Pharmacy
from galien.usecases import access_log, administration
from galien.usecases.duties import duties
from galien.usecases.services import Services

UNKNOWN = "Cette autorisation n’existe pas."


@dataclass(frozen=True)
class Grant:
    """An authorisation to record: who opens what to whom, who signed it and when.

    `valid_from` and `valid_to` bound the days of data that may be seen (None: no bound).
    """

    pharmacy: str
    organisation: int
    feeds: Collection[str]
    signed_by: str
    signed_on: dt.date
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    document: str = ""


def administered(viewer: Viewer) -> QuerySet[Authorisation]:
    """Return the authorisations an administrator answers for, those in force first."""
    mine = duties(viewer).administers
    found = Authorisation.objects.filter(
        Q(organisation__in=mine) | Q(pharmacy__organisation__in=mine)
    )
    return _ordered(found)


def own(viewer: Viewer) -> QuerySet[Authorisation]:
    """Return what an owner's pharmacies have opened, those in force first."""
    return _ordered(Authorisation.objects.filter(pharmacy__in=own_pharmacies(viewer)))


def own_pharmacies(viewer: Viewer) -> list[str]:
    """Return the FINESS of the pharmacies a viewer owns."""
    return [grant.pharmacy for grant in viewer.grants if grant.own]


def beneficiaries(viewer: Viewer) -> QuerySet[Organisation]:
    """Return the organisations an administrator may record an authorisation to."""
    found = administration.organisations(viewer)
    return found.exclude(kind=OrganisationKind.PHARMACY)


def record(order: Grant, viewer: Viewer, *, services: Services) -> Authorisation:
    """Record a signed authorisation; NotAllowed outside what the viewer runs, InvalidInput when wrong."""
    pharmacy = administration.pharmacies(viewer).filter(pk=order.pharmacy).first()
    organisation = beneficiaries(viewer).filter(pk=order.organisation).first()
    if pharmacy is None or organisation is None:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    _check(order, services.clock.today())
    made = Authorisation.objects.create(
        pharmacy=Pharmacy.objects.get(pk=pharmacy.pk),
        organisation=organisation,
        feeds=sorted(order.feeds),
        signed_by=order.signed_by.strip()[:200],
        signed_on=order.signed_on,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        document=order.document.strip()[:300],
    )
    access_log.note(access_log.RIGHTS, f"Autorisation : {made}", viewer, services=services)
    return made


def withdraw(key: int, viewer: Viewer, *, services: Services) -> Authorisation:
    """Withdraw an authorisation, at once on every path; NotAllowed to who neither owns nor runs it."""
    mine = Q(pk__in=own(viewer).values("pk")) | Q(pk__in=administered(viewer).values("pk"))
    found = Authorisation.objects.filter(mine, pk=key).first()
    if found is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_AUTHORISATION")
    found.withdraw(at=services.clock.now(), by=viewer.name)
    access_log.note(access_log.RIGHTS, f"Retrait : {found}", viewer, services=services)
    return found


def _ordered(found: QuerySet[Authorisation]) -> QuerySet[Authorisation]:
    return found.select_related("pharmacy", "organisation").order_by(
        "withdrawn_at", "pharmacy__name", "organisation__name", "-signed_on"
    )


def _check(order: Grant, today: dt.date) -> None:
    if not order.feeds or not set(order.feeds) <= ALL_FEEDS:
        raise InvalidInput("Choisissez au moins un flux : ventes, achats, stock ou comptabilité.")
    if not order.signed_by.strip():
        raise InvalidInput("Indiquez qui a signé l’autorisation.")
    if order.signed_on > today:
        raise InvalidInput("La date de signature est dans l’avenir : corrigez-la.")
    if order.valid_from and order.valid_to and order.valid_from > order.valid_to:
        raise InvalidInput("Les données s’ouvrent après leur fin : inversez les deux dates.")
