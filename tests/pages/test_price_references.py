"""Reference prices brought in through the browser, then prices held beside them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices import references
from galien.usecases.prices.applying import try_in_workspace
from galien.usecases.prices.checking import check_shop
from galien.usecases.prices.policy_file import policy_of
from tests.builders.workspace import FINESS, Desk

CREAM = "3770000000016"
HEAD = "product_code,advised_price,lpp_maximum,source,valid_from\n"


def brought(desk: Desk, text: str) -> Any:
    file = SimpleUploadedFile("prix.csv", (HEAD + text).encode(), "text/csv")
    return desk.client("admin").post("/prix/references/importer", {"file": file})


def forgotten(desk: Desk) -> None:
    for source in {each.source for each in references.all_references(services=desk.services)}:
        references.forget(source, services=desk.services)


def test_an_advised_price_and_a_limit_are_held_beside_prices(desk: Desk) -> None:
    try:
        answer = brought(desk, f"{CREAM},10.50,11.90,Essai,2026-01-01\n")
        assert answer.status_code == 302
        page = desk.client("titulaire").get("/prix/references").content.decode()
        assert "Crème D 50 ml" in page
        assert "Importer" not in page
        found = {each.code: each for each in _found(desk)}
        # 12,40 € is 18,1 % over 10,50 €, and over the limit of 11,90 €: the limit is graver.
        assert found["above_lpp"].standing == "refused"
        assert "L. 165-3" in found["above_lpp"].sentence
        assert round(Decimal(str(found["far_from_advised"].gap)), 3) == Decimal("0.181")
        policy = policy_of("name: E\ncategories: [{name: Tout, margin: 60 %}]\n")
        [tried] = try_in_workspace(
            policy, WORKSPACE_VIEWER, pharmacies=FINESS[:1], services=desk.services
        )
        prices = {
            each.proposal.product.product_code: each.proposal for each in tried.effect.products
        }
        assert prices[CREAM].price_incl == Decimal("11.90")
        assert "plafond" in prices[CREAM].reason
    finally:
        forgotten(desk)


def test_a_file_at_fault_is_refused_whole_with_its_line(desk: Desk) -> None:
    answer = brought(desk, f"{CREAM},10.50,,Essai,2026-01-01\n{CREAM},douze,,Autre,2026-01-01\n")
    assert answer.status_code == 400
    assert "ligne 3" in answer.content.decode()
    assert references.all_references(services=desk.services) == ()


def test_a_source_is_taken_out_by_an_administrator(desk: Desk) -> None:
    brought(desk, f"{CREAM},10.50,,Essai,2026-01-01\n")
    desk.client("admin").post("/prix/references/retirer", {"source": "Essai"})
    assert references.all_references(services=desk.services) == ()


def _found(desk: Desk) -> list[Any]:
    shop = check_shop(WORKSPACE_VIEWER, FINESS[0], services=desk.services)
    return [each for each in shop.found if each.seen.product_code == CREAM]
