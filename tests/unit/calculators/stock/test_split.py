"""Splitting an order: beside every possible assignment tried by hand, and in words."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from decimal import Decimal

import numpy as np
import pytest

from galien.calculators.stock.orders.offers import quote
from galien.calculators.stock.orders.sharing import reasons
from galien.calculators.stock.orders.split import Supplier, split
from galien.kernel.errors import NotAvailable
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Conditions,
    Contract,
    Measured,
    ProductKeys,
    ProductScope,
    Span,
    Tier,
)

INF = float("inf")


def cost_by_hand(
    given: tuple[int, ...],
    amounts: list[list[float]],
    others: list[list[float]],
    suppliers: list[Supplier],
) -> float:
    total = 0.0
    for number, each in enumerate(suppliers):
        lines = [line for line, supplier in enumerate(given) if supplier == number]
        if not lines:
            continue
        amount = sum(amounts[line][number] for line in lines)
        if amount < each.minimum:
            return INF
        rate = max((rate for start, rate in each.tiers if amount >= start), default=0.0)
        shipping = each.shipping_fee if amount < each.free_from else 0.0
        total += amount * (1 - rate) + shipping + each.order_cost
        total += sum(others[line][number] for line in lines)
    return total


@pytest.mark.parametrize("seed", range(25))
def test_the_split_is_the_best_of_all(seed: int) -> None:
    chance = random.Random(seed)
    suppliers = [
        Supplier("A", shipping_fee=8, free_from=60, order_cost=1),
        Supplier("B", minimum=40, tiers=((50, 0.03), (90, 0.08))),
        Supplier("C", order_cost=2),
    ]
    lines = chance.randint(1, 6)
    amounts = [
        [INF if chance.random() < 0.1 else round(chance.uniform(5, 40), 2) for _ in suppliers[:2]]
        + [round(chance.uniform(10, 50), 2)]
        for _ in range(lines)
    ]
    others = [[round(chance.uniform(-1, 2), 2) for _ in suppliers] for _ in range(lines)]
    every = itertools.product(range(3), repeat=lines)
    best = min(cost_by_hand(given, amounts, others, suppliers) for given in every)
    found = split(np.array(amounts), np.array(others), tuple(suppliers))
    assert found.total == pytest.approx(best, abs=1e-6)
    given = tuple(int(each) for each in found.supplier)
    assert cost_by_hand(given, amounts, others, suppliers) == pytest.approx(best, abs=1e-6)
    assert len(reasons(found, np.array(amounts), np.array(others), tuple(suppliers))) == lines


def test_a_line_goes_to_a_dearer_supplier_to_reach_its_threshold_and_says_so() -> None:
    suppliers = (Supplier("Grossiste"), Supplier("Labo", shipping_fee=15, free_from=100))
    amounts = np.array([[120.0, 95.0], [10.0, 11.0]])
    found = split(amounts, np.zeros((2, 2)), suppliers)
    assert found.supplier.tolist() == [1, 1]
    first, second = reasons(found, amounts, np.zeros((2, 2)), suppliers)
    assert first.startswith("Labo : le moins cher, 95,00")
    assert "1,00\u202f€ de plus que Grossiste" in second
    assert "franco de port de 100\u202f€" in second


def test_what_nobody_can_deliver_stays_and_says_so() -> None:
    suppliers = (Supplier("A"), Supplier("B"))
    amounts = np.array([[INF, INF], [INF, 3.0]])
    found = split(amounts, np.zeros((2, 2)), suppliers)
    assert found.supplier.tolist() == [-1, 1]
    assert reasons(found, amounts, np.zeros((2, 2)), suppliers)[0].startswith("Aucun fournisseur")


def test_minima_that_cannot_be_met_are_said() -> None:
    with pytest.raises(NotAvailable, match="minimums de commande"):
        split(np.array([[10.0]]), np.zeros((1, 1)), (Supplier("A", minimum=50),))


def test_a_contract_becomes_a_quote() -> None:
    contract = Contract(
        "C1", "Grossiste", "Labo", dt.date(2026, 1, 1),
        clauses=(
            Clause("remise", ClauseKind.INVOICE_DISCOUNT, rate=Decimal("0.10")),
            Clause(
                "palier", ClauseKind.INVOICE_DISCOUNT, tiers=(Tier(Decimal(50), Decimal("0.05")),),
                measured=Measured.QUANTITY, span=Span.LINE,
            ),
            Clause("ug", ClauseKind.FREE_UNITS, paid=10, free=1),
            Clause(
                "annuel", ClauseKind.REBATE, tiers=(Tier(Decimal(1000), Decimal("0.03")),),
                span=Span.YEAR,
            ),
            Clause("rfa", ClauseKind.REBATE, rate=Decimal("0.02")),
            Clause("escompte", ClauseKind.CASH_DISCOUNT, rate=Decimal("0.01")),
            Clause("autre", ClauseKind.COOPERATION, ProductScope(labs=("X",)), rate=Decimal("0.5")),
        ),
        conditions=Conditions(payment_days=30),
    )  # fmt: skip
    keys = ProductKeys("P", lab="Labo")
    found = quote(contract, keys, Decimal(10), dt.date(2026, 6, 1))
    assert found is not None
    assert found.tiers == ((0, Decimal("0.10")), (50, Decimal("0.15")))
    assert found.invoiced(11) == Decimal("90.00")
    assert found.invoiced(55) == 50 * 10 * Decimal("0.85")
    assert found.net(11) == Decimal(90) * Decimal("0.98") * Decimal("0.99")
    assert found.set_aside == ("annuel",)
    assert quote(contract, keys, Decimal(10), dt.date(2025, 6, 1)) is None
    assert quote(contract, ProductKeys("P", lab="Autre"), Decimal(10), dt.date(2026, 6, 1)) is None
