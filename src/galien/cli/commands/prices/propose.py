"""`galien prices propose`: the price a policy proposes for each product, changed or not, with its reason."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromFile, Need

if TYPE_CHECKING:
    from galien.usecases.prices.applying import Tried

COLUMNS = (
    Column("pharmacy", "Pharmacie"),
    Column("product_code", "Produit"),
    Column("label", "Nom"),
    Column("outcome", "Suite"),
    Column("former_price_incl", "Prix", "€ TTC"),
    Column("price_incl", "Prix proposé", "€ TTC"),
    Column("margin_rate", "Taux de marque"),
    Column("reason", "Raison"),
)


def configure(parser: FrenchParser) -> None:
    """Add the policy and the products it is asked of."""
    parser.add_argument("policy", type=Path, metavar="POLICY.yaml", help="politique de prix")
    parser.add_argument("--pharmacy", default=None, metavar="FINESS", help="une pharmacie (toutes)")
    parser.add_argument(
        "--items", action=FromFile, type=Path, default=None, metavar="FILE.csv",
        help="produits d’un fichier : product_code, cost, vat_rate, price_incl…",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """List every product with what becomes of its price; nothing is written down."""
    from galien.usecases.prices.applying import try_in_workspace, try_on
    from galien.usecases.prices.policy_file import read_policy
    from galien.usecases.prices.told.policy import proposals_told

    written = read_policy(arguments.policy)
    if arguments.items is not None:
        from galien.usecases.prices.product_files import read_priced

        tried: Sequence[Tried] = (try_on(written, *read_priced(arguments.items)),)
    else:
        from galien.model.viewer import WORKSPACE_VIEWER

        named = (arguments.pharmacy,) if arguments.pharmacy else ()
        tried = try_in_workspace(
            written, WORKSPACE_VIEWER, pharmacies=named, services=context.services
        )
    for note in dict.fromkeys(note for each in tried for note in each.notes):
        context.say(note)
    content = proposals_told(written.policy.name, tried)
    return Told(content, Rows.of(COLUMNS, content["rows"]))


ACTION = Family(
    "propose", "prix proposés par une politique, produit par produit", configure, order=2
)
