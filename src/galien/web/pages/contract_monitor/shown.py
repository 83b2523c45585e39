"""How the contract monitor is printed: figures, alerts, one line for each target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from markupsafe import Markup

from galien.calculators.discounts.monitor import Standing
from galien.kernel import french
from galien.kernel.period import Period
from galien.model.contracts import Consequence, Measured
from galien.usecases.contract_monitor import Monitor, Watched
from galien.web.components.models import (
    Action,
    CellKind,
    Column,
    Definition,
    Empty,
    Field,
    Headline,
    Link,
    Notice,
    PageHead,
    Pages,
    Row,
    TableModel,
    Tone,
)
from galien.web.lists import badge, count, link, options, plain_table, text

TITLE = "Suivi des contrats"
PATH = "/achats/suivi-contrats"
STANDINGS = {"alertes": "Alertes", "paliers": "Paliers à gagner", "tenus": "Tenus ou en bonne voie"}
_WORDS = {
    Standing.MISSED: ("Manqué", Tone.ERROR),
    Standing.AT_RISK: ("Menacé", Tone.WARNING),
    Standing.ON_COURSE: ("En bonne voie", Tone.INFO),
    Standing.REACHED: ("Atteint", Tone.GOOD),
}
_TIER_AHEAD = ("Palier non atteint", Tone.NEUTRAL)
_LOSES = {
    Consequence.BILLED_BACK: "remise reprise",
    Consequence.REBATE_LOST: "remise de fin d’année perdue",
    Consequence.NONE: "",
}
_COUNTED = {
    Measured.QUANTITY: "boîtes",
    Measured.LIST_AMOUNT: "€ au prix catalogue",
    Measured.NET_AMOUNT: "€ facturés",
}
_NAME = 2  # the place of the pharmacy's name in a row
_ALERTS = frozenset({Standing.MISSED, Standing.AT_RISK})


def is_alert(line: Watched) -> bool:
    """Tell whether a promise is missed or heading to be: a tier that may be won is no alert."""
    return line.rate is None and line.followed.standing in _ALERTS


def narrowed(
    lines: Sequence[Watched], *, contract: str, pharmacy: str, standing: str
) -> list[Watched]:
    """Return the lines of a contract, a pharmacy and a standing, each when it is chosen."""
    return [
        line
        for line in lines
        if standing in ("", _kind(line))
        and contract in ("", str(line.kept.key))
        and pharmacy in ("", line.pharmacy)
    ]


def _kind(line: Watched) -> str:
    if line.followed.standing not in _ALERTS:
        return "tenus"
    return "alertes" if line.rate is None else "paliers"


def head(found: Monitor, query: str) -> PageHead:
    """Return the top of the page."""
    joint = "&" if query else ""
    exports = tuple(
        Link(label, f"{PATH}?{query}{joint}format={style}", download=True)
        for style, label in (("csv", "CSV"), ("xlsx", "Excel"))
    )
    number = len(found.scope)
    return PageHead(
        title="Où en sont nos engagements ?",
        when=f"Achats jusqu’au {french.day(found.until)}" if found.until else "",
        note=f"{number} pharmacie{'s' if number > 1 else ''}" if number else "",
        crumbs=(Link("Achats", ""), Link(TITLE, "", current=True)),
        actions=(
            Action("Contrats", href="/achats/contrats"),
            Action("Exporter", primary=True, icon="download", items=exports),
        ),
    )


def headlines(lines: Sequence[Watched]) -> tuple[Headline, ...]:
    """Return the figures on top: what is missed, at risk, kept, and the euros at stake."""
    alerts = [line for line in lines if is_alert(line)]
    lost = sum((line.followed.at_stake for line in alerts), Decimal(0))
    won = [
        line.followed.at_stake
        for line in lines
        if line.rate is not None and line.followed.standing in _ALERTS
    ]
    missed = sum(line.followed.standing is Standing.MISSED for line in alerts)
    return (
        Headline("Engagements manqués", french.number(missed)),
        Headline("Engagements menacés", french.number(len(alerts) - missed)),
        Headline("En jeu", french.amount(lost, 0), definition=AT_STAKE),
        Headline(
            "À gagner par les paliers", french.amount(sum(won, Decimal(0)), 0), definition=TO_WIN
        ),
    )


AT_STAKE = Definition(
    "En jeu",
    "Ce que coûtent les engagements manqués ou menacés : la remise sur facture déjà accordée sur leur "
    "période, ou la remise de fin d’année qui en dépend.",
    unit="€ HT",
    source="Calcul Galien",
)
TO_WIN = Definition(
    "À gagner par les paliers",
    "Ce que rapporterait le palier suivant de chaque clause, sur les achats projetés à la fin de sa période.",
    unit="€ HT",
    source="Calcul Galien",
)
PACE = Definition(
    "Rythme",
    "Ce qui est acheté rapporté à ce qu’un rythme régulier aurait donné au même jour.",
    formula="acheté ÷ (objectif × jours écoulés ÷ jours de la période)",
    unit="%",
    source="Calcul Galien",
)
PROJECTION = Definition(
    "Projection",
    "Ce que sera la période à son terme, au rythme et aux saisons de l’an dernier quand il est connu en "
    "entier, sinon au rythme des jours écoulés.",
    source="Calcul Galien",
)


def notices(found: Monitor) -> tuple[Notice, ...]:
    """Return what limits what is shown."""
    said = [Notice("Données partielles", each, Tone.WARNING) for each in found.state.notes]
    if found.partly:
        names = ", ".join(found.partly)
        said.append(
            Notice(
                "Objectifs comptés sur tout le groupement",
                f"{names} : le total du groupement n’est montré qu’à qui voit toutes ses pharmacies.",
            )
        )
    return tuple(said)


def fields(
    contracts: Mapping[str, str], pharmacies: Mapping[str, str], *, contract: str, pharmacy: str,
    standing: str,
) -> tuple[Field, ...]:  # fmt: skip
    """Return the choices of the list."""
    found = [
        Field("etat", "État", "select", options=options(STANDINGS, standing, first="Tous")),
        Field("contrat", "Contrat", "select", options=options(contracts, contract, first="Tous")),
    ]
    if len(pharmacies) > 1:
        named = options(pharmacies, pharmacy, first="Toutes")
        found.append(Field("pharmacie", "Pharmacie", "select", options=named))
    return tuple(found)


def table(lines: Sequence[Watched], pages: Pages | None = None) -> TableModel:
    """Return the targets, a line each."""
    columns: tuple[Column, ...] = (
        text("target", "Contrat, engagement ou palier"),
        text("standing", "État"),
        text("pharmacy", "Pharmacie"),
        text("span", "Période"),
        count("minimum", "Objectif"),
        count("counted", "Acheté"),
        Column("share", "Part", kind=CellKind.WEIGHT, unit="%"),
        Column("pace", "Rythme", kind=CellKind.RATIO, unit="%", definition=PACE),
        Column("projected", "Projection", definition=PROJECTION),
        count("missing", "Manque par mois"),
        count("stake", "En jeu", unit="€ HT"),
        text("consequence", "Effet"),
    )
    rows = [_row(line) for line in lines]
    if len({line.name for line in lines}) < 2:
        columns = columns[:_NAME] + columns[_NAME + 1 :]
        rows = [row._replace(cells=row.cells[:_NAME] + row.cells[_NAME + 1 :]) for row in rows]
    return plain_table(
        TITLE, columns, rows, pages=pages, noun=("objectif", "objectifs"), identity="suivi"
    )


def _row(line: Watched) -> Row:
    followed = line.followed
    return Row(
        (
            _named(line),
            _standing(line),
            line.name,
            _span(followed.span),
            followed.target,
            followed.reached.counted,
            followed.share,
            followed.pace,
            followed.reached.projected,
            followed.a_month,
            followed.at_stake,
            _consequence(line),
        ),
        key=line.pharmacy,
    )


def _named(line: Watched) -> Markup:
    where = link(line.kept.contract.reference, f"/achats/contrats/{line.kept.key}")
    return Markup('{}<br><span class="muted">{}, en {}</span>').format(
        where, line.reference, _COUNTED[line.measured]
    )


def _span(span: Period) -> str:
    year = span.first.year
    if span == Period(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        return str(year)
    return span.short_label()


def _standing(line: Watched) -> Markup:
    standing = line.followed.standing
    if line.rate is not None and standing in _ALERTS:
        return badge(*_TIER_AHEAD)
    return badge(*_WORDS[standing])


def _consequence(line: Watched) -> str:
    if line.rate is not None:
        return f"palier à {french.percent(line.rate, 2)}"
    return _LOSES[line.consequence]


def empty(found: Monitor, chosen: Mapping[str, str]) -> Empty:
    """Return why nothing is followed, and what to do."""
    if any(chosen.values()):
        return Empty(
            "Aucun objectif pour ces filtres",
            "Effacez un filtre pour en voir davantage.",
            links=(Link("Tout effacer", PATH),),
        )
    if found.until is None:
        return Empty(
            "Pas d’achats reçus",
            "Les engagements se comparent aux achats : déposez d’abord un fichier d’achats.",
            links=(Link("Déposer un fichier", "/donnees/depot"),),
            icon="database",
        )
    return Empty(
        "Aucun engagement à suivre",
        "Aucun contrat signé en cours ne porte d’engagement ni de palier sur les achats que vous voyez.",
        links=(Link("Voir les contrats", "/achats/contrats"),),
        icon="file",
    )
