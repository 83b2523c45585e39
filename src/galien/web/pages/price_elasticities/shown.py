"""How elasticities and their uncertainty are printed."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from galien.calculators.pricing.elasticity import Elasticity
from galien.kernel import french
from galien.usecases.prices.network import Measured
from galien.web.components.models import Action, Headline, PageHead, Row, TableModel, Tone
from galien.web.lists import badge, count, plain_table, text


def head(files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    return PageHead(
        title="Que font les prix aux ventes ?",
        when="Changements de prix libres du réseau, deux ans de ventes au comptoir",
        actions=(files,) if files else (),
    )


def headlines(found: Measured) -> tuple[Headline, ...]:
    """Return the elasticity of all free prices, and what it comes from."""
    whole = found.whole
    usable = len(found.usable)
    return (
        Headline(
            "Tous prix libres",
            french.number(whole.value, 2) if whole.usable and whole.value is not None else "n. s.",
            against=f"intervalle à 95 % : {_interval(whole)}" if whole.interval else "non mesurée",
        ),
        Headline(
            "Changements de prix lus",
            french.number(whole.events),
            against=f"dans {french.number(whole.pharmacies)} pharmacies",
        ),
        Headline(
            "Univers mesurés",
            french.number(usable),
            against=f"sur {french.number(len(_moved(found)))} où des changements se lisent",
        ),
    )


def table(found: Measured) -> TableModel:
    """Return the universes, the most measured first, under all free prices."""
    columns = (
        text("universe", "Univers"),
        count("value", "Élasticité", decimals=2),
        count("low", "Au plus bas (95 %)", decimals=2),
        count("high", "Au plus haut (95 %)", decimals=2),
        count("events", "Changements de prix"),
        count("pharmacies", "Pharmacies"),
        text("standing", "Ce qu’une politique en prend"),
    )
    fallback = "Celle de tous les prix" if found.whole.usable else "Volumes constants"
    ranked = sorted(_moved(found).items(), key=lambda pair: (-pair[1].events, pair[0]))
    rows = [Row(cells=(name, *_cells(each), _standing(each, fallback))) for name, each in ranked]
    whole = _standing(found.whole, "Volumes constants")
    made = plain_table(
        "Élasticités", columns, rows, noun=("univers", "univers"), identity="elasticites"
    )
    return replace(made, total=Row(cells=("Tous prix libres", *_cells(found.whole), whole)))


def _moved(found: Measured) -> dict[str, Elasticity]:
    """Return the universes where a change could be read."""
    return {name: each for name, each in found.universes.items() if each.events}


def _cells(found: Elasticity) -> tuple[object, ...]:
    low, high = found.interval or (None, None)
    return found.value, low, high, found.events, found.pharmacies


def _standing(found: Elasticity, fallback: str) -> Markup:
    if found.usable:
        return badge("Mesurée", Tone.GOOD)
    return badge(fallback, Tone.NEUTRAL)


def _interval(found: Elasticity) -> str:
    low, high = found.interval or (None, None)
    return (
        "" if low is None or high is None else f"{french.number(low, 2)} à {french.number(high, 2)}"
    )
