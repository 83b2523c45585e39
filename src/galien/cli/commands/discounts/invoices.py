"""`galien discounts invoices`: suppliers' invoices brought in, each audited on arrival."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

REFUSED = 3
COLUMNS = (
    Column("file", "Fichier"),
    Column("outcome", "Suite"),
    Column("invoice", "Facture"),
    Column("supplier", "Fournisseur"),
    Column("total_excl", "Total HT", "€"),
    Column("differences", "Écarts"),
    Column("recoverable", "À récupérer", "€"),
    Column("message", "Détail"),
)


def configure(parser: FrenchParser) -> None:
    """Add the sub-command."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    imported = actions.add_parser("import", help="reçoit et contrôle des factures")
    imported.add_argument(
        "files", type=Path, nargs="+", metavar="FICHIER",
        help="Factur-X (PDF), UBL ou CII (XML), ou zip de plusieurs",
    )  # fmt: skip
    imported.add_argument("--pharmacy", required=True, metavar="FINESS", help="pharmacie")
    imported.set_defaults(run=run_import, need=Need.WRITE)


def run_import(context: Context, arguments: argparse.Namespace) -> Rows:
    """Receive the files; the exit code tells when one of them is refused."""
    services = context.services
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.invoices.audits import examine
    from galien.usecases.invoices.receive import Outcome, Received, receive

    found: list[Received] = []
    for path in arguments.files:
        if not path.is_file():
            raise InvalidInput(f"Fichier {path} introuvable. Vérifiez le chemin.", code="NO_FILE")
        found += receive(path, path.name, arguments.pharmacy, WORKSPACE_VIEWER, services=services)
    kept = [each.invoice for each in found if each.invoice is not None]
    audits = {
        each.row.pk: each.audit for each in examine(kept, WORKSPACE_VIEWER, services=services)
    }
    if any(each.outcome in {Outcome.REFUSED, Outcome.CONFLICT} for each in found):
        context.exit_code = REFUSED
    rows = []
    for each in found:
        row = each.invoice
        audit = audits[row.pk] if row else None
        rows.append([
            each.filename, each.outcome.value, row.number if row else None,
            row.supplier if row else None, round_amount(row.total_excl) if row else None,
            len(audit.differences) if audit else None, audit.recoverable if audit else None,
            each.message,
        ])  # fmt: skip
    return Rows(COLUMNS, rows)


ACTION = Family("invoices", "factures des fournisseurs", configure, order=6)
