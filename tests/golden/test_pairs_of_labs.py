"""The handbook's reference screen of pairs: counts, coverage, and why its total is printed one euro less."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from galien.calculators.discounts.market import Offer, Purchase, market
from galien.calculators.discounts.pairs import Pair, rank_pairs

D = Decimal
PRODUCTS, FIRST, SECOND = 4448, 1533, 1308
# Discounts of the three parts, before the source rounds them to the euro.
FIRST_EUROS, SECOND_EUROS, LEFT_EUROS = D("466626.60"), D("456269.60"), D("278380.60")


def reference() -> tuple[Pair, Decimal]:
    """Return the reference pair, each part given one product of weight and others of none."""
    euros = {0: FIRST_EUROS, FIRST: SECOND_EUROS, FIRST + SECOND: LEFT_EUROS}
    bought = [Purchase(f"E{n}", D(1), euros.get(n, D(0)) * 2, D("0.5")) for n in range(PRODUCTS)]
    offers = [Offer("Premier", f"E{n}", D("0.5")) for n in range(FIRST)]
    offers += [Offer("Second", f"E{n}", D("0.5")) for n in range(FIRST, FIRST + SECOND)]
    laid = market(bought, offers)
    return rank_pairs(laid).pairs()[0], laid.list_amount


def whole(amount: Decimal) -> int:
    return int(amount.quantize(D(1), rounding=ROUND_HALF_UP))


def test_three_parts_and_a_total_one_euro_apart() -> None:
    """466 627 + 456 270 + 278 381 = 1 201 278, printed 1 201 277: the exact sum is 1 201 276,80."""
    pair, _ = reference()
    parts = [pair.first.discount, pair.second.discount, pair.remainder.discount]
    assert [whole(each) for each in parts] == [466_627, 456_270, 278_381]
    assert sum(whole(each) for each in parts) == 1_201_278
    assert pair.total == D("1201276.80")
    assert whole(pair.total) == 1_201_277


def test_coverage_in_products() -> None:
    pair, _ = reference()
    counts = [pair.first.products, pair.second.products, pair.remainder.products]
    assert counts == [1533, 1308, 1607]
    assert [round(each * 100 / PRODUCTS) for each in counts] == [34, 29, 36]


def test_the_other_sums_of_the_screen() -> None:
    assert PRODUCTS == 4006 + 206 + 236
    assert 35_816 + 15_368 + 25_686 == 76_870
