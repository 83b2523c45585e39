"""What a person may do besides reading: send files, publish, run the group. One question each."""

from __future__ import annotations

from dataclasses import dataclass

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation, OrganisationKind, Pharmacy, Role
from galien.records.scope import visible_to

SENDERS = frozenset({Role.ADMINISTRATOR, Role.OWNER, Role.TEAM_MEMBER})
GROUP_SENDERS = frozenset({Role.ADMINISTRATOR, Role.NETWORK_MANAGER})
PUBLISHERS = GROUP_SENDERS
UNKNOWN = "Cette page n’existe pas."


@dataclass(frozen=True)
class Duties:
    """What a viewer's memberships let them do.

    `sends_for` are the pharmacies (FINESS) whose files they may send, release or drop;
    `administers` the organisations they run; `publishes` and `runs` are about the whole workspace.
    """

    sends_for: frozenset[str]
    administers: frozenset[int]
    publishes: bool
    runs: bool


def duties(viewer: Viewer) -> Duties:
    """Return what a viewer may do, read anew from their memberships."""
    memberships = _memberships(viewer)
    groups = [each for each in memberships if each.organisation.kind == OrganisationKind.GROUP]
    sends = {
        each.organisation.pharmacy.finess
        for each in memberships
        if each.role in SENDERS and hasattr(each.organisation, "pharmacy")
    }
    if any(each.role in GROUP_SENDERS for each in groups):
        sends |= set(visible_to(viewer).pharmacies().values_list("finess", flat=True))
    return Duties(
        sends_for=frozenset(sends),
        administers=_administered(memberships),
        publishes=any(each.role in PUBLISHERS for each in groups),
        runs=any(each.role == Role.ADMINISTRATOR for each in groups),
    )


def may_send_for(viewer: Viewer, pharmacy: str) -> None:
    """Let through who may send the files of a pharmacy; NotAllowed otherwise."""
    if pharmacy not in duties(viewer).sends_for:
        raise NotAllowed(
            "Cette pharmacie n’est pas de celles dont vous envoyez les fichiers : choisissez-la "
            "dans la liste.",
            code="UNKNOWN_PHARMACY",
        )


def may_publish(viewer: Viewer) -> None:
    """Let through who may publish; NotAllowed otherwise."""
    if not duties(viewer).publishes:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PAGE")


def may_run(viewer: Viewer) -> None:
    """Let through who runs the workspace; NotAllowed otherwise."""
    if not duties(viewer).runs:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_PAGE")


def sendable(viewer: Viewer) -> list[Pharmacy]:
    """Return the pharmacies whose files a viewer may send, by name."""
    return list(Pharmacy.objects.filter(finess__in=duties(viewer).sends_for))


def _memberships(viewer: Viewer) -> list[Membership]:
    if not viewer.user_id.isdigit():
        return []
    found = Membership.objects.filter(user=int(viewer.user_id), user__is_active=True)
    return list(found.select_related("organisation__pharmacy"))


def _administered(memberships: list[Membership]) -> frozenset[int]:
    """A group's administrator runs the group and the companies of its members; others their own."""
    own = {each.organisation_id for each in memberships if each.role == Role.ADMINISTRATOR}
    members = Organisation.objects.filter(pharmacy__group__in=own)
    return frozenset(own | set(members.values_list("pk", flat=True)))
