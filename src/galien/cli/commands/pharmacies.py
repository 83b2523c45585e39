"""`galien pharmacies`: importing the group's list."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need


def configure(parser: FrenchParser) -> None:
    """Add the sub-commands."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    imported = actions.add_parser("import", help="importe un fichier CSV de pharmacies")
    imported.add_argument("file", type=Path, metavar="FICHIER.csv")
    imported.set_defaults(run=run_import, need=Need.WRITE)


def run_import(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Import pharmacies; all of the file or nothing."""
    from galien.usecases.pharmacies import import_pharmacies

    _ = context.services
    return vars(import_pharmacies(arguments.file))


FAMILY = Family("pharmacies", "Les pharmacies du groupement.", configure, order=20)
