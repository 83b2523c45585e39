"""`galien stock orders`: what to order, how much, from whom, and why, line by line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, FromFile, Need

if TYPE_CHECKING:
    from galien.calculators.stock.orders.proposal import Proposal
    from galien.calculators.stock.orders.supply import Supplied
    from galien.usecases.stock.shelf_files import Offered, Shelves

COLUMNS = (
    Column("product_code", "Produit"),
    Column("label", "Libellé"),
    Column("quantity", "À commander", "unités"),
    Column("need", "Besoin", "unités"),
    Column("position", "Position", "unités"),
    Column("threshold", "Seuil", "unités"),
    Column("supplier", "Fournisseur"),
    Column("amount", "Montant net", "€ HT"),
    Column("reason", "Pourquoi"),
)
ANY_DAY = 1e6


def configure(parser: FrenchParser) -> None:
    """Add the tables, and what stock costs."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--pharmacy", default=None, metavar="FINESS",
        help="pharmacie de l’espace de travail (sans elle ni fichier : toutes)",
    )  # fmt: skip
    source.add_argument(
        "--shelves", type=Path, action=FromFile, default=None, metavar="FILE.csv",
        help="rayons : product_code, daily_demand, on_hand, … (docs/methods/commandes.md)",
    )  # fmt: skip
    parser.add_argument(
        "--offers", type=Path, default=None, metavar="FILE.csv",
        help="prix : supplier, product_code, net_price, lead_days",
    )  # fmt: skip
    parser.add_argument(
        "--suppliers", type=Path, default=None, metavar="FILE.csv",
        help="fournisseurs : supplier, minimum, shipping_fee, free_from, order_cost, payment_days, tiers",
    )  # fmt: skip
    parser.add_argument(
        "--within",
        type=float,
        default=ANY_DAY,
        metavar="JOURS",
        help="délai de livraison admis, en jours",
    )
    parser.set_defaults(run=run, need=Need.READ)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Propose an order for a pharmacy or a file, shared between suppliers when prices are given."""
    if arguments.shelves is None:
        return _of_workspace(context, arguments)
    from galien.calculators.stock.orders.proposal import propose
    from galien.calculators.stock.orders.wording import refusals
    from galien.usecases.stock.shelf_files import read_offers, read_shelves

    shelves = read_shelves(arguments.shelves, context.clock.today())
    found = propose(shelves.shelf)
    offered = None
    supplied = None
    if arguments.offers:
        offered = read_offers(arguments.offers, arguments.suppliers, shelves.codes)
        supplied = _supplied(found, offered, arguments.within)
    aside = {row: [each.sentence() for each in tiers] for row, tiers in refusals(found).items()}
    rows = [
        _row(shelves, found, (place, row), aside[int(row)], supplied, offered)
        for place, row in enumerate(found.lines)
    ]
    content: dict[str, object] = {"rows": rows}
    if supplied is not None and offered is not None:
        content |= _orders(supplied, offered)
    return Told(content, Rows.of(COLUMNS, rows))


def _of_workspace(context: Context, arguments: argparse.Namespace) -> Told:
    """Propose the orders of a pharmacy, or of every one, from what is published."""
    from galien.kernel.errors import InvalidInput
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.usecases.stock.preparing import FEEDS, prepare
    from galien.usecases.stock.reading import opened
    from galien.usecases.stock.told.orders import proposals_told

    if arguments.offers or arguments.suppliers:
        raise InvalidInput("Les prix d’un fichier vont avec ses rayons : donnez aussi --shelves.")
    on = context.clock.today()
    viewer, services = WORKSPACE_VIEWER, context.services
    asked = (arguments.pharmacy,) if arguments.pharmacy else ()
    found = [
        prepare(viewer, pharmacy, on=on, services=services)
        for pharmacy in opened(viewer, asked, on=on, services=services, feeds=FEEDS)
    ]
    content = proposals_told(found, on)
    columns = (Column("pharmacy", "Pharmacie"), *COLUMNS)
    return Told(content, Rows.of(columns, content["rows"]))


def _supplied(found: Proposal, offered: Offered, within: float) -> Supplied:
    import numpy as np

    from galien.calculators.stock.orders.supply import Money, Wanted, supply

    rows = found.lines
    wanted = Wanted(found.quantity[rows], found.shelf.demand[rows], np.full(len(rows), within))
    suppliers = list(zip(offered.suppliers, offered.payments, strict=True))
    return supply(wanted, offered.prices[rows], offered.lead[rows], suppliers, Money())


def _row(
    shelves: Shelves, found: Proposal, at: tuple[int, int], aside: Sequence[str],
    supplied: Supplied | None, offered: Offered | None,
) -> dict[str, object]:  # fmt: skip
    from galien.calculators.stock.orders.wording import sentence
    from galien.kernel.money import round_amount
    from galien.usecases.stock.told.orders import whole

    place, row = at
    told = [sentence(found, row), *aside]
    name, amount = None, None
    if supplied is not None and offered is not None:
        told.append(supplied.reasons[place])
        chosen = int(supplied.split.supplier[place])
        if chosen >= 0:
            name = offered.suppliers[chosen].name
            price = Decimal(repr(float(offered.prices[row, chosen])))
            amount = round_amount(price * int(found.quantity[row]))
    return {
        "product_code": shelves.codes[row],
        "label": shelves.labels[row],
        "quantity": int(found.quantity[row]),
        "need": whole(found.need[row]),
        "position": whole(found.position[row]),
        "threshold": whole(found.threshold[row]),
        "supplier": name,
        "amount": amount,
        "reason": " ".join(told),
    }


def _orders(supplied: Supplied, offered: Offered) -> dict[str, object]:
    """Return each supplier's order and the cost of all."""
    from galien.kernel.money import round_amount

    split = supplied.split
    figures = zip(
        offered.suppliers, split.amounts, split.shipping, split.extra_discounts, strict=True
    )
    return {
        "orders": [
            {
                "supplier": each.name,
                "amount": round_amount(Decimal(repr(float(amount)))),
                "shipping": round_amount(Decimal(repr(float(shipping)))),
                "extra_discount": round_amount(Decimal(repr(float(extra)))),
            }
            for each, amount, shipping, extra in figures
            if amount
        ],
        "total": round_amount(Decimal(repr(split.total))),
        "gap": split.gap,
    }


ACTION = Family("orders", "propose les commandes, ligne par ligne", configure, order=5)
