"""`galien discounts contracts`: bringing contracts in, listing them, checking their ceilings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.usecases.contracts.book import Kept

LISTED = (
    Column("reference", "Référence"),
    Column("lab", "Laboratoire"),
    Column("supplier", "Fournisseur"),
    Column("standing", "État"),
    Column("signed_on", "Signé le"),
    Column("since", "Début"),
    Column("until", "Fin"),
    Column("clauses", "Clauses"),
    Column("organisation", "Organisation"),
)
CHECKED = (
    Column("reference", "Contrat"),
    Column("class", "Classe"),
    Column("clauses", "Clauses"),
    Column("products", "Produits"),
    Column("least", "Remise acquise"),
    Column("most", "Remise au plus"),
    Column("ceiling", "Plafond"),
    Column("excess", "Dépassement"),
    Column("on", "Plafond du"),
    Column("source", "Source"),
)
STANDINGS = ("offer", "signed", "ended")
LIVING = ("offer", "signed")


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    imported = actions.add_parser("import", help="importe des contrats (YAML, CSV)")
    imported.add_argument("files", type=Path, nargs="+", metavar="FICHIER")
    imported.add_argument(
        "--organisation", default="", metavar="NOM",
        help="le groupement ou la pharmacie dont ce sont les contrats ; l’unique groupement par défaut",
    )  # fmt: skip
    imported.set_defaults(run=run_import, need=Need.WRITE)
    listed = actions.add_parser("list", help="liste les contrats et les offres")
    listed.add_argument("--standing", choices=STANDINGS, default=None, help="un état seulement")
    listed.add_argument(
        "--in-force", action="store_true", default=False, help="en vigueur au jour demandé (--on)"
    )
    listed.set_defaults(run=run_list, need=Need.READ)
    checked = actions.add_parser("check", help="compare les contrats aux plafonds légaux")
    checked.add_argument(
        "--all", action="store_true", default=False, help="montre aussi ce qui est sous le plafond"
    )
    checked.set_defaults(run=run_check, need=Need.READ)


def run_import(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Import files, all or none; rows that cannot be used are told on stderr."""
    from galien.model.viewer import WORKSPACE_VIEWER

    services = context.services
    from galien.usecases.contracts.book import writable_named
    from galien.usecases.contracts.importing import keep_all, read_path

    named = arguments.organisation
    owner = writable_named(named, WORKSPACE_VIEWER) if named else None
    read = [(path, read_path(path, services=services)) for path in arguments.files]
    rejected = [(path, row) for path, found in read for row in found.rejected]
    for path, row in rejected:
        context.say(f"« {path.name} », ligne {row.line} : {row.reason}")
    contracts = [each for _, found in read for each in found.contracts]
    kept = keep_all(contracts, WORKSPACE_VIEWER, services=services, organisation=owner)
    return {
        "files": len(read),
        "contracts": len(kept),
        "clauses": sum(len(each.contract.clauses) for each in kept),
        "rows": sum(found.rows for _, found in read),
        "rejected_rows": len(rejected),
        "unknown_products": sum(len(found.unknown) for _, found in read),
    }


def run_list(context: Context, arguments: argparse.Namespace) -> Rows:
    """List contracts."""
    standings = (arguments.standing,) if arguments.standing else STANDINGS
    today = context.clock.today()
    kept = [
        each
        for each in _kept(context, standings)
        if not arguments.in_force or each.contract.in_force(today)
    ]
    return Rows(
        LISTED,
        [
            [
                each.contract.reference,
                each.contract.lab,
                each.contract.supplier,
                each.contract.standing.value,
                each.contract.signed_on,
                each.contract.since,
                each.contract.until,
                len(each.contract.clauses),
                each.organisation,
            ]
            for each in kept
        ],
    )


def run_check(context: Context, arguments: argparse.Namespace) -> Rows:
    """Tell what passes the legal ceilings."""
    from galien.usecases.contracts.ceilings import check_ceilings

    rows: list[list[object]] = []
    for kept in _kept(context, LIVING):
        checked = check_ceilings(kept.contract, services=context.services)
        for each in checked.findings if arguments.all else checked.excesses:
            cited = checked.law.get(each.product_class)
            source = cited.source.title if cited else ""
            rows.append(
                [
                    kept.contract.reference,
                    each.product_class,
                    ", ".join(each.clauses),
                    each.products,
                    each.least,
                    each.most,
                    each.ceiling,
                    each.excess,
                    checked.day,
                    source,
                ]
            )
    return Rows(CHECKED, rows)


def _kept(context: Context, standings: tuple[str, ...]) -> tuple[Kept, ...]:
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.contracts.book import contracts_of

    _ = context.services
    return contracts_of(WORKSPACE_VIEWER, standings=standings)


ACTION = Family(
    "contracts", "tient les contrats et les offres des fournisseurs", configure, order=7
)
