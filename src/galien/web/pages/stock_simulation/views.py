"""The simulation of a pharmacy's year, asked as a task when it is long; the year of one product."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.records.models import Job
from galien.usecases import access_log
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import current
from galien.usecases.stock import year_jobs
from galien.usecases.stock.year_asked import YearAsked
from galien.usecases.stock.year_trial import YearTried, product_year, try_year
from galien.web.pages.stock_simulation import picture, shown
from galien.web.pages.stock_simulation.choosing import PATH, Settings, address, settings
from galien.web.shell.context import page_response, person, viewer
from galien.web.simulators import asked_style, file_response

PAGE = "pages/stock_simulation/page.html"


@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    """Show a year tried, or the form that asks for it and the progress of its task."""
    it = _settings(request, _texts(request.GET))
    name = pharmacy_names(viewer(request)).get(it.asked.pharmacy if it.asked else "", "")
    context = shown.frame(it, name)
    if it.asked is None:
        return page_response(request, PAGE, context | {"wrong": it.wrong})
    try:
        tried, job = _tried(request, it.asked)
    except (NotAllowed, NotAvailable, InvalidInput) as error:
        if request.GET.get("pharmacie") and isinstance(error, NotAllowed):
            raise
        return page_response(request, PAGE, context | {"nothing": shown.nothing(error.message)})
    style = asked_style(request)
    if style and tried is None:
        raise NotAvailable("Cette simulation n’est pas encore calculée : lancez-la depuis la page.")
    _note(request, it.asked, "Simulation d’une année", style=style)
    if style and tried is not None:
        return file_response("simulation", shown.sheets(tried), style)
    context |= shown.task(job)
    if tried is not None:
        context |= shown.answer(it.asked, tried, name)
    return page_response(request, PAGE, context)


@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Queue the simulation typed when it is long, then go to its address."""
    it = _settings(request, _texts(request.POST))
    if it.asked is None:
        messages.error(request, it.wrong)
        return redirect(PATH)
    services, reader = current(), viewer(request)
    try:
        if not year_jobs.light(it.asked, reader, services=services):
            year_jobs.ask_for(it.asked, reader, person(request), services=services)
    except (InvalidInput, NotAvailable) as error:
        messages.error(request, error.message)
    return redirect(address(it.asked))


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Go to the year of the product whose code is typed."""
    it = _settings(request, _texts(request.GET))
    code = request.GET.get("code", "").strip()
    if it.asked is None or not code.isalnum():
        messages.error(request, it.wrong or "Tapez le code d’un produit, celui de sa boîte.")
        return redirect(PATH if it.asked is None else address(it.asked))
    return redirect(shown.product_href(it.asked, code))


@require_safe
def product(request: HttpRequest, code: str) -> HttpResponse:
    """Show the year of one product: stock, demand, deliveries and shortages, day by day."""
    it = _settings(request, _texts(request.GET))
    if it.asked is None:
        raise InvalidInput(it.wrong)
    found = product_year(it.asked, code, viewer(request), services=current())
    style = asked_style(request)
    _note(request, it.asked, f"Simulation du produit {code}", style=style)
    if style:
        return file_response(f"simulation_{code}", (picture.days_table(found),), style)
    name = pharmacy_names(viewer(request)).get(it.asked.pharmacy, "")
    return page_response(
        request, "pages/stock_simulation/product.html", picture.page(it.asked, found, name)
    )


def _texts(given: QueryDict) -> dict[str, str]:
    return {str(name): str(value) for name, value in given.items()}


def _settings(request: HttpRequest, given: dict[str, str]) -> Settings:
    """Read the settings; NotAllowed, in the words of an absence, for another's pharmacy."""
    names = pharmacy_names(viewer(request))
    asked = given.get("pharmacie", "")
    if asked and asked not in names:
        raise NotAllowed("Cette pharmacie n’existe pas.", code="UNKNOWN_PHARMACY")
    return settings(given, names, current().clock.today().year)


def _tried(request: HttpRequest, asked: YearAsked) -> tuple[YearTried | None, Job | None]:
    """Return the answer, from its task or computed at once when it is short, and the task."""
    services, reader = current(), viewer(request)
    if year_jobs.light(asked, reader, services=services):
        return try_year(asked, reader, services=services), None
    job = year_jobs.job_of(asked, reader, services=services)
    return year_jobs.finished(job), job


def _note(request: HttpRequest, asked: YearAsked, title: str, *, style: str) -> None:
    access_log.note(
        access_log.EXPORT if style else access_log.VIEW,
        f"{title} {request.GET.urlencode()}".strip(),
        viewer(request),
        services=current(),
        pharmacies=[asked.pharmacy],
    )
