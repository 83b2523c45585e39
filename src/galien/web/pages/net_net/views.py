"""The page of the ledger: read the address, take the purchases apart, print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases import access_log
from galien.usecases.contracts.book import contracts_of
from galien.usecases.net_net.detail import ledger_of
from galien.usecases.services import current
from galien.web.analysis.address import read_state
from galien.web.analysis.names import Names
from galien.web.pages.net_net import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, file_response


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the ledger of what the filters keep, or give it as a file."""
    asker, services = viewer(request), current()
    style = asked_style(request)
    state = read_state({name: request.GET.getlist(name) for name in request.GET})
    names = Names("purchases", asker, services)
    try:
        found = ledger_of(state.question(shown.LEDGER), asker, services=services)
    except (NotAllowed, NotAvailable) as error:
        context = shown.nothing(state, names, error)
        return page_response(request, "pages/net_net/page.html", context)
    keys = {each.contract.reference: each.key for each in contracts_of(asker)}
    access_log.note(
        access_log.EXPORT if style else access_log.VIEW,
        f"{shown.TITLE} {state.query()}".strip(),
        asker,
        services=services,
        pharmacies=found.answer.meta.scope,
        release=found.answer.meta.release,
    )
    if style:
        return file_response("prix-net-net", shown.tables(found, keys), style)
    context = shown.page(found, state, names, keys)
    return page_response(request, "pages/net_net/page.html", context)
