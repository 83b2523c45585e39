"""`galien discounts claims`: what was asked of suppliers, what came back, the letter of one claim."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

COLUMNS = (
    Column("reference", "Référence"),
    Column("pharmacy", "Pharmacie"),
    Column("supplier", "Fournisseur"),
    Column("state", "État"),
    Column("first_day", "Du"),
    Column("last_day", "Au"),
    Column("claimed", "Demandé", "€"),
    Column("recovered", "Recouvré", "€"),
    Column("sent_on", "Envoyée"),
)


def configure(parser: FrenchParser) -> None:
    """Add what narrows the list, and the document of one claim."""
    parser.add_argument("--pharmacy", default="", metavar="FINESS", help="une pharmacie")
    parser.add_argument(
        "--state", default="", choices=("", "open", "sent", "partial", "recovered", "dropped"),
        help="un état",
    )  # fmt: skip
    parser.add_argument("--reference", default="", metavar="R", help="une réclamation")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="FICHIER.pdf|.xlsx",
        help="écrit la lettre ou le tableau de la réclamation",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Rows:
    """List claims; write the document of the one asked."""
    _ = context.services
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.claims.book import listed
    from galien.usecases.claims.documents import pdf, xlsx

    found = list(listed(WORKSPACE_VIEWER, pharmacy=arguments.pharmacy, state=arguments.state))
    if arguments.reference:
        found = [each for each in found if each.reference == arguments.reference]
    if arguments.out is not None:
        writers = {".pdf": pdf, ".xlsx": xlsx}
        write = writers.get(arguments.out.suffix.lower())
        if write is None or len(found) != 1:
            raise InvalidInput(
                "Pour écrire un document : --reference et --pharmacy d’une seule réclamation, et un fichier "
                "en .pdf ou .xlsx."
            )
        try:
            arguments.out.write_bytes(write(found[0]))
        except OSError as error:
            raise InvalidInput(f"« {arguments.out} » : {error.strerror}.") from error
    rows = [
        [each.reference, each.pharmacy_id, each.supplier, each.state, each.first_day,
         each.last_day, round_amount(each.claimed), round_amount(each.recovered), each.sent_on]
        for each in found
    ]  # fmt: skip
    totals = {
        "reference": "Total",
        "claimed": sum(round_amount(each.claimed) for each in found),
        "recovered": sum(round_amount(each.recovered) for each in found),
    }
    return Rows(COLUMNS, rows, totals=totals)


ACTION = Family("claims", "réclamations aux fournisseurs", configure, order=7)
