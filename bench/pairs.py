"""The simulator of pairs, measured: every ordered pair of 30 labs over 5 000 products."""

from __future__ import annotations

from bench.market import purchases_and_offers
from bench.options import Options
from bench.report import Budget, Report, Table
from bench.timing import in_turn, milliseconds, processor_milliseconds
from galien.calculators.discounts.market import market
from galien.calculators.discounts.pairs import Assign, Settings, rank_pairs

LABS, PRODUCTS = 30, 5_000
BUDGET = 50


def measure_pairs(report: Report, options: Options) -> None:
    """Rank the pairs, both ways of sharing products out, once purchases and offers are in memory."""
    purchases, offers = purchases_and_offers(PRODUCTS, LABS, options.seed)
    laid = market(purchases, offers)
    runs = {
        f"pairs, {assign}": lambda assign=assign: rank_pairs(laid, Settings(assign)).pairs(20)
        for assign in Assign
    }
    rounds = max(options.rounds, 7)
    times, processor = in_turn(runs, rounds), processor_milliseconds(runs, rounds)
    laying = milliseconds(lambda: market(purchases, offers))
    report.tables.append(
        Table(
            f"{LABS * (LABS - 1)} ordered pairs of {LABS} labs over {PRODUCTS} products",
            ("work", "milliseconds", "of processor"),
            [(name, times[name], processor[name]) for name in runs],
            f"{len(offers)} offers; laying them out as arrays, once: {laying:.0f} ms",
        )
    )
    report.budgets += [Budget(name, taken, BUDGET, "ms") for name, taken in times.items()]
