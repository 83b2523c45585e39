"""The page of prices in question, and a policy tried then applied to a pharmacy's own sales."""

from __future__ import annotations

from decimal import Decimal

from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices.applying import apply, try_in_workspace
from galien.usecases.prices.checking import check_shop
from galien.usecases.prices.policy_file import policy_of
from tests.builders.workspace import FINESS, Desk

POLICY = policy_of("name: Essai\nrounding: x9\ncategories:\n  - {name: Tout, margin: 45 %}\n")


def test_the_share_of_free_prices_and_a_way_to_margins(desk: Desk) -> None:
    page = desk.client("titulaire").get("/prix/coherence").content.decode()
    assert "Ventes à prix libres" in page
    assert f"/prix/marges?pharmacie={FINESS[0]}" in page
    assert "Marges par univers" not in page


def test_it_comes_as_a_file_and_shows_no_one_else_s_pharmacy(desk: Desk) -> None:
    client = desk.client("titulaire")
    assert "attachment" in client.get("/prix/coherence?format=xlsx")["Content-Disposition"]
    assert client.get(f"/prix/coherence?pharmacie={FINESS[3]}").status_code == 404


def test_three_other_pharmacies_are_too_few_for_quartiles(desk: Desk) -> None:
    found = check_shop(WORKSPACE_VIEWER, FINESS[0], services=desk.services)
    assert found.products
    assert "outlier" not in {each.code for each in found.found}


def test_a_policy_tried_changes_nothing_and_applied_says_by_whom_and_why(desk: Desk) -> None:
    from galien.records.models import PriceDecision

    [tried] = try_in_workspace(
        POLICY, WORKSPACE_VIEWER, pharmacies=(FINESS[0],), services=desk.services
    )
    assert tried.effect.touched
    assert not PriceDecision.objects.exists()
    run = apply([tried], POLICY, WORKSPACE_VIEWER, services=desk.services)
    kept = list(PriceDecision.objects.filter(run=run))
    assert len(kept) == tried.effect.touched
    for each in kept:
        assert each.decided_by == WORKSPACE_VIEWER.name
        assert each.policy == "Essai"
        assert each.price_incl * 100 % 10 == Decimal(9)
        assert "marge 45 %" in each.reason
