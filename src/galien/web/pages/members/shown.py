"""How the members of a group are printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from galien.model.viewer import Viewer
from galien.records.models import Membership, Organisation
from galien.usecases.administration import roles_of
from galien.web.components.models import Field, Option
from galien.web.lists import moment


def line(each: Membership, reader: Viewer) -> dict[str, Any]:
    """Return a member as the list prints them."""
    return {
        "key": each.pk,
        "name": each.user.shown_name,
        "username": each.user.username,
        "organisation": str(each.organisation),
        "role": each.role,
        "role_label": each.get_role_display(),
        "roles": [(role.value, role.label) for role in roles_of(each.organisation)],
        "seen": moment(each.user.last_login) or "Jamais",
        "self": str(each.user_id) == reader.user_id,
    }


def fields(organisations: Iterable[Organisation]) -> tuple[Field, ...]:
    """Return the form that invites a person: a role is chosen with its organisation."""
    roles = tuple(
        Option(f"{each.pk}:{role.value}", f"{each} · {role.label}")
        for each in organisations
        for role in roles_of(each)
    )
    return (
        Field("username", "Identifiant", required=True, autocomplete="off"),
        Field("display_name", "Nom affiché", required=True, autocomplete="off"),
        Field("email", "Adresse électronique", kind="email", autocomplete="off"),
        Field("role", "Rôle", kind="select", required=True, options=roles),
    )
