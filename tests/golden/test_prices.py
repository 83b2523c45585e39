"""Worked examples of prices, as the handbook gives them."""

from __future__ import annotations

from decimal import Decimal

from galien.calculators.pricing.arithmetic import at_margin, at_price
from galien.calculators.pricing.rebates import margins


def test_28_sold_40_is_a_margin_of_30_percent_and_a_markup_of_42_86() -> None:
    found = at_price(Decimal(28), Decimal(40))
    assert found.margin == 12
    assert found.margin_rate == Decimal("0.3")
    assert found.factor is not None
    assert found.markup_rate is not None
    assert round(found.factor, 4) == Decimal("1.4286")
    assert round(found.markup_rate, 4) == Decimal("0.4286")


def test_a_margin_of_45_percent_multiplies_by_1_8182() -> None:
    found = at_margin(Decimal(100), Decimal("0.45"), Decimal("0.20"))
    assert round(found.price_excl / 100, 4) == Decimal("1.8182")
    assert found.price_incl is not None
    assert round(found.price_incl, 2) == Decimal("218.18")


def test_belgian_averages_of_2023() -> None:
    found = margins(
        Decimal(1_000_000),
        Decimal(708_000),
        supplier_rebates=Decimal(30_000),
        client_rebates=Decimal(18_000),
    )
    assert (found.gross_rate, found.net_rate) == (Decimal("0.292"), Decimal("0.304"))
