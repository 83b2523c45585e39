"""Is the site well: the database answers and a release is served."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from galien.records.ledger import DjangoLedger


def health(request: HttpRequest) -> JsonResponse:
    """Return 200 and the state of the parts, or 503 when the database does not answer."""
    del request
    try:
        current = DjangoLedger().current_release()
    except DatabaseError:
        return JsonResponse({"status": "down", "database": "unreachable"}, status=503)
    return JsonResponse(
        {"status": "up", "database": "up", "release": current.release if current else None}
    )
