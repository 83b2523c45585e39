"""`galien discounts audit`: what was agreed and is not on an invoice, in euros to claim."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.discounts.audit.found import Difference
    from galien.usecases.invoices.files import Audited

COLUMNS = (
    Column("kind", "Écart"),
    Column("line", "Ligne"),
    Column("product_code", "Produit"),
    Column("name", "Désignation"),
    Column("expected", "Convenu"),
    Column("found", "Facturé"),
    Column("amount", "À récupérer", "€"),
    Column("contract", "Contrat"),
    Column("clause", "Clause"),
    Column("message", "Détail"),
)


def configure(parser: FrenchParser) -> None:
    """Add the invoice and the contract."""
    parser.add_argument(
        "--invoice", type=Path, required=True, metavar="FICHIER",
        help="facture Factur-X (PDF), CII ou UBL (XML), ou zip de plusieurs",
    )  # fmt: skip
    parser.add_argument(
        "--contract", type=Path, required=True, metavar="FICHIER", help="contrat en YAML"
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Audit the invoices of the file; remarks go to stderr."""
    from galien.calculators.discounts.audit.found import LABELS
    from galien.usecases.invoices.files import audit_files

    found = audit_files(arguments.invoice, arguments.contract, today=context.clock.today())
    for each in found:
        for note in (*each.audit.notes, *(issue.message for issue in each.reading.issues)):
            context.say(f"{each.invoice.number} : {note}")
    total = sum(each.audit.recoverable for each in found)
    several = [_told(each) for each in found]
    content = several[0] if len(several) == 1 else {"invoices": several, "recoverable": total}
    rows = [
        [LABELS[one.kind], *list(_difference(one).values())[1:]]
        for each in found
        for one in each.audit.differences
    ]
    return Told(content, Rows(COLUMNS, rows, totals={"kind": "Total", "amount": total}))


def _told(it: Audited) -> dict[str, object]:
    invoice = it.invoice
    return {
        "invoice": invoice.number,
        "form": invoice.form.value,
        "kind": invoice.kind.value,
        "supplier": invoice.seller.name,
        "issued_on": invoice.issued_on,
        "total_excl": round_amount(invoice.total_excl),
        "contracts": it.audit.contracts,
        "products": it.audit.products,
        "covered": it.audit.covered,
        "differences": [_difference(each) for each in it.audit.differences],
        "recoverable": round_amount(it.audit.recoverable),
        "issues": [
            {"line": each.line, "code": each.code, "message": each.message}
            for each in it.reading.issues
        ],
        "notes": it.audit.notes,
    }


def _difference(each: Difference) -> dict[str, object]:
    return {
        "kind": each.kind.value,
        "line": ", ".join(each.lines),
        "product_code": each.product_code,
        "name": each.name,
        "expected": each.expected,
        "found": each.found,
        "amount": each.amount,
        "contract": each.contract,
        "clause": each.clause,
        "message": each.sentence,
    }


ACTION = Family("audit", "contrôle une facture au regard d’un contrat", configure, order=5)
