"""The margin calculator: the address holds the question, nothing is kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import GalienError, InvalidInput
from galien.usecases import margin as use
from galien.usecases.services import current
from galien.web.lists import choice
from galien.web.pages.law.views import asked_day, picture
from galien.web.pages.margin import shown
from galien.web.pages.margin.asked import DRAWING, EXAMPLE, KINDS, PUBLIC, Asked
from galien.web.shell.context import page_response
from galien.web.typed import read_number

MOST = Decimal(1_000_000)


@require_safe
def margin(request: HttpRequest) -> HttpResponse:
    """Take the price of the address apart; what cannot be read is said beside the form."""
    services = current()
    asked = _asked(request, services.clock.today())
    context: dict[str, Any] = {"head": shown.head(asked), "error": None, "found": None}
    try:
        answer = use.margin_of(_question(asked), law=services.law)
    except GalienError as error:
        context["error"] = shown.refused(error.message)
    else:
        if request.GET.get("format") == DRAWING:
            return picture(shown.curve(answer.price, asked, services.law), width=560)
        context["found"] = shown.page(answer, asked, law=services.law)
    return page_response(
        request, "pages/margin/page.html", {**context, "fields": shown.fields(asked)}
    )


def _asked(request: HttpRequest, today: dt.date) -> Asked:
    """Read the address as it is typed; numbers are read later, so that the form keeps them."""
    given = request.GET
    against = asked_day(request, "avant", dt.date.min)
    return Asked(
        price=given.get("prix", "").strip() or EXAMPLE,
        kind=choice(request, "sorte", KINDS) or next(iter(KINDS)),
        on=asked_day(request, "jour", today),
        against=None if against == dt.date.min else against,
        generic_of=given.get("princeps", "").strip(),
        vat=given.get("tva", "").strip(),
        path=request.path,
    )


def _question(asked: Asked) -> use.MarginQuestion:
    return use.MarginQuestion(
        price=_amount(asked.price, "Le prix"),
        public=asked.kind == PUBLIC,
        on=asked.on,
        against=asked.against,
        generic_of=_amount(asked.generic_of, "Le prix du princeps") if asked.generic_of else None,
        vat=_amount(asked.vat, "Le taux de TVA") / 100 if asked.vat else None,
    )


def _amount(text: str, what: str) -> Decimal:
    """Read a number typed the French way; InvalidInput when it is not one, or not a price."""
    value = read_number(text)
    if value is None:
        raise InvalidInput(f"{what} «\u00a0{text[:20]}\u00a0» n’est pas un nombre.")
    if not 0 <= value <= MOST:
        raise InvalidInput(f"{what} doit être compris entre 0 et 1\u202f000\u202f000.")
    return value
