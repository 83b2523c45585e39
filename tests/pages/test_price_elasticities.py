"""The page of elasticities: to a small group it says why nothing is measured; to a larger one, how surely."""

from __future__ import annotations

from decimal import Decimal

import pytest

from galien.calculators.pricing.elasticity import Elasticity
from galien.usecases.prices.network import Measured
from galien.web.pages.price_elasticities import shown
from tests.builders.workspace import Desk

D = Decimal
SURE = Elasticity(900, 36, D("-1.2"), D("0.2"))
UNSURE = Elasticity(40, 12, D("-0.5"), D("0.6"))
UNREAD = Elasticity(0, 0, refusal="trop peu")


def test_too_few_pharmacies_say_so_and_what_to_do(desk: Desk) -> None:
    page = desk.client("titulaire").get("/prix/elasticites").content.decode()
    assert "Que font les prix aux ventes" in page
    assert "Donnez votre propre hypothèse" in page
    file = desk.client("titulaire").get("/prix/elasticites?format=csv")
    assert "attachment" in file["Content-Disposition"]


def test_an_interval_that_holds_nought_is_not_told_as_a_figure() -> None:
    first, _, _ = shown.headlines(Measured(UNSURE, {}))
    assert first.value == "n. s."
    first, _, _ = shown.headlines(Measured(SURE, {}))
    assert first.value == "−1,20"


@pytest.mark.parametrize(
    ("whole", "said"), [(SURE, "Celle de tous les prix"), (UNREAD, "constants")]
)
def test_each_universe_says_what_a_policy_takes(whole: Elasticity, said: str) -> None:
    table = shown.table(Measured(whole, {"Sûr": SURE, "Peu sûr": UNSURE, "Muet": UNREAD}))
    assert [row.cells[0] for row in table.rows] == ["Sûr", "Peu sûr"]
    assert "Mesurée" in str(table.rows[0].cells[-1])
    assert said in str(table.rows[1].cells[-1])
