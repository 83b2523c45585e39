"""The contracts and offers that are kept: whose they are, who reads them, who may change them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import transaction

from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.contracts import Contract, Standing
from galien.model.viewer import Viewer
from galien.records.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Pharmacy,
    Role,
    SupplierContract,
)
from galien.records.scope import visible_to
from galien.usecases.access_log import CHANGE, note
from galien.usecases.contracts.plain import from_plain, to_plain
from galien.usecases.services import Services

SIGNED = (Standing.SIGNED.value,)
NAMED = 5  # organisations named in a sentence
UNKNOWN = "Ce contrat n’existe pas : choisissez-le dans la liste."
# Who writes the contracts of an organisation, by what it is.
WRITERS = {
    OrganisationKind.GROUP: frozenset({Role.BUYER, Role.ADMINISTRATOR}),
    OrganisationKind.PHARMACY: frozenset({Role.OWNER, Role.ADMINISTRATOR}),
}


@dataclass(frozen=True)
class Kept:
    """A contract as it is kept: its number, the organisation it is of, who changed it last and when."""

    key: int
    organisation: str
    contract: Contract
    organisation_key: int = 0
    changed_at: dt.datetime | None = None
    changed_by: str = ""


def contracts_of(
    viewer: Viewer, *, on: dt.date | None = None, standings: Sequence[str] = SIGNED
) -> tuple[Kept, ...]:
    """Return the contracts a viewer may read, by lab, supplier and reference.

    `on` keeps those in force on a day. `standings` among offer, signed, ended; a contract that is
    over stays signed, with the day it ended: those withdrawn (ended) count nowhere.
    """
    rows = visible_to(viewer).contracts().filter(standing__in=[str(each) for each in standings])
    kept = [_kept(row) for row in rows.select_related("organisation")]
    return tuple(each for each in kept if on is None or each.contract.in_force(on))


def found(key: int, viewer: Viewer) -> Kept:
    """Return the contract of a number; NotAllowed, in the words of an absence, for another's."""
    rows = visible_to(viewer).contracts().filter(pk=key)
    row = rows.select_related("organisation").first()
    if row is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_CONTRACT")
    return _kept(row)


def writable_one(key: int, viewer: Viewer) -> Kept:
    """Return a contract the viewer may change; NotAllowed, in the words of an absence, otherwise."""
    _owner(key, viewer)
    return found(key, viewer)


def bound_pharmacies(kept: Kept) -> frozenset[str]:
    """Return the pharmacies (FINESS) a contract holds for: those it names, or all of its organisation."""
    everyone = _pharmacies(kept.organisation_key)
    named = frozenset(kept.contract.members)
    return everyone & named if named else everyone


def writable(viewer: Viewer) -> list[Organisation]:
    """Return the organisations whose contracts a viewer may write, groups first."""
    kinds = [kind.value for kind in WRITERS]
    if viewer.everything:
        return list(Organisation.objects.filter(kind__in=kinds).order_by("kind", "name"))
    if not viewer.user_id.isdigit():
        return []
    mine = Membership.objects.filter(user=int(viewer.user_id)).select_related("organisation")
    found_ = {
        each.organisation_id: each.organisation
        for each in mine
        if each.role in WRITERS.get(OrganisationKind(each.organisation.kind), frozenset())
    }
    return sorted(found_.values(), key=lambda each: (each.kind, each.name))


def may_write(kept: Kept, viewer: Viewer) -> bool:
    """Tell whether a viewer may change a contract."""
    return any(each.pk == kept.organisation_key for each in writable(viewer))


@transaction.atomic
def save(
    contract: Contract,
    viewer: Viewer,
    *,
    services: Services,
    organisation: int | None = None,
    key: int | None = None,
    replacing: bool = False,
) -> Kept:
    """Keep a contract, or change the one of that number.

    `organisation` may be left out when the viewer writes for one only. `replacing` takes the place of
    a contract of the same reference. Raises InvalidInput when the reference is taken or a member is
    not of the organisation, NotAllowed when the viewer does not write for it.
    """
    owner = _organisation(organisation, viewer) if key is None else _owner(key, viewer)
    # Read back as it will be: what cannot be read is never kept.
    body = to_plain(contract)
    contract = from_plain(body)
    _check_members(contract, owner)
    same = SupplierContract.objects.select_for_update().filter(
        organisation=owner, reference=contract.reference
    )
    taken = same.first() if key is None else same.exclude(pk=key).first()
    if taken is not None and (key is not None or not replacing):
        raise InvalidInput(
            f"Un contrat porte déjà la référence « {contract.reference} » : donnez-en une autre."
        )
    row = taken or (SupplierContract(organisation=owner) if key is None else _row(key))
    row.reference, row.supplier, row.lab = contract.reference, contract.supplier, contract.lab
    row.standing, row.signed_on = contract.standing.value, contract.signed_on
    row.since, row.until, row.body = contract.since, contract.until, body
    row.changed_by = viewer.name[:150]
    row.save()
    note(CHANGE, f"Contrat {contract.reference}", viewer, services=services)
    return _kept(row)


