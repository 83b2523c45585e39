"""The elasticity read from the network: price changes found in months of sales, witnesses beside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from galien.engines.duckdb import DuckDB
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices.applying import response_of
from galien.usecases.prices.network import network_elasticity
from galien.usecases.prices.policy_file import policy_of
from galien.usecases.services import Services
from tests.builders.answering import services_over

PRODUCTS, PHARMACIES = 6, 8


def _months(product: int, pharmacy: int, *, answering: bool) -> Iterator[tuple[object, ...]]:
    """Eight months a product: pharmacies 1 to 5 raise its price by a tenth, all sell a third more after."""
    raised = answering and pharmacy <= 5
    for place in range(8):
        after = place >= 4
        price = 1100 if after and raised else 1000  # cents
        units = 4000 if after else 3000
        if after and raised:
            units = round(units * 1.1**-2)
        yield (f"2026-{place + 1:02}-01", pharmacy, product, "counter", units, units * price / 100)


@pytest.fixture(params=[True, False], ids=["changes", "none"])
def network(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[bool, Services]]:
    path = tmp_path / "release.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute(
            "create table pharmacy as select range as pharmacy_id, 'F' || range as pharmacy "
            "from range(1, 9)"
        )
        made.execute(
            "create table product as select range as product_id, 'P' || range as product_code, "
            "false as reimbursable, 'Beauté' as universe_1 from range(6)"
        )
        made.execute(
            "create table sales_month_type (month date, pharmacy_id bigint, product_id bigint, "
            "sale_type varchar, quantity bigint, gross_incl decimal(18,2))"
        )
        rows = [
            row
            for product in range(PRODUCTS)
            for pharmacy in range(1, PHARMACIES + 1)
            for row in _months(product, pharmacy, answering=request.param)
        ]
        made.executemany("insert into sales_month_type values (?, ?, ?, ?, ?, ?)", rows)
    engine = DuckDB(threads=1).open(path)
    yield request.param, services_over(engine, release=str(path))
    engine.close()


def test_what_is_planted_is_found_and_nothing_is_invented(network: tuple[bool, Services]) -> None:
    answering, services = network
    found = network_elasticity(viewer=WORKSPACE_VIEWER, services=services)
    if not answering:
        assert (found.events, found.value) == (0, None)
        assert found.refusal
        return
    # Five pharmacies and six products; a tenth more takes 1 − 1,1⁻² off, whatever the season.
    assert (found.events, found.pharmacies) == (30, 5)
    assert found.value is not None
    assert round(found.value, 2) == -2


def test_a_trial_says_which_elasticity_it_takes_and_how_sure_it_is(
    network: tuple[bool, Services],
) -> None:
    answering, services = network
    written = policy_of("categories: [{name: Tout, margin: 30 %}]")
    response, said = response_of(written, WORKSPACE_VIEWER, services=services)
    if not answering:
        assert response is None
        assert "hypothèse" in said
        return
    assert response is not None
    assert round(response.universes["Beauté"].elasticity, 2) == round(response.elasticity, 2) == -2
    assert "univers par univers (Beauté −2,0 [" in said
    assert "30 changements de prix de 5 pharmacies" in said
