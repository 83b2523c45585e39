"""`galien accounts report`: the yearly report of a pharmacy as a PDF."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput


def configure(parser: FrenchParser) -> None:
    """Add the pharmacy, the year and the file to write."""
    parser.add_argument("pharmacy", metavar="FINESS", help="pharmacie")
    parser.add_argument(
        "--year", type=int, required=True, metavar="ANNÉE", help="année de clôture de l’exercice"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FICHIER.pdf")
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Write the report of the year of accounts that ends in a civil year."""
    services = context.services
    from galien.usecases.accounts import years
    from galien.usecases.report import pdf, report_of
    from galien.usecases.viewer import WORKSPACE_VIEWER

    known = years(WORKSPACE_VIEWER, arguments.pharmacy)
    found = [each for each in known if each.last_day.year == arguments.year]
    if not found:
        closings = ", ".join(str(each.last_day.year) for each in known) or "aucun"
        raise InvalidInput(
            f"Aucun exercice de {arguments.pharmacy} clos en {arguments.year} "
            f"(exercices connus : {closings}). Chargez-le par « galien accounts load ».",
            code="UNKNOWN_YEAR",
        )
    last_day = found[0].last_day
    made = report_of(WORKSPACE_VIEWER, arguments.pharmacy, last_day, services=services)
    content = pdf(made)
    try:
        arguments.out.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            f"Fichier {arguments.out} impossible à écrire ({error.strerror}).", code="NO_FILE"
        ) from error
    return {
        "pharmacy": arguments.pharmacy,
        "last_day": last_day,
        "file": str(arguments.out),
        "bytes": len(content),
        "strengths": [each.code for each in made.findings.strengths],
        "cautions": [each.code for each in made.findings.cautions],
    }


ACTION = Family("report", "écrit le rapport annuel d’une pharmacie en PDF", configure, order=9)
