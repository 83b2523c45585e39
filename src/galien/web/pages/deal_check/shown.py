"""How a deal is judged on screen: a clear verdict, what decides, the quantities around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from galien.calculators.discounts.deal import Need
from galien.kernel import french
from galien.usecases import deal_check as use
from galien.usecases.products import Found
from galien.web.components.models import (
    CellKind,
    Column,
    Empty,
    Field,
    Headline,
    Link,
    Notice,
    Option,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.lists import plain_table
from galien.web.pages.deal_check.asked import PHARMACY, PRODUCT

TITLE = "Cette affaire vaut-elle la peine ?"
LONG_COVER = 6
HEIGHT = 260
TICK = Markup(' <b class="evo good" title="Rapporte le plus">✓</b>')


def head(known: use.Known | None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title=TITLE,
        when=known.label if known else "Un produit, une offre : ce qu’elle rapporte vraiment",
        crumbs=(Link("Achats", ""), Link("Affaire à prendre ou non", "", current=True)),
    )


def choosing(typed: str, pharmacy: str, names: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the choice of the product and of the pharmacy that prefill the figures."""
    options = [Option("", "Toutes mes pharmacies", chosen=not pharmacy)]
    options += [Option(key, name, chosen=key == pharmacy) for key, name in names.items()]
    return (
        Field(PRODUCT, "Produit (nom, CIP13 ou scan)", kind="search", value=typed),
        Field(PHARMACY, "Pharmacie", kind="select", required=True, options=tuple(options)),
    )


def near(found: Sequence[Found], pharmacy: str) -> tuple[Link, ...]:
    """Return the products that words may mean."""
    kept = {PHARMACY: pharmacy} if pharmacy else {}
    return tuple(
        Link(f"{each.label} · {each.code}", f"?{urlencode({PRODUCT: each.code, **kept})}")
        for each in found
    )


def mistake(sentence: str) -> Notice:
    """Return why the offer cannot be weighed."""
    return Notice("Cette affaire ne peut pas être pesée", sentence, Tone.ERROR)


def missing(what: str) -> Empty:
    """Return what must be typed first."""
    return Empty("L’affaire attend ses chiffres", f"Indiquez {what}.")


def answer(steps: Sequence[use.Step], need: Need, address: str) -> Mapping[str, Any]:
    """Return everything the answer prints; the step that gains most decides."""
    best = best_step(steps)
    return {
        "verdict": verdict(best, need),
        "warnings": warnings(best, need),
        "headlines": headlines(best),
        "steps": steps_table(steps, best) if len(steps) > 1 else None,
        "sums": sums(best),
        "chart": chart(steps, need, address),
    }


def best_step(steps: Sequence[use.Step]) -> use.Step:
    """Return the step that gains most, the smallest of those that tie."""
    return max(steps, key=lambda step: (step.found.gain, -step.deal.units))


def verdict(step: use.Step, need: Need) -> Notice:
    """Return the answer to the question of the page, in one sentence."""
    deal, found = step.deal, step.found
    bought = f"{french.number(deal.units)} unités à {french.amount(deal.unit_net_price)}"
    if found.worth_it:
        better = found.better_quantity
        more = ""
        if better is not None and abs(better - deal.units) * 10 > deal.units:
            more = f" La meilleure quantité serait {french.number(better)} unités."
        return Notice(
            f"Oui : {bought} rapportent {french.amount(found.gain)} de plus qu’acheter au fil des ventes",
            f"{french.percent(deal.discount_rate, 2)} de remise réelle, contre "
            f"{french.percent(need.usual_discount, 2)} d’habitude.{more}",
            Tone.GOOD,
        )
    limit = found.break_even_quantity
    until = (
        f"Jusqu’à {french.number(limit)} unités, elle rapporterait."
        if limit
        else "Aucune quantité ne rapporte à ces conditions."
    )
    return Notice(
        f"Non : {bought} coûtent {french.amount(-found.gain)} de plus qu’acheter au fil des ventes",
        until,
        Tone.WARNING,
    )


