"""`galien stock abc`: products classed by what goes out of them and by what lies of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, FromWorkspace, Need
from galien.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from galien.calculators.stock.abc import Abc

COLUMNS = (
    Column("product_code", "Produit"),
    Column("class_outgoing", "Classe, sorties"),
    Column("class_stock", "Classe, stock"),
    Column("cumulative_share_outgoing", "Part cumulée des sorties"),
    Column("cumulative_share_stock", "Part cumulée du stock"),
)


def configure(parser: FrenchParser) -> None:
    """Add the products, from a file or from the workspace, and the thresholds."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--items", type=Path, default=None, metavar="FILE.csv",
        help="produits : product_code, outgoing_value, stock_value",
    )  # fmt: skip
    source.add_argument(
        "--pharmacy", action=FromWorkspace, default=None, metavar="FINESS",
        help="pharmacie de l’espace de travail",
    )  # fmt: skip
    parser.add_argument("--a", type=decimal, default=None, metavar="R", help="fin de A (0,80)")
    parser.add_argument("--b", type=decimal, default=None, metavar="R", help="fin de B (0,95)")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Class the products of the file, or of the pharmacy over the twelve months before `--on`."""
    from galien.calculators.stock.abc import Thresholds, classify

    usual = Thresholds()
    given = (arguments.a, arguments.b)
    first, second = (b if a is None else a for a, b in zip(given, (usual.a, usual.b), strict=True))
    thresholds = Thresholds(first, second)
    if arguments.items is not None:
        from galien.usecases.stock.item_files import read_items

        items, held = read_items(arguments.items)
        return _told(classify(items, thresholds=thresholds, must_hold=held))
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.classes import abc_of

    found = abc_of(
        WORKSPACE_VIEWER, arguments.pharmacy, thresholds=thresholds, services=context.services
    )
    if not found.rows:
        raise InvalidInput(
            f"Aucun produit pour la pharmacie « {arguments.pharmacy} » : vérifiez son numéro et que "
            "ses ventes et son stock sont publiés."
        )
    return _told(found)


def _told(found: Abc) -> Told:
    from galien.usecases.stock.told.classes import abc_told

    content = abc_told(found)
    return Told(content, Rows.of(COLUMNS, content["rows"]))


ACTION = Family("abc", "classe les produits en A, B, C", configure, order=1)
