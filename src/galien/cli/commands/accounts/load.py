"""`galien accounts load`: keeping a ledger file's totals as a year of accounts of a pharmacy."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser, day
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput


def configure(parser: FrenchParser) -> None:
    """Add the file, its pharmacy and, when the file does not say them, its days."""
    parser.add_argument("fec", type=Path, metavar="FEC", help="fichier des écritures comptables")
    parser.add_argument("--pharmacy", metavar="FINESS", required=True, help="pharmacie")
    parser.add_argument("--first-day", type=day, metavar="DATE", default=None)
    parser.add_argument("--last-day", type=day, metavar="DATE", default=None)
    parser.set_defaults(run=run, need=Need.WRITE)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Load the file; a year of the same last day is replaced."""
    services = context.services
    from galien.usecases.accounts.writing import import_fec
    from galien.usecases.viewer import WORKSPACE_VIEWER

    days = (arguments.first_day, arguments.last_day)
    if (days[0] is None) != (days[1] is None):
        raise InvalidInput("Donnez --first-day et --last-day ensemble, ou aucun des deux.")
    try:
        with arguments.fec.open("rb") as source:
            year = import_fec(
                source,
                arguments.fec.name,
                arguments.pharmacy,
                WORKSPACE_VIEWER,
                services=services,
                days=days if all(days) else None,
            )
    except OSError as error:
        raise InvalidInput(
            f"Fichier {arguments.fec} illisible ({error.strerror}).", code="NO_FILE"
        ) from error
    return {
        "pharmacy": year.pharmacy_id,
        "first_day": year.first_day,
        "last_day": year.last_day,
        "entries": year.entries,
        "lines": year.lines,
        "accounts": year.totals.count(),
        "issues": year.issues,
    }


ACTION = Family("load", "garde un FEC comme exercice d’une pharmacie", configure, order=3)
