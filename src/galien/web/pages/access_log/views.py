"""The access log, for who answers for its people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import access_log as usecase
from galien.web.components.models import Field, Row
from galien.web.lists import choice, code, moment, options, paged, plain_table, text
from galien.web.shell.context import page_response, viewer

COLUMNS = (
    text("at", "Quand"), text("who", "Qui"), text("organisation", "De"), text("action", "Acte"),
    text("subject", "Objet"), text("release", "Publication"),
)  # fmt: skip


@require_safe
def access_log(request: HttpRequest) -> HttpResponse:
    """List the entries, newest first, narrowed by act."""
    action = choice(request, "acte", usecase.ACTIONS)
    found = usecase.listed(viewer(request), action=action)
    rows, pages = paged(request, found, noun=("entrée", "entrées"))
    made = (
        Row(
            cells=(
                moment(each.at),
                each.user_name,
                each.organisation or "–",
                usecase.ACTIONS.get(each.action, each.action),
                each.subject or "–",
                code(each.release) if each.release else "–",
            )
        )
        for each in rows
    )
    field = Field(
        "acte", "Acte", kind="select", required=True,
        options=options(usecase.ACTIONS, action, first="Tous"),
    )  # fmt: skip
    context = {
        "field": field,
        "table": plain_table("Journal des accès", COLUMNS, made, pages=pages),
    }
    return page_response(request, "pages/access_log/page.html", context)
