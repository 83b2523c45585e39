"""How a product's sheet is printed: what it is, what it sells, what it costs and cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from galien.analytics.answer import Answer
from galien.kernel import french
from galien.kernel.glossary import term
from galien.usecases.products import Price, ProductSheet
from galien.web.analysis.headlines import headline
from galien.web.components.models import (
    CellKind,
    Column,
    Headline,
    Link,
    Notice,
    PageHead,
    Row,
    TableModel,
    Tone,
)
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.lists import badge, count, day, plain_table, span, text

STATUSES = {
    "originator": "Princeps",
    "generic": "Générique",
    "substitutable": "Substituable",
    "hybrid": "Hybride",
    "outside": "Hors répertoire",
}
LISTS = {
    "narcotic": "Stupéfiants",
    "list_i": "Liste I",
    "list_ii": "Liste II",
    "optional": "Prescription facultative",
}
IDENTITY = (
    "product_code",
    "cip7",
    "lab",
    "brand",
    "range",
    "product_type",
    "form",
    "strength",
    "pack_size",
)
PLACE = ("universe_1", "universe_2", "family_1", "family_2", "segment_1", "segment_2")
LAW = (
    "reimbursable", "reimbursement_rate", "prescription_status", "generic_status",
    "generic_group_label", "atc_code", "indication",
)  # fmt: skip
LABELS = {
    "form": "Forme",
    "strength": "Dosage",
    "pack_size": "Unités par boîte",
    "reimbursement_rate": "Taux de remboursement",
}


def page(found: ProductSheet) -> dict[str, Any]:
    """Return everything a sheet prints."""
    return {
        "head": head(found),
        "unknown": None if found.known else unknown(),
        "figures": figures(found.sales),
        "links": links(found) if found.sales and found.sales.meta.rows else (),
        "groups": groups(found),
        "chart": chart(found.prices),
        "prices": prices(found.prices) if found.prices else None,
        "versions": versions(found.versions) if len(found.versions) > 1 else None,
    }


def head(found: ProductSheet) -> PageHead:
    """Return the top of a sheet."""
    return PageHead(
        title=found.label,
        when=f"Code {found.code}",
        note=found.attributes.get("lab") or "",
        crumbs=(
            Link("Données", ""),
            Link("Catalogue", "/donnees/catalogue"),
            Link(found.code, "", current=True),
        ),
    )


def unknown() -> Notice:
    """Return what to know of a code that no catalogue has."""
    return Notice(
        "Produit inconnu du catalogue",
        "Ses ventes sont comptées sous «\u00a0Non renseigné\u00a0». Ajoutez-le au fichier de hiérarchie du "
        "groupement pour lui donner un nom et une famille.",
        Tone.WARNING,
    )


def figures(sales: Answer | None) -> tuple[Headline, ...]:
    """Return the viewer's sales of twelve months."""
    if sales is None or not sales.meta.rows:
        return ()
    names = ("quantity", "sales_incl", "adjusted_margin", "margin_rate")
    records = sales.table.to_pylist()
    against = f"contre {sales.meta.comparison.label()}" if sales.meta.comparison else ""
    return tuple(
        headline(
            name,
            sales.totals,
            against=against,
            trend=tuple(None if row[name] is None else float(row[name]) for row in records),
        )
        for name in names
    )


def links(found: ProductSheet) -> tuple[Link, ...]:
    """Return the analyses of this product."""
    query = f"?period=last-12-months&where=product%3D{found.code}"
    return (
        Link("Ses ventes par mois", f"/ventes/par-mois{query}"),
        Link("Ses ventes par pharmacie", f"/ventes/par-pharmacie{query}"),
        Link("Ses achats par fournisseur", f"/achats/par-fournisseur{query}"),
    )


def groups(found: ProductSheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the attributes in three cards; what nobody said is told as such."""
    if not found.attributes:
        return []
    return [
        ("Le produit", [(_label(name), _value(name, found.attributes)) for name in IDENTITY]),
        ("Sa place", [(_label(name), _value(name, found.attributes)) for name in PLACE]),
        ("Son statut", [(_label(name), _value(name, found.attributes)) for name in LAW]),
    ]


def _label(name: str) -> str:
    return LABELS.get(name) or term(name).label


def _value(name: str, attributes: dict[str, Any]) -> str:
    value = attributes.get(name)
    if value is None or value == "":
        return "Non renseigné"
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if name == "reimbursement_rate":
        return french.percent(value, 0)
    return STATUSES.get(value) or LISTS.get(value) or str(value)


def chart(found: tuple[Price, ...]) -> ChartCard | None:
    """Return the picture of the public price, from a change to the next."""
    if len(found) < 2:
        return None
    model = ChartModel(
        kind=ChartKind.LINE,
        title="Prix public TTC, hors honoraire",
        decimals=2,
        categories=tuple(f"{each.since:%d/%m/%Y}" for each in found),
        series=(Series("Prix public", tuple(each.public_price_incl for each in found)),),
        swap="",
    )
    return ChartCard(model, id="prices-chart")


def prices(found: tuple[Price, ...]) -> TableModel:
    """Return the history of prices, the one in force first, marked as carried on."""
    columns = (
        text("period", "Période"), Column("public", "Prix public", unit="€ TTC", decimals=2),
        Column("fee", "Honoraire", unit="€ TTC", decimals=2),
        Column("factory", "Prix fabricant", unit="€ HT", decimals=2),
        Column("rate", "Remboursement", kind=CellKind.RATIO, unit="%"), text("state", "État"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                _period(each),
                each.public_price_incl,
                each.fee_incl,
                each.ex_factory_price,
                each.reimbursement_rate,
                badge("Reporté depuis le dernier relevé", Tone.INFO) if each.carried else "Relevé",
            )
        )
        for each in reversed(found)
    )
    return plain_table(
        "Historique des prix", columns, rows, noun=("prix", "prix"), identity="prices"
    )


def _period(price: Price) -> str:
    if price.until is None:
        return f"depuis le {price.since:%d/%m/%Y}"
    return span(price.since, price.until - dt.timedelta(days=1))


def versions(found: tuple[dict[str, Any], ...]) -> TableModel:
    """Return the days on which the product changed place or terms."""
    columns = (
        day("since", "Depuis le"), text("family", "Famille"), text("status", "Statut"),
        count("rate", "Remboursement", unit="%"),
    )  # fmt: skip
    rows = (
        Row(
            cells=(
                "l’origine" if each["since"].year < 1950 else f"{each['since']:%d/%m/%Y}",
                each["family_1"] or "Non renseigné",
                STATUSES.get(each["generic_status"] or "", "Non renseigné"),
                None if each["reimbursement_rate"] is None else each["reimbursement_rate"] * 100,
            )
        )
        for each in reversed(found)
    )
    shown = (text("since", "Depuis"), *columns[1:])
    return plain_table(
        "Versions du produit", shown, rows, noun=("version", "versions"), identity="versions"
    )
