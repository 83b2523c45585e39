"""A policy applied: the decisions written down, their file, their labels, and what sales made of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases import access_log
from galien.usecases.prices import book
from galien.usecases.prices.history import (
    Decided,
    Measured,
    Run,
    decided,
    file_of,
    measured,
    run_of,
)
from galien.usecases.prices.trial import decide
from galien.usecases.receipts import pharmacy_names
from galien.usecases.services import Services, current
from galien.web.lists import paged
from galien.web.pages.price_policies import shown
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

MOST_LABELS = 2000


@require_POST
def apply_policy(request: HttpRequest, key: int) -> HttpResponse:
    """Write down the prices of a policy for a pharmacy, if it is still the one that was tried."""
    services, reader = current(), viewer(request)
    pharmacy = request.POST.get("pharmacie", "")
    try:
        found, name = decide(
            book.found(key, reader),
            pharmacy,
            request.POST.get("texte", ""),
            reader,
            services=services,
        )
    except InvalidInput as refused:
        messages.error(request, refused.message)
        return redirect("price-policies:one", key=key)
    if not name:
        messages.info(request, "Aucun prix ne changerait : rien n’a été enregistré.")
        return redirect("price-policies:one", key=key)
    messages.success(
        request, f"{french.number(len(found.lines))} prix décidés, à reprendre dans le logiciel."
    )
    return redirect("price-policies:run", name=name)


@require_safe
def run(request: HttpRequest, name: str) -> HttpResponse:
    """Show what a run decided, and its result on sales once there is one."""
    services, reader = current(), viewer(request)
    found = run_of(name, reader)
    rows = decided(name, reader, services=services)
    names = _log(access_log.VIEW, found, rows, reader, services)
    page, pages = paged(request, rows, noun=("prix", "prix"))
    result = _measured(found, reader, services)
    context = {
        "head": shown.run_head(found, names),
        "run": found,
        "measured": shown.measured(result) if result else None,
        "weeks": result.days // 7 if result else 0,
        "elsewhere": result.witnesses if result else None,
        "table": shown.decided(page, names, pages=pages),
    }
    return page_response(request, "pages/price_policies/run.html", context)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Answer the new prices as the file that dispensing software reads."""
    services, reader = current(), viewer(request)
    found = run_of(name, reader)
    rows = decided(name, reader, services=services)
    _log(access_log.EXPORT, found, rows, reader, services)
    name = f"prix-{found.since}-{found.run}.csv"
    return attached(file_of(rows), "text/csv", name)


@require_safe
def labels(request: HttpRequest, name: str) -> HttpResponse:
    """Lay the shelf labels of a run out on a page to print."""
    services, reader = current(), viewer(request)
    found = run_of(name, reader)
    rows = decided(name, reader, services=services)
    _log(access_log.EXPORT, found, rows, reader, services)
    context = {
        "run": found,
        "head": shown.labels_head(found, len(rows)),
        "labels": shown.labels(rows[:MOST_LABELS]),
        "more": max(0, len(rows) - MOST_LABELS),
    }
    return page_response(request, "pages/price_policies/labels.html", context)


def _measured(found: Run, reader: Viewer, services: Services) -> Measured | None:
    try:
        return measured(found, reader, services=services)
    except (NotAllowed, NotAvailable):
        # Sales of the days before may not be open to who may read the decision.
        return None


def _log(
    what: str, found: Run, rows: tuple[Decided, ...], reader: Viewer, services: Services
) -> dict[str, str]:
    """Note who read a run, and return the names of its pharmacies."""
    every = pharmacy_names(reader)
    named = {each.pharmacy: every.get(each.pharmacy, each.pharmacy) for each in rows}
    subject = f"Prix décidés par « {found.policy} » ({found.run})"
    access_log.note(what, subject, reader, services=services, pharmacies=tuple(named))
    return named
