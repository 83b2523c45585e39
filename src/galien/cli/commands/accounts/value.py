"""`galien accounts value`: what a pharmacy is worth, by five methods side by side."""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.accounting.valuation import Business, Method, Sensitivity, Valuation

COLUMNS = (
    Column("code", "Méthode"),
    Column("base", "Base", "€"),
    Column("factor", "Coefficient"),
    Column("value", "Valeur", "€"),
    Column("low", "Bas", "€"),
    Column("high", "Haut", "€"),
    Column("reference_year", "Référence"),
)
YEARS = 3


def configure(parser: FrenchParser) -> None:
    """Add what is known of the pharmacy, or the pharmacy itself."""
    parser.add_argument(
        "--turnover", type=decimal, metavar="€", action="append", default=[],
        help="chiffre d’affaires HT d’une année ; jusqu’à trois fois, la dernière année d’abord",
    )  # fmt: skip
    parser.add_argument(
        "--ebe-restated", type=decimal, metavar="€", default=None, help="EBE retraité"
    )
    parser.add_argument(
        "--global-gross-margin",
        type=decimal,
        metavar="€",
        default=None,
        help="marge brute globale",
    )
    parser.add_argument("--clients", type=int, metavar="N", default=None, help="clients de l’année")
    parser.add_argument(
        "--invoices", type=int, metavar="N", default=None, help="factures de l’année"
    )
    parser.add_argument(
        "--per-client", type=decimal, metavar="€", default=None,
        help="valeur ajoutée par client à retenir (celle de l’officine sinon)",
    )  # fmt: skip
    parser.add_argument(
        "--stock", type=decimal, metavar="€", default=None, help="stock, compté à part"
    )
    parser.add_argument(
        "--pharmacy",
        metavar="FINESS",
        default=None,
        help="lire les comptes de l’espace de travail",
    )
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Value the pharmacy on the day; what a method lacks is said."""
    from galien.calculators.accounting.valuation import valuation
    from galien.law import Law

    business = _business(context, arguments)
    found = valuation(business, Law.load(), on=context.clock.today())
    for each in found.methods:
        if each.missing:
            context.say(f"{each.code} : il manque {each.missing}.")
    methods = [_method(each) for each in found.methods]
    return Told(_printed(found, methods), Rows.of(COLUMNS, methods))


def _business(context: Context, arguments: argparse.Namespace) -> Business:
    from galien.calculators.accounting.valuation import Business

    if len(arguments.turnover) > YEARS:
        raise InvalidInput("--turnover : trois années au plus, la dernière d’abord.")
    known = _of_workspace(context, arguments.pharmacy) if arguments.pharmacy else Business()
    typed = Business(
        turnovers=tuple(arguments.turnover) or known.turnovers,
        ebe_restated=_first(arguments.ebe_restated, known.ebe_restated),
        global_gross_margin=_first(arguments.global_gross_margin, known.global_gross_margin),
        clients=arguments.clients or known.clients,
        invoices=arguments.invoices or known.invoices,
        per_client=arguments.per_client,
        stock=_first(arguments.stock, known.stock),
    )
    if typed == Business():
        raise InvalidInput(
            "Rien à évaluer : donnez au moins --turnover, --ebe-restated, --global-gross-margin, "
            "--clients ou "
            "--invoices, ou bien --pharmacy."
        )
    return typed


def _of_workspace(context: Context, pharmacy: str) -> Business:
    """Read the pharmacy's accounts, and say what to know of them."""
    from galien.model.viewer import WORKSPACE_VIEWER

    context.workspace.require()
    _ = context.services  # the database is opened with them
    from galien.usecases.valuation import business_of

    known = business_of(WORKSPACE_VIEWER, pharmacy)
    for sentence in known.notes:
        context.say(sentence)
    return known.business


def _first(typed: Decimal | None, known: Decimal | None) -> Decimal | None:
    return known if typed is None else typed


def _printed(found: Valuation, methods: list[dict[str, object]]) -> dict[str, object]:
    from galien.calculators.accounting.valuation import sensitivity

    tables = [table for each in found.methods if (table := sensitivity(each)) is not None]
    return {
        "on": found.on,
        "methods": methods,
        "low": _euros(found.span[0]) if found.span else None,
        "high": _euros(found.span[1]) if found.span else None,
        "stock": _euros(found.stock),
        "stock_estimated": found.stock_estimated,
        "sensitivity": [_sensitivity(each) for each in tables],
    }


def _method(each: Method) -> dict[str, object]:
    known = each.reference
    return {
        "code": each.code,
        "base": _euros(each.base),
        "factor": each.factor,
        "value": _euros(each.value),
        "low": _euros(each.low),
        "high": _euros(each.high),
        "reference": known.name if known else None,
        "reference_year": known.year if known else None,
        "source": known.source if known else None,
        "note": each.note,
        "missing": each.missing,
    }


def _sensitivity(table: Sensitivity) -> dict[str, object]:
    return {
        "code": table.code,
        "steps": table.steps,
        "values": [[round_amount(value) for value in row] for row in table.values],
    }


def _euros(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round_amount(amount)


ACTION = Family("value", "évalue une pharmacie par cinq méthodes", configure, order=7)
