"""`galien stock shortages`: what was not delivered within 72 hours, what it cost, what could replace it."""

from __future__ import annotations

import argparse
from pathlib import Path

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromFile, Need

COLUMNS = (
    Column("pharmacy", "Pharmacie"),
    Column("product_code", "Produit"),
    Column("label", "Libellé"),
    Column("lab", "Laboratoire"),
    Column("asked_at", "Commandé"),
    Column("since", "En rupture depuis"),
    Column("until", "Jusqu’au"),
    Column("days", "Jours"),
    Column("days_without_stock", "Sans stock", "jours"),
    Column("suppliers", "Fournisseurs"),
    Column("units", "Commandés", "unités"),
    Column("lost_units", "Ventes perdues", "unités"),
    Column("lost_turnover", "Chiffre d’affaires perdu", "€ HT"),
    Column("lost_margin", "Marge perdue", "€ HT"),
    Column("substitutes", "Substituts"),
)
NATIONAL = Column("national_status", "Liste nationale")


def configure(parser: FrenchParser) -> None:
    """Add the tables."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--pharmacy", default=None, metavar="FINESS",
        help="pharmacie de l’espace de travail (sans elle ni fichier : toutes)",
    )  # fmt: skip
    source.add_argument(
        "--orders", type=Path, action=FromFile, default=None, metavar="FILE.csv",
        help="lignes : product_code, supplier, ordered_at, quantity, delivered_at, delivered_quantity",
    )  # fmt: skip
    parser.add_argument(
        "--products", type=Path, default=None, metavar="FILE.csv",
        help="produits : product_code, label, lab, generic_group, daily_demand, owed, price, cost",
    )  # fmt: skip
    parser.add_argument(
        "--available", type=Path, default=None, metavar="FILE.csv",
        help="disponibles : product_code, place, units, sister (oui pour une pharmacie du groupe)",
    )  # fmt: skip
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Find the shortages of the orders as of now, with their history by lab and product."""
    if arguments.orders is None:
        return _of_workspace(context, arguments)
    from galien.calculators.stock.shortages import Shortage, history, shortages
    from galien.usecases.stock.shortage_files import declarations, read_orders, read_surroundings

    around = read_surroundings(arguments.products, arguments.available)
    now = context.clock.now()
    found = shortages(read_orders(arguments.orders), now)

    def lab(each: Shortage) -> str:
        product = around.products.get(each.product)
        return product.lab if product else ""

    rows = declarations(found, around, now)
    content = {
        "rows": rows,
        "by_lab": [vars(each) for each in history(found, lab, now)],
        "by_product": [vars(each) for each in history(found, lambda each: each.product, now)],
        "lasting": sum(each.until is None for each in found),
        "now": now,
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _of_workspace(context: Context, arguments: argparse.Namespace) -> Told:
    """Find the shortages of a pharmacy, or of every one, in what is published and what was sent."""
    from galien.kernel.errors import InvalidInput
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.missing import missing
    from galien.usecases.stock.preparing import FEEDS
    from galien.usecases.stock.reading import opened
    from galien.usecases.stock.running_out import about_to_run_out
    from galien.usecases.stock.told.shortages import running_out_told, shortages_told

    if arguments.products or arguments.available:
        raise InvalidInput("Ces tables vont avec des lignes de commande : donnez aussi --orders.")
    on, viewer, services = context.clock.today(), WORKSPACE_VIEWER, context.services
    asked = (arguments.pharmacy,) if arguments.pharmacy else ()
    found = [
        missing(viewer, pharmacy, on=on, services=services)
        for pharmacy in opened(viewer, asked, on=on, services=services, feeds=FEEDS)
    ]
    content = shortages_told(found, now=context.clock.now())
    content["running_out"] = running_out_told(about_to_run_out(viewer, on=on, services=services))
    return Told(content, Rows.of((*COLUMNS, NATIONAL), content["rows"]))


ACTION = Family("shortages", "ruptures : non livré en 72 heures", configure, order=7)
