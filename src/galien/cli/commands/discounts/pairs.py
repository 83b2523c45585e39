"""`galien discounts pairs`: every ordered pair of labs on one's purchases, the best first."""

from __future__ import annotations

import argparse
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.discounts.market import Market
    from galien.calculators.discounts.pairs import Pair, Remainder

COLUMNS = (
    Column("first", "Premier"),
    Column("second", "Second"),
    Column("first_products", "Produits du premier"),
    Column("second_products", "Produits du second"),
    Column("remainder_products", "Produits du reliquat"),
    Column("first_discount", "Remise du premier", "€ HT"),
    Column("first_extra", "Complément du premier", "€ HT"),
    Column("second_discount", "Remise du second", "€ HT"),
    Column("second_extra", "Complément du second", "€ HT"),
    Column("remainder_discount", "Remise du reliquat", "€ HT"),
    Column("total", "Total", "€ HT"),
)
LABS_OF_A_PAIR = 2
TOP = 20


def configure(parser: FrenchParser) -> None:
    """Add the two tables and how products are shared out."""
    parser.add_argument(
        "--purchases", type=Path, required=True, metavar="P.csv",
        help="achats : equivalence, quantity, list_amount, discount_rate",
    )  # fmt: skip
    parser.add_argument(
        "--offers", type=Path, required=True, metavar="O.csv",
        help="offres : lab, equivalence, discount_rate, extra_rate",
    )  # fmt: skip
    parser.add_argument(
        "--assign", choices=("first", "best"), default="first",
        help="un produit couvert par les deux va au premier, ou au mieux offrant",
    )  # fmt: skip
    parser.add_argument(
        "--remainder", default="current", metavar="current|zero|TAUX",
        help="remise de ce que personne ne couvre : l’actuelle, aucune, ou un taux (0,10)",
    )  # fmt: skip
    parser.add_argument("--top", type=_top, default=TOP, metavar="N", help="couples à montrer (20)")
    parser.set_defaults(run=run, need=Need.NOTHING)


def run(context: Context, arguments: argparse.Namespace) -> Told:
    """Rank the pairs; what counts for nothing is said on stderr."""
    from galien.calculators.discounts.market import market
    from galien.calculators.discounts.pairs import Assign, Settings, rank_pairs
    from galien.kernel.money import round_amount
    from galien.usecases.discount_files import read_offers, read_purchases, unbought

    laid = market(read_purchases(arguments.purchases), read_offers(arguments.offers))
    if sentence := unbought(laid.unknown):
        context.say(sentence)
    if len(laid.labs) < LABS_OF_A_PAIR:
        context.say("Il faut les offres de deux laboratoires au moins pour former un couple.")
    settings = Settings(Assign(arguments.assign), _kept(arguments.remainder))
    started = time.perf_counter()
    pairs = rank_pairs(laid, settings).pairs(arguments.top)
    elapsed = time.perf_counter() - started
    rows = [_row(each) for each in pairs]
    content = {
        "rows": rows,
        "products": laid.products,
        "list_amount": round_amount(laid.list_amount),
        "milliseconds": round(elapsed * 1000, 3),
        "coverage": [_coverage(each, laid) for each in pairs],
    }
    return Told(content, Rows(COLUMNS, [[row[column.name] for column in COLUMNS] for row in rows]))


def _kept(text: str) -> Remainder | Decimal:
    """Read what the remainder keeps: a word, or a rate."""
    from galien.calculators.discounts.pairs import Remainder
    from galien.usecases.discount_files import as_rate

    return Remainder(text) if text in {each.value for each in Remainder} else as_rate(text)


def _top(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"« {text} » n’est pas un nombre de couples")
    return int(text)


def _row(pair: Pair) -> dict[str, object]:
    return {
        "first": pair.first_lab,
        "second": pair.second_lab,
        "first_products": pair.first.products,
        "second_products": pair.second.products,
        "remainder_products": pair.remainder.products,
        "first_discount": pair.first.discount,
        "first_extra": pair.first.extra,
        "second_discount": pair.second.discount,
        "second_extra": pair.second.extra,
        "remainder_discount": pair.remainder.discount,
        "total": pair.total,
    }


def _coverage(pair: Pair, market: Market) -> dict[str, object]:
    """Return the shares of products, units and euros that each part of a pair takes."""
    parts = {"first": pair.first, "second": pair.second, "remainder": pair.remainder}
    return {"first": pair.first_lab, "second": pair.second_lab} | {
        f"{name}_{kind}_share": each
        for name, part in parts.items()
        for kind, each in part.shares_of(market).items()
    }


ACTION = Family("pairs", "classe tous les couples de laboratoires", configure, order=2)
