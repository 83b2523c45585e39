"""The panel a viewer may see: picture, classes side by side, members, and the tables taken out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.calculators.accounting.classification import MAJORITY, PLURALITY
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases import access_log, accounts
from galien.usecases.classification import SeenPanel, panel_of_year
from galien.usecases.export.delimited import written
from galien.usecases.services import current
from galien.web.components.svg import chart_svg
from galien.web.lists import choice
from galien.web.pages.classification import shown, tables
from galien.web.pages.classification.address import COLOURS, RULES, Address
from galien.web.shell.context import page_response, viewer
from galien.web.shell.downloads import attached

TABLES = {"membres": tables.member_cells, "groupes": tables.group_cells}


@require_safe
def classification(request: HttpRequest) -> HttpResponse:
    """Show the panel of a civil year under a rule."""
    address, seen = _read(request)
    _noted(request, seen, access_log.VIEW)
    context = {
        "head": shown.head(seen),
        "empty": None if seen.years else shown.EMPTY,
        "segments": shown.segments(seen, address),
        "headlines": shown.headlines(seen),
        "chart": shown.picture(seen, address),
        "crossed": tables.crossed(seen),
        "members": tables.members(seen, address),
        "groups": tables.groups(seen, address),
        "notes": seen.panel.notes and shown.notes(seen),
        "bands": tables.bands(seen),
    }
    return page_response(request, "pages/classification/page.html", context)


@require_safe
def drawing(request: HttpRequest) -> HttpResponse:
    """Draw the picture of the panel."""
    address, seen = _read(request)
    return HttpResponse(
        chart_svg(shown.model(seen, address), width=900, height=shown.HEIGHT),
        content_type="image/svg+xml; charset=utf-8",
    )


@require_safe
def export(request: HttpRequest, which: str) -> HttpResponse:
    """Give the members or the groups as CSV."""
    if which not in TABLES:
        raise InvalidInput(f"Le tableau « {which} » n’existe pas ici.")
    address, seen = _read(request)
    _noted(request, seen, access_log.EXPORT)
    name = f"classification_{which}_{seen.civil_year}.csv"
    return attached(written(TABLES[which](seen, address)), "text/csv; charset=utf-8", name)


def _read(request: HttpRequest) -> tuple[Address, SeenPanel]:
    """Read the address and class the panel; NotAllowed for who sees no accounts at all."""
    reader = viewer(request)
    if not accounts.pharmacies_with_accounts(reader):
        raise NotAllowed("Cette page n’existe pas.", code="UNKNOWN_PAGE")
    asked = request.GET.get("annee", "").strip()
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) == 4):
        raise InvalidInput(f"« {asked[:20]} » n’est pas une année : choisissez-la dans la page.")
    rule = RULES[choice(request, "regle", RULES) or "majorite"]
    colour = choice(request, "couleur", COLOURS) or "nouveau"
    year = int(asked) if asked else None
    seen = panel_of_year(reader, year, old_rule=rule, services=current())
    return Address(seen.civil_year, PLURALITY if rule == PLURALITY else MAJORITY, colour), seen


def _noted(request: HttpRequest, seen: SeenPanel, action: str) -> None:
    access_log.note(
        action,
        f"Classification {seen.civil_year or ''}".strip(),
        viewer(request),
        services=current(),
        pharmacies=tuple(seen.years),
    )
