"""The signed contracts of every organisation, with the pharmacies each binds."""

from __future__ import annotations

from galien.model.viewer import WORKSPACE_VIEWER, Viewer
from galien.records.models import Organisation, OrganisationKind
from galien.usecases.contracts.book import Kept, bound_pharmacies, contracts_of
from galien.usecases.net_net.terms import Bound


def signed_contracts(viewer: Viewer = WORKSPACE_VIEWER) -> tuple[Bound, ...]:
    """Return the signed contracts a viewer may read, all of them by default, in one order everywhere."""
    own = set(
        Organisation.objects.filter(kind=OrganisationKind.PHARMACY).values_list("pk", flat=True)
    )
    found = [bound(each, own=each.organisation_key in own) for each in contracts_of(viewer)]
    return tuple(sorted(found, key=lambda each: (each.organisation, each.contract.reference)))


def bound(kept: Kept, *, own: bool) -> Bound:
    """Return a kept contract with the pharmacies it binds."""
    pharmacies = tuple(sorted(bound_pharmacies(kept)))
    return Bound(kept.contract, kept.organisation, pharmacies, own)
