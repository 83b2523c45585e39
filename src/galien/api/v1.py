"""Version 1 of the REST API: ask, measures and dimensions, receipts, releases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError

from galien.analytics.dimensions import DIMENSIONS, FILTERS, MARKET
from galien.analytics.measures import find_measures
from galien.analytics.question import Question
from galien.api.access import ACCESS, NOT_KNOWN, viewer
from galien.kernel import glossary
from galien.kernel.errors import GalienError, InvalidInput, NotAvailable
from galien.records.models import Receipt
from galien.records.scope import visible_to
from galien.usecases import access_log
from galien.usecases import releases as published
from galien.usecases.ask import ask
from galien.usecases.export import FORMATS, download, to_json
from galien.usecases.filter_texts import read_filters
from galien.usecases.services import current

SUBJECTS = ("purchases", "sales", "stock", "traffic")
MAX_PAGE = 1000

api = NinjaAPI(
    title="Galien",
    version="1",
    description="Les mêmes questions, réponses et droits que le site, pour les programmes.",
    auth=ACCESS,
    urls_namespace="api-v1",
)


class AskParameters(Schema):
    """What is asked, in the words of the command `galien ask`."""

    measure: list[str] = Field(default_factory=list)
    by: list[str] = Field(default_factory=list)
    period: str = "last-12-months"
    compare: str = "previous-year"
    where: list[str] = Field(default_factory=list)
    exclude: list[str] = Field(default_factory=list)
    level: str = "invoice"
    order: str | None = None
    top: int | None = None
    constant: bool = False
    format: str = "json"


@api.exception_handler(GalienError)
def told(request: HttpRequest, error: GalienError) -> HttpResponse:
    """Answer an error of ours: its status, its code, its French sentence."""
    content = {"code": error.code, "message": error.message}
    return api.create_response(request, content, status=error.http_status)


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
    """Answer who shows no token in force."""
    content = {"code": "NOT_AUTHENTICATED", "message": NOT_KNOWN}
    return api.create_response(request, content, status=401)


@api.get("/ask/{subject}", summary="Poser une question", tags=["questions"])
def ask_question(
    request: HttpRequest, subject: str, parameters: Query[AskParameters]
) -> HttpResponse | dict[str, Any]:
    """Answer `meta`, `columns`, `rows` and `totals`, or a file (`format` csv, zip, xlsx, parquet)."""
    asker = viewer(request, "ask")
    question = Question(
        subject=subject,
        measures=tuple(parameters.measure),
        by=tuple(parameters.by),
        period=parameters.period,
        compare=parameters.compare,
        where=(*read_filters(parameters.where), *read_filters(parameters.exclude, exclude=True)),
        level=parameters.level,
        order=parameters.order,
        top=parameters.top,
        constant_scope=parameters.constant,
    )
    answer = ask(question, asker, services=current())
    access_log.note(
        access_log.EXPORT,
        f"API {subject} {request.META.get('QUERY_STRING', '')}".strip(),
        asker,
        services=current(),
        pharmacies=answer.meta.scope,
        release=answer.meta.release,
        door="api",
    )
    if parameters.format == "json":
        return to_json(answer)
    made = download(answer, parameters.format)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return response


@api.get("/subjects", summary="Mesures et dimensions", tags=["questions"])
def subjects(request: HttpRequest) -> dict[str, Any]:
    """List, for each subject, its measures and dimensions with label, unit and definition.

    `filters` are what narrows figures and cuts none.
    """
    viewer(request, "ask")
    return {
        subject: {
            "measures": [_told(m) for m in find_measures(subject).values()],
            "dimensions": [_told(d) for d in DIMENSIONS[subject].values()],
        }
        for subject in SUBJECTS
    } | {
        "filters": [_told(glossary.term(name)) for name in (*FILTERS, MARKET)],
        "formats": [name.removeprefix(".") for name in FORMATS],
    }


def _told(declared: Any) -> dict[str, str]:
    return {
        "name": declared.name,
        "label": declared.label,
        "unit": str(declared.unit),
        "definition": declared.definition,
    }


@api.get("/receipts", summary="Récépissés", tags=["données"])
def receipts(
    request: HttpRequest,
    pharmacy: str = "",
    feed: str = "",
    status: str = "",
    limit: int = 100,
    offset: int = 0,
) -> dict[str, Any]:
    """List receipts the viewer may see, newest first, page by page."""
    if not 1 <= limit <= MAX_PAGE or offset < 0:
        raise InvalidInput(f"`limit` va de 1 à {MAX_PAGE} et `offset` commence à 0.")
    found = visible_to(viewer(request, "receipts")).receipts().order_by("-received_at", "-pk")
    wanted = {"pharmacy": pharmacy, "feed": feed, "status": status}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    return {
        "count": found.count(),
        "limit": limit,
        "offset": offset,
        "rows": [_receipt(each) for each in found[offset : offset + limit]],
    }


@api.get("/receipts/{receipt}", summary="Un récépissé", tags=["données"])
def one_receipt(request: HttpRequest, receipt: str) -> dict[str, Any]:
    """Return a receipt with its issues; an unknown one and one out of the rights answer alike."""
    found = visible_to(viewer(request, "receipts")).receipts().filter(receipt=receipt).first()
    if found is None:
        raise NotAvailable(f"Récépissé {receipt[:60]} inconnu.", code="UNKNOWN_RECEIPT")
    record = current().ledger.receipt(receipt)
    issues = [
        {"line": i.line, "column": i.column, "code": i.code, "message": i.message}
        for i in record.issues
    ]
    return _receipt(found) | {"issues": issues}


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": receipt.receipt,
        "sha256": receipt.sha256,
        "pharmacy": receipt.pharmacy,
        "feed": receipt.feed,
        "status": receipt.status,
        "code": receipt.code,
        "received": receipt.received,
        "accepted": receipt.accepted,
        "quarantined": receipt.quarantined,
        "duplicates": receipt.duplicates,
        "received_at": _moment(receipt.received_at),
        "exported_at": _moment(receipt.exported_at),
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@api.get("/releases", summary="Publications", tags=["données"])
def releases(request: HttpRequest) -> dict[str, Any]:
    """List releases, newest first; their figures are read by a question."""
    viewer(request, "releases")
    return {
        "rows": [
            {
                "release": each.release,
                "number": each.number,
                "previous": each.parent,
                "published_at": each.published_at.isoformat(),
                "current": each.current,
            }
            for each in published.listed(current())
        ]
    }
