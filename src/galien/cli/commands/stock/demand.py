"""`galien stock demand`: what would have sold, how each product sells, and what it will sell next."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.stock.demand.forecast import Forecasts
    from galien.usecases.stock.series_files import Series

COLUMNS = (
    Column("product_code", "Produit"),
    Column("pattern", "Profil"),
    Column("method", "Méthode"),
    Column("raw_daily", "Vendu par jour", "unités"),
    Column("corrected_daily", "Demande par jour", "unités"),
    Column("forecast", "Prévision de la période suivante", "unités"),
    Column("error", "Erreur constatée (part de ce qui s’est vendu)"),
    Column("lost_units", "Ventes perdues", "unités"),
)


def configure(parser: FrenchParser) -> None:
    """Add the series, and the events known."""
    parser.add_argument(
        "--series", type=Path, required=True, metavar="FILE.csv",
        help="ventes : product_code, period, quantity, days_in_stock, days (et family)",
    )  # fmt: skip
    parser.add_argument(
        "--events", type=Path, default=None, metavar="FILE.csv",
        help="évènements : name, source, first, last, effect (et product_code ou family)",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Forecast each product of the file; what is unknown is said on stderr."""
    from galien.calculators.stock.demand.forecast import forecast
    from galien.usecases.stock.series_files import read_events, read_series

    series = read_series(arguments.series)
    events = read_events(arguments.events) if arguments.events else ()
    found = forecast(series.panel, series.calendar(events))
    for sentence in (*_sentences(series, found), *(each.sentence() for each in events)):
        context.say(sentence)
    rows = _rows(series, found)
    content = {
        "rows": rows,
        "details": _details(series, found),
        "tried": [
            {
                "pattern": each.pattern.value, "method": each.method,
                "score": _known(each.score), "products": each.products,
            }
            for each in found.choice.tried
        ],
        "next_days": series.panel.next_days,
        "events": [each.sentence() for each in events],
    }  # fmt: skip
    return Told(content, Rows.of(COLUMNS, rows))


def _rows(series: Series, found: Forecasts) -> list[dict[str, object]]:
    panel = series.panel
    figures = zip(
        panel.raw_daily, panel.corrected_daily, found.units, found.measured.wape, panel.lost_units,
        strict=True,
    )  # fmt: skip
    return [
        {
            "product_code": code,
            "pattern": pattern.value,
            "method": method or None,
            **{
                column.name: _known(float(value))
                for column, value in zip(COLUMNS[3:], values, strict=True)
            },
        }
        for code, pattern, method, values in zip(
            panel.codes, found.pattern, found.method, figures, strict=True
        )
    ]


def _details(series: Series, found: Forecasts) -> list[dict[str, object]]:
    """Return what stands behind each row: days without stock, other errors, events apart."""
    columns = {
        "days_out_of_stock": series.panel.days_out,
        "mase": found.measured.mase,
        "bias": found.measured.bias,
        "periods_tested": found.measured.periods,
        "forecast_without_events": found.usual,
        "daily_deviation": found.deviation,
    }
    return [
        {"product_code": code}
        | {name: _known(float(values[place])) for name, values in columns.items()}
        for place, code in enumerate(series.panel.codes)
    ]


def _sentences(series: Series, found: Forecasts) -> list[str]:
    said = []
    if not series.axis.spans and len(series.axis.labels) > 1:
        said.append(
            "Périodes sans calendrier connu : prises dans l’ordre de leur texte, sans saison. Écrivez-les "
            "2026-01, 2026-T1, 2026-S05 ou 2026-01-31."
        )
    if series.missing:
        said.append(
            f"Périodes absentes au milieu des séries : {series.missing}. Elles comptent comme inconnues ; "
            "si rien ne s’y est vendu, donnez une ligne de quantité 0."
        )
    if short := sum(not method for method in found.method):
        said.append(
            f"Produits sans prévision : {short}. Il faut au moins trois périodes en stock, ou une famille "
            "(colonne family) dont les produits en ont."
        )
    return said


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


ACTION = Family("demand", "demande corrigée des ruptures et prévision", configure, order=3)
