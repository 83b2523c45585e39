"""Product lists: the table of them, a new one typed or made from an analysis, changing and deleting one."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.records.models import ProductList
from galien.usecases import markets as usecase
from galien.usecases.products import labels
from galien.usecases.services import current
from galien.web.analysis.address import read_state
from galien.web.analysis.declared import BY_PATH
from galien.web.pages.markets import shown
from galien.web.shell.context import page_response, person, viewer


@require_safe
def markets(request: HttpRequest) -> HttpResponse:
    """List one's own product lists and those shared with one's organisations."""
    me = person(request)
    rows = [shown.entry(each, me) for each in usecase.listed(viewer(request))]
    return page_response(request, "pages/markets/page.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty form, or one holding the products an analysis shows; on POST, keep the list."""
    if request.method == "POST":
        return _save(request, None)
    return _form(request, None, name="", text=_from_analysis(request), organisation="")


@require_http_methods(["GET", "HEAD", "POST"])
def market(request: HttpRequest, key: int) -> HttpResponse:
    """Show a list: its form to its owner, its products to others; on POST, change it."""
    found = usecase.found(str(key), viewer(request))
    if request.method == "POST":
        return _save(request, usecase.own(key, person(request)))
    text = shown.lines(found.products, labels(found.products, services=current()))
    if found.owner_id != person(request).pk:
        rows = [line.partition("\t") for line in text.splitlines()]
        context = {"head": shown.head(found), "rows": rows, "owner": str(found.owner)}
        return page_response(request, "pages/markets/read.html", context)
    organisation = str(found.organisation_id or "")
    return _form(request, found, name=found.name, text=text, organisation=organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Ask whether a list of one's own is to be deleted, and who else reads it; on POST, delete it."""
    if request.method != "POST":
        found = usecase.own(key, person(request))
        context = {"head": shown.head(found), "key": key, "warning": shown.loss(found)}
        return page_response(request, "pages/markets/delete.html", context)
    usecase.delete(key, person(request))
    messages.success(request, "Marché supprimé.")
    return redirect("markets")


def _save(request: HttpRequest, found: ProductList | None) -> HttpResponse:
    order = usecase.MarketOrder(
        name=request.POST.get("name", ""),
        text=request.POST.get("codes", ""),
        organisation=request.POST.get("organisation", ""),
    )
    key = found.pk if found else None
    try:
        done = usecase.save(order, person(request), services=current(), key=key)
    except InvalidInput as wrong:
        return _form(
            request,
            found,
            name=order.name,
            text=order.text,
            organisation=order.organisation,
            error=wrong.message,
        )
    messages.success(request, shown.saved(done))
    return redirect("markets:one", key=done.market.pk)


def _form(  # what the form holds, and what was wrong with it
    request: HttpRequest,
    found: ProductList | None,
    *,
    name: str,
    text: str,
    organisation: str,
    error: str = "",
) -> HttpResponse:
    context = {
        "head": shown.head(found),
        "fields": shown.fields(person(request), name=name, text=text, organisation=organisation),
        "key": found.pk if found else None,
        "error": error,
    }
    status = 400 if error else 200
    return page_response(request, "pages/markets/form.html", context, status=status)


def _from_analysis(request: HttpRequest) -> str:
    """Return the products that the analysis one comes from shows, as the form holds them."""
    if "page" not in request.GET:
        return ""
    analysis = BY_PATH.get(request.GET["page"])
    if analysis is None:
        raise NotAvailable("Cette analyse n’existe pas : choisissez-la dans le menu.")
    state = read_state(
        parse_qs(request.GET.get("query", ""), keep_blank_values=True), analysis.period
    )
    question = state.question(analysis)
    codes = usecase.sold_or_bought(question, viewer(request), services=current())
    return shown.lines(codes, labels(codes, services=current()))
