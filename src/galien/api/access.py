"""Who comes in by the API: a token narrowed to what it was given for, or the browser's session."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import ApiToken, User
from galien.records.scope import viewer_of
from galien.usecases.services import current

SCOPES = ("ask", "receipts", "releases")
NOT_KNOWN = "Le jeton est absent, expiré ou révoqué : créez-en un depuis votre compte."


class TokenAccess(HttpBearer):
    """`Authorization: Bearer gal_…`; the token's scope is kept on the request."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the owner of a token in force."""
        now = current().clock.now()
        found = ApiToken.of_secret(token, now=now)
        if found is None:
            return None
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        request.api_scope = frozenset(found.scope)  # type: ignore[attr-defined]
        return found.user


ACCESS = [TokenAccess(), SessionAuth()]


def viewer(request: HttpRequest, scope: str) -> Viewer:
    """Return who asks, if their token was given for `scope`; NotAllowed otherwise."""
    given = getattr(request, "api_scope", None)
    if given is not None and scope not in given:
        raise NotAllowed(
            f"Ce jeton n’ouvre pas « {scope} » : demandez-en un qui porte cette portée.",
            code="TOKEN_SCOPE",
        )
    user = request.auth  # type: ignore[attr-defined]
    return viewer_of(user, current().clock.today())
