"""The comparator, its files, and one equivalence taken apart lab by lab."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases import access_log
from galien.usecases import comparator as use
from galien.usecases.export import download
from galien.usecases.services import current
from galien.web.lists import paged
from galien.web.pages.comparator import asked, detail, shown, table
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

TITLE = "Comparateur de remises"


@require_safe
def comparator(request: HttpRequest) -> HttpResponse:
    """Show labs beside what is bought, or give all of it as a file."""
    choice = asked.read(request)
    try:
        found = use.compared(choice.question, viewer(request), services=current())
    except NotAvailable as error:
        context = {"head": shown.head(choice), "nothing": shown.nothing(error)}
        return page_response(request, "pages/comparator/page.html", context)
    if style := request.GET.get("format", ""):
        return _file(request, found, style)
    _log(request, found, access_log.VIEW, TITLE)
    kept = table.sorted_rows(choice, found)
    rows, pages = paged(request, kept, noun=("produit", "produits"))
    return page_response(
        request, "pages/comparator/page.html", shown.page(choice, found, rows, pages, kept)
    )


@require_safe
def product(request: HttpRequest) -> HttpResponse:
    """Show what is bought of one equivalence, and each part of what each lab gives for it."""
    choice = asked.read(request)
    found = use.compared(choice.question, viewer(request), services=current())
    key = request.GET.get(asked.EQUIVALENCE, "")
    row = next((each for each in found.rows if each[0].equivalence.key == key), None)
    if row is None:
        raise NotAllowed("Ce produit n’est pas acheté sur cette période.", code="UNKNOWN_PRODUCT")
    _log(request, found, access_log.VIEW, f"{TITLE} : {row[0].equivalence.label}")
    return page_response(
        request, "pages/comparator/product.html", detail.page(choice, found, *row, current())
    )


def _log(request: HttpRequest, found: use.Compared, action: str, subject: str) -> None:
    access_log.note(
        action, subject, viewer(request), services=current(),
        pharmacies=found.base.pharmacies, release=found.base.release,
    )  # fmt: skip


def _file(request: HttpRequest, found: use.Compared, style: str) -> HttpResponse:
    """Answer the whole comparator as a file; InvalidInput for an unknown style."""
    made = download(use.as_answer(found), style)
    days = found.base.period
    name = f"comparateur-de-remises-{days.first}-{days.last}.{style}"
    made = replace(made, filename=name)
    _log(request, found, access_log.EXPORT, f"{TITLE} ({name})")
    return attached(made.content, made.media_type, made.filename)
