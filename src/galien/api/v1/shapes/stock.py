"""Answers on shelves: classes, rotation, what sleeps, what stock is worth."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema

from galien.api.v1.shapes.common import Paged


class ClassedProduct(Schema):
    """A product and its classes."""

    product_code: str = Field(description="Code du produit.")
    class_outgoing: str = Field(description="Classe par ses sorties : A, B ou C.")
    class_stock: str = Field(description="Classe par son stock.")
    cumulative_share_outgoing: float = Field(description="Part des sorties, lui et les plus forts.")
    cumulative_share_stock: float
    holding: str = Field(description="Tenu toujours, au besoin ou pas.")


class ClassShare(Schema):
    """What a class holds."""

    name: str = Field(alias="class", description="A, B ou C.")
    products: int = Field(description="Produits.")
    share_of_products: float
    share_of_value: float


class ClassCell(Schema):
    """Products of a class by outgoings and of a class by stock."""

    class_outgoing: str
    class_stock: str
    products: int = Field(description="Produits.")
    outgoing_value: float
    stock_value: float


class AbcAnswer(Paged):
    """Products classed."""

    rows: list[ClassedProduct] = Field(description="Produits, les plus sortis d’abord.")
    classes: list[ClassShare] = Field(description="Ce que tient chaque classe, par les sorties.")
    stock_classes: list[ClassShare] = Field(description="Ce que tient chaque classe, par le stock.")
    table: list[ClassCell] = Field(description="Les neuf cases : sorties croisées avec stock.")


class RotationColumn(Schema):
    """A column of a rotation."""

    name: str = Field(description="Nom.")
    label: str = Field(description="Nom du produit.")
    unit: str


class RotationAnswer(Paged):
    """How long stock lasts."""

    meta: dict[str, Any] = Field(
        description="Période, et combien de comptages font le stock moyen."
    )
    columns: list[RotationColumn] = Field(description="Colonnes des lignes, dans l’ordre.")
    rows: list[list[Any]] = Field(description="Une ligne par clé, le plus gros stock d’abord.")
    totals: dict[str, Any] = Field(description="Toutes les clés ensemble.")


class Way(Schema):
    """What to do with boxes that sleep."""

    action: str = Field(description="Ce qu’on propose.")
    units: float = Field(description="Boîtes.")
    to: str = Field(description="Où : fournisseur, ou pharmacie.")
    recovered: float = Field(description="Ce qui revient, € HT.")
    reason: str = Field(description="Pourquoi.")
    flag: str


class SleepingProduct(Schema):
    """A product with boxes that should go."""

    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    quantity: float = Field(description="Boîtes.")
    unit_cost: float
    asleep: bool
    last_sold: dt.date | None
    months_without_sale: float | None
    cover_days: float | None
    idle_units: float
    idle_value: float
    monthly_cost: float
    nearest_expiry: dt.date | None
    expiring_units: float
    depreciation: float | None
    proposals: list[Way]


class Band(Schema):
    """Idle stock of an age."""

    from_months: float | None
    to_months: float | None
    products: int = Field(description="Produits.")
    value: float


class SleepingAnswer(Paged):
    """What sleeps on shelves."""

    pharmacy: str = Field(description="FINESS.")
    counted_on: dt.date | None = Field(description="Jour du comptage.")
    stock_value: float = Field(description="Valeur du stock, € HT.")
    sleeping_value: float = Field(description="Ce qui ne se vend plus.")
    excess_value: float = Field(description="Au-delà de la couverture voulue.")
    monthly_cost: float = Field(description="Ce que coûte par mois ce qui dort.")
    expiring_value: float = Field(description="Ce qui périmera avant d’être vendu.")
    depreciation: float = Field(description="Dépréciation proposée.")
    bands: list[Band] = Field(description="Ce qui dort, par ancienneté.")
    rows: list[SleepingProduct] = Field(description="Produits, les plus chers d’abord.")
    notes: list[str] = Field(description="Ce que les droits laissent de côté.")


class ValuedProduct(Schema):
    """A product valued."""

    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    quantity: float = Field(description="Boîtes.")
    unit_cost: float | None
    value: float | None
    difference: float | None = Field(description="Avec le coût moyen pondéré.")
    note: str


class MethodTotal(Schema):
    """What a method comes to."""

    method: str = Field(description="Méthode.")
    value: float | None
    products: int = Field(description="Produits.")
    unvalued: int
    difference: float | None


class ValueAnswer(Paged):
    """What stock is worth at a date."""

    on: dt.date = Field(description="Jour demandé.")
    counted_on: dt.date | None = Field(description="Jour du comptage.")
    method: str = Field(description="Méthode.")
    value: float | None = Field(description="Valeur par cette méthode, € HT.")
    products: int = Field(description="Produits.")
    methods: list[MethodTotal] = Field(description="Les quatre méthodes côte à côte.")
    rows: list[ValuedProduct] = Field(
        description="Une ligne par produit, ou par objet de la liste."
    )
    notes: list[str] = Field(description="Réserves sur la méthode.")
