"""`galien catalogue`: importing the public medicines database and the group's hierarchy."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    imported = actions.add_parser("import", help="importe un catalogue")
    sources = imported.add_subparsers(metavar="SOURCE", required=True)
    bdpm = sources.add_parser("bdpm", help="base publique des médicaments (dossier)")
    bdpm.add_argument("folder", type=Path, metavar="DOSSIER")
    bdpm.set_defaults(run=run_bdpm, need=Need.WRITE)
    hierarchy = sources.add_parser("hierarchy", help="hiérarchie du groupement (fichier CSV)")
    hierarchy.add_argument("file", type=Path, metavar="FICHIER.csv")
    hierarchy.set_defaults(run=run_hierarchy, need=Need.WRITE)


def run_bdpm(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Import the folder of the public database."""
    from galien.usecases.catalogue import import_bdpm

    return vars(import_bdpm(arguments.folder, services=context.services))


def run_hierarchy(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Import the group's hierarchy."""
    from galien.usecases.catalogue import import_hierarchy

    return vars(import_hierarchy(arguments.file, services=context.services))


FAMILY = Family("catalogue", "Les produits, leurs prix, leur hiérarchie.", configure, order=21)
