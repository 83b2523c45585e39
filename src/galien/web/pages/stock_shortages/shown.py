"""How shortages are printed: those that last, what they cost, what could replace, who fails most."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.kernel import french
from galien.usecases.stock.missing import Missing
from galien.web.components.models import Action, Headline, PageHead, Pages, Row, TableModel, Tone
from galien.web.lists import badge, code, count, counted, day, plain_table, text, wrapped

VIEWS = {"toutes": "Toutes, sur douze mois", "en-cours": "En cours"}
NOUN = ("rupture", "ruptures")
MOST_SHOWN = 3  # substitutes written in a cell


def head(name: str, found: Missing | None, files: Action | None = None) -> PageHead:
    """Return the top of the page."""
    known = f", à la fin du {french.day(found.now.date())}" if found else ""
    return PageHead(
        "Qu’est-ce qui n’a pas été livré ?",
        when=f"{name}{known}",
        actions=(files,) if files else (),
    )


def kept(found: Missing, view: str) -> list[dict[str, Any]]:
    """Return the shortages of a view: those that last first, then the last begun."""
    rows = [row for row in found.rows if view != "en-cours" or row["until"] is None]
    return sorted(rows, key=_rank)


def _rank(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    since: dt.datetime = row["since"]
    return (row["until"] is not None, -since.timestamp(), str(row["product_code"]))


def headlines(found: Missing) -> tuple[Headline, ...]:
    """Return how many shortages there were, and what they cost."""
    rows: Sequence[Mapping[str, Any]] = found.rows
    lasting = sum(row["until"] is None for row in rows)
    units = sum((row["lost_units"] for row in rows), Decimal(0))
    turnover = sum((row["lost_turnover"] for row in rows), Decimal(0))
    margin = sum((row["lost_margin"] for row in rows), Decimal(0))
    return (
        Headline("En cours", french.number(lasting), reference="plus de 72 heures d’attente"),
        Headline("Sur douze mois", french.number(len(rows)),
                 reference=counted(len(found.by_product), "produit", "produits")),
        Headline("Boîtes non vendues", french.number(units), reference="demande corrigée × jours d’attente"),
        Headline("Chiffre d’affaires perdu", french.compact_amount(turnover),
                 exact=french.amount(turnover), reference="hors taxes, au plus"),
        Headline("Marge perdue", french.compact_amount(margin), exact=french.amount(margin),
                 reference="hors taxes, au plus"),
    )  # fmt: skip


def table(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, pages: Pages | None = None,
    declared: bool = False,
) -> TableModel:  # fmt: skip
    """Return the shortages; all their substitutes in a file to declare, the first ones on the page."""
    columns = (
        text("product", "Produit"), text("lab", "Laboratoire"), day("asked", "Demandé le"),
        day("since", "En rupture le"), text("until", "Jusqu’au"), count("days", "Durée", unit="jours"),
        text("suppliers", "Fournisseurs"), count("units", "Commandé"),
        count("lost", "Perdu", unit="boîtes", decimals=1),
        count("turnover", "Ventes perdues", unit="€ HT", decimals=2),
        count("margin", "Marge perdue", unit="€ HT", decimals=2), text("instead", "À la place"),
    )  # fmt: skip
    made = (
        Row((
            Markup("{}<br>{}").format(row["label"], code(row["product_code"])), row["lab"] or "–",
            row["asked_at"].date(), row["since"].date(), _until(row["until"]), round(row["days"]),
            row["suppliers"], row["units"], row["lost_units"], row["lost_turnover"],
            row["lost_margin"], wrapped(_instead(row["substitutes"], names, whole=declared)),
        ))
        for row in rows
    )  # fmt: skip
    return plain_table("Ruptures", columns, made, pages=pages, noun=NOUN, identity="ruptures")


def _until(moment: dt.datetime | None) -> str | Markup:
    return badge("en cours", Tone.WARNING) if moment is None else f"{moment:%d/%m/%Y}"


def _instead(found: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, whole: bool) -> str:
    """Say where the product, or another of its generic group, is."""
    if not found:
        return "Rien de connu, ni chez un fournisseur ni dans vos pharmacies"
    kept = found if whole else found[:MOST_SHOWN]
    said = [
        f"{each['product_code']} ({names.get(each['place'], each['place'])}, {each['units']})"
        for each in kept
    ]
    more = f" et {len(found) - len(kept)} autres" if len(found) > len(kept) else ""
    return ", ".join(said) + more


def labs(found: Missing) -> TableModel:
    """Return the history by lab, the most days first."""
    columns = (
        text("lab", "Laboratoire"), count("shortages", "Ruptures"), count("lasting", "En cours"),
        count("days", "Jours en tout"), count("longest", "La plus longue", unit="jours"),
    )  # fmt: skip
    rows = (
        Row((each.name, each.shortages, each.lasting, round(each.days), round(each.longest)))
        for each in found.by_lab
    )
    return plain_table(
        "Ruptures par laboratoire", columns, rows, noun=("laboratoire", "laboratoires"),
        identity="laboratoires",
    )  # fmt: skip
