"""The deal check: the address holds the product, the offer and the need; nothing is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput
from galien.usecases import deal_check as use
from galien.usecases.products import Found, search
from galien.usecases.services import current
from galien.usecases.values import values
from galien.web.pages.deal_check import asked, shown
from galien.web.pages.law.views import picture
from galien.web.shell.context import page_response, viewer
from galien.web.typed import TypedForm

MOST, SHOWN = 2000, 12
DRAWING = "svg"


@require_safe
def deal_check(request: HttpRequest) -> HttpResponse:
    """Weigh the offer of the address; say what is missing until it can be."""
    services, who = current(), viewer(request)
    form = TypedForm({str(key): str(value) for key, value in request.GET.items()})
    every = values("purchases", "pharmacy", "", who, services=services, limit=MOST)
    names = {each.key: each.label for each in every}
    pharmacy = form.given.get(asked.PHARMACY, "")
    pharmacy = pharmacy if pharmacy in names else ""
    if not pharmacy and len(names) == 1:
        pharmacy = next(iter(names))
    typed = form.given.get(asked.PRODUCT, "").strip()
    known, near = _known(typed, pharmacy, request)
    wanted, mistake = asked.checked(form, known)
    steps = use.weigh(wanted.deals, wanted.need) if wanted.need else ()
    if request.GET.get("format") == DRAWING:
        if not steps or wanted.need is None:
            raise InvalidInput("Il n’y a pas d’affaire à dessiner à cette adresse.")
        return picture(shown.chart(steps, wanted.need, request.get_full_path()), width=560)
    context: dict[str, Any] = {
        "head": shown.head(known),
        "choosing": shown.choosing(typed, pharmacy, names),
        "near": shown.near(near, pharmacy),
        "unknown": bool(typed) and known is None and not near,
        "groups": asked.groups(form)
        if len(form.fields) == len((*asked.OFFER, *asked.NEED))
        else (),
        "kept": asked.kept(form.given),
        "path": request.path,
        "mistake": shown.mistake(mistake) if mistake else None,
        "missing": shown.missing(wanted.missing) if wanted.missing else None,
        "answer": shown.answer(steps, wanted.need, request.get_full_path())
        if steps and wanted.need
        else None,
    }
    return page_response(request, "pages/deal_check/page.html", context)


def _known(typed: str, pharmacy: str, request: HttpRequest) -> tuple[use.Known | None, list[Found]]:
    """Return what is known of the product typed, or the products its words may be."""
    if not typed:
        return None, []
    services = current()
    found = search(typed, services=services)
    exact = [each for each in found if each.code == typed] or (found if len(found) == 1 else [])
    if not exact:
        return None, found[:SHOWN]
    pharmacies = (pharmacy,) if pharmacy else ()
    return (
        use.known_of(exact[0].code, viewer(request), services=services, pharmacies=pharmacies),
        [],
    )
