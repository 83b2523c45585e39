"""The standing of a year of accounts: warnings, positions, the comparison set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases.benchmarks import Likeness, standing
from galien.usecases.services import current
from galien.web.gestion import choice
from galien.web.pages.references import shown
from galien.web.shell.context import page_response, viewer
from galien.web.simulators import asked_style, exports, file_response, fixed, typed_form


@require_safe
def references(request: HttpRequest) -> HttpResponse:
    """Place the year chosen, or say how to bring one."""
    chosen, form, style = choice(request), typed_form(request), asked_style(request)
    likeness = Likeness(
        zone=form.ticked("zone", "Même situation"),
        turnover=form.ticked("tranche", "Même tranche de chiffre d’affaires"),
        legal_form=form.ticked("forme", "Même forme juridique"),
        regime=form.ticked("impot", "Même régime d’imposition"),
    )
    old = form.amount(
        "anciennes", "Créances de plus de six mois", None, help="D’après la balance âgée."
    )
    context = {"choice": chosen, "path": request.path, "kept": fixed(chosen), "fields": ()}
    if chosen.year is None:
        head = shown.head(chosen)
        return page_response(
            request, "pages/references/page.html", {**context, "head": head, "found": None}
        )
    found = standing(
        viewer(request),
        chosen.pharmacy,
        chosen.last_day,
        law=current().law,
        likeness=likeness,
        old_receivables=old,
    )
    if style:
        return file_response("references", shown.tables(found), style)
    return page_response(
        request,
        "pages/references/page.html",
        {
            **context,
            "head": shown.head(chosen, exports(form, request.path)),
            "found": found,
            "fields": form.of("zone", "tranche", "forme", "impot", "anciennes"),
            "headlines": shown.headlines(found),
            "warnings": shown.warnings_table(found),
            "positions": shown.positions_table(found),
            "peers": shown.peers_sentence(found),
            "notes": shown.notes(found),
        },
    )
