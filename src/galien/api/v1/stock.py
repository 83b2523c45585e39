"""The shelves: ABC classes, rotation, what sleeps, what stock is worth, as `galien stock` tells them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router

from galien.api.access import check_pharmacy, viewer
from galien.api.answers import answered
from galien.api.paging import FigurePage, paged
from galien.api.params import DAY, FINESS, OPTIONAL, PERIOD, day_of, named
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.stock import AbcAnswer, RotationAnswer, SleepingAnswer, ValueAnswer
from galien.calculators.stock.abc import Thresholds
from galien.calculators.stock.belgian_inventory import check_method
from galien.calculators.stock.sleeping import Settings
from galien.calculators.stock.valuation import Method
from galien.kernel.errors import NotAllowed, NotAvailable
from galien.usecases.services import current
from galien.usecases.stock.belgian_inventory import is_locked
from galien.usecases.stock.classes import abc_of
from galien.usecases.stock.rotations import rotations
from galien.usecases.stock.sleepers import sleepers
from galien.usecases.stock.told.classes import abc_told
from galien.usecases.stock.told.rotation import rotation_told
from galien.usecases.stock.told.sleeping import sleeping_told
from galien.usecases.stock.told.value import value_told
from galien.usecases.stock.valued import value_of

router = Router()
USUAL, SHARES = Settings(), Thresholds()


class AbcParameters(FigurePage):
    """Which products to class, and where classes end."""

    pharmacy: str = Field("", description=OPTIONAL)
    period: str = Field("last-12-months", description=PERIOD)
    a: Decimal = Field(SHARES.a, description="Part cumulée où finit la classe A.")
    b: Decimal = Field(SHARES.b, description="Part cumulée où finit la classe B.")


@router.get("/abc", summary="Classes ABC", response=gives(AbcAnswer), by_alias=True)
def abc(request: HttpRequest, asked: Query[AbcParameters]) -> HttpResponse:
    """Classe les produits par leurs sorties et leur stock : `rows`, `classes`, `stock_classes`, `table`."""
    asker = viewer(request, "stock")
    thresholds = Thresholds(asked.a, asked.b)
    pharmacies = named(asker, asked.pharmacy)

    def made() -> dict[str, Any]:
        found = abc_of(
            asker, *pharmacies, period=asked.period, thresholds=thresholds, services=current()
        )
        if not found.rows:
            raise NotAvailable("Aucune vente ni stock sur cette période : choisissez-en une autre.")
        return paged(abc_told(found), asked)

    return answered(request, asker, made, about="stock/abc", pharmacies=pharmacies, of_release=True)


class RotationParameters(FigurePage):
    """How to cut the rotation of stock."""

    by: str = Field("pharmacy", description="Dimension : pharmacy, vat_rate, lab, family_1…")
    pharmacy: str = Field("", description=OPTIONAL)
    period: str = Field("last-12-months", description=PERIOD)


@router.get("/rotation", summary="Rotation du stock", response=gives(RotationAnswer))
def rotation(request: HttpRequest, asked: Query[RotationParameters]) -> HttpResponse:
    """Donne les jours de stock et les tours par an de chaque clé : `meta`, `columns`, `rows`, `totals`."""
    asker = viewer(request, "stock")
    pharmacies = named(asker, asked.pharmacy)

    def made() -> dict[str, Any]:
        found = rotations(
            asker, by=asked.by, pharmacies=pharmacies, period=asked.period, services=current()
        )
        return paged(rotation_told(found), asked)

    return answered(
        request, asker, made, about="stock/rotation", pharmacies=pharmacies, of_release=True
    )


class SleepingParameters(FigurePage):
    """Which shelves to look at, and what counts as asleep."""

    pharmacy: str = Field(description=FINESS)
    on: dt.date | None = Field(None, description=DAY)
    months: int = Field(USUAL.months, ge=1, le=120, description="Mois sans vente.")
    target_days: Decimal = Field(
        USUAL.target_days, ge=0, le=3650, description="Couverture voulue, en jours."
    )
    money_rate: Decimal = Field(
        USUAL.money_rate, ge=0, le=1, description="Coût de l’argent par an, rapport."
    )


@router.get("/sleeping", summary="Stock dormant", response=gives(SleepingAnswer))
def sleeping(request: HttpRequest, asked: Query[SleepingParameters]) -> HttpResponse:
    """Donne ce qui ne se vend plus, les excédents et les péremptions, leur coût, et où chacun peut aller."""
    asker = viewer(request, "stock")
    check_pharmacy(asker, asked.pharmacy)
    settings = Settings(
        months=asked.months, target_days=asked.target_days, money_rate=asked.money_rate
    )

    def made() -> dict[str, Any]:
        found = sleepers(
            asker, asked.pharmacy, settings=settings, on=day_of(asked.on), services=current()
        )
        return paged(sleeping_told(found), asked) | {"notes": found.notes}

    return answered(request, asker, made, about="stock/sleeping", pharmacies=[asked.pharmacy])


class ValueParameters(FigurePage):
    """Which stock to value, when, and by which method."""

    pharmacy: str = Field(description=FINESS)
    on: dt.date | None = Field(None, description=DAY)
    method: Method = Field(Method.WEIGHTED, description="Méthode : weighted, last, fifo ou fiscal.")
    theoretical_margin: Decimal | None = Field(
        None, ge=0, lt=1, description="Marge théorique de la méthode fiscale, sur le prix hors TVA."
    )


@router.get("/value", summary="Valeur du stock", response=gives(ValueAnswer))
def value(request: HttpRequest, asked: Query[ValueParameters]) -> HttpResponse:
    """Valorise le stock à une date par une méthode, les quatre totaux à côté ; `notes` dit ses réserves."""
    asker = viewer(request, "stock")
    check_pharmacy(asker, asked.pharmacy)
    on = day_of(asked.on)

    def made() -> dict[str, Any]:
        found = value_of(
            asker, asked.pharmacy, on=on, theoretical_margin=asked.theoretical_margin,
            services=current(),
        )  # fmt: skip
        if not found.rows:
            raise NotAvailable(
                "Aucun comptage dans les trois mois avant ce jour : choisissez un autre jour (on)."
            )
        notes = _reserves(asked.method, on, asked.pharmacy)
        return paged(value_told(found, asked.method), asked) | {"notes": notes}

    return answered(request, asker, made, about="stock/value", pharmacies=[asked.pharmacy])


def _reserves(method: Method, on: dt.date, pharmacy: str) -> list[str]:
    """Say that a method may no longer be used, where it is shown to compare."""
    try:
        check_method(method, on=on, locked=is_locked(pharmacy))
    except NotAllowed as error:
        return [f"Pour comparaison seulement. {error.message}"]
    return []


SUBJECT = Subject(
    "/stock", "Stock et commandes", router, order=50,
    about="Classes, rotation, dormants, valeur, ruptures ; commandes proposées, changées, envoyées ; "
    "simulation d’une année.",
)  # fmt: skip
