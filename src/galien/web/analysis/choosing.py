"""Choosing values of a filter on a page of their own: with scripts or without, whatever their number."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from galien.kernel import french, glossary
from galien.kernel.errors import NotAvailable
from galien.usecases.services import Services, current
from galien.usecases.values import values
from galien.web.analysis.address import State, read_state
from galien.web.analysis.declared import BY_PATH, Analysis
from galien.web.analysis.names import Names
from galien.web.components.models import FilterField, Link, Option, PageHead, Pairs
from galien.web.shell.context import page_response, viewer

SHOWN = 300
PATH = "/valeurs/choisir"
MAX_TYPED = 100


@dataclass(frozen=True)
class Choosing:
    """The page that chooses values: what was typed, boxes, and what each of its two forms keeps."""

    head: PageHead
    label: str
    typed: str
    field: FilterField
    action: str
    kept: Pairs
    asked: Pairs
    note: str


def choosing_href(analysis: Analysis, state: State, dimension: str) -> str:
    """Return the address of the page that chooses values of a dimension for an analysis."""
    return f"{PATH}?{urlencode(_asked(analysis, state, dimension))}"


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the values of a dimension, narrowed by what is typed, and go back to the analysis filtered."""
    analysis = BY_PATH.get(request.GET.get("page", ""))
    if analysis is None:
        raise NotAvailable("Cette analyse n’existe pas : choisissez-la dans le menu.")
    state = read_state(
        parse_qs(request.GET.get("query", ""), keep_blank_values=True), analysis.period
    )
    dimension = request.GET.get("dimension", "")[:MAX_TYPED]
    typed = request.GET.get("q", "")[:MAX_TYPED].strip()
    made = _choosing(request, analysis, state, dimension, typed, current())
    return page_response(request, "analysis/choosing.html", {"made": made})


def _choosing(  # what the address says, and who asks
    request: HttpRequest,
    analysis: Analysis,
    state: State,
    dimension: str,
    typed: str,
    services: Services,
) -> Choosing:
    asker = viewer(request)
    found = values(analysis.subject, dimension, typed, asker, services=services, limit=SHOWN + 1)
    name = Names(analysis.subject, asker, services)
    label = glossary.label(dimension)
    chosen = state.chosen(dimension)
    boxes = [Option(f"{dimension}={key}", name(dimension, key), chosen=True) for key in chosen]
    boxes += [
        Option(f"{dimension}={each.key}", each.label)
        for each in found[:SHOWN]
        if each.key not in chosen
    ]
    back = analysis.path + state.query()
    return Choosing(
        head=PageHead(
            title=f"Filtrer : {label.lower()}",
            when=analysis.title,
            crumbs=(Link(analysis.menu, back), Link(label, "", current=True)),
        ),
        label=label,
        typed=typed,
        field=FilterField(label=label, options=tuple(boxes)),
        action=analysis.path,
        kept=tuple(state.without_filter(dimension).pairs()),
        asked=_asked(analysis, state, dimension),
        note=_note(len(found), typed),
    )


def _note(found: int, typed: str) -> str:
    if found > SHOWN:
        return (
            f"Les {french.number(SHOWN)} premières valeurs sont montrées : "
            "écrivez quelques lettres pour trouver les autres."
        )
    if not found and not typed:
        return "Aucune valeur à choisir ici pour l’instant."
    return "" if found else f"Aucune valeur ne contient « {typed} » : essayez d’autres lettres."


def _asked(analysis: Analysis, state: State, dimension: str) -> Pairs:
    query = urlencode(state.pairs())
    return (("page", analysis.path), ("query", query), ("dimension", dimension))
