"""`galien stock value`: the stock at a date by a method, the others beside it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser, day, decimal
from galien.cli.registry import Family, FromFile, Need
from galien.kernel import french
from galien.kernel.errors import InvalidInput, NotAvailable
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.stock.valuation import Method
    from galien.usecases.stock.valued import StockValue

METHODS = ("weighted", "last", "fifo", "fiscal")
COLUMNS = (
    Column("product_code", "Produit"),
    Column("label", "Nom"),
    Column("quantity", "Quantité", "u"),
    Column("unit_cost", "Coût unitaire", "€ HT"),
    Column("value", "Valeur", "€ HT"),
    Column("difference", "Écart au coût moyen", "€ HT"),
    Column("note", "Remarque"),
)


def configure(parser: FrenchParser) -> None:
    """Add the method, and the stock: a pharmacy's, a count to roll, or a file."""
    add = parser.add_argument
    add("--method", choices=METHODS, default=METHODS[0], help="méthode (weighted)")
    add("--pharmacy", default=None, metavar="FINESS", help="pharmacie de l’espace de travail")
    add("--items", action=FromFile, type=Path, default=None, metavar="FILE.csv",
        help="product_code, quantity, average_cost, last_cost, public_price_incl, vat_rate…")  # fmt: skip
    add("--count", type=Path, default=None, metavar="FILE.csv", help="inventaire physique compté")
    add("--counted-on", type=day, default=None, metavar="DATE", help="jour de l’inventaire")
    add("--theoretical-margin", type=decimal, default=None, metavar="R",
        help="marge théorique de la méthode fiscale, sur le prix hors TVA (0,31)")  # fmt: skip
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Value each product by the method; totals of the four, and their differences, beside."""
    from galien.calculators.stock.belgian_inventory import check_method
    from galien.calculators.stock.valuation import Method
    from galien.kernel.errors import NotAllowed

    method, on = Method(arguments.method), context.clock.today()
    try:
        check_method(method, on=on, locked=_locked(arguments))
    except NotAllowed as error:
        context.say(f"Pour comparaison seulement. {error.message}")
    found = _found(context, arguments)
    if arguments.items is None:
        _tell_the_count(context, found)
    missing = found.total(method).unvalued
    if missing:
        context.say(
            f"Produits que la méthode ne sait pas valoriser : {missing}, voir les remarques."
        )
    for each in found.rolled:
        if each.impossible:
            context.say(f"Produit « {each.product_code} » : {each.quantity} unités, impossible.")
    return _told(found, method)


def _tell_the_count(context: Context, found: StockValue) -> None:
    """Say of which day the boxes valued are, when it is another; refuse when there were none."""
    if not found.rows:
        raise NotAvailable(
            "Aucun comptage dans les trois mois avant ce jour : choisissez un autre jour (--on), ou donnez "
            "un inventaire (--count)."
        )
    if found.counted_on is not None and found.counted_on < found.on and not found.rolled:
        context.say(
            f"Quantités du dernier comptage, {french.day(found.counted_on)} : les mouvements qui le suivent "
            "n’y sont pas. Un inventaire (--count) est ramené à la date."
        )


def _locked(arguments: argparse.Namespace) -> bool:
    if arguments.items is not None or arguments.pharmacy is None:
        return False
    from galien.usecases.stock.belgian_inventory import is_locked

    return is_locked(arguments.pharmacy)


def _found(context: Context, arguments: argparse.Namespace) -> StockValue:
    from galien.usecases.stock.valued import Count, read_count, value_file, value_of

    on, margin = context.clock.today(), arguments.theoretical_margin
    if arguments.items is not None:
        return value_file(arguments.items, on=on, theoretical_margin=margin)
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.reading import opened

    viewer, services = WORKSPACE_VIEWER, context.services
    pharmacy = arguments.pharmacy
    if pharmacy is None:
        [pharmacy, *others] = opened(viewer, (), on=on, services=services)
        if others:
            raise InvalidInput(
                f"Plusieurs pharmacies ont un stock : choisissez-en une (--pharmacy {pharmacy}).",
                code="USAGE",
            )
    if (arguments.count is None) != (arguments.counted_on is None):
        raise InvalidInput(
            "Un inventaire vient avec son jour : --count et --counted-on.", code="USAGE"
        )
    return value_of(
        viewer,
        pharmacy,
        on=on,
        count=None
        if arguments.count is None
        else Count(read_count(arguments.count), arguments.counted_on),
        theoretical_margin=margin,
        services=services,
    )


def _told(found: StockValue, method: Method) -> Told:
    from galien.usecases.stock.told.value import value_told

    content, total = value_told(found, method), found.total(method)
    totals = {"value": round_amount(total.value), "difference": round_amount(total.difference)}
    return Told(content, Rows.of(COLUMNS, content["rows"], totals=totals))


ACTION = Family("value", "valeur du stock à une date, quatre méthodes", configure, order=4)
