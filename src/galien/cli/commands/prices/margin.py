"""`galien prices margin`: the margin of a price, or the price of a margin."""

from __future__ import annotations

import argparse

from galien.cli.context import Context
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the cost, and a price or a margin."""
    parser.add_argument("--cost", type=decimal, required=True, metavar="C", help="coût HT")
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--price", type=decimal, default=None, metavar="P", help="prix HT")
    given.add_argument(
        "--margin", type=decimal, default=None, metavar="M", help="marge voulue sur le prix (0,30)"
    )
    parser.add_argument("--vat", type=decimal, default=None, metavar="R", help="TVA (0,20)")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(_context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Tell prices, margin and rates; what has no divisor is null."""
    from galien.usecases.prices.told.margin import margin_told

    return margin_told(
        arguments.cost, price=arguments.price, margin=arguments.margin, vat=arguments.vat
    )


ACTION = Family("margin", "marge d’un prix, ou prix d’une marge", configure, order=1)
