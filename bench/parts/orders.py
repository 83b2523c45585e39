"""Orders for a whole group, one order over its suppliers, a year replayed: times, and what policies give."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.options import Options
from bench.report import Budget, Report, Table, say
from bench.shelves import drawn_order, drawn_shelf, drawn_year, real_year
from galien.calculators.stock.orders.proposal import propose
from galien.calculators.stock.orders.split import split
from galien.calculators.stock.orders.wording import refusals, sentence
from galien.calculators.stock.outcomes import Outcome, Replay
from galien.calculators.stock.policies import Cover, MinMax, Policy, Service
from galien.calculators.stock.simulation import happened, simulate
from galien.kernel.errors import GalienError

PHARMACIES, PRODUCTS, LINES = 36, 6_000, 300
POLICIES: tuple[Policy, ...] = (Service(), MinMax(), Cover())
COLUMNS = (
    "policy", "service, %", "stock, k€", "product-days short", "lost sales, k€", "purchases, k€", "lines",
)  # fmt: skip


def measure(options: Options) -> Report:
    """Measure the proposal, the split and the replay; then judge policies on a pharmacy of the group."""
    report = Report("orders")
    shelf = drawn_shelf(PHARMACIES * PRODUCTS, options.seed)
    proposing = _seconds(lambda: propose(shelf))
    found = propose(shelf)
    rows = found.lines

    def told() -> int:
        return sum(len(sentence(found, row)) for row in rows) + len(refusals(found))

    telling = _seconds(told)
    amounts, others, suppliers = drawn_order(LINES, options.seed)
    splitting = _seconds(lambda: split(amounts, others, suppliers))
    year = drawn_year(PRODUCTS, options.seed)
    replaying = _seconds(lambda: simulate(year, Service()))
    report.tables.append(
        Table(
            "Work, seconds of processor",
            ("work", "size", "seconds"),
            [
                ("proposal", f"{len(shelf)} rows", proposing),
                ("every line and discount explained", f"{len(rows)} lines", telling),
                ("one order over 4 suppliers", f"{LINES} lines", splitting),
                ("a year replayed", f"{PRODUCTS} products", replaying),
            ],
            "",
        )
    )
    report.budgets += [
        Budget(
            f"proposal, {PHARMACIES} × {PRODUCTS} products",
            proposing + telling,
            10,
            "s of processor",
        ),
        Budget(f"a year replayed, {PRODUCTS} products", replaying, 5, "s of processor"),
    ]
    _policies(report, options, year)
    return report


def _policies(report: Report, options: Options, drawn: Replay) -> None:
    """Judge policies on the group when it is there, on the drawn year too."""
    report.tables.append(_judged("A drawn year", [simulate(drawn, each) for each in POLICIES]))
    try:
        from bench.ground import current_file

        workspace = options.workspace
        derived = workspace if workspace.suffix == ".duckdb" else current_file(workspace)
        replay, sold, delivered = real_year(derived)
    except GalienError as error:
        say(f"the group is left out: {error.message}")
        return
    outcomes = [simulate(replay, each) for each in POLICIES]
    outcomes.append(happened(replay, sold, delivered))
    title = f"The last year of a pharmacy of the group, {len(replay.goods.codes)} products"
    report.tables.append(_judged(title, outcomes))


def _judged(title: str, outcomes: list[Outcome]) -> Table:
    rows = [
        (
            each.policy, each.service_level * 100, each.stock_value / 1000, each.shortages,
            each.lost_turnover / 1000, each.purchases / 1000, each.lines,
        )
        for each in outcomes
    ]  # fmt: skip
    note = "asked is what was sold: what really happened lost nothing, by construction"
    return Table(title, COLUMNS, rows, note if outcomes[-1].policy == "happened" else "")


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
