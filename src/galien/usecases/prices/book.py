"""The price policies that are kept: whose they are, who reads them, who writes them."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation, OrganisationKind, PricePolicy, Role
from galien.records.scope import visible_to
from galien.usecases.access_log import CHANGE, note
from galien.usecases.prices.policy_file import WrittenPolicy, policy_of
from galien.usecases.services import Services

UNKNOWN = "Cette politique n’existe pas : choisissez-la dans la liste."
WRITERS = frozenset({Role.OWNER, Role.ADMINISTRATOR})
KINDS = (OrganisationKind.GROUP, OrganisationKind.PHARMACY)
LONGEST = 200_000
TEXT = "yaml"


@dataclass(frozen=True)
class KeptPolicy:
    """A policy as it is kept: its text as written, the organisation it is of, who changed it last."""

    key: int
    name: str
    organisation: str
    organisation_key: int
    text: str
    changed_at: dt.datetime
    changed_by: str

    @property
    def written(self) -> WrittenPolicy:
        """Read the text again; InvalidInput when it can be read no more."""
        return policy_of(self.text, name=self.name)

    @property
    def digest(self) -> str:
        """Return what tells this text from another: what was tried is what is applied."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def policies_of(viewer: Viewer) -> tuple[KeptPolicy, ...]:
    """Return the policies of the viewer's organisations, by name."""
    rows = visible_to(viewer).price_policies().select_related("organisation")
    return tuple(_kept(row) for row in rows)


def found(key: int, viewer: Viewer) -> KeptPolicy:
    """Return the policy of a number; NotAllowed, in the words of an absence, for another's."""
    rows = visible_to(viewer).price_policies().filter(pk=key)
    row = rows.select_related("organisation").first()
    if row is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_POLICY")
    return _kept(row)


def writable(viewer: Viewer) -> list[Organisation]:
    """Return the organisations whose policies a viewer may write: owners and administrators do."""
    if viewer.everything:
        return list(Organisation.objects.filter(kind__in=KINDS).order_by("kind", "name"))
    if not viewer.user_id.isdigit():
        return []
    mine = Membership.objects.filter(
        user=int(viewer.user_id), role__in=WRITERS, organisation__kind__in=KINDS
    ).select_related("organisation")
    every = {each.organisation_id: each.organisation for each in mine}
    return sorted(every.values(), key=lambda each: (each.kind, each.name))


def writable_one(key: int, viewer: Viewer) -> KeptPolicy:
    """Return a policy the viewer may change; NotAllowed, in the words of an absence, otherwise."""
    kept = found(key, viewer)
    if not may_write(kept, viewer):
        raise NotAllowed(UNKNOWN, code="UNKNOWN_POLICY")
    return kept


def may_write(kept: KeptPolicy, viewer: Viewer) -> bool:
    """Tell whether a viewer may change a policy."""
    return any(each.pk == kept.organisation_key for each in writable(viewer))


@transaction.atomic
def save(
    text: str,
    viewer: Viewer,
    *,
    services: Services,
    organisation: int | None = None,
    key: int | None = None,
    replace: bool = False,
) -> KeptPolicy:
    """Keep a policy as it is written, or change the one of that number.

    `organisation` may be left out when the viewer writes for one only; `replace` puts it in the place
    of its own policy of that name. Raises InvalidInput when the text cannot be read or its name is
    taken, NotAllowed when the viewer does not write for it.
    """
    owner = (
        _owner(organisation, viewer) if key is None else writable_one(key, viewer).organisation_key
    )
    if len(text) > LONGEST:
        raise InvalidInput(
            "Ce texte est trop long pour une politique de prix : 200 000 signes au plus."
        )
    # Browsers send lines as they please; a text is kept as it would be in a file.
    lines = text.replace("\r\n", "\n")
    name = policy_of(lines).policy.name[:120]
    taken = PricePolicy.objects.filter(organisation=owner, name=name).exclude(pk=key or 0)
    if replace and key is None:
        key = taken.values_list("pk", flat=True).first()
    elif taken.exists():
        raise InvalidInput(f"Une politique porte déjà le nom « {name} » : changez-le.")
    row = PricePolicy(organisation_id=owner) if key is None else PricePolicy.objects.get(pk=key)
    row.name, row.body, row.changed_by = name, {TEXT: lines}, viewer.name[:150]
    row.save()
    note(CHANGE, f"Politique de prix {name}", viewer, services=services)
    return _kept(row)


@transaction.atomic
def delete(key: int, viewer: Viewer, *, services: Services) -> KeptPolicy:
    """Take a policy out of the list; the prices it decided stay in the history."""
    kept = writable_one(key, viewer)
    PricePolicy.objects.filter(pk=key).delete()
    note(CHANGE, f"Politique de prix {kept.name} supprimée", viewer, services=services)
    return kept


def _owner(key: int | None, viewer: Viewer) -> int:
    mine = [each.pk for each in writable(viewer) if key is None or each.pk == key]
    if not mine:
        raise NotAllowed("Cette organisation n’existe pas.", code="UNKNOWN_ORGANISATION")
    if len(mine) > 1:
        raise InvalidInput("Choisissez l’organisation dont c’est la politique.")
    return int(mine[0])


def _kept(row: PricePolicy) -> KeptPolicy:
    return KeptPolicy(
        key=row.pk,
        name=row.name,
        organisation=row.organisation.name,
        organisation_key=row.organisation_id,
        text=str(row.body.get(TEXT, "")),
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
