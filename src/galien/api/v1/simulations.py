"""Simulations: a past year of a pharmacy replayed with a policy, as a task."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from galien.api.access import check_pharmacy, person, viewer
from galien.api.answers import answered
from galien.api.params import FINESS
from galien.api.registry import Subject
from galien.api.v1.jobs import accepted
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.orders import JobAnswer, YearAnswer
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases import jobs
from galien.usecases.services import current
from galien.usecases.stock import year_jobs
from galien.usecases.stock.told.simulation import year_told
from galien.usecases.stock.year_asked import USUAL_PERIOD, YearAsked, read_pairs

router = Router()
USUAL = YearAsked("")
SERVICE = "Attentes sans rupture, rapport, classe "


class Tried(Schema):
    """The policy to try, on which days of which pharmacy."""

    pharmacy: str = Field(description=FINESS)
    period: str = Field(USUAL_PERIOD, description="Jours rejoués, un an au plus.")
    service_a: float = Field(USUAL.service_a, description=f"{SERVICE}A.")
    service_b: float = Field(USUAL.service_b, description=f"{SERVICE}B.")
    service_c: float = Field(USUAL.service_c, description=f"{SERVICE}C.")
    review: int = Field(USUAL.review, description="Jours entre deux commandes.")
    lead: int | None = Field(
        None, description="Délai de livraison, en jours ; sinon, celui de chacun."
    )
    minimum: int = Field(USUAL.minimum, description="Boîtes gardées au moins, classes A et B.")
    longest: int = Field(USUAL.longest, description="Jours de demande achetés d’un coup, au plus.")
    cover: int = Field(USUAL.cover, description="Jours de la politique simple mise en regard.")
    payment: int = Field(USUAL.payment, description="Délai de paiement, en jours.")


@router.post("", summary="Simuler une année", response=gives(JobAnswer, 202))
def simulate(request: HttpRequest, tried: Tried) -> HttpResponse:
    """Demande de rejouer une année : répond 202 et la tâche à suivre (`Location`).

    La même simulation n’est pas refaite tant que sa réponse tient.
    """
    asker = viewer(request, "stock")
    check_pharmacy(asker, tried.pharmacy)
    asked = YearAsked(**tried.dict())
    return accepted(year_jobs.ask_for(asked, asker, person(request), services=current()))


@router.get("/{job}", summary="Une simulation", response=gives(YearAnswer), by_alias=True)
def one_simulation(request: HttpRequest, job: str) -> HttpResponse:
    """Donne l’année rejouée : chaque politique et ce qui s’est passé (`rows`), et `by_product`."""
    asker, services = viewer(request, "stock"), current()
    found = jobs.found(job, asker)
    if found.kind != year_jobs.KIND:
        raise NotAllowed("Cette tâche n’existe pas.", code="UNKNOWN_JOB")
    asked = read_pairs((name, value) for name, value in found.arguments["query"])
    check_pharmacy(asker, asked.pharmacy)
    answer = year_jobs.finished(found)
    if answer is None:
        raise NotAvailable("Cette simulation n’est pas finie : suivez sa tâche.", code="NOT_DONE")
    if found.arguments["digest"] != year_jobs.digest(asked, asker, services):
        raise NotAvailable(
            "Cette simulation ne tient plus, les données ou les droits ont changé : demandez-la de nouveau.",
            code="STALE",
        )

    def made() -> dict[str, Any]:
        return year_told(answer)

    about = "stock/simulations"
    return answered(request, asker, made, about=about, pharmacies=[asked.pharmacy])


SUBJECT = Subject("/stock/simulations", "Stock et commandes", router, order=80)
