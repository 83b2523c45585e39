"""`galien stock simulate`: a past year replayed with a policy, beside simpler ones and what happened."""

from __future__ import annotations

import argparse
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.stock.simulation import Outcome

COLUMNS = (
    Column("policy", "Politique"),
    Column("service_level", "Taux de service"),
    Column("stock_value", "Stock moyen", "€ HT"),
    Column("closing_value", "Stock final", "€ HT"),
    Column("shortages", "Ruptures (produits × jours)"),
    Column("lost_units", "Ventes perdues", "unités"),
    Column("lost_turnover", "Chiffre d’affaires perdu", "€ HT"),
    Column("lost_margin", "Marge perdue", "€ HT"),
    Column("purchases", "Achats", "€ HT"),
    Column("lines", "Lignes reçues"),
    Column("turnover", "Ventes", "€ HT"),
    Column("cash", "Trésorerie finale", "€"),
    Column("lowest_cash", "Trésorerie la plus basse", "€"),
)
PLAIN = {"policy", "service_level", "shortages", "lines", "lost_units"}


def configure(parser: FrenchParser) -> None:
    """Add the file of the simulation."""
    parser.add_argument(
        "--policy", type=Path, required=True, metavar="FILE",
        help="simulation en YAML : ventes, produits, politiques (docs/methods/commandes.md)",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Replay the file's days with each policy, and count what happened when deliveries are known."""
    from galien.calculators.stock.simulation import happened, simulate
    from galien.usecases.stock.policy_file import read_trial

    trial = read_trial(arguments.policy)
    started = time.perf_counter()
    found = [simulate(trial.replay, each) for each in trial.policies]
    if trial.sold is not None and trial.delivered is not None:
        found.append(happened(trial.replay, trial.sold, trial.delivered))
    elapsed = time.perf_counter() - started
    if not trial.replay.before.shape[1]:
        context.say(
            "Aucune vente avant le premier jour rejoué : les politiques partent sans rien savoir. Donnez "
            "quelques mois de plus et la clé from."
        )
    rows = [_row(each) for each in found]
    content = {
        "rows": rows,
        "from": trial.first,
        "to": trial.last,
        "products": len(trial.replay.goods.codes),
        "milliseconds": round(elapsed * 1000, 3),
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _row(outcome: Outcome) -> dict[str, object]:
    from galien.kernel.money import round_amount

    values = {"policy": outcome.name} | vars(outcome)
    return {
        column.name: values[column.name]
        if column.name in PLAIN
        else round_amount(Decimal(repr(values[column.name])))
        for column in COLUMNS
    }


ACTION = Family("simulate", "rejoue une année avec une politique de stock", configure, order=6)
