"""Who comes in by the API: a key narrowed to what it was given for, or the browser's session."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import ApiToken, User
from galien.records.scope import viewer_of
from galien.usecases.own_account import SCOPES
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current

NOT_KNOWN = "La clé est absente, expirée ou révoquée : créez-en une depuis votre compte."


class TooNarrow(NotAllowed):
    """The key was not given for this: no object is told of by saying so."""

    http_status = 403


class TokenAccess(HttpBearer):
    """`Authorization: Bearer gal_…`; what the key opens is kept on the request."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the owner of a key in force."""
        now = current().clock.now()
        found = ApiToken.of_secret(token, now=now)
        if found is None:
            return None
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        request.api_scope = frozenset(found.scope)  # type: ignore[attr-defined]
        request.api_key = found.pk  # type: ignore[attr-defined]
        return found.user


class BrowserSession(SessionAuth):
    """The session of who is signed in, with its proof against forgery when it writes.

    A key that is shown decides alone: one that has expired is told so, whoever is signed in beside.
    """

    def __call__(self, request: HttpRequest) -> User | None:
        """Return who is signed in."""
        if "Authorization" in request.headers or not request.user.is_authenticated:
            return None
        user: User | None = super().__call__(request)
        return user


ACCESS = [TokenAccess(), BrowserSession()]


def viewer(request: HttpRequest, *scopes: str) -> Viewer:
    """Return who asks, if their key was given for one of `scopes`; TooNarrow otherwise."""
    given = getattr(request, "api_scope", None)
    if given is not None and given.isdisjoint(scopes):
        opened = " ou ".join(f"« {SCOPES[each]} »" for each in scopes)
        raise TooNarrow(
            f"Cette clé n’ouvre pas {opened} : créez-en une qui le permet, depuis votre compte.",
            code="TOKEN_SCOPE",
        )
    return viewer_of(person(request), current().clock.today())


def person(request: HttpRequest) -> User:
    """Return the account that asks."""
    user: User = request.auth  # type: ignore[attr-defined]
    return user


def by_key(request: HttpRequest) -> bool:
    """Tell whether a program asks with a key, rather than a browser with its session."""
    return hasattr(request, "api_key")


def caller(request: HttpRequest) -> str:
    """Return what tells who asks from another: a key, or a person's browsers."""
    if by_key(request):
        return f"key {request.api_key}"  # type: ignore[attr-defined]
    return f"person {person(request).pk}"


def check_pharmacy(asker: Viewer, pharmacy: str) -> None:
    """Let through a pharmacy of the viewer's; NotAllowed, in the words of an absence, for another."""
    if pharmacy not in pharmacy_names(asker):
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
