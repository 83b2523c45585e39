"""The picture of one product's year: stock, demand, deliveries and shortages, drawn and in figures."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from galien.calculators.stock.arrays import Floats
from galien.calculators.stock.simulation import Trace
from galien.kernel import french
from galien.usecases.stock.year_asked import YearAsked
from galien.usecases.stock.year_trial import Figures, ProductYear
from galien.web.components.models import Action, Headline, Link, PageHead, Row, TableModel
from galien.web.components.pictures import ChartCard, ChartKind, ChartModel, Series
from galien.web.components.svg import chart_svg
from galien.web.lists import count, day, plain_table
from galien.web.pages.stock_simulation.choosing import PATH, address
from galien.web.simulators import STYLES

WEEK = 7


def page(asked: YearAsked, found: ProductYear, name: str) -> dict[str, Any]:
    """Return what the page of a product prints."""
    here = f"{PATH}/produit/{found.product_code}"
    last = found.first + dt.timedelta(days=found.really.asked.shape[1] - 1)
    links = tuple(
        Link(label, address(asked, here, format=style), download=True)
        for style, label in STYLES.items()
    )
    return {
        "head": PageHead(
            found.label,
            when=f"{name} · du {french.day(found.first)} au {french.day(last)}",
            note=f"{found.product_code}, classe {found.abc}",
            crumbs=(Link("Simulation d’une année", address(asked)), Link(found.label, "", current=True)),
            actions=(Action("Exporter", items=links, icon="download"),),
        ),
        "headlines": _headlines(*found.figures),
        "stock": _stock_chart(found),
        "flows": _flows_chart(found),
        "weeks": weeks_table(found),
    }  # fmt: skip


def _headlines(ours: Figures, really: Figures) -> tuple[Headline, ...]:
    def pair(label: str, now: str, then: str) -> Headline:
        return Headline(label, now, against=f"au lieu de {then}")

    return (
        pair("Taux de service", french.percent(ours.service_level, 1),
             french.percent(really.service_level, 1)),
        pair("Stock moyen", french.amount(round(ours.stock_value, 2)),
             french.amount(round(really.stock_value, 2))),
        pair("Jours de rupture", french.number(ours.shortages), french.number(really.shortages)),
        pair("Boîtes perdues", french.number(round(ours.lost_units)),
             french.number(round(really.lost_units))),
        pair("Livraisons", french.number(ours.lines), french.number(really.lines)),
    )  # fmt: skip


def _stock_chart(found: ProductYear) -> ChartCard:
    """Draw the evening stock of each day, as it was and as the policy would have had it."""
    days = found.really.asked.shape[1]
    model = ChartModel(
        ChartKind.LINE,
        "Stock de chaque soir, en boîtes",
        unit="",
        categories=tuple(f"{found.first + dt.timedelta(days=n):%d/%m/%y}" for n in range(days)),
        series=(
            Series("Politique", _values(found.tried.stock)),
            Series("Réalité", _values(found.really.stock), "previous"),
            Series("Seuil", _values(found.tried.trigger), "target"),
        ),
        swap="",
        step=True,
    )
    note = "À zéro, le produit est en rupture ; sous le seuil, une commande part le soir."
    return ChartCard(model, note=note, svg=chart_svg(model, width=900, live=True), id="stock")


def _flows_chart(found: ProductYear) -> ChartCard:
    """Draw what was asked, delivered and lost each week."""
    weeks = _weeks(found)
    model = ChartModel(
        ChartKind.LINE,
        "Demandé, livré et manqué par semaine, en boîtes",
        unit="",
        categories=tuple(f"{each:%d/%m/%y}" for each in weeks),
        series=(
            Series("Demandé", _by_week(found.tried.asked)),
            Series("Livré", _by_week(found.tried.delivered)),
            Series("Livré réel", _by_week(found.really.delivered), "previous"),
            Series("Manqué", _by_week(_missed(found.tried)), "target"),
        ),
        swap="",
    )
    return ChartCard(model, svg=chart_svg(model, width=900, live=True), id="mouvements")


def weeks_table(found: ProductYear) -> TableModel:
    """Return the same by week, in figures."""
    columns = (
        day("week", "Semaine du"), count("asked", "Demandé"),
        count("then", "Livré, réalité"), count("now", "Livré, politique"),
        count("ordered", "Commandé, politique"),
        count("missed_then", "Manqué, réalité"), count("missed", "Manqué, politique"),
        count("stock_then", "Stock, réalité"), count("stock", "Stock, politique"),
    )  # fmt: skip
    told = zip(
        _weeks(found), _by_week(found.tried.asked), _by_week(found.really.delivered),
        _by_week(found.tried.delivered), _by_week(found.tried.ordered),
        _by_week(_missed(found.really)), _by_week(_missed(found.tried)),
        _ends(found.really.stock), _ends(found.tried.stock), strict=True,
    )  # fmt: skip
    rows = [Row(cells) for cells in told]
    return plain_table(
        "Semaine par semaine", columns, rows, noun=("semaine", "semaines"), identity="semaines"
    )


def days_table(found: ProductYear) -> TableModel:
    """Return every day in figures, for a file."""
    columns = (
        day("day", "Jour"), count("asked", "Demandé"), count("sold_then", "Vendu, réalité"),
        count("come_then", "Livré, réalité"), count("stock_then", "Stock, réalité"),
        count("sold", "Vendu, politique"), count("come", "Livré, politique"),
        count("ordered", "Commandé, politique"), count("stock", "Stock, politique"),
        count("trigger", "Seuil, politique"),
    )  # fmt: skip
    really, tried = found.really, found.tried
    arrays = (
        tried.asked, really.sold, really.delivered, really.stock, tried.sold, tried.delivered,
        tried.ordered, tried.stock, tried.trigger,
    )  # fmt: skip
    rows = [
        Row((
            f"{found.first + dt.timedelta(days=n):%Y-%m-%d}", *(float(each[0, n]) for each in arrays)
        ))
        for n in range(tried.asked.shape[1])
    ]  # fmt: skip
    return plain_table("Jour par jour", columns, rows)


def _missed(told: Trace) -> Floats:
    return np.asarray(told.asked - told.sold)


def _weeks(found: ProductYear) -> list[dt.date]:
    days = found.really.asked.shape[1]
    return [found.first + dt.timedelta(days=n) for n in range(0, days, WEEK)]


def _by_week(values: Floats) -> tuple[float, ...]:
    """Return the sums of seven days, the last of what is left."""
    starts = np.arange(0, values.shape[1], WEEK)
    return tuple(float(each) for each in np.add.reduceat(values[0], starts))


def _ends(values: Floats) -> tuple[float, ...]:
    """Return the stock of the last evening of each week."""
    ends = np.minimum(np.arange(0, values.shape[1], WEEK) + WEEK, values.shape[1]) - 1
    return tuple(float(each) for each in values[0][ends])


def _values(values: Floats) -> tuple[float, ...]:
    return tuple(float(each) for each in values[0])
