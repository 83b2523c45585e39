"""Prices: the margin of a price, what the law and common sense say of prices, the network's elasticity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from galien.api.access import check_pharmacy, viewer
from galien.api.answers import answered, done
from galien.api.bodies import sent, takes
from galien.api.paging import FigurePage, paged
from galien.api.params import FINESS
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.prices import CheckAnswer, CheckSentAnswer, ElasticityAnswer, MarginAnswer
from galien.usecases.prices.checking import check_prices, check_shop
from galien.usecases.prices.network import network_elasticities
from galien.usecases.prices.product_files import checked_of
from galien.usecases.prices.told.check import check_told
from galien.usecases.prices.told.elasticity import elasticity_told
from galien.usecases.prices.told.margin import margin_told
from galien.usecases.services import current

router = Router()
READ = "prices"
TABLE = (
    "Tableau avec en-tête : product_code, price_incl ; et cost, vat_rate, nature, reimbursable, "
    "maximum_incl, advised_incl, quantity, country, changed_on, former_cost s’ils sont connus."
)


class MarginParameters(Schema):
    """A cost, and a price or a margin."""

    cost: Decimal = Field(gt=0, le=10**12, description="Coût hors taxes.")
    price: Decimal | None = Field(None, ge=0, le=10**12, description="Prix hors taxes.")
    margin: Decimal | None = Field(
        None, lt=1, gt=-100, description="Marge voulue, rapport au prix."
    )
    vat: Decimal | None = Field(None, ge=0, le=1, description="TVA, rapport.")


class CheckParameters(FigurePage):
    """Whose prices to look at."""

    pharmacy: str = Field(description=FINESS)


@router.get("/margin", summary="Marge d’un prix", response=gives(MarginAnswer))
def margin(request: HttpRequest, asked: Query[MarginParameters]) -> HttpResponse:
    """Donne la marge d’un prix, ou le prix d’une marge ; ce qui n’a pas de diviseur est null."""
    asker = viewer(request, READ)

    def made() -> dict[str, Any]:
        return margin_told(asked.cost, price=asked.price, margin=asked.margin, vat=asked.vat)

    return answered(request, asker, made)


@router.get("/check", summary="Contrôle des prix d’une pharmacie", response=gives(CheckAnswer))
def check(request: HttpRequest, asked: Query[CheckParameters]) -> HttpResponse:
    """Donne ce qui est refusé, douteux ou à savoir des prix libres pratiqués, le plus vendu d’abord.

    `free_share` est la part du chiffre d’affaires à prix libre.
    """
    asker = viewer(request, READ)
    check_pharmacy(asker, asked.pharmacy)

    def made() -> dict[str, Any]:
        found = check_shop(asker, asked.pharmacy, services=current())
        return paged(check_told(found.products, found.found), asked) | {
            "turnover": found.turnover,
            "free_turnover": found.free_turnover,
            "free_share": found.free_share,
        }

    return answered(request, asker, made, about="prices/check", pharmacies=[asked.pharmacy])


@router.post(
    "/check",
    summary="Contrôle de prix envoyés",
    response=gives(CheckSentAnswer),
    openapi_extra=takes("text/csv", TABLE),
)
def check_sent(request: HttpRequest) -> HttpResponse:
    """Donne ce qui est refusé, douteux ou à savoir des prix d’un tableau CSV ; rien n’en est gardé."""
    viewer(request, READ)
    services = current()
    prices = checked_of(sent(request), "tableau envoyé")
    found = check_prices(prices, services.law, on=services.clock.today())
    return done(check_told(len(prices), found))


@router.get("/elasticity", summary="Élasticité du réseau", response=gives(ElasticityAnswer))
def elasticity(request: HttpRequest) -> HttpResponse:
    """Dit comment les volumes ont répondu aux prix du réseau, ou pourquoi on ne le sait pas (`refusal`)."""
    asker = viewer(request, READ)

    def made() -> dict[str, Any]:
        found = network_elasticities(viewer=asker, services=current())
        return elasticity_told(found) | {"refusal": found.whole.refusal}

    return answered(request, asker, made, of_release=True)


SUBJECT = Subject(
    "/prices", "Prix", router, order=90,
    about="Marge d’un prix, contrôle des prix ; politiques écrites, essayées, appliquées ; prix décidés.",
)  # fmt: skip
