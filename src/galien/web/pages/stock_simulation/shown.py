"""How a year tried is printed: the conclusion, figures side by side, the products that change most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from galien.calculators.stock.simulation import HAPPENED
from galien.kernel import french
from galien.records.models import Job
from galien.usecases.stock.year_asked import YearAsked
from galien.usecases.stock.year_trial import Figures, Gain, YearTried
from galien.usecases.stock.year_words import conclusion
from galien.web.components.models import (
    Action,
    Better,
    CellKind,
    Change,
    Column,
    Empty,
    Headline,
    Link,
    PageHead,
    Row,
    TableModel,
)
from galien.web.lists import code, count, counted, plain_table, text
from galien.web.pages.jobs.shown import outcome, progress
from galien.web.pages.stock_simulation.choosing import PATH, Settings, address, kept
from galien.web.simulators import STYLES

SHOWN = 20
Written = Callable[[Figures], str]
FIGURES: tuple[tuple[str, str, int, bool], ...] = (
    # name, label, decimals, in euros
    ("stock_value", "Stock moyen", 0, True),
    ("cash_tied", "Argent immobilisé", 0, True),
    ("shortages", "Ruptures, produits × jours", 0, False),
    ("lost_units", "Ventes perdues, boîtes", 0, False),
    ("lost_turnover", "Chiffre d’affaires perdu", 0, True),
    ("lost_margin", "Marge perdue", 0, True),
    ("purchases", "Achats", 0, True),
    ("lines", "Lignes reçues", 0, False),
    ("cash", "Trésorerie à la fin", 0, True),
)


def frame(it: Settings, name: str) -> dict[str, Any]:
    """Return the head and the form."""
    return {
        "head": PageHead("Et si l’on avait commandé autrement ?", when=name),
        "choices": it.form.of("pharmacie", "periode"),
        "groups": it.groups(),
        "words": it.words(),
        "action": f"{PATH}/lancer",
        "wrong": "", "nothing": None, "answer": None, "progress": None, "ending": None,
        "waits": False,
    }  # fmt: skip


def nothing(message: str) -> Empty:
    """Return what the page shows when there is no year to replay."""
    return Empty(
        "Aucune année à rejouer", message,
        links=(Link("Déposer un fichier", "/donnees/depot"),),
    )  # fmt: skip


def task(job: Job | None) -> dict[str, Any]:
    """Return the progress of the task, or how it failed."""
    failed = job is not None and job.finished and job.result is None
    return {
        "progress": progress(job) if job is not None else None,
        "ending": outcome(job) if failed and job is not None else None,
        "waits": True,
    }


def answer(asked: YearAsked, found: YearTried, name: str) -> dict[str, Any]:
    """Return the answer: sentence, headlines, figures side by side, products."""
    ours, really = found.figures[0], found.of(HAPPENED)
    links = tuple(
        Link(label, address(asked, format=style), download=True) for style, label in STYLES.items()
    )
    return {
        "head": PageHead(
            "Et si l’on avait commandé autrement ?",
            when=f"{name} · du {french.day(found.first)} au {french.day(found.last)}",
            actions=(Action("Exporter", items=links, icon="download"),),
        ),
        "answer": {
            "sentence": conclusion(found),
            "notes": _notes(found),
            "headlines": _headlines(ours, really),
            "figures": side_by_side(asked, found),
            "kept": kept(asked),
            "gains": products(asked, [each for each in found.gains if each.euros > 0], "gains"),
            "losses": products(
                asked, [each for each in found.gains if each.euros < 0][::-1], "pertes"
            ),
        },
    }


def policy_name(asked: YearAsked, name: str) -> str:
    """Return what a policy is called in a table."""
    return {
        "service": "Politique essayée",
        HAPPENED: "Ce qui s’est passé",
        "cover": f"Remonter à {counted(asked.cover, 'jour', 'jours')} de ventes",
        "on-sale": "Recommander chaque vente",
    }.get(name, name)


def _headlines(ours: Figures, really: Figures) -> tuple[Headline, ...]:
    def euros(label: str, name: str) -> Headline:
        now, then = getattr(ours, name), getattr(really, name)
        return Headline(
            label, french.compact_amount(Decimal(round(now))),
            exact=french.amount(Decimal(repr(now))),
            change=Change(now / then - 1 if then else None, better=Better.DOWN),
            against=f"au lieu de {french.compact_amount(Decimal(round(then)))}",
        )  # fmt: skip

    points = ours.service_level - really.service_level
    return (
        Headline(
            "Taux de service", french.percent(ours.service_level, 1),
            change=Change(points, points=True),
            against=f"au lieu de {french.percent(really.service_level, 1)}",
        ),
        euros("Stock moyen", "stock_value"),
        Headline(
            "Ruptures", french.number(ours.shortages),
            change=Change(
                ours.shortages / really.shortages - 1 if really.shortages else None,
                better=Better.DOWN,
            ),
            against=f"produits × jours, au lieu de {french.number(really.shortages)}",
        ),
        euros("Marge perdue", "lost_margin"),
        euros("Argent immobilisé", "cash_tied"),
    )  # fmt: skip


def side_by_side(asked: YearAsked, found: YearTried) -> TableModel:
    """Return a row a measure, a column a policy, and the difference with what happened."""
    ours, really, *simpler = found.figures
    columns = (
        text("measure", "Mesure"),
        *(Column(each.policy, policy_name(asked, each.policy)) for each in (ours, really)),
        Column("gap", "Écart"),
        *(Column(each.policy, policy_name(asked, each.policy)) for each in simpler),
    )  # fmt: skip
    every = (ours, really, *simpler)
    rates = [Markup("{}").format(french.percent(each.service_level, 1)) for each in every]
    points = 100 * (ours.service_level - really.service_level)
    rows = [Row(("Taux de service", rates[0], rates[1], _signed(points, 1, "pt"), *rates[2:]))]
    for name, label, decimals, money in FIGURES:
        unit = "€" if money else ""
        told = [_plain(getattr(each, name), decimals, unit) for each in every]
        gap = getattr(ours, name) - getattr(really, name)
        rows.append(Row((label, told[0], told[1], _signed(gap, decimals, unit), *told[2:])))
    marked = tuple(
        each if rank == 0 else Column(each.name, each.label, CellKind.MARKUP)
        for rank, each in enumerate(columns)
    )
    return plain_table(
        "Politiques côte à côte", marked, rows, noun=("mesure", "mesures"), identity="politiques"
    )


def _plain(value: float, decimals: int, unit: str) -> Markup:
    return Markup('<span class="num">{}</span>').format(
        _with(french.number(round(value, 6), decimals), unit)
    )


def _signed(value: float, decimals: int, unit: str) -> Markup:
    number = french.number(round(value, 6), decimals)
    nil = not number.strip(f"0,{french.MINUS}")
    sign = "" if nil or number.startswith(french.MINUS) else "+"
    return Markup('<span class="num">{}</span>').format(
        _with(number.removeprefix(french.MINUS) if nil else sign + number, unit)
    )


def _with(number: str, unit: str) -> str:
    return f"{number}{french.NARROW}{unit}" if unit else number


def products(asked: YearAsked, found: Sequence[Gain], identity: str) -> TableModel:
    """Return products that gain, or lose: as it happened, then under the policy."""
    columns = (
        text("product", "Produit"), text("class", "Classe"),
        count("euros", "Gain", unit="€ par an", decimals=0),
        count("short_then", "Ruptures réelles", unit="jours"), count("short", "Ruptures", unit="jours"),
        count("lost_then", "Boîtes perdues réelles"), count("lost", "Boîtes perdues"),
        count("stock_then", "Stock moyen réel", unit="€"), count("stock", "Stock moyen", unit="€"),
    )  # fmt: skip
    rows = [
        Row((
            Markup('<a href="{}">{}</a><br>{}').format(
                product_href(asked, each.product_code), each.label, code(each.product_code)
            ),
            each.abc, each.euros, *each.shortages, *each.lost_units, *each.stock_value,
        ))
        for each in found[:SHOWN]
    ]  # fmt: skip
    title = "Produits qui y gagnent le plus" if identity == "gains" else "Produits qui y perdent"
    return plain_table(title, columns, rows, noun=("produit", "produits"), identity=identity)


def product_href(asked: YearAsked, product_code: str) -> str:
    """Return the address of the year of a product."""
    return address(asked, f"{PATH}/produit/{quote(product_code, safe='')}")


def sheets(found: YearTried) -> tuple[TableModel, ...]:
    """Return the figures and the products as plain tables, for a file."""
    names = (("service_level", "Taux de service", 4, False), *FIGURES,
             ("closing_value", "Stock final", 0, True), ("turnover", "Ventes", 0, True),
             ("lowest_cash", "Trésorerie la plus basse", 0, True))  # fmt: skip
    figures = plain_table(
        "Politiques",
        (text("policy", "Politique"),
         *(count(name, label, unit="€ HT" if money else "") for name, label, _, money in names)),
        [Row((each.policy, *(_figure(getattr(each, name), name) for name, *_ in names)))
         for each in found.figures],
    )  # fmt: skip
    columns = (
        text("code", "Code"), text("label", "Produit"), text("class", "Classe"),
        count("euros", "Gain", unit="€ par an"),
        count("short_then", "Jours de rupture, réalité"), count("short", "Jours de rupture, politique"),
        count("lost_then", "Boîtes perdues, réalité"), count("lost", "Boîtes perdues, politique"),
        count("stock_then", "Stock moyen, réalité", unit="€"),
        count("stock", "Stock moyen, politique", unit="€"),
    )  # fmt: skip
    rows = [
        Row((
            each.product_code, each.label, each.abc, round(each.euros, 2), *each.shortages,
            *each.lost_units, *(round(value, 2) for value in each.stock_value),
        ))
        for each in found.gains
    ]  # fmt: skip
    return figures, plain_table("Produits", columns, rows)


def _figure(value: float, name: str) -> float:
    return round(value, 6 if name == "service_level" else 2)


def _notes(found: YearTried) -> tuple[str, ...]:
    said = [
        f"{counted(found.products, 'produit rejoué', 'produits rejoués')} ; demande corrigée de "
        f"{french.number(round(found.corrected_units))} boîtes, celles des jours sans stock."
    ]
    if found.set_products or found.events:
        said.append(
            f"Réglages saisis : {counted(found.set_products, 'produit', 'produits')}, "
            f"{counted(found.events, 'évènement', 'évènements')}."
        )
    if found.not_valued:
        said.append(
            f"{counted(found.not_valued, 'produit laissé', 'produits laissés')} de côté, faute de coût connu."
        )
    return tuple(said)
