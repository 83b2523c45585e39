"""`galien stock rotation`: how many days the stock lasts, how many times a year it turns."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Printable, Rows
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, FromWorkspace, Need
from galien.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from decimal import Decimal


def configure(parser: FrenchParser) -> None:
    """Add the two amounts, or the dimension and the pharmacy to read in the workspace."""
    add = parser.add_argument
    add("--average-stock", type=decimal, default=None, metavar="A", help="stock moyen, euros HT")
    add("--cost-of-goods", type=decimal, default=None, metavar="C", help="coût annuel des ventes")
    add(
        "--by", action=FromWorkspace, default=None, metavar="DIMENSION",
        help="pharmacy, vat_rate, lab, family_1… (lit l’espace de travail)",
    )  # fmt: skip
    add("--pharmacy", action=FromWorkspace, default=None, metavar="FINESS", help="une pharmacie")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Printable:
    """Give days and turns of two amounts, or of each key of a dimension over twelve months."""
    if arguments.by is None and arguments.pharmacy is None:
        return _of_amounts(arguments.average_stock, arguments.cost_of_goods)
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.rotations import rotations
    from galien.usecases.stock.told.rotation import columns_of, rotation_told

    found = rotations(
        WORKSPACE_VIEWER,
        by=arguments.by or "pharmacy",
        pharmacies=(arguments.pharmacy,) if arguments.pharmacy else (),
        services=context.services,
    )
    told = rotation_told(found)
    return Rows(
        columns=[Column(*each) for each in columns_of(found)],
        rows=told["rows"],
        totals=told["totals"],
        meta=told["meta"],
    )


def _of_amounts(average_stock: Decimal | None, cost_of_goods: Decimal | None) -> dict[str, object]:
    from galien.calculators.stock.rotation import rotation

    if average_stock is None or cost_of_goods is None:
        raise InvalidInput(
            "Donnez le stock moyen et le coût des ventes (--average-stock, --cost-of-goods), ou une "
            "dimension à lire dans l’espace de travail (--by).",
            code="USAGE",
        )
    found = rotation(average_stock, cost_of_goods)
    return {"days": found.days, "turns": found.turns}


ACTION = Family("rotation", "jours de stock et tours par an", configure, order=2)
