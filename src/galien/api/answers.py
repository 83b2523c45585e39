"""How the API answers: JSON or a file, noted as leaving, with what tells it from the next answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from galien.api import tags
from galien.kernel.plain import plain
from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.detail import release_of
from galien.usecases.export import Download
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current

Content = Mapping[str, Any]
JSON = "application/json; charset=utf-8"
_NOT_MODIFIED = 304


def answered(
    request: HttpRequest,
    asker: Viewer,
    make: Callable[[], Content | Download],
    *,
    about: str = "",
    pharmacies: Iterable[str] = (),
    of_release: bool = False,
) -> HttpResponse:
    """Answer what `make` returns, as JSON or a file, or that it has not changed since the client had it.

    `about` is what the access log says was read of `pharmacies` (none named: all the viewer's); nothing
    is noted without it, nor when nothing left. `of_release` when the answer depends on records of no
    kind: it is then not even made for a client that has it.
    """
    tag = tags.release_tag(request, asker) if of_release else ""
    if tag:
        kept = get_conditional_response(request, etag=tag)
        if kept is not None:
            return _own(request, kept, tag)
    whole = _whole(make())
    tag = tag or tags.content_tag(request, asker, whole.content)
    found = get_conditional_response(request, etag=tag, response=whole) or whole
    if about and found.status_code != _NOT_MODIFIED:
        note(request, asker, about, pharmacies)
    return _own(request, found, tag)


def done(content: Content, *, status: int = 200, location: str = "") -> HttpResponse:
    """Answer what came of a writing; `location` is the address of what was made."""
    response = HttpResponse(written(content), content_type=JSON, status=status)
    if location:
        response["Location"] = location
    return response


def note(
    request: HttpRequest, asker: Viewer, about: str, pharmacies: Iterable[str], release: str = ""
) -> None:
    """Write in the access log what leaves by the API, of which pharmacies."""
    services = current()
    access_log.note(
        access_log.EXPORT,
        f"API {about} {request.META.get('QUERY_STRING', '')}".strip(),
        asker,
        services=services,
        pharmacies=tuple(pharmacies) or tuple(pharmacy_names(asker)),
        release=release or release_of(services),
        door="api",
    )


def written(content: Content) -> bytes:
    """Write an answer as JSON."""
    return json.dumps(plain(content), ensure_ascii=False, allow_nan=False).encode()


def _whole(made: Content | Download) -> HttpResponse:
    if not isinstance(made, Download):
        return HttpResponse(written(made), content_type=JSON)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _own(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponse:
    """Say whose the answer is, and who may keep it."""
    if tag:
        response["ETag"] = tag
    keeping = tags.kept_by(request)
    if keeping:
        response["Cache-Control"] = keeping
    patch_vary_headers(response, ("Authorization", "Cookie"))
    return response
