"""`galien accounts vat-b`: VAT to declare when the till cannot split receipts by rate (method B)."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.accounting.vat import Adjustment, Split
    from galien.usecases.method_b import Declared

COLUMNS = (
    Column("month", "Mois"),
    Column("rate", "Taux"),
    Column("incl", "TTC", "€"),
    Column("excl", "HT", "€"),
    Column("vat", "TVA", "€"),
)


def configure(parser: FrenchParser) -> None:
    """Add the file."""
    parser.add_argument(
        "file", type=Path, metavar="FICHIER.yaml", help="coefficients, mois, stocks"
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Declare each month and the year; the conditions of the method are said."""
    from galien.usecases.method_b import CONDITIONS, declare, read_method_b

    found = declare(read_method_b(arguments.file))
    for sentence in CONDITIONS:
        context.say(sentence)
    content = {**printed(found), "conditions": list(CONDITIONS)}
    named = [*found.months, ("année", found.total)] if len(found.months) > 1 else found.months
    rows = [
        [name, *(part[column.name] for column in COLUMNS[1:])]
        for name, split in named
        for part in parts_of(split)
    ]
    return Told(content, Rows(COLUMNS, rows))


def printed(found: Declared) -> Mapping[str, object]:
    """Return the answer under the keys that scripts read."""
    given = found.given
    return {
        "remaining_rate": given.remaining_rate,
        "coefficients": [
            {"rate": rate, "coefficient": value} for rate, value in given.coefficients.items()
        ],
        "months": [
            {"month": name, "receipts": round_amount(split.receipts), "parts": parts_of(split)}
            for name, split in found.months
        ],
        "receipts": round_amount(found.total.receipts),
        "parts": parts_of(found.total),
        "year_end": [_adjustment(each) for each in found.adjustments],
    }


def parts_of(split: Split) -> list[dict[str, Decimal]]:
    """Round the parts to the cent so that they still add up: the last one is a difference."""
    found, left = [], round_amount(split.receipts)
    for part in split.parts:
        incl = left if part is split.remaining else round_amount(part.incl)
        left -= incl
        excl = round_amount(part.excl)
        found.append({"rate": part.rate, "incl": incl, "excl": excl, "vat": incl - excl})
    return found


def _adjustment(each: Adjustment) -> dict[str, object]:
    return {
        "rate": each.rate,
        "opening_share": each.opening_share,
        "closing_share": each.closing_share,
        "sold": round_amount(each.sold),
        "declared": round_amount(each.declared),
        "adjusted": each.adjusted,
        "difference": round_amount(each.difference),
        "vat": round_amount(each.vat),
    }


ACTION = Family("vat-b", "répartit les recettes par taux de TVA (méthode B)", configure, order=6)
