"""Shortages: what was not delivered within 72 hours, and what is about to run out everywhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from galien.api.access import check_pharmacy, viewer
from galien.api.answers import answered
from galien.api.paging import FigurePage, paged
from galien.api.params import DAY, FINESS, day_of
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.orders import RunningOutAnswer, ShortagesAnswer
from galien.kernel.errors import NotAvailable
from galien.usecases.services import current
from galien.usecases.stock.missing import missing
from galien.usecases.stock.running_out import about_to_run_out
from galien.usecases.stock.told.shortages import running_out_told, shortages_told

router = Router()


class ShortageParameters(FigurePage):
    """Whose shortages, told when."""

    pharmacy: str = Field(description=FINESS)
    on: dt.date | None = Field(None, description=DAY)


class RunningOutParameters(Schema):
    """When to look."""

    on: dt.date | None = Field(None, description=DAY)


@router.get("/shortages", summary="Ruptures", response=gives(ShortagesAnswer))
def shortages(request: HttpRequest, asked: Query[ShortageParameters]) -> HttpResponse:
    """Donne les ruptures d’une pharmacie sur un an : durée, coût et substituts de chacune (`rows`).

    Avec leur historique par laboratoire et par produit, la liste nationale (`national`), et ce qui va
    manquer dans toutes vos pharmacies (`running_out`).
    """
    asker = viewer(request, "stock")
    check_pharmacy(asker, asked.pharmacy)
    on = day_of(asked.on)

    def made() -> dict[str, Any]:
        services = current()
        found = missing(asker, asked.pharmacy, on=on, services=services)
        content = shortages_told([found], now=services.clock.now())
        alert = about_to_run_out(asker, on=on, services=services)
        return paged(content, asked) | {"running_out": running_out_told(alert)}

    return answered(request, asker, made, about="stock/shortages", pharmacies=[asked.pharmacy])


@router.get("/running-out", summary="Ce qui va manquer partout", response=gives(RunningOutAnswer))
def running_out(request: HttpRequest, asked: Query[RunningOutParameters]) -> HttpResponse:
    """Donne ce que prennent des patients réguliers et qui n’est plus ni en rayon, ni chez un fournisseur.

    Dans aucune des pharmacies qui vous sont ouvertes.
    """
    asker = viewer(request, "stock")

    def made() -> dict[str, Any]:
        content = running_out_told(about_to_run_out(asker, on=day_of(asked.on), services=current()))
        if content is None:
            raise NotAvailable(
                "Rien à dire de ce qui va manquer : ni ventes, ni achats, ni stock ouverts à vos droits."
            )
        return content

    return answered(request, asker, made, about="stock/running-out")


SUBJECT = Subject("/stock", "Stock et commandes", router, order=60)
