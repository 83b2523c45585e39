"""`galien discounts pairs`: every ordered pair of labs on one's purchases, the best first."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from galien.cli import from_workspace
from galien.cli.context import Context
from galien.cli.output import Column, Rows, Told
from galien.cli.parser import FrenchParser
from galien.cli.registry import Family, Need

if TYPE_CHECKING:
    from galien.calculators.discounts.market import Market
    from galien.calculators.discounts.pairs import Pair, Remainder, Settings

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
    from_workspace.configure(
        parser,
        purchases="achats : equivalence, quantity, list_amount, discount_rate",
        offers="offres : lab, equivalence, discount_rate, extra_rate",
    )
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
    from galien.calculators.discounts.pairs import Assign, Settings
    from galien.kernel.money import round_amount
    from galien.usecases.discount_files import unbought

    settings = Settings(Assign(arguments.assign), _kept(arguments.remainder))
    if from_workspace.files(arguments):
        laid, pairs, milliseconds = _of_files(arguments, settings)
    else:
        laid, pairs, milliseconds = _of_workspace(context, arguments, settings)
    if sentence := unbought(laid.unknown):
        context.say(sentence)
    if len(laid.labs) < LABS_OF_A_PAIR:
        context.say("Il faut les offres de deux laboratoires au moins pour former un couple.")
    rows = [_row(each) for each in pairs]
    content = {
        "rows": rows,
        "products": laid.products,
        "list_amount": round_amount(laid.list_amount),
        "milliseconds": milliseconds,
        "coverage": [_coverage(each, laid) for each in pairs],
    }
    return Told(content, Rows.of(COLUMNS, rows))


def _of_files(
    arguments: argparse.Namespace, settings: Settings
) -> tuple[Market, Sequence[Pair], float]:
    from galien.calculators.discounts.market import market
    from galien.calculators.discounts.pairs import rank_pairs
    from galien.usecases.discount_files import read_offers, read_purchases

    laid = market(read_purchases(arguments.purchases), read_offers(arguments.offers))
    started = time.perf_counter()
    pairs = rank_pairs(laid, settings).pairs(arguments.top)
    return laid, pairs, round((time.perf_counter() - started) * 1000, 3)


def _of_workspace(
    context: Context, arguments: argparse.Namespace, settings: Settings
) -> tuple[Market, Sequence[Pair], float]:
    """Rank on what the workspace buys, the clauses of its offers applied: extras hold the tiers."""
    ground = from_workspace.ground(context, arguments)
    from galien.usecases.simulator.asked import Asked
    from galien.usecases.simulator.pairs import rank

    found = rank(ground, Asked(assign=settings.assign, remainder=settings.remainder))
    pairs = sorted(
        (each.pair for each in found.pairs),
        key=lambda pair: (-pair.total, pair.first_lab, pair.second_lab),
    )
    return found.market, pairs[: arguments.top], found.milliseconds


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
