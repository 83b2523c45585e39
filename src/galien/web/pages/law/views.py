"""The book of law: a view reads the address, asks the book, renders."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.law.topics import TOPICS
from galien.usecases import law_book
from galien.usecases.services import current
from galien.web.components.pictures import ChartCard
from galien.web.components.svg import chart_svg
from galien.web.lists import choice
from galien.web.pages.law import one as sheet
from galien.web.pages.law import shown
from galien.web.shell.context import page_response


@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """Show the topics, or the parameters of one, or those that hold some words."""
    law, today = current().law, current().clock.today()
    on = asked_day(request, "jour", today)
    topic, words = choice(request, "theme", TOPICS), request.GET.get("q", "")[:100].strip()
    context = {
        "head": shown.head(law_book.topics(law), on),
        "fields": shown.fields(on, topic=topic, words=words),
        "tables": [],
        "asked": words or topic,
    }
    if words or topic:
        context["tables"] = shown.tables(law_book.browse(law, on=on, topic=topic, words=words), on)
    else:
        context["topics"] = shown.topics(law_book.topics(law), on, today)
        context["changes"] = shown.changes(law_book.changes(law), on)
    return page_response(request, "pages/law/page.html", context)


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Show a parameter: its value on a day, its curve, every value with its source."""
    services = current()
    on = asked_day(request, "jour", services.clock.today())
    try:
        parameter = services.law.parameter(name)
    except InvalidInput as error:
        raise NotAllowed(error.message, code="UNKNOWN_PARAMETER") from error
    if request.GET.get("format") == sheet.DRAWING:
        card = sheet.chart(parameter, max(on, services.clock.today()))
        if card is None:
            raise NotAllowed("Ce paramètre n’a pas de courbe.", code="NO_CURVE")
        return picture(card, width=960)
    context = sheet.page(parameter, on=on, today=services.clock.today())
    return page_response(request, "pages/law/one.html", context)


def picture(card: ChartCard, *, width: int) -> HttpResponse:
    """Return a chart drawn by the server."""
    drawing = chart_svg(card.chart, width=width, height=card.height)
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


def asked_day(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    """Read a day of the address; InvalidInput when it is not one."""
    asked = request.GET.get(name, "").strip()
    if not asked:
        return default
    try:
        return dt.date.fromisoformat(asked)
    except ValueError as error:
        raise InvalidInput(
            f"«\u00a0{asked[:20]}\u00a0» n’est pas une date : choisissez un jour dans le formulaire."
        ) from error
