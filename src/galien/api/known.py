"""Names that an address does not know: told, since a filter that is passed over would give other figures."""

from __future__ import annotations

import re
from functools import cache

from django.http import HttpRequest

from galien.api.build import VERSION_1
from galien.kernel.errors import did_you_mean

PART = re.compile(r"<(?:\w+:)?(\w+)>")


def unknown_name(request: HttpRequest) -> str:
    """Return what is wrong of the first name of the query that the address does not take; empty if none."""
    match = request.resolver_match
    known = (
        _known().get((request.method or "", PART.sub(r"{\1}", f"/{match.route}")))
        if match
        else None
    )
    if known is None:
        return ""
    wrong = next((name for name in request.GET if name not in known), "")
    if not wrong:
        return ""
    near = did_you_mean(wrong, known) if known else "Cette adresse n’en prend aucun."
    return f"« {wrong[:40]} » : nom inconnu. {near}"


@cache
def _known() -> dict[tuple[str, str], frozenset[str]]:
    """Return the names that each method of each address takes in its query."""
    return {
        (method.upper(), path): frozenset(
            each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
        )
        for path, methods in VERSION_1.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }
