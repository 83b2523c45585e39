"""`galien accounts indicators`: baskets, weight of prescriptions and value added of a year."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from decimal import Decimal

    from galien.calculators.accounting.indicators import Indicator


def configure(parser: FrenchParser) -> None:
    """Add the files and what they do not hold."""
    parser.add_argument(
        "--activity", type=Path, required=True, metavar="FICHIER",
        help="bilan d’activité (CSV : sale_type, gross_incl, invoices ; une ligne total est contrôlée)",
    )  # fmt: skip
    parser.add_argument("--clients", type=int, metavar="N", default=None, help="nombre de clients")
    parser.add_argument("--sig", type=Path, metavar="FEC", default=None, help="FEC de l’exercice")
    parser.add_argument(
        "--fte", type=decimal, metavar="N", default=None, help="effectif en équivalents temps plein"
    )
    parser.add_argument(
        "--period", metavar="PÉRIODE", default=None, help="dates du bilan d’activité"
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Compute every indicator; one that lacks an input is null, with its sentence."""
    from galien.kernel.period import parse_period
    from galien.usecases.file_indicators import ActivityFile, indicators_of_files

    period = parse_period(arguments.period, context.clock.today()) if arguments.period else None
    given = ActivityFile(arguments.activity, arguments.clients, arguments.fte, period)
    found = indicators_of_files(given, arguments.sig)
    for note in found.notes:
        context.say(note)
    for sentence in _missing(found.values.values()):
        context.say(sentence)
    return {name: printed(each) for name, each in found.values.items()}


def printed(indicator: Indicator) -> Decimal | None:
    """Return an amount to the cent, a ratio as it is."""
    from galien.kernel import glossary
    from galien.kernel.money import round_amount

    if indicator.value is None or not glossary.unit(indicator.name).is_money:
        return indicator.value
    return round_amount(indicator.value)


def _missing(values: Iterable[Indicator]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for each in values:
        if each.missing:
            by_reason.setdefault(each.missing, []).append(each.name)
    return [f"Non calculés : {', '.join(names)} ({why})." for why, names in by_reason.items()]


ACTION = Family("indicators", "calcule les indicateurs d’un exercice", configure, order=3)
