"""The health of the installation, for who runs it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel import french
from galien.usecases.health import health
from galien.usecases.services import current
from galien.web.components.models import Row, Tone
from galien.web.lists import badge, counted, moment, plain_table, text, wrapped
from galien.web.shell.context import page_response, viewer

GIGABYTE = 1 << 30


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show the checks, the room left, the workers and the versions."""
    found = health(viewer(request), services=current())
    columns = (text("check", "Contrôle"), text("state", "État"), text("sentence", "Constat"))
    rows = (
        Row(
            cells=(
                each.check.capitalize(),
                badge("Bon", Tone.GOOD) if each.well else badge("À voir", Tone.ERROR),
                wrapped(each.sentence),
            )
        )
        for each in found.findings
    )
    context = {
        "well": found.well,
        "checks": plain_table("Contrôles", columns, rows, noun=("contrôle", "contrôles")),
        "now": [
            ("Publication en vigueur", found.release or "Aucune"),
            ("Publiée le", moment(found.published_at) or "–"),
            ("Espace libre", f"{french.number(found.free / GIGABYTE, 1)} Go"
                             f" sur {french.number(found.total / GIGABYTE, 1)} Go"),
            ("Dernier signe du travail de fond", moment(found.last_beat) or "Aucun"),
            ("En attente", counted(found.waiting, "tâche", "tâches")),
        ],
        "versions": found.versions,
    }  # fmt: skip
    return page_response(request, "pages/status/page.html", context)
