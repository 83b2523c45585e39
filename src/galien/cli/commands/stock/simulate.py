"""`galien stock simulate`: a past year replayed with a policy, beside simpler ones and what happened."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromWorkspace, Need
from galien.kernel.errors import InvalidInput

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
    Column("cash_tied", "Argent immobilisé", "€ HT"),
    Column("cash", "Trésorerie finale", "€"),
    Column("lowest_cash", "Trésorerie la plus basse", "€"),
)


def configure(parser: FrenchParser) -> None:
    """Add the pharmacy and the days to replay, or the file of the simulation."""
    parser.add_argument(
        "--pharmacy", action=FromWorkspace, default=None, metavar="FINESS",
        help="rejoue une année de cette pharmacie de l’espace de travail",
    )  # fmt: skip
    parser.add_argument(
        "--period", action=FromWorkspace, default=None, metavar="PERIOD",
        help="jours rejoués, un an au plus (12 derniers mois)",
    )  # fmt: skip
    parser.add_argument(
        "--policy", type=Path, default=None, metavar="FILE",
        help="politiques en YAML ; sans --pharmacy, ventes et produits aussi (docs/methods/commandes.md)",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Replay the days of a pharmacy, or of a file, with each policy, and count what happened."""
    if arguments.pharmacy:
        return _of_workspace(context, arguments)
    if arguments.period or arguments.policy is None:
        raise InvalidInput(
            "Donnez une pharmacie à rejouer (--pharmacy), ou un fichier de simulation (--policy).",
            code="USAGE",
        )
    return _of_file(context, arguments)


def _of_workspace(context: Context, arguments: argparse.Namespace) -> Told:
    """Replay days of a pharmacy, with the policies of a file or the usual ones."""
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.policy_file import read_policies
    from galien.usecases.stock.told.simulation import year_told
    from galien.usecases.stock.year_asked import USUAL_PERIOD, YearAsked
    from galien.usecases.stock.year_trial import try_year

    policies, payment = read_policies(arguments.policy) if arguments.policy else ((), 30)
    asked = YearAsked(arguments.pharmacy, arguments.period or USUAL_PERIOD, payment=payment)
    started = time.perf_counter()
    found = try_year(asked, WORKSPACE_VIEWER, services=context.services, others=policies)
    elapsed = time.perf_counter() - started
    content = year_told(found) | {"milliseconds": round(elapsed * 1000, 3)}
    return Told(content, Rows.of(COLUMNS, content["rows"]))


def _of_file(context: Context, arguments: argparse.Namespace) -> Told:
    """Replay the file's days, and count what happened when deliveries are known."""
    from galien.calculators.stock.simulation import happened, simulate
    from galien.usecases.stock.policy_file import read_trial
    from galien.usecases.stock.told.simulation import figures_told

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
    rows = [figures_told(vars(each)) for each in found]
    content = {
        "rows": rows,
        "from": trial.first,
        "to": trial.last,
        "products": len(trial.replay.goods.codes),
        "milliseconds": round(elapsed * 1000, 3),
    }
    return Told(content, Rows.of(COLUMNS, rows))


ACTION = Family("simulate", "rejoue une année avec une politique de stock", configure, order=6)
