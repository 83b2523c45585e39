"""How shortages are printed: what they cost, what could replace, who fails most, what the country lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from galien.calculators.stock.shortages import History
from galien.kernel import french
from galien.usecases.stock.missing import Missing
from galien.usecases.stock.national import Status
from galien.web.components.models import (
    Action,
    Headline,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import (
    badge,
    code,
    count,
    counted,
    day,
    link,
    plain_table,
    text,
    wrapped,
)
from galien.web.pages.stock_shortages.listed import PRODUCT, short_group, status_badge

VIEWS = {
    "toutes": "Toutes, sur douze mois", "en-cours": "En cours",
    "nationale": "Sur la liste nationale",
}  # fmt: skip
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
        Headline("Boîtes non vendues", french.number(units), reference="demande corrigée × jours sans stock"),
        Headline("Chiffre d’affaires perdu", french.compact_amount(turnover),
                 exact=french.amount(turnover), reference="hors taxes, au plus"),
        Headline("Marge perdue", french.compact_amount(margin), exact=french.amount(margin),
                 reference="hors taxes, au plus"),
    )  # fmt: skip


def table(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], *, pages: Pages | None = None
) -> TableModel:
    """Return the shortages, with what could take their place."""
    columns = (
        text("product", "Produit"), text("span", "Demandé le"),
        count("days", "Durée", unit="jours"), count("out", "Sans stock", unit="jours"),
        count("units", "Commandé"),
        text("suppliers", "À qui"), text("instead", "À la place"), text("lost", "Ventes perdues"),
    )  # fmt: skip
    made = (
        Row((
            _product(row), _span(row), round(row["days"]),
            row["days_without_stock"], row["units"],
            _narrow(row["suppliers"]), _instead(row["substitutes"], names), _lost(row),
        ))
        for row in rows
    )  # fmt: skip
    return plain_table("Ruptures", columns, made, pages=pages, noun=NOUN, identity="ruptures")


def _product(row: Mapping[str, Any]) -> Markup:
    status = row["national_status"]
    told = status_badge(Status(status)) if status else ""
    named = link(row["label"] or row["product_code"], PRODUCT + str(row["product_code"]))
    known = (code(row["product_code"]), row["lab"] or "", told)
    return _narrow(Markup("{}<br>{} {} {}").format(named, *known))


def _narrow(cell: object) -> Markup:
    """Return words that take few columns and several lines."""
    return Markup('<div class="wrap narrow">{}</div>').format(cell)


def _span(row: Mapping[str, Any]) -> Markup:
    until = row["until"]
    end = badge("en cours", Tone.WARNING) if until is None else f"au {until:%d/%m/%Y}"
    asked, since = (f"{row[key]:%d/%m/%Y}" for key in ("asked_at", "since"))
    return Markup("{}<br>rupture le{}{}<br>{}").format(asked, french.FIXED, since, end)


def _lost(row: Mapping[str, Any]) -> Markup:
    units, turnover = french.number(row["lost_units"], 1), french.amount(row["lost_turnover"])
    said = (f"{units} boîtes", f"{turnover} HT", f"{french.amount(row['lost_margin'])} de marge")
    return Markup("<br>").join(each.replace(" ", french.FIXED) for each in said)


def _instead(found: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Markup:
    """Name the first products that could take the place of one, each where most of it is."""
    if not found:
        return wrapped("Rien de connu, ni chez un fournisseur ni dans vos pharmacies.")
    first = {each["product_code"]: each for each in reversed(found)}
    kept = [each for each in found if first[each["product_code"]] is each]
    said = [wrapped(instead(each, names)) for each in kept[:MOST_SHOWN]]
    more = len(found) - len(said)
    group = next((each["generic_group_label"] for each in found if each["generic_group_label"]), "")
    words = [f"et {counted(more, 'autre lieu', 'autres lieux')}"] if more else []
    words += [f"groupe {short_group(group)}"] if group else []
    if words:
        said.append(Markup('<div class="wrap muted">{}</div>').format(" · ".join(words)))
    return Markup("").join(said)


def instead(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name what could take a product's place: what, where, how many, when, at what price."""
    place, units = names.get(found["place"], found["place"]), found["units"]
    on = f" le {found['seen_on']:%d/%m}" if found["seen_on"] else ""
    came = f"{counted(units, 'livrée', 'livrées')}{on}"
    where = f"{french.number(units)} en rayon" if found["sister"] else came
    prices = [
        f"{french.amount(found[key])} {words}"
        for key, words in (("unit_price", "net HT"), ("public_price", "public"))
        if found[key]
    ]
    return " · ".join([f"{found['label']} : {place}, {where}", *prices])


def declared(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], pharmacy: tuple[str, str]
) -> TableModel:
    """Return what there is to declare, one line a shortage, all in plain words for a file."""
    finess, name = pharmacy
    columns = (
        text("finess", "FINESS"), text("pharmacy", "Pharmacie"), text("code", "Code CIP13"),
        text("label", "Produit"), text("lab", "Laboratoire"), text("group", "Groupe générique"),
        day("asked", "Demandé le"), day("since", "En rupture depuis"), text("until", "Fin"),
        count("days", "Durée", unit="jours"), count("out", "Jours sans stock"),
        text("suppliers", "Fournisseurs sollicités"),
        count("units", "Boîtes commandées"), count("lost", "Boîtes non vendues", decimals=1),
        count("turnover", "Ventes perdues", unit="€ HT", decimals=2),
        count("margin", "Marge perdue", unit="€ HT", decimals=2),
        text("listed", "Liste nationale"), day("listed_since", "Sur la liste depuis"),
        text("instead", "Équivalents disponibles"),
    )  # fmt: skip
    made = (
        Row((
            finess, name, row["product_code"], row["label"], row["lab"],
            row["generic_group_label"], row["asked_at"].date(), row["since"].date(),
            f"{row['until']:%d/%m/%Y}" if row["until"] else "en cours", round(row["days"]),
            row["days_without_stock"], row["suppliers"], row["units"],
            round(row["lost_units"], 1), row["lost_turnover"], row["lost_margin"],
            Status(row["national_status"]).label if row["national_status"] else "non signalé",
            row["national_since"],
            " ; ".join(instead(each, names) for each in row["substitutes"]),
        ))
        for row in rows
    )  # fmt: skip
    return plain_table("Déclarations", columns, made, noun=NOUN, identity="declarations")


def labs(found: Missing) -> TableModel:
    """Return the history by lab, the most days first."""
    return _history(
        found.by_lab, "Ruptures par laboratoire", ("lab", "Laboratoire"),
        ("laboratoire", "laboratoires"), {},
    )  # fmt: skip


def products(found: Missing) -> TableModel:
    """Return the history by product, the most days first."""
    return _history(
        found.by_product, "Ruptures par produit", ("product", "Produit"),
        ("produit", "produits"), found.names,
    )  # fmt: skip


def _history(
    found: Sequence[History], caption: str, first: tuple[str, str], noun: tuple[str, str],
    names: Mapping[str, str],
) -> TableModel:  # fmt: skip
    columns = (
        text(*first), count("shortages", "Ruptures"), count("lasting", "En cours"),
        count("days", "Jours en tout"), count("longest", "La plus longue", unit="jours"),
    )  # fmt: skip
    rows = (
        Row((
            names.get(each.name, each.name), each.shortages, each.lasting, round(each.days),
            round(each.longest),
        ))
        for each in found
    )  # fmt: skip
    return plain_table(caption, columns, rows, noun=noun, identity=noun[1])
