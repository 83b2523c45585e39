"""Products shoppers compare: held tight among the most sold, or answering prices beyond doubt."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.pricing.compared import Watched, compared
from galien.calculators.pricing.elasticity import Elasticity

D = Decimal


def shelf() -> list[Watched]:
    """Twenty products: P0 sells most, P19 is held tightest."""
    return [Watched(f"P{n}", 8, D(20 - n) / 100, D(100 - n)) for n in range(20)]


def test_tight_prices_among_the_most_sold_alone() -> None:
    assert compared(shelf()) == {}
    rows = [*shelf()[1:], Watched("P0", 8, D("0.01"), D(100))]
    [(code, said)] = compared(rows).items()
    assert code == "P0"
    assert "8 pharmacies" in said


def test_a_product_that_answers_prices_beyond_doubt() -> None:
    sure = Elasticity(9, 6, D("-2.5"), D("0.5"))
    unsure = Elasticity(9, 6, D("-2.5"), D("1"))
    rows = [
        *shelf(),
        Watched("S", 8, D(1), D(1), sure),
        Watched("U", 8, D(1), D(1), unsure),
        Watched("N", 8, D(1), D(1), Elasticity(2, 2, refusal="trop peu")),
    ]
    assert set(compared(rows)) == {"S"}


def test_five_pharmacies_tell_nothing_of_a_product() -> None:
    sure = Elasticity(9, 5, D("-2.5"), D("0.1"))
    assert compared([Watched("S", 5, D(0), D(999), sure)]) == {}
    assert compared([]) == {}
