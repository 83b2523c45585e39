"""`galien stock inventory`: Belgium's inventory of 31/08/2025 under both methods, and its lock."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromWorkspace, Need
from galien.kernel.money import round_amount

COLUMNS = (
    Column("product_code", "Produit"),
    Column("label", "Nom"),
    Column("quantity", "Quantité", "u"),
    Column("fiscal_cost", "Prix d’achat fiscal", "€ HTVA"),
    Column("average_cost", "Coût moyen pondéré", "€ HTVA"),
    Column("overstatement", "Surévaluation", "€ HTVA"),
)


def configure(parser: FrenchParser) -> None:
    """Add the count, where summaries go, and the pharmacy whose method is then locked."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.csv",
        help="product_code, quantity, public_price_incl, vat_rate, theoretical_margin, average_cost",
    )  # fmt: skip
    parser.add_argument(
        "--weighted-before", action="store_true", default=False,
        help="la pharmacie était déjà au coût moyen pondéré : un seul inventaire",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DOSSIER", help="où écrire les récapitulatifs"
    )
    parser.add_argument(
        "--lock", dest="pharmacy", action=FromWorkspace, default=None, metavar="PHARMACIE",
        help="garde l’inventaire de cette pharmacie et arrête sa méthode",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Print both summaries and what the fiscal method overstated, product by product."""
    from galien.calculators.stock.belgian_inventory import change_of_method
    from galien.usecases.stock.change_of_method import read_counted, write_summaries

    counted = read_counted(arguments.file)
    found = change_of_method(counted, fiscal_before=not arguments.weighted_before)
    if arguments.pharmacy is not None:
        from galien.model.viewer import WORKSPACE_VIEWER
        from galien.usecases.stock.belgian_inventory import keep

        keep(found, arguments.pharmacy, WORKSPACE_VIEWER, services=context.services, locked=True)
        context.say(f"Inventaire gardé, méthode arrêtée pour {arguments.pharmacy}.")
    if arguments.out is not None:
        for path in write_summaries(found, arguments.out):
            context.say(f"Écrit dans {path}.")
    rows = [
        {
            "product_code": row.product_code,
            "label": row.label,
            "quantity": row.quantity,
            "fiscal_cost": round_amount(row.fiscal_cost),
            "average_cost": round_amount(row.average_cost),
            "overstatement": round_amount(row.overstatement),
        }
        for row in found.rows
    ]
    content = {
        "summaries": [
            {
                "method": str(each.method),
                "day": each.day,
                "value": each.value,
                "lines": [vars(line) for line in each.lines],
            }
            for each in found.summaries
        ],
        "overstatement": found.overstatement,
        "locked": arguments.pharmacy is not None,
        "rows": rows,
    }
    totals = {"overstatement": found.overstatement}
    return Told(content, Rows.of(COLUMNS, rows, totals=totals))


ACTION = Family("inventory", "Belgique : inventaire du changement de méthode", configure, order=9)
