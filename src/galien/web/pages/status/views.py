"""The health of the installation, for who runs it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from galien.kernel import french
from galien.usecases import health as usecase
from galien.usecases.services import current
from galien.web.components.models import Row, Tone
from galien.web.lists import badge, counted, moment, plain_table, text, wrapped
from galien.web.shell.context import page_response, person, viewer

GIGABYTE = 1 << 30


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show the checks, the room left, the workers and the versions."""
    found = usecase.health(viewer(request), services=current())
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
        "checked_at": moment(found.checked_at),
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


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask for the checks that read everything: they run as a job."""
    job = usecase.check(viewer(request), person(request))
    return redirect("jobs:one", key=job.pk)