def end(key: int, viewer: Viewer, *, on: dt.date, services: Services) -> Kept:
    """Make a contract end on a day: it still rules what was bought until then.

    Raises InvalidInput when it begins later, NotAllowed when the viewer may not change it.
    """
    kept = found(key, viewer)
    return save(replace(kept.contract, until=on), viewer, services=services, key=key)


def delete(key: int, viewer: Viewer, *, services: Services) -> Kept:
    """Withdraw a contract: it stays in the list of those withdrawn, and counts nowhere any more."""
    kept = found(key, viewer)
    withdrawn = replace(kept.contract, standing=Standing.ENDED)
    return save(withdrawn, viewer, services=services, key=key)


def read_log(kept: Kept, viewer: Viewer, *, services: Services) -> None:
    """Note that a contract was read."""
    note("view", f"Contrat {kept.contract.reference}", viewer, services=services)


def _kept(row: SupplierContract) -> Kept:
    return Kept(
        key=row.pk,
        organisation=row.organisation.name,
        contract=_contract(row),
        organisation_key=row.organisation_id,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )


class _Body:
    """The body of a row, hashed by what tells a row apart, so that it is read once for each change."""

    def __init__(self, row: SupplierContract) -> None:
        self.content: dict[str, Any] = row.body
        self._same = (row.pk, row.changed_at, row.reference)

    def __hash__(self) -> int:
        return hash(self._same)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Body) and self._same == other._same and self.content == other.content
        )


def _contract(row: SupplierContract) -> Contract:
    return _read(_Body(row))


@lru_cache(maxsize=512)
def _read(body: _Body) -> Contract:
    return from_plain(body.content)


def writable_named(name: str, viewer: Viewer) -> int:
    """Return the key of the organisation of that name whose contracts a viewer may write.

    Raises NotAllowed when there is none, InvalidInput when several bear the name.
    """
    named = [each for each in writable(viewer) if french.fold(each.name) == french.fold(name)]
    if not named:
        raise NotAllowed(
            f"Aucune organisation ne s’appelle « {name} ».", code="UNKNOWN_ORGANISATION"
        )
    if len(named) > 1:
        raise InvalidInput(f"{len(named)} organisations s’appellent « {name} ».")
    return int(named[0].pk)


def _organisation(key: int | None, viewer: Viewer) -> Organisation:
    mine = writable(viewer)
    if viewer.everything and key is None:
        mine = [each for each in mine if each.kind == OrganisationKind.GROUP]
    named = mine if key is None else [each for each in mine if each.pk == key]
    if not named:
        raise NotAllowed("Cette organisation n’existe pas.", code="UNKNOWN_ORGANISATION")
    if len(named) > 1:
        names = ", ".join(f"« {each.name} »" for each in named[:NAMED])
        raise InvalidInput(f"Choisissez l’organisation dont c’est le contrat : {names}.")
    return named[0]


def _owner(key: int, viewer: Viewer) -> Organisation:
    row = visible_to(viewer).contracts().filter(pk=key).select_related("organisation").first()
    if row is None or row.organisation not in writable(viewer):
        raise NotAllowed(UNKNOWN, code="UNKNOWN_CONTRACT")
    return row.organisation


def _row(key: int) -> SupplierContract:
    return SupplierContract.objects.select_for_update().get(pk=key)


def _pharmacies(organisation: int) -> frozenset[str]:
    members = Pharmacy.objects.filter(group=organisation) | Pharmacy.objects.filter(
        organisation=organisation
    )
    return frozenset(members.values_list("finess", flat=True))


def _check_members(contract: Contract, owner: Organisation) -> None:
    strangers = set(contract.members) - _pharmacies(owner.pk)
    if strangers:
        raise InvalidInput(
            f"Contrat « {contract.reference} » : {min(strangers)} n’est pas une pharmacie de "
            f"« {owner.name} »."
        )
