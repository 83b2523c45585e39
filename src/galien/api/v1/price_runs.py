"""Prices decided: each time a policy was applied, what it decided, its file, what sales made of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from galien.api.access import viewer
from galien.api.answers import answered
from galien.api.paging import FigurePage, Page, paged
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.prices import RunAnswer, RunsAnswer
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.model.viewer import Viewer
from galien.usecases.export import Download
from galien.usecases.prices.history import (
    Measured,
    Run,
    decided,
    file_of,
    measured,
    run_of,
    runs_of,
)
from galien.usecases.prices.told.kept import run_told, whole_run_told
from galien.usecases.services import current

router = Router()
READ = "prices"


@router.get("", summary="Passages", response=gives(RunsAnswer))
def runs(request: HttpRequest, page: Query[Page]) -> HttpResponse:
    """Donne les passages de politiques, les derniers d’abord, là où les ventes vous sont ouvertes."""
    asker = viewer(request, READ)
    return answered(
        request, asker, lambda: paged({"rows": [run_told(each) for each in runs_of(asker)]}, page)
    )


@router.get("/{slug:run}", summary="Un passage", response=gives(RunAnswer))
def one_run(request: HttpRequest, run: str, page: Query[FigurePage]) -> HttpResponse:
    """Donne les prix décidés (`rows`) et leur résultat mesuré sur les ventes (`measured`), par jour."""
    asker = viewer(request, READ)
    found = run_of(run, asker)
    rows = decided(run, asker, services=current())

    def made() -> dict[str, Any]:
        return paged(whole_run_told(found, rows, _measured(found, asker)), page)

    return answered(
        request,
        asker,
        made,
        about=f"prices/runs/{run}",
        pharmacies={each.pharmacy for each in rows},
    )


@router.get("/{slug:run}/prices.csv", summary="Fichier de prix d’un passage")
def run_file(request: HttpRequest, run: str) -> HttpResponse:
    """Donne les nouveaux prix comme le fichier que relit le logiciel de l’officine."""
    asker = viewer(request, READ)
    found = run_of(run, asker)
    rows = decided(run, asker, services=current())
    made = Download(file_of(rows), "text/csv", f"prix-{found.since}-{found.run}.csv")
    return answered(
        request, asker, lambda: made, about=f"prices/runs/{run} csv",
        pharmacies={each.pharmacy for each in rows},
    )  # fmt: skip


def _measured(found: Run, asker: Viewer) -> Measured | None:
    try:
        return measured(found, asker, services=current())
    except (NotAllowed, NotAvailable):
        # Sales of the days before may not be open to who may read the decision.
        return None


SUBJECT = Subject("/prices/runs", "Prix", router, order=110)
