"""Answers on what lacks and what is ordered: shortages, orders, simulations, tasks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema

from galien.api.v1.shapes.common import Paged


class RunningOutAnswer(Schema):
    """What is about to run out everywhere."""

    known_until: dt.date = Field(description="Dernier jour de ventes connu.")
    pharmacies: int = Field(description="Pharmacies lues.")
    rows: list[dict[str, Any]] = Field(description="Produits, les plus demandés d’abord.")


class ShortagesAnswer(Paged):
    """What was not delivered within 72 hours."""

    rows: list[dict[str, Any]] = Field(description="Ruptures, la plus ancienne d’abord.")
    by_lab: list[dict[str, Any]] = Field(description="Historique par laboratoire.")
    by_product: list[dict[str, Any]] = Field(description="Historique par produit.")
    lasting: int = Field(description="Ruptures qui durent encore.")
    now: dt.datetime = Field(description="Moment où elles sont dites.")
    national: dict[str, Any] = Field(description="Produits de la liste nationale, et son jour.")
    running_out: RunningOutAnswer | None = Field(description="Ce qui va manquer partout.")


class OrderShape(Schema):
    """An order, without its lines."""

    order: str = Field(description="Référence.")
    key: int = Field(description="Numéro, pour les autres adresses.")
    pharmacy: str = Field(description="FINESS.")
    supplier: str = Field(description="Fournisseur.")
    day: dt.date = Field(description="Jour de la proposition.")
    due_on: dt.date | None = Field(description="Jour de livraison attendu.")
    state: str = Field(description="proposed, sent, delivered ou dropped.")
    sent_at: dt.datetime | None = Field(description="Envoyée à.")
    lines: int = Field(description="Lignes.")
    units: int = Field(description="Boîtes.")
    units_received: int | None = Field(description="Boîtes reçues.")
    amount: float = Field(description="Montant net, € HT.")
    free_from: float | None = Field(description="Franco de port.")
    missing: float | None = Field(description="Ce qui manque au franco.")
    waits: bool = Field(description="Trop petite pour valoir un envoi : elle attend.")
    order_least: float | None = Field(description="Montant dont elle doit approcher pour partir.")
    changed_by: str = Field(description="Qui l’a changé le dernier.")


class OrderLineShape(Schema):
    """A line of an order, with its reason."""

    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    quantity: int = Field(description="Boîtes.")
    proposed: int
    stock: int
    threshold: int
    safety_stock: float
    lead_days: float
    raw_daily: float = Field(description="Vendu par jour.")
    corrected_daily: float = Field(description="Vendu par jour, ruptures écartées.")
    days_without_stock: int
    unit_price: float | None
    amount: float | None
    apart: str | None = Field(description="cold ou hospital : à valider une à une.")
    reason: str = Field(description="Pourquoi cette quantité, chez ce fournisseur.")


class OrderAnswer(OrderShape):
    """An order with its lines."""

    rows: list[OrderLineShape] = Field(description="Lignes, chacune avec sa raison.")


class OrdersAnswer(Paged):
    """Orders, without their lines."""

    rows: list[OrderShape] = Field(description="Commandes, les dernières d’abord.")


class JobAnswer(Schema):
    """Where a task stands."""

    job: str
    kind: str = Field(description="Ce que fait la tâche.")
    state: str = Field(description="queued, running, done, failed ou cancelled.")
    progress: float = Field(description="De 0 à 1.")
    message: str = Field(description="Où elle en est, ou ce qui l’a arrêtée.")
    code: str = Field(description="Ce qui l’a fait échouer.")
    created_at: dt.datetime = Field(description="Demandée à.")
    finished_at: dt.datetime | None = Field(description="Finie à.")
    address: str = Field(description="Où la suivre.")
    answer: str | None = Field(description="Où lire sa réponse, une fois finie.")


class PolicyFigures(Schema):
    """What a policy of stock gives over the days replayed."""

    policy: str = Field(description="Nom de la politique.")
    service_level: float
    stock_value: float
    closing_value: float
    shortages: int
    lost_units: float
    lost_turnover: float
    lost_margin: float
    purchases: float
    lines: int = Field(description="Lignes.")
    turnover: float
    cash_tied: float
    cash: float
    lowest_cash: float


class YearAnswer(Schema):
    """A year replayed."""

    pharmacy: str = Field(description="FINESS.")
    rows: list[PolicyFigures] = Field(
        description="La politique, ce qui s’est passé (happened), puis les plus simples."
    )
    first: dt.date = Field(alias="from", description="Premier jour rejoué.")
    last: dt.date = Field(alias="to", description="Dernier jour rejoué.")
    products: int = Field(description="Produits.")
    corrected_units: float = Field(description="Boîtes demandées un jour sans stock.")
    conclusion: str = Field(description="Ce que la politique aurait changé, en une phrase.")
    by_product: list[dict[str, Any]] = Field(description="Produits qui y gagnent et qui y perdent.")
