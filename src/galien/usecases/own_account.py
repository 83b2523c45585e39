"""A person's own account: where they are signed in, and the keys they gave to programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import ApiToken, Membership, User
from galien.usecases.duties import duties
from galien.usecases.services import Services

SCOPES = {
    "ask": "Poser des questions (chiffres)",
    "receipts": "Lire les fichiers et récépissés",
    "releases": "Lire les publications",
    "stock": "Lire le stock, les ruptures et les commandes, simuler",
    "stock:write": "Proposer, changer et noter envoyées des commandes",
    "prices": "Lire les prix et les politiques, les essayer",
    "prices:write": "Enregistrer des politiques de prix, décider des prix",
}
LIFETIMES = {30: "30 jours", 90: "90 jours", 365: "un an"}
UNKNOWN = "Cette clé n’existe pas."


@dataclass(frozen=True)
class NewToken:
    """A key just made; `secret` is shown this once and kept nowhere."""

    token: ApiToken
    secret: str


def sessions(user: User) -> list[UserSession]:
    """Return where a person is signed in, the last seen first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda each: each.last_seen_at, reverse=True)


def end_session(key: int, user: User) -> None:
    """Sign a session of one's own out; NotAllowed for another's."""
    session = UserSession.objects.filter(pk=key, user=user).first()
    if session is None:
        raise NotAllowed("Cette session n’existe pas.", code="UNKNOWN_SESSION")
    session.end()


def tokens(user: User) -> QuerySet[ApiToken]:
    """Return a person's keys, newest first."""
    return ApiToken.objects.filter(user=user)


def make_token(
    name: str, scope: Collection[str], days: int, user: User, *, services: Services
) -> NewToken:
    """Make a key; InvalidInput when its name, scope or lifetime is not one of those offered."""
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise InvalidInput("Donnez à la clé un nom d’au plus 100 caractères.")
    if not scope or not set(scope) <= set(SCOPES):
        raise InvalidInput("Choisissez ce que la clé ouvre.")
    if days not in LIFETIMES:
        raise InvalidInput("Choisissez la durée de la clé dans la liste.")
    expires_at = services.clock.now() + dt.timedelta(days=days)
    return NewToken(*ApiToken.issue(user=user, name=name, scope=scope, expires_at=expires_at))


def revoke_token(key: int, user: User, *, services: Services) -> ApiToken:
    """Revoke a key of one's own; a second time changes nothing. NotAllowed for another's."""
    return _revoked(ApiToken.objects.filter(pk=key, user=user), services)


def administered_tokens(viewer: Viewer) -> QuerySet[ApiToken]:
    """Return the keys of the people an administrator answers for, newest first."""
    people = Membership.objects.filter(organisation__in=duties(viewer).administers)
    return ApiToken.objects.filter(user__in=people.values("user")).select_related("user")


def revoke_administered(key: int, viewer: Viewer, *, services: Services) -> ApiToken:
    """Revoke a key of someone an administrator answers for; NotAllowed otherwise."""
    return _revoked(administered_tokens(viewer).filter(pk=key), services)


def _revoked(found: QuerySet[ApiToken], services: Services) -> ApiToken:
    token = found.first()
    if token is None:
        raise NotAllowed(UNKNOWN, code="UNKNOWN_TOKEN")
    if token.revoked_at is None:
        token.revoked_at = services.clock.now()
        token.save(update_fields=["revoked_at"])
    return token
