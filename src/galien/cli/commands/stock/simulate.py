"""`galien stock simulate`: a past year replayed with a policy, beside simpler ones and what happened."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

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
PLAIN = {"policy", "service_level", "shortages", "lines", "lost_units"}


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
    from galien.usecases.stock.year_asked import USUAL_PERIOD, YearAsked
    from galien.usecases.stock.year_trial import try_year
    from galien.usecases.stock.year_words import conclusion

    policies, payment = read_policies(arguments.policy) if arguments.policy else ((), 30)
    asked = YearAsked(arguments.pharmacy, arguments.period or USUAL_PERIOD, payment=payment)
    started = time.perf_counter()
    found = try_year(asked, WORKSPACE_VIEWER, services=context.services, others=policies)
    elapsed = time.perf_counter() - started
    rows = [_rounded(vars(each)) for each in found.figures]
    gains = [
        {
            "product_code": each.product_code, "label": each.label, "class": each.abc,
            "shortages_happened": each.shortages[0], "shortages": each.shortages[1],
            "lost_units_happened": each.lost_units[0], "lost_units": each.lost_units[1],
            "stock_value_happened": _amount(each.stock_value[0]),
            "stock_value": _amount(each.stock_value[1]), "gain": _amount(each.euros),
        }
        for each in found.gains
    ]  # fmt: skip
    content = {
        "pharmacy": found.pharmacy, "rows": rows, "from": found.first, "to": found.last,
        "products": found.products, "corrected_units": found.corrected_units,
        "conclusion": conclusion(found), "by_product": gains,
        "milliseconds": round(elapsed * 1000, 3),
    }  # fmt: skip
    return Told(content, Rows.of(COLUMNS, rows))


def _of_file(context: Context, arguments: argparse.Namespace) -> Told:
    """Replay the file's days, and count what happened when deliveries are known."""
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
    rows = [_rounded(vars(each)) for each in found]
    content = {
        "rows": rows,
        "from": trial.first,
        "to": trial.last,
        "products": len(trial.replay.goods.codes),
        "milliseconds": round(elapsed * 1000, 3),
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _rounded(values: Mapping[str, Any]) -> dict[str, object]:
    return {
        column.name: values[column.name] if column.name in PLAIN else _amount(values[column.name])
        for column in COLUMNS
    }


def _amount(value: float) -> Decimal:
    from galien.kernel.money import round_amount

    return round_amount(Decimal(repr(value)))


ACTION = Family("simulate", "rejoue une année avec une politique de stock", configure, order=6)
