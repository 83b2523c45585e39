"""`galien accounts sig`: the management balances of a ledger file, beside those of the year before."""

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
    from decimal import Decimal

    from galien.calculators.accounting.statement import LineAccount, Statement, StatementLine

COLUMNS = (
    Column("code", "Code"),
    Column("label", "Ligne"),
    Column("amount", "Montant", "€"),
    Column("percent", "% du CA", "%"),
    Column("previous", "N-1", "€"),
)


def configure(parser: FrenchParser) -> None:
    """Add the files."""
    parser.add_argument("fec", type=Path, metavar="FEC", help="fichier des écritures comptables")
    parser.add_argument(
        "--previous", type=Path, metavar="FEC", default=None, help="FEC de l’exercice précédent"
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FICHIER",
        default=None,
        help="correspondance des comptes propre à la pharmacie (YAML)",
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Compute the balances; an unbalanced ledger is computed and said."""
    from galien.usecases import ledger_files as files

    reading = files.read_file(arguments.fec)
    if not reading.balanced:
        context.say("Attention : ce FEC n’est pas équilibré, ses soldes sont à vérifier.")
    previous = files.ledger_in(files.read_file(arguments.previous)) if arguments.previous else None
    corrections = files.read_corrections(arguments.mapping) if arguments.mapping else {}
    made = files.statement_of_files(files.ledger_in(reading), previous, corrections)
    return printed(made)


def printed(made: Statement) -> Told:
    """Return the balances under the keys that scripts read."""
    lines = [_line(each) for each in made.lines]
    details = [_line(each) for line in made.lines for each in line.details]
    percents = [each.share and round_amount(each.share * 100) for each in made.lines]
    rows = [
        [{**line, "percent": percent}[column.name] for column in COLUMNS]
        for line, percent in zip(lines, percents, strict=True)
    ]
    return Told({"lines": lines, "details": details}, Rows(COLUMNS, rows))


def _line(line: StatementLine) -> dict[str, object]:
    return {
        "code": line.code,
        "label": line.label,
        "amount": round_amount(line.amount),
        "share": line.share,
        "previous": _rounded(line.previous),
        "accounts": [_account(each) for each in line.accounts],
    }


def _account(account: LineAccount) -> dict[str, object]:
    return {
        "account": account.account,
        "label": account.label,
        "amount": round_amount(account.amount),
        "previous": _rounded(account.previous),
    }


def _rounded(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round_amount(amount)


ACTION = Family("sig", "calcule les soldes intermédiaires de gestion", configure, order=2)
