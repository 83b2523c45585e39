"""`galien prices policy apply`: a policy tried on products, then applied to a pharmacy's prices."""

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
    Column("category", "Catégorie"),
    Column("former_price_incl", "Ancien prix", "€ TTC"),
    Column("price_incl", "Nouveau prix", "€ TTC"),
    Column("margin_rate", "Taux de marque"),
    Column("margin_change", "Marge gagnée", "€ HT"),
    Column("reason", "Raison"),
)


def configure(parser: FrenchParser) -> None:
    """Add `apply`, its policy and what it is applied to."""
    choices = parser.add_subparsers(metavar="ACTION", required=True)
    apply = choices.add_parser("apply", help="essaie une politique, ou l’applique")
    apply.add_argument("policy", type=Path, metavar="POLICY.yaml", help="politique de prix")
    apply.add_argument(
        "--try", dest="trying", action="store_true", default=False, help="sans rien changer"
    )
    apply.add_argument("--pharmacy", default=None, metavar="FINESS", help="une pharmacie (toutes)")
    apply.add_argument(
        "--items", action=FromFile, type=Path, default=None, metavar="FILE.csv",
        help="produits d’un fichier, essayés seulement : product_code, cost, vat_rate, price_incl…",
    )  # fmt: skip
    apply.add_argument(
        "--out", type=Path, default=None, metavar="FILE.csv",
        help="écrit les nouveaux prix, à relire dans le logiciel de l’officine",
    )  # fmt: skip
    apply.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Try the policy; without `--try`, write down the prices it decides."""
    from galien.usecases.prices.applying import apply, try_in_workspace, try_on, write_prices
    from galien.usecases.prices.policy_file import read_policy
    from galien.usecases.prices.told.policy import trial_told

    written = read_policy(arguments.policy)
    applied = None
    if arguments.items is not None:
        from galien.usecases.prices.product_files import read_priced

        if not arguments.trying:
            context.say("Les produits d’un fichier sont essayés : aucun prix n’est enregistré.")
        tried: Sequence[Tried] = (try_on(written, *read_priced(arguments.items)),)
    else:
        from galien.model.viewer import WORKSPACE_VIEWER

        named = (arguments.pharmacy,) if arguments.pharmacy else ()
        tried = try_in_workspace(
            written, WORKSPACE_VIEWER, pharmacies=named, services=context.services
        )
        if not arguments.trying:
            applied = apply(tried, written, WORKSPACE_VIEWER, services=context.services)
    if arguments.out is not None:
        write_prices(tried, arguments.out)
        context.say(f"Nouveaux prix écrits dans {arguments.out}.")
    for note in dict.fromkeys(note for each in tried for note in each.notes):
        context.say(note)
    content = trial_told(written.policy.name, tried, applied)
    return Told(content, Rows.of(COLUMNS, content["rows"]))


ACTION = Family("policy", "essaie et applique une politique de prix", configure, order=2)
