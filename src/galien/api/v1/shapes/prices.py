"""Answers on prices: a margin, what is doubted, policies and their trials, prices decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema

from galien.api.v1.shapes.common import Paged


class MarginAnswer(Schema):
    """The margin of a price."""

    price_excl: float = Field(description="Prix hors taxes.")
    price_incl: float | None = Field(description="Sans TVA donnée, null.")
    margin: float = Field(description="Euros, hors taxes.")
    margin_rate: float | None = Field(description="Marge ÷ prix.")
    markup_rate: float | None = Field(description="Prix ÷ coût − 1.")
    factor: float | None = Field(description="Prix ÷ coût.")


class Finding(Schema):
    """What is found of a price."""

    product_code: str = Field(description="Code du produit.")
    price_incl: float
    code: str
    standing: str = Field(description="refused, doubted ou told.")
    gap: Any
    sentence: str


class CheckSentAnswer(Schema):
    """What is found of prices sent."""

    prices: int = Field(description="Prix regardés.")
    refused: int = Field(description="Constats qui refusent.")
    doubted: int = Field(description="Constats qui font douter.")
    rows: list[Finding] = Field(description="Refus d’abord, puis le plus vendu d’abord.")


class CheckAnswer(CheckSentAnswer, Paged):
    """What is found of the prices of a pharmacy."""

    turnover: float = Field(description="Chiffre d’affaires d’un an, € HT.")
    free_turnover: float = Field(description="Dont à prix libre.")
    free_share: float | None = Field(description="Part du chiffre d’affaires à prix libre.")


class Elasticity(Schema):
    """How volumes answered prices, and how sure that is."""

    elasticity: float | None = Field(description="Volumes ÷ prix, en rapports.")
    standard_error: float | None = Field(description="Erreur type.")
    low: float | None = Field(description="Bas de l’intervalle à 95 %.")
    high: float | None = Field(description="Haut de l’intervalle à 95 %.")
    usable: bool = Field(description="L’intervalle à 95 % ne contient pas zéro.")
    price_changes: int = Field(description="Changements de prix lus.")
    pharmacies: int = Field(description="Pharmacies.")


class OfUniverse(Elasticity):
    """The elasticity of a universe."""

    universe: str


class ElasticityAnswer(Elasticity):
    """How volumes answered prices, in all and by universe."""

    universes: list[OfUniverse] = Field(description="L’élasticité de chaque univers.")
    refusal: str = Field(description="Pourquoi on ne sait pas.")


class PolicyShape(Schema):
    """A policy in a list."""

    key: int
    name: str = Field(description="Nom.")
    organisation: str = Field(description="Organisation dont elle est.")
    digest: str = Field(description="Distingue ce texte d’un autre.")
    changed_at: dt.datetime = Field(description="Changée à.")
    changed_by: str = Field(description="Qui l’a changé le dernier.")


class PoliciesAnswer(Paged):
    """Policies."""

    rows: list[PolicyShape] = Field(description="Une ligne par produit, ou par objet de la liste.")


class PolicyAnswer(PolicyShape):
    """A policy with its content."""

    policy: dict[str, Any] = Field(description="Les clés de son fichier.")
    text: str = Field(description="Son texte, tel qu’il est écrit.")


class TouchedProduct(Schema):
    """A price that would change."""

    pharmacy: str = Field(description="FINESS.")
    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    category: str
    rule: str
    reason: str = Field(description="Pourquoi.")
    bound: str
    former_price_incl: float | None
    price_incl: float | None
    margin_rate: float | None
    turnover_change: float
    margin_change: float


class AppliedAnswer(Schema):
    """A policy tried, and applied if it says so."""

    policy: str = Field(description="Nom de la politique.")
    applied: bool = Field(description="Les prix ont été écrits.")
    run: str | None = Field(description="Le passage qui a écrit ces prix.")
    pharmacies: list[dict[str, Any]] = Field(description="Pharmacies.")
    touched: int = Field(description="Prix qui changeraient.")
    unchanged: int = Field(description="Prix qui ne changeraient pas.")
    exceptions: list[dict[str, Any]] = Field(description="Produits laissés, par raison.")
    constant: dict[str, float] | None = Field(description="Effet à volumes constants, € par an.")
    expected: dict[str, float] | None = Field(description="Effet à l’élasticité retenue.")
    low: dict[str, float] | None = Field(description="Bas de l’intervalle à 95 %.")
    high: dict[str, float] | None = Field(description="Haut de l’intervalle à 95 %.")
    margins: list[dict[str, Any]] = Field(
        description="Marge d’un an avant et après, remises comprises."
    )
    rows: list[TouchedProduct] = Field(
        description="Une ligne par produit, ou par objet de la liste."
    )


class TrialAnswer(AppliedAnswer, Paged):
    """A policy tried."""

    notes: list[str] = Field(description="Ce qu’il faut savoir avant d’appliquer.")


class ProposedPrice(Schema):
    """What becomes of a price."""

    pharmacy: str = Field(description="FINESS.")
    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    outcome: str = Field(description="changed, unchanged ou exception.")
    category: str
    rule: str
    bound: str
    former_price_incl: float | None
    price_incl: float | None
    margin_rate: float | None
    reason: str = Field(description="Pourquoi.")


class ProposalsAnswer(Paged):
    """The price a policy proposes for each product."""

    policy: str = Field(description="Nom de la politique.")
    products: int = Field(description="Produits.")
    changed: int = Field(description="Prix qui changeraient.")
    unchanged: int = Field(description="Prix qui ne changeraient pas.")
    exception: int = Field(description="Produits laissés.")
    rows: list[ProposedPrice] = Field(
        description="Une ligne par produit, ou par objet de la liste."
    )
    notes: list[str] = Field(description="Ce qu’il faut savoir avant d’appliquer.")


class RunShape(Schema):
    """A policy applied once."""

    run: str
    policy: str = Field(description="Nom de la politique.")
    since: dt.date = Field(description="Premier jour des prix.")
    decided_at: dt.datetime = Field(description="Décidé à.")
    decided_by: str = Field(description="Par qui.")
    pharmacies: int = Field(description="Pharmacies.")
    products: int = Field(description="Produits.")


class RunsAnswer(Paged):
    """Policies applied."""

    rows: list[RunShape] = Field(description="Une ligne par produit, ou par objet de la liste.")


class DecidedPrice(Schema):
    """A price decided."""

    pharmacy: str = Field(description="FINESS.")
    product_code: str = Field(description="Code du produit.")
    label: str = Field(description="Nom du produit.")
    price_incl: float
    former_price_incl: float | None
    reason: str = Field(description="Pourquoi.")


class RunAnswer(RunShape, Paged):
    """A policy applied, with the prices it decided."""

    measured: dict[str, Any] | None = Field(
        description="Ventes par jour avant et après ; null sans recul."
    )
    rows: list[DecidedPrice] = Field(description="Une ligne par produit, ou par objet de la liste.")
