"""`galien prices check`: the prices of a file, looked at by the law and by common sense."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

COLUMNS = (
    Column("product_code", "Produit"),
    Column("price_incl", "Prix", "€ TTC"),
    Column("code", "Constat"),
    Column("standing", "Suite"),
    Column("sentence", "Pourquoi"),
)


def configure(parser: FrenchParser) -> None:
    """Add the file of prices."""
    parser.add_argument(
        "file", type=Path, metavar="FILE.csv",
        help="prix : product_code, price_incl ; et cost, vat_rate, nature, reimbursable, "
        "maximum_incl, advised_incl, quantity, country, changed_on, former_cost s’ils sont connus",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """List what is refused, doubted or told of each price, on the day of `--on`."""
    from galien.law import Law
    from galien.usecases.prices.checking import check_prices
    from galien.usecases.prices.product_files import read_checked
    from galien.usecases.prices.told.check import check_told

    prices = read_checked(arguments.file)
    found = check_prices(prices, Law.load(), on=context.clock.today())
    content = check_told(len(prices), found)
    return Told(content, Rows.of(COLUMNS, content["rows"]))


ACTION = Family("check", "contrôle des prix : la loi, la cohérence", configure, order=3)
