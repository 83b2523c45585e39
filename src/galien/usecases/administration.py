"""Running a group: its people and their roles, its pharmacies, within what an administrator answers for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation, OrganisationKind, Pharmacy, Role, User
from galien.usecases import access_log, people
from galien.usecases.duties import duties
from galien.usecases.services import Services

UNKNOWN_MEMBER = "Ce membre n’existe pas."
PHARMACY_ROLES = (Role.ADMINISTRATOR, Role.OWNER, Role.TEAM_MEMBER, Role.ACCOUNTANT, Role.ANALYST)
GROUP_ROLES = (Role.ADMINISTRATOR, Role.NETWORK_MANAGER, Role.BUYER, Role.ANALYST)


@dataclass(frozen=True)
class NewMember:
    """A person to invite: sign-in, name, e-mail, organisation and role."""

    username: str
    display_name: str
    email: str
    organisation: int
    role: str


@dataclass(frozen=True)
class Invited:
    """A person just invited, and the first password to hand them, shown this once."""

    membership: Membership
    password: str


def organisations(viewer: Viewer) -> QuerySet[Organisation]:
    """Return the organisations a viewer runs."""
    return Organisation.objects.filter(pk__in=duties(viewer).administers)


def members(viewer: Viewer) -> QuerySet[Membership]:
    """Return the people of those organisations and their role, by name."""
    found = Membership.objects.filter(organisation__in=duties(viewer).administers)
    return found.select_related("user", "organisation").order_by("user__username", "organisation")


def invite(order: NewMember, viewer: Viewer, *, services: Services) -> Invited:
    """Make an account with a role, or give one more role to a person already among one's own.

    Raises InvalidInput when something is missing or wrong, NotAllowed when the organisation is not one the
    viewer runs. The name of somebody outside is told as taken and nothing more.
    """
    organisation = _organisation(order.organisation, viewer)
    _check_role(order.role, organisation)
    with transaction.atomic():
        user, password = _user(order, viewer)
        membership, made = Membership.objects.get_or_create(
            user=user, organisation=organisation, defaults={"role": order.role}
        )
        if not made:
            raise InvalidInput(f"{user} appartient déjà à {organisation}.")
    _noted(f"{user} : {membership.get_role_display()}, {organisation}", viewer, services)
    return Invited(membership, password)


def change_role(key: int, role: str, viewer: Viewer, *, services: Services) -> Membership:
    """Change the role of a member; an administrator does not demote themselves."""
    membership = _membership(key, viewer)
    _check_role(role, membership.organisation)
    membership.role = role
    membership.save(update_fields=["role"])
    _noted(f"{membership.user} : {membership.get_role_display()}", viewer, services)
    return membership


def remove(key: int, viewer: Viewer, *, services: Services) -> None:
    """Take a person out of an organisation; their account stays, empty of its rights."""
    membership = _membership(key, viewer)
    membership.delete()
    _noted(f"{membership.user} retiré de {membership.organisation}", viewer, services)


def pharmacies(viewer: Viewer) -> QuerySet[Pharmacy]:
    """Return the pharmacies of the groups a viewer runs, with the number of open authorisations."""
    mine = duties(viewer).administers
    found = Pharmacy.objects.filter(Q(group__in=mine) | Q(organisation__in=mine)).distinct()
    opened = Count(
        "authorisations", filter=Q(authorisations__withdrawn_at__isnull=True), distinct=True
    )
    return found.select_related("group").annotate(opened=opened).order_by("name", "finess")


def roles_of(organisation: Organisation) -> tuple[Role, ...]:
    """Return the roles that exist in an organisation of its kind."""
    return GROUP_ROLES if organisation.kind == OrganisationKind.GROUP else PHARMACY_ROLES


def _organisation(key: int, viewer: Viewer) -> Organisation:
    found = organisations(viewer).filter(pk=key).first()
    if found is None:
        raise NotAllowed("Cette organisation n’existe pas.", code="UNKNOWN_ORGANISATION")
    return found


def _membership(key: int, viewer: Viewer) -> Membership:
    found = members(viewer).filter(pk=key).first()
    if found is None:
        raise NotAllowed(UNKNOWN_MEMBER, code="UNKNOWN_MEMBER")
    if str(found.user_id) == viewer.user_id:
        raise InvalidInput("Vous ne pouvez pas changer votre propre rôle : demandez-le à un autre.")
    return found


def _check_role(role: str, organisation: Organisation) -> None:
    if role not in {each.value for each in roles_of(organisation)}:
        raise InvalidInput(f"Ce rôle n’existe pas dans {organisation} : choisissez-en un autre.")


def _user(order: NewMember, viewer: Viewer) -> tuple[User, str]:
    known = people.named(order.username)
    if known is None:
        return people.new_account(order.username, order.display_name, order.email)
    if not members(viewer).filter(user=known).exists():
        raise InvalidInput(people.TAKEN)
    return known, ""


def _noted(what: str, viewer: Viewer, services: Services) -> None:
    access_log.note(access_log.RIGHTS, what, viewer, services=services)
