"""How authorisations are printed, for who runs a group and for who owns a pharmacy."""

from __future__ import annotations

import datetime as dt
from typing import Any

from galien.model.viewer import Viewer
from galien.records.models import Authorisation
from galien.usecases import administration
from galien.usecases.authorisations import beneficiaries
from galien.web.components.models import Field, Tone
from galien.web.lists import RIGHT_LABELS, badge, moment, options


def line(each: Authorisation) -> dict[str, Any]:
    """Return an authorisation as lists print it."""
    withdrawn = each.withdrawn_at is not None
    return {
        "key": each.pk,
        "pharmacy": str(each.pharmacy),
        "organisation": str(each.organisation),
        "feeds": ", ".join(RIGHT_LABELS[feed] for feed in RIGHT_LABELS if feed in each.feeds),
        "days": _days(each.valid_from, each.valid_to),
        "signed": f"{each.signed_by}, le {each.signed_on:%d/%m/%Y}",
        "document": each.document,
        "state": badge("Retirée") if withdrawn else badge("En vigueur", Tone.GOOD),
        "withdrawn": f"le {moment(each.withdrawn_at)} par {each.withdrawn_by}" if withdrawn else "",
        "open": not withdrawn,
    }


def _days(first: dt.date | None, last: dt.date | None) -> str:
    if first and last:
        return f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
    if first:
        return f"depuis le {first:%d/%m/%Y}"
    return f"jusqu’au {last:%d/%m/%Y}" if last else "toutes les données"


def fields(viewer: Viewer, today: dt.date) -> tuple[Field, ...]:
    """Return the form that records an authorisation."""
    pharmacies = {each.finess: each.name for each in administration.pharmacies(viewer)}
    organisations = {str(each.pk): str(each) for each in beneficiaries(viewer)}
    return (
        Field("pharmacy", "Pharmacie", kind="select", required=True, options=options(pharmacies)),
        Field("organisation", "Ouvre à", kind="select", required=True, options=options(organisations)),
        Field("signed_by", "Signée par", required=True),
        Field("signed_on", "Signée le", kind="date", required=True, value=today.isoformat()),
        Field("valid_from", "Données à partir du", kind="date"),
        Field("valid_to", "Données jusqu’au", kind="date"),
        Field("document", "Document", help="Référence de l’acte signé."),
    )  # fmt: skip
