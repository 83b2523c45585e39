"""The policies and what they decided; one of them, tried on a pharmacy before it is applied."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel.errors import InvalidInput, NotAllowed, NotAvailable
from galien.usecases.prices import book
from galien.usecases.prices.history import runs_of
from galien.usecases.prices.trial import Trial, may_decide, trial
from galien.web.components.models import Empty
from galien.web.lists import paged
from galien.web.pages.price_policies import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import exports, file_response
from galien.web.stock_choice import StockChoice, stock_choice

ONE = "pages/price_policies/one.html"
MOST_ELASTIC = Decimal(10)


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """List the policies one may read, and the times they were applied."""
    reader = viewer(request)
    runs, pages = paged(request, runs_of(reader), noun=("passage", "passages"))
    context = {
        "table": shown.policies(book.policies_of(reader)),
        "runs": shown.runs(runs, pages=pages),
        "writing": bool(book.writable(reader)),
    }
    return page_response(request, "pages/price_policies/page.html", context)


@require_safe
def one(request: HttpRequest, key: int) -> HttpResponse:
    """Try a policy on a pharmacy: products touched, euros, doubts and exceptions; or as a file."""
    chosen = stock_choice(request, one=True)
    kept = book.found(key, chosen.viewer)
    assumed = chosen.form.amount("elasticite", "Élasticité supposée", suffix="", signed="1")
    if assumed is not None:
        assumed = max(min(assumed, MOST_ELASTIC), -MOST_ELASTIC)
    writing = book.may_write(kept, chosen.viewer)
    context: dict[str, object] = {
        "kept": kept,
        "choices": chosen.form.of("pharmacie", "elasticite"),
        "path": request.path,
        "writing": writing,
    }
    try:
        found = trial(
            kept.written, chosen.viewer, chosen.pharmacy, assumed=assumed, services=chosen.services
        )
    except (InvalidInput, NotAllowed, NotAvailable) as error:
        context |= {
            "head": shown.head(kept, chosen.name, writing=writing),
            "empty": Empty("La politique n’a pas pu être essayée", error.message),
        }
        return page_response(request, ONE, context)
    chosen.note(f"Politique de prix {kept.name}")
    if chosen.style:
        tables = [shown.trial_table(found.lines), shown.exceptions(found.tried)]
        tables += [shown.net_table(*found.net)] if found.net else []
        return file_response("essai-de-politique", tables, chosen.style)
    files = exports(chosen.form, request.path)
    context |= {"head": shown.head(kept, chosen.name, writing=writing, files=files)}
    return page_response(request, ONE, context | _tried(request, chosen, found))


def _tried(request: HttpRequest, chosen: StockChoice, found: Trial) -> dict[str, object]:
    lines, pages = paged(request, found.lines, noun=("prix changé", "prix changés"))
    return {
        "headlines": shown.headlines(found),
        "source": found.source,
        "answered": found.tried.effect.expected is not None,
        "notes": found.tried.notes,
        "lines": shown.trial_table(lines, pages=pages),
        "exceptions": shown.exceptions(found.tried),
        "net": shown.net_table(*found.net) if found.net else None,
        "rebates": found.tried.after if found.net and found.tried.after else None,
        "may_apply": bool(found.lines) and may_decide(chosen.viewer, chosen.pharmacy),
        "pharmacy": chosen.pharmacy,
        "pharmacy_name": chosen.name,
        "count": len(found.lines),
    }
