"""What is sent as a text rather than as JSON: a policy, a table; and how OpenAPI says so."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from galien.kernel.errors import InvalidInput


def sent(request: HttpRequest) -> bytes:
    """Return what was sent; InvalidInput when there is nothing, or too much."""
    try:
        content = request.body
    except RequestDataTooBig as error:
        raise InvalidInput("Le corps de la demande est trop long : 2,6 Mo au plus.") from error
    if not content.strip():
        raise InvalidInput("Le corps de la demande est vide.")
    return content


def sent_text(request: HttpRequest) -> str:
    """Return the text that was sent; InvalidInput when it is not UTF-8."""
    try:
        return sent(request).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("Le texte envoyé n’est pas en UTF-8 : enregistrez-le ainsi.") from error


def takes(media_type: str, about: str) -> dict[str, Any]:
    """Return what OpenAPI says of a body that is a text."""
    return {
        "requestBody": {
            "required": True,
            "description": about,
            "content": {media_type: {"schema": {"type": "string"}}},
        }
    }
