"""The list of files received, a receipt, and the decision on a held one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.usecases import receipts as usecase
from galien.usecases.services import current
from galien.web.lists import FEED_LABELS, choice, paged
from galien.web.pages.receipts import shown
from galien.web.shell.context import page_response, viewer


@require_safe
def receipts(request: HttpRequest) -> HttpResponse:
    """List the files received, narrowed by pharmacy, feed and state."""
    reader = viewer(request)
    names = usecase.pharmacy_names(reader)
    chosen = {
        "pharmacy": choice(request, "pharmacie", names),
        "feed": choice(request, "flux", FEED_LABELS),
        "status": choice(request, "etat", usecase.STATUS_LABELS),
    }
    rows, pages = paged(request, usecase.listed(reader, **chosen), noun=("fichier", "fichiers"))
    context = {
        "fields": shown.fields(names, **chosen),
        "table": shown.table(rows, names, pages),
        "narrowed": any(chosen.values()),
    }
    return page_response(request, "pages/receipts/page.html", context)


@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show a receipt: counts, sums, days replaced, problems line by line."""
    sheet = usecase.sheet(receipt, viewer(request))
    rows, pages = paged(request, sheet.issues, noun=("problème", "problèmes"))
    context = {
        "sheet": sheet,
        "head": shown.head(sheet),
        "said": shown.notice(sheet),
        "counts": shown.counts(sheet.receipt),
        "facts": shown.facts(sheet),
        "issues": shown.issues(rows, pages) if rows else None,
    }
    return page_response(request, "pages/receipts/receipt.html", context)


@require_POST
def release(request: HttpRequest, receipt: str) -> HttpResponse:
    """Release a held file."""
    done = usecase.release(receipt, viewer(request), services=current())
    messages.success(
        request, "Fichier libéré\u00a0: ses lignes paraîtront à la prochaine publication."
    )
    return redirect("receipts:one", receipt=done.receipt)


@require_POST
def discard(request: HttpRequest, receipt: str) -> HttpResponse:
    """Drop a held file."""
    done = usecase.discard(receipt, viewer(request), services=current())
    messages.success(request, "Fichier écarté\u00a0: aucune de ses lignes ne sera comptée.")
    return redirect("receipts:one", receipt=done.receipt)
