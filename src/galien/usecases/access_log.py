"""The access log: who looked at which pharmacies' figures, exported or sent what, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import AccessedPharmacy, AccessLog, Membership
from galien.usecases.duties import duties
from galien.usecases.services import Services

VIEW, EXPORT, SEND, CHANGE, RIGHTS = "view", "export", "send", "change", "rights"
ACTIONS = {
    VIEW: "Consultation",
    EXPORT: "Export",
    SEND: "Envoi de fichier",
    CHANGE: "Modification",
    RIGHTS: "Changement de droits",
}
SAME_LOOK = dt.timedelta(minutes=15)


def note(  # noqa: PLR0913  # an entry of the log has these parts
    action: str,
    subject: str,
    viewer: Viewer,
    *,
    services: Services,
    pharmacies: Iterable[str] = (),
    release: str = "",
    door: str = "web",
) -> None:
    """Add an entry to the log. A view of the same thing within a quarter of an hour is one look.

    `pharmacies` are the FINESS of those whose figures were shown: their owners read it. `door` is how the
    person came: by a page, by the API.
    """
    now = services.clock.now()
    if action == VIEW and _seen(subject, viewer, release, since=now - SAME_LOOK):
        return
    with transaction.atomic():
        entry = AccessLog.objects.create(
            at=now,
            user_id=viewer.user_id,
            user_name=viewer.name,
            organisation=_organisation(viewer),
            action=action,
            subject=subject[:200],
            release=release,
            door=door,
        )
        AccessedPharmacy.objects.bulk_create(
            [AccessedPharmacy(entry=entry, pharmacy=pharmacy) for pharmacy in set(pharmacies)]
        )


def listed(viewer: Viewer, *, action: str = "") -> QuerySet[AccessLog]:
    """Return the entries of the people an administrator answers for, newest first."""
    people = Membership.objects.filter(organisation__in=duties(viewer).administers)
    users = [str(pk) for pk in people.values_list("user_id", flat=True)]
    found = AccessLog.objects.filter(user_id__in=users)
    return found.filter(action=action) if action else found


def about(viewer: Viewer, pharmacy: str) -> QuerySet[AccessLog]:
    """Return who looked at a pharmacy of the viewer's own, newest first; NotAllowed for another."""
    if not any(grant.own and grant.pharmacy == pharmacy for grant in viewer.grants):
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    return AccessLog.objects.filter(pharmacies__pharmacy=pharmacy)


def _seen(subject: str, viewer: Viewer, release: str, *, since: dt.datetime) -> bool:
    return AccessLog.objects.filter(
        user_id=viewer.user_id, action=VIEW, subject=subject[:200], release=release, at__gte=since
    ).exists()


def _organisation(viewer: Viewer) -> str:
    if not viewer.user_id.isdigit():
        return ""
    found = Membership.objects.filter(user=int(viewer.user_id)).select_related("organisation")
    return ", ".join(each.organisation.name for each in found)[:200]
