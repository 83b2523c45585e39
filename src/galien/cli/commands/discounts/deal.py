"""`galien discounts deal`: what free units really bring, and whether the stock they need pays."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.parser import FrenchParser, decimal
from galien.cli.registry import Family, Need
from galien.kernel.errors import InvalidInput
from galien.kernel.money import round_amount

if TYPE_CHECKING:
    from galien.calculators.discounts.deal import DealCheck

# What is asked about the need, beside the sales without which it says nothing.
OF_THE_NEED = ("stock", "usual_discount", "carrying_rate", "shelf_life")


def configure(parser: FrenchParser) -> None:
    """Add the offer, and what the pharmacy does with the product."""
    add = parser.add_argument
    add("--list-price", type=decimal, required=True, metavar="P", help="prix catalogue HT")
    add("--paid", type=int, required=True, metavar="N", help="unités payées")
    add("--free", type=int, default=0, metavar="M", help="unités gratuites (0)")
    add("--discount", type=decimal, default=None, metavar="R", help="remise sur facture (0,25)")
    need = parser.add_argument_group("faut-il la prendre ?")
    add = need.add_argument
    add("--monthly-sales", type=decimal, default=None, metavar="N", help="unités vendues par mois")
    add("--stock", type=decimal, default=None, metavar="N", help="unités déjà en stock")
    add(
        "--usual-discount", type=decimal, default=None, metavar="R",
        help="remise obtenue en achetant au fil des ventes (0,10)",
    )  # fmt: skip
    add(
        "--carrying-rate", type=decimal, default=None, metavar="R",
        help="coût annuel de possession du stock, argent compris (0,08)",
    )  # fmt: skip
    add("--shelf-life", type=decimal, default=None, metavar="MOIS", help="mois avant péremption")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(_context: Context, arguments: argparse.Namespace) -> dict[str, object]:
    """Tell the real discount and net price; with monthly sales, whether the deal pays."""
    from galien.calculators.discounts.deal import ZERO, Deal, check
    from galien.calculators.discounts.deal import Need as OfPharmacy

    discount = arguments.discount or ZERO
    deal = Deal(arguments.list_price, arguments.paid, arguments.free, discount)
    answer: dict[str, object] = {
        "discount_rate": deal.discount_rate,
        "unit_net_price": round_amount(deal.unit_net_price),
    }
    known = {name: given for name in OF_THE_NEED if (given := getattr(arguments, name)) is not None}
    if arguments.monthly_sales is None:
        if known:
            raise InvalidInput(
                "Pour juger l’affaire il faut les ventes par mois : ajoutez --monthly-sales."
            )
        return answer
    return answer | _told(check(deal, OfPharmacy(arguments.monthly_sales, **known)))


def _told(found: DealCheck) -> dict[str, object]:
    return {
        "worth_it": found.worth_it,
        "gain": round_amount(found.gain),
        "advantage": round_amount(found.advantage),
        "carrying_cost": round_amount(found.carrying_cost),
        "cash": round_amount(found.cash),
        "cover_months": found.cover_months,
        "expired_units": found.expired_units,
        "expired_cost": round_amount(found.expired_cost),
        "sales_margin": found.sales_margin,
        "better_quantity": found.better_quantity,
        "break_even_quantity": found.break_even_quantity,
    }


ACTION = Family("deal", "pèse une offre à unités gratuites", configure, order=1)