def warnings(step: use.Step, need: Need) -> tuple[Notice, ...]:
    """Return what to look at before signing."""
    found, said = step.found, []
    if found.expired_units > 0:
        said.append(
            Notice(
                f"{french.number(found.expired_units, 0)} unités périmeraient",
                f"Aux ventes actuelles, {french.amount(found.expired_cost)} seraient perdus.",
                Tone.WARNING,
            )
        )
    elif need.shelf_life is None:
        said.append(
            Notice(
                "Péremption non indiquée", "Sans mois avant péremption, aucune perte n’est comptée."
            )
        )
    if found.cover_months > LONG_COVER:
        said.append(
            Notice(
                f"{french.number(found.cover_months, 1)} mois de stock",
                "Une baisse des ventes, un déremboursement ou un changement de prix pèserait longtemps.",
            )
        )
    return tuple(said)


def headlines(step: use.Step) -> tuple[Headline, ...]:
    """Return what decides: cover, expiry, cash, holding, discount, break-even."""
    deal, found = step.deal, step.found
    margin = found.sales_margin
    fall = (
        f"les ventes peuvent baisser de {french.percent(margin, 0)}"
        if margin is not None and margin > 0
        else "péremption non indiquée"
        if margin is None
        else "ventes déjà trop basses"
    )
    return (
        Headline("Gain", french.amount(found.gain), against="coûts déduits"),
        Headline("Couverture", f"{french.number(found.cover_months, 1)} mois", against="stock compris"),
        Headline("Trésorerie immobilisée", french.amount(found.cash, 0),
                 against=f"{french.number(deal.paid)} unités payées"),
        Headline("Remise réelle", french.percent(deal.discount_rate, 2),
                 against=f"{french.amount(deal.unit_net_price)} l’unité"),
        Headline("Risque de péremption", f"{french.number(found.expired_units, 0)} u", against=fall),
    )  # fmt: skip


def steps_table(steps: Sequence[use.Step], best: use.Step) -> TableModel:
    """Return each step of the offer beside the others."""
    columns = (
        Column("quantity", "Unités", CellKind.MARKUP),
        Column("rate", "Remise réelle", CellKind.RATIO, "%", 2),
        Column("cash", "Trésorerie", unit="€", decimals=2),
        Column("cover", "Couverture", unit="mois", decimals=1),
        Column("carrying", "Coût de possession", unit="€", decimals=2),
        Column("expired", "Unités périmées", unit="u"),
        Column("gain", "Gain", unit="€", decimals=2),
    )
    rows = [
        Row(
            cells=(
                Markup("{}{}").format(french.number(each.deal.units), TICK if each is best else ""),
                each.deal.discount_rate, each.found.cash, each.found.cover_months,
                each.found.carrying_cost, each.found.expired_units, each.found.gain,
            )
        )
        for each in steps
    ]  # fmt: skip
    return plain_table(
        "Les paliers de l’offre", columns, rows, noun=("palier", "paliers"), identity="paliers"
    )


def sums(step: use.Step) -> tuple[tuple[str, str], ...]:
    """Return the gain, sum by sum, and the quantities that count."""
    found = step.found
    return (
        ("Avantage sur la remise habituelle", french.amount(found.advantage)),
        ("− coût de possession", french.amount(-found.carrying_cost)),
        ("− unités périmées", french.amount(-found.expired_cost)),
        ("= gain", french.amount(found.gain)),
        ("Meilleure quantité", _quantity(found.better_quantity, "sans limite")),
        ("Quantité d’équilibre", _quantity(found.break_even_quantity, "aucune")),
    )


def _quantity(units: int | None, unlimited: str) -> str:
    return unlimited if units is None else f"{french.number(units)} unités"


def chart(steps: Sequence[use.Step], need: Need, address: str) -> ChartCard:
    """Return the gain over quantities, at the conditions of the step that decides."""
    best = best_step(steps)
    points = use.curve(best.deal, need)
    model = ChartModel(
        kind=ChartKind.LINE,
        title="Gain selon la quantité, à la même remise réelle",
        unit="€",
        decimals=0,
        categories=tuple(french.number(quantity) for quantity, _ in points),
        series=(Series("Gain", tuple(gain for _, gain in points)),),
        swap="",
    )
    return ChartCard(model, id="courbe", height=HEIGHT, image_href=f"{address}&format=svg")
