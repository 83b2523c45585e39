"""What tells an answer from the next one (ETag): the release that serves, the rights, the question.

A tag is the viewer's own: it holds who asks, so that nobody learns from it what another reads. A client
that sends it back (If-None-Match) is told that nothing has changed (304), without a figure.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest

from galien import __version__
from galien.api.access import by_key
from galien.model.viewer import Viewer
from galien.usecases.detail import release_of
from galien.usecases.services import current

OWN_USE = "private, no-cache"
"""A program may keep an answer, if it asks each time whether it still holds; a browser keeps none."""


def release_tag(request: HttpRequest, asker: Viewer) -> str:
    """Return the tag of an answer that the release, the rights, the day and the question make.

    Empty when nothing is published.
    """
    services = current()
    release = release_of(services)
    if not release:
        return ""
    # Days end rights and move periods: the same question has another answer tomorrow.
    return _tag(request, asker, f"{__version__} {release} {asker.epoch} {services.clock.today()}")


def content_tag(request: HttpRequest, asker: Viewer, content: bytes) -> str:
    """Return the tag of an answer by its content, where records count as well as the release."""
    return _tag(request, asker, hashlib.sha256(content).hexdigest())


def kept_by(request: HttpRequest) -> str:
    """Return who may keep the answer, as Cache-Control says it; empty for a browser, which keeps none."""
    return OWN_USE if by_key(request) else ""


def _tag(request: HttpRequest, asker: Viewer, told: str) -> str:
    whole = repr((asker.user_id, request.get_full_path(), told))
    return f'W/"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'
