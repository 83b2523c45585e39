"""Choosing labs, measured: all ordered pairs, then the optimum over any number, to its proved gap."""

from __future__ import annotations

import random
import time
from decimal import Decimal

from bench.options import Options
from bench.pairs import measure_pairs
from bench.report import Budget, Report, Table
from galien.calculators.discounts.market import Offer
from galien.calculators.discounts.optimum.answer import optimise
from galien.calculators.discounts.optimum.problem import Bought
from galien.calculators.discounts.optimum.rules import read_rules

LABS, PRODUCTS = 12, 5_000


def measure(options: Options) -> Report:
    """Measure every work on discounts."""
    report = Report("discounts")
    measure_pairs(report, options)
    measure_optimum(report, options.seed)
    return report


def measure_optimum(report: Report, seed: int) -> None:
    """Choose among twelve labs with thresholds, and with tiers besides; the runner-up is counted."""
    rows = []
    for name, tiers, most in (("thresholds", 0, LABS), ("thresholds, tiers, 5 labs at most", 1, 5)):
        bought, offers, labs = drawn(random.Random(seed), tiers)
        rules = read_rules({"labs": labs, "maximum_labs": most})
        started = time.process_time()
        found = optimise(bought, offers, rules)
        seconds = time.process_time() - started
        rows.append((name, len(found.best.labs), float(found.best.gap) * 100, seconds))
        report.budgets.append(Budget(f"optimum, {name}", seconds, 30, "s of processor"))
        report.budgets.append(Budget(f"gap, {name}", float(found.best.gap) * 100, 0.1, "%"))
    report.tables.append(
        Table(
            f"Best labs of {LABS} over {PRODUCTS} products",
            ("rules", "labs taken", "gap, %", "seconds of processor"),
            rows,
            "the best other set is found in the same time",
        )
    )


def drawn(
    chance: random.Random, tiers: int
) -> tuple[list[Bought], list[Offer], dict[str, dict[str, object]]]:
    """Draw purchases of very unequal size, offers that share no rate, and thresholds that bite."""
    bought = [
        Bought(
            f"e{i}",
            Decimal(10),
            Decimal(str(round(chance.lognormvariate(5, 1.2), 2))),
            Decimal(chance.randrange(400)) / 1000,
        )
        for i in range(PRODUCTS)
    ]
    whole = sum(float(each.list_amount) for each in bought)
    offers, labs = [], {}
    for name in (f"L{n:02}" for n in range(LABS)):
        share = chance.uniform(0.3, 0.9)
        offers += [
            Offer(name, f"e{i}", Decimal(chance.randrange(450)) / 1000)
            for i in range(PRODUCTS)
            if chance.random() < share
        ]
        asked = round(chance.uniform(0.05, 0.35) * whole)
        steps = [{"from": round(asked * 1.4), "rate": 0.02}][:tiers]
        labs[name] = {"yearly_threshold": asked, "tiers": steps}
    return bought, offers, labs
