"""How one's account is printed, and the state of keys wherever they are listed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from markupsafe import Markup

from galien.records.models import ApiToken, Membership, User
from galien.usecases import own_account as usecase
from galien.usecases.services import Services
from galien.web.components.models import Field, Tone
from galien.web.lists import badge, moment, options

BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


def page(user: User, session_key: str, services: Services) -> dict[str, Any]:
    """Return what the account's page prints."""
    now = services.clock.now()
    lifetimes = {str(days): label for days, label in usecase.LIFETIMES.items()}
    memberships = Membership.objects.filter(user=user).select_related("organisation")
    return {
        "made": None,
        "about": [
            ("Identifiant", user.username),
            ("Nom affiché", user.shown_name),
            ("Adresse électronique", user.email or "Non renseignée"),
            *((str(each.organisation), each.get_role_display()) for each in memberships),
        ],
        "sessions": [
            {
                "key": each.pk,
                "what": device(each.user_agent),
                "ip": each.ip,
                "seen": moment(each.last_seen_at),
                "current": each.session_key == session_key,
            }
            for each in usecase.sessions(user)
        ],
        "tokens": [token_line(each, now) for each in usecase.tokens(user)],
        "scopes": usecase.SCOPES,
        "fields": (
            Field("name", "Nom de la clé", required=True, help="Pour la reconnaître plus tard."),
            Field("days", "Durée", kind="select", required=True, options=options(lifetimes, "90")),
        ),
    }  # fmt: skip


def token_line(token: ApiToken, now: dt.datetime) -> dict[str, Any]:
    """Return a key as lists print it."""
    return {
        "key": token.pk,
        "name": token.name,
        "prefix": token.prefix,
        "owner": str(token.user),
        "scope": ", ".join(usecase.SCOPES.get(each, each) for each in token.scope),
        "expires": moment(token.expires_at),
        "used": moment(token.last_used_at) or "Jamais",
        "state": state(token, now),
        "open": token.revoked_at is None and token.expires_at > now,
    }


def state(token: ApiToken, now: dt.datetime) -> Markup:
    """Return whether a key still opens anything."""
    if token.revoked_at is not None:
        return badge("Révoquée")
    return badge("En service", Tone.GOOD) if token.expires_at > now else badge("Expirée")


def device(agent: str) -> str:
    """Say in words what a browser calls itself.

    >>> device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130.0 Safari/537")
    'Chrome sous Windows'
    """
    browser = next((name for mark, name in BROWSERS if mark in agent), "Navigateur")
    system = next((name for name in SYSTEMS if name in re.sub("_", " ", agent)), "")
    return f"{browser} sous {system}" if system else browser
