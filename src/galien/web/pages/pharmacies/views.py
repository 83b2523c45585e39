"""The pharmacies of the groups an administrator runs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.usecases import administration as usecase
from galien.web.components.models import Row
from galien.web.lists import code, count, paged, plain_table, text
from galien.web.shell.context import page_response, viewer

COLUMNS = (
    text("name", "Pharmacie"), text("finess", "FINESS"), text("department", "Département"),
    text("typology", "Typologie"), text("size_band", "Taille"), text("banner", "Enseigne"),
    text("lgo", "Logiciel"), text("group", "Groupement"), count("opened", "Autorisations ouvertes"),
)  # fmt: skip


@require_safe
def pharmacies(request: HttpRequest) -> HttpResponse:
    """List the pharmacies, with what they are and how many authorisations they keep open."""
    found = usecase.pharmacies(viewer(request))
    rows, pages = paged(request, found, noun=("pharmacie", "pharmacies"))
    made = (
        Row(
            cells=(
                each.name, code(each.finess), each.department or "–", each.typology or "–",
                each.size_band or "–", each.banner or "–", each.lgo or "–",
                str(each.group or "–"), each.opened,
            )
        )
        for each in rows
    )  # fmt: skip
    table = plain_table("Pharmacies", COLUMNS, made, pages=pages)
    return page_response(request, "pages/pharmacies/page.html", {"table": table})
