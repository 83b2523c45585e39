"""Where a person stands: the organisation they read for, and how many pharmacies that opens."""

from __future__ import annotations

from dataclasses import dataclass

from galien.kernel import french
from galien.model.viewer import Viewer
from galien.records.models import Membership, OrganisationKind, Role, User
from galien.records.models.counters import RIGHTS, current_value
from galien.records.scope import viewer_of, visible_to
from galien.usecases.services import Services


@dataclass(frozen=True)
class Standing:
    """The title of a person's scope, its size in words, and their role as screens print it."""

    scope: str
    note: str
    role: str


def reader(user: User, *, services: Services) -> Viewer:
    """Return the viewer a person is now: read again as soon as any right has changed."""
    today = services.clock.today()
    key = ("viewer", user.pk, user.shown_name, user.is_active, today)
    epoch = current_value(RIGHTS)
    return services.reading.rights.get(key, epoch, lambda: viewer_of(user, today))


def standing(viewer: Viewer, *, services: Services) -> Standing:
    """Return the scope and role of a viewer, as the top of every page prints them."""
    key = ("standing", viewer.user_id, viewer.name)
    return services.reading.rights.get(key, viewer.epoch, lambda: _standing(viewer))


def _standing(viewer: Viewer) -> Standing:
    count = visible_to(viewer).pharmacies().count()
    plural = "s" if count > 1 else ""
    return Standing(
        scope=_scope(viewer),
        note=f"{french.number(count)} pharmacie{plural}",
        role=str(Role(viewer.role).label) if viewer.role in Role.values else "",
    )


def _scope(viewer: Viewer) -> str:
    """The widest organisation the person belongs to: a group before a firm before a pharmacy."""
    if not viewer.user_id.isdigit():
        return viewer.name
    found = Membership.objects.filter(user=int(viewer.user_id)).select_related(
        "organisation__pharmacy"
    )
    order = list(OrganisationKind.values)
    widest = min(found, key=lambda each: order.index(each.organisation.kind), default=None)
    if widest is None:
        return "Aucune organisation"
    organisation = widest.organisation
    if organisation.kind == OrganisationKind.PHARMACY and hasattr(organisation, "pharmacy"):
        return organisation.pharmacy.name
    prefix = "Groupement " if organisation.kind == OrganisationKind.GROUP else ""
    known = organisation.name.casefold().startswith("groupement")
    return organisation.name if known else f"{prefix}{organisation.name}"
