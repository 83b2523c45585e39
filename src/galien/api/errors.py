"""Errors as the API tells them: a status, a code, a French sentence saying what to do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from galien.api.access import NOT_KNOWN
from galien.kernel.errors import GalienError

COME_BACK = 60  # seconds
_BUSY, _FORBIDDEN = 503, 403
# The code of an error that has none of its own, by its status.
CODES = {400: "USAGE", 404: "NOT_FOUND", 422: "REFUSED", _BUSY: "BUSY"}
NO_PROOF = (
    "Une écriture avec la session du navigateur demande son jeton (en-tête X-CSRFToken) : rechargez la "
    "page, ou demandez avec une clé."
)
NO_ADDRESS = "Cette adresse n’existe pas : /api/v1/docs les donne toutes."
NO_METHOD = "Cette adresse ne répond pas à cette méthode ; elle répond à :"
# What pydantic finds wrong, by the beginning of its type, in French.
WRONG = {
    "missing": "il manque",
    "int": "un nombre entier est attendu",
    "decimal": "un nombre est attendu, avec un point (0.30)",
    "float": "un nombre est attendu, avec un point (0.30)",
    "bool": "true ou false est attendu",
    "date": "une date est attendue, AAAA-MM-JJ",
    "string_too_long": "texte trop long",
    "string": "un texte est attendu",
    "greater_than_equal": "au moins {ge}",
    "greater_than": "plus de {gt}",
    "less_than_equal": "au plus {le}",
    "less_than": "moins de {lt}",
    "literal_error": "au choix {expected}",
    "enum": "au choix {expected}",
    "extra_forbidden": "nom inconnu",
    "json_invalid": "ce n’est pas du JSON",
    "list": "une liste est attendue",
    "dict": "un objet est attendu",
}


def speak(api: NinjaAPI) -> None:
    """Have an API tell its errors in French."""
    api.add_exception_handler(GalienError, _ours)
    api.add_exception_handler(AuthenticationError, _stranger)
    api.add_exception_handler(Throttled, _too_often)
    api.add_exception_handler(ValidationError, _wrong)
    api.add_exception_handler(HttpError, _unread)


def sentence(wrong: Mapping[str, Any]) -> str:
    """Say what is wrong of a parameter.

    >>> sentence({"type": "int_parsing", "loc": ("query", "limit"), "msg": ""})
    '« limit » : un nombre entier est attendu.'
    >>> sentence({"type": "less_than_equal", "loc": ("query", "limit"), "ctx": {"le": 1000}})
    '« limit » : au plus 1000.'
    """
    kind = str(wrong["type"])
    said = next(
        (text for name, text in WRONG.items() if kind.startswith(name)), "valeur impossible"
    )
    return f"« {wrong['loc'][-1]} » : {said.format(**wrong.get('ctx', {}))}."


def told(status: int, code: str, message: str) -> HttpResponse:
    """Answer an error."""
    content = {"code": code, "message": message}
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _ours(_: HttpRequest, error: Any) -> HttpResponse:
    code = error.code or CODES.get(error.http_status, "INTERNAL")
    response = told(error.http_status, code, error.message)
    if error.http_status == _BUSY:
        response["Retry-After"] = str(COME_BACK)
    return response


def _stranger(_: HttpRequest, error: Any) -> HttpResponse:
    response = told(error.status_code, "NOT_AUTHENTICATED", NOT_KNOWN)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _too_often(_: HttpRequest, error: Any) -> HttpResponse:
    seconds = math.ceil(error.wait or 1)
    text = f"Trop de demandes à la fois : réessayez dans {seconds} s, ou demandez moins souvent."
    return told(error.status_code, "TOO_MANY_REQUESTS", text)


def _wrong(_: HttpRequest, error: Any) -> HttpResponse:
    return told(400, "USAGE", " ".join(sentence(each) for each in error.errors))


def _unread(_: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == _FORBIDDEN:
        return told(_FORBIDDEN, "CSRF", NO_PROOF)
    text = "Cette demande ne peut pas être lue : vérifiez que son corps est du JSON."
    return told(error.status_code, "USAGE", text)
