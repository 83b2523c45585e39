"""`galien accounts check`: what a ledger file holds, and what the tax rule would say of it."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path

from galien.cli.context import Context
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.money import round_amount

LISTED = 1_000


def configure(parser: FrenchParser) -> None:
    """Add the file to check."""
    parser.add_argument("fec", type=Path, metavar="FEC", help="fichier des écritures comptables")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Count, balance and check a ledger; remarks are in the answer, whatever they are."""
    from galien.usecases.ledger_files import read_file

    found = read_file(arguments.fec)
    count = len(found.issues)
    context.say(f"{count} remarque{'s' if count > 1 else ''}." if count else "Aucune remarque.")
    return {
        "entries": found.entries,
        "lines": found.lines,
        "debit": _euros(found.debit),
        "credit": _euros(found.credit),
        "balanced": found.balanced,
        "issues": [
            {
                "line": each.line,
                "column": each.column,
                "code": each.code,
                "message": each.message,
            }
            for each in found.issues[:LISTED]
        ],
    }


def _euros(scaled: int) -> Decimal:
    return round_amount(Decimal(scaled).scaleb(-4))


ACTION = Family("check", "contrôle un FEC", configure, order=1)
