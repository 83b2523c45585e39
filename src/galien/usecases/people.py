"""People’s accounts: one with its first password, a group’s first administrator, a password forgotten."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from galien.kernel.errors import InvalidInput
from galien.model.viewer import WORKSPACE_VIEWER
from galien.records.models import Membership, Organisation, OrganisationKind, Role, User
from galien.usecases import access_log
from galien.usecases.services import Services

TAKEN = "Cet identifiant est pris : choisissez-en un autre."


@dataclass(frozen=True)
class Welcomed:
    """A person who may sign in, for which group, and the password to hand them, shown this once."""

    username: str
    group: str
    password: str


def anyone() -> bool:
    """Tell whether somebody can sign in."""
    return User.objects.filter(is_active=True).exists()


def named(username: str) -> User | None:
    """Return the person of a sign-in, whatever its capitals."""
    return User.objects.filter(username__iexact=username.strip()).first()


def new_account(username: str, display_name: str, email: str) -> tuple[User, str]:
    """Make an account and its first password; InvalidInput when the sign-in or the e-mail cannot serve."""
    try:
        UnicodeUsernameValidator()(username.strip())
        if email:
            validate_email(email)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages)) from error
    password = _password()
    user = User.objects.create_user(
        username.strip()[:150],
        email=email.strip(),
        password=password,
        display_name=display_name.strip()[:150],
    )
    return user, password


@transaction.atomic
def welcome_administrator(
    username: str, group: str, *, name: str = "", email: str = "", services: Services
) -> Welcomed:
    """Make an administrator of a group, itself made when new; without a name, the only group there is.

    For who holds the machine: it asks for no right. Raises InvalidInput when the sign-in is taken, or when
    no group is named and there is not exactly one.
    """
    if named(username):
        raise InvalidInput(TAKEN)
    organisation = _group(group.strip())
    user, password = new_account(username, name, email)
    Membership.objects.create(user=user, organisation=organisation, role=Role.ADMINISTRATOR)
    _noted(f"{user} : {Role.ADMINISTRATOR.label}, {organisation}", services)
    return Welcomed(user.username, organisation.name, password)


@transaction.atomic
def renew_password(username: str, *, services: Services) -> Welcomed:
    """Give a person a new password, which ends their sessions; InvalidInput when nobody is so named."""
    user = named(username)
    if user is None:
        raise InvalidInput(f"Personne ne se connecte sous le nom « {username.strip()[:60]} ».")
    password = _password()
    user.set_password(password)
    user.save(update_fields=["password"])
    _noted(f"{user} : nouveau mot de passe", services)
    groups = Membership.objects.filter(user=user).values_list("organisation__name", flat=True)
    return Welcomed(user.username, ", ".join(sorted(groups)), password)


def _group(name: str) -> Organisation:
    groups = Organisation.objects.filter(kind=OrganisationKind.GROUP)
    if name:
        return groups.get_or_create(name=name, kind=OrganisationKind.GROUP)[0]
    found = list(groups[:2])
    if len(found) != 1:
        raise InvalidInput('Nommez le groupement : `--group "Nom du groupement"`.')
    return found[0]


def _password() -> str:
    return secrets.token_urlsafe(12)


def _noted(what: str, services: Services) -> None:
    access_log.note(access_log.RIGHTS, what, WORKSPACE_VIEWER, services=services)
