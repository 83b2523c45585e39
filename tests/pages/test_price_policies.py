"""A price policy written, tried and applied in the browser, and what its run leaves behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices import book
from galien.usecases.prices.disclosure import Sight
from galien.usecases.prices.history import measured, run_of
from galien.usecases.prices.trial import trial
from galien.usecases.prices.witnesses import summed, tellable
from tests.builders.workspace import FINESS, Desk

TEXT = "name: Essai\nrounding: x9\ncategories:\n  - {name: Tout, margin: 45 %}\n"
CONSEIL, CREAM = "3400930000038", "3770000000016"


def written(desk: Desk, text: str = TEXT) -> str:
    """Write a policy as the owner, and return the address it is tried at."""
    answer = desk.client("titulaire").post("/prix/politiques/importer", {"text": text})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_text_that_cannot_be_read_comes_back_with_its_error(desk: Desk) -> None:
    wrong = TEXT.replace("margin", "marge")
    answer = desk.client("titulaire").post("/prix/politiques/importer", {"text": wrong})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "clé inconnue «\u00a0marge\u00a0»" in page
    assert "marge: 45 %" in page


def test_a_file_takes_the_place_of_the_policy_of_its_name(desk: Desk) -> None:
    written(desk)
    assert written(desk, TEXT.replace("45 %", "40 %")).endswith(
        str(book.policies_of(WORKSPACE_VIEWER)[0].key)
    )
    [kept] = book.policies_of(WORKSPACE_VIEWER)
    assert "40 %" in kept.text


def test_a_policy_goes_away_as_the_file_it_came_as(desk: Desk) -> None:
    answer = desk.client("titulaire").get(f"{written(desk)}/yaml")
    assert "essai.yaml" in answer["Content-Disposition"]
    assert answer.content.decode() == TEXT


def test_trying_decides_nothing_and_leaves_regulated_prices_alone(desk: Desk) -> None:
    from galien.records.models import PriceDecision

    page = desk.client("titulaire").get(written(desk)).content.decode()
    assert "Appliquer ces prix" in page
    assert not PriceDecision.objects.exists()


def test_what_is_applied_is_what_was_tried(desk: Desk) -> None:
    from galien.records.models import PriceDecision, PricePolicy

    address = written(desk)
    kept = PricePolicy.objects.get()
    client = desk.client("titulaire")
    given = {"pharmacie": FINESS[0], "texte": "un autre"}
    client.post(f"{address}/appliquer", given)
    assert not PriceDecision.objects.exists()
    given["texte"] = book.found(kept.pk, WORKSPACE_VIEWER).digest
    run = client.post(f"{address}/appliquer", given)["Location"]
    decided = {row.product_code: row for row in PriceDecision.objects.all()}
    assert decided[CREAM].decided_by == "Thaïs Titulaire"
    # 12,40 TTC is 10,33 HT, bought at 70 %: 7,23; at 45 % of margin 13,15, so 15,78 TTC, ending in 9.
    assert decided[CREAM].price_incl == Decimal("15.79")
    lines = client.get(f"{run}/fichier").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "pharmacie;produit;ancien_prix_ttc;prix_ttc;raison"
    assert f"{FINESS[0]};{CREAM};12,40;15,79;Tout : marge 45 %." in lines
    assert "15,79" in client.get(f"{run}/etiquettes").content.decode()
    assert "une semaine au moins" in client.get(run).content.decode()


def test_an_owner_applies_nothing_to_another_pharmacy(desk: Desk) -> None:
    from galien.records.models import PriceDecision

    address = written(desk)
    answer = desk.client("titulaire").post(f"{address}/appliquer", {"pharmacie": FINESS[1]})
    assert answer.status_code == 404
    assert not PriceDecision.objects.exists()


def test_an_assumed_elasticity_takes_volumes_off_dearer_products(desk: Desk) -> None:
    written(desk)
    [kept] = book.policies_of(WORKSPACE_VIEWER)
    tried = trial(
        kept.written, WORKSPACE_VIEWER, FINESS[0], assumed=Decimal(-1), services=desk.services
    ).tried
    expected = tried.effect.expected
    assert expected is not None
    # At −1, turnover incl. tax stays where it is: what is sold dearer is sold less.
    assert abs(expected.turnover) < Decimal("0.01")
    assert tried.effect.constant.turnover > 0


def test_the_result_of_a_run_is_measured_on_as_many_weeks_before_and_after(desk: Desk) -> None:
    from galien.records.models import PriceDecision
    from tests.builders.workspace import boxes, days_of

    since = dt.date(2026, 10, 1)
    PriceDecision.objects.create(
        pharmacy_id=FINESS[0], product_code=CONSEIL, since=since, price_incl="5.90", run="abc"
    )
    found = measured(run_of("abc", WORKSPACE_VIEWER), WORKSPACE_VIEWER, services=desk.services)
    assert found is not None
    days = days_of(FINESS[0])
    span = ((max(days) - since).days + 1) // 7 * 7
    first, end = since - dt.timedelta(days=span), since + dt.timedelta(days=span)
    after = sum(boxes(FINESS[0], day, 2) for day in days if since <= day < end)
    before = sum(boxes(FINESS[0], day, 2) for day in days if first <= day < since)
    assert found.days == span == 28
    assert found.witnesses is None  # three other pharmacies are too few
    assert round(found.before.units * span, 9) == before
    assert round(found.after.units * span, 9) == after


def test_witnesses_are_the_same_products_elsewhere_at_unmoved_prices() -> None:
    def row(shop: str, before: int, after: int, product: str = "P") -> dict[str, object]:
        sides = {"units_before": before, "units_after": after}
        both = {f"{name}_{side}": value for name in ("sales", "margin")
                for side, value in (("before", before), ("after", after))}  # fmt: skip
        return {"product_code": product, "pharmacy": shop, **sides, **both}

    five = [row(each, 10, 12) for each in "ABCDE"]
    alone = row("F", 10, 100, product="Q")
    found = summed(tellable([*five, alone], Sight(None)))
    assert found is not None
    assert (found.pharmacies, found.products, found.units) == (5, 1, Decimal("0.2"))
    # Who sees one of six may be told all of them; who sees two of six may not, nor of the two alone.
    six = [*five, row("F", 10, 12)]
    assert len(tellable(six, Sight(frozenset("A")))) == 6
    assert tellable(six, Sight(frozenset("AB"))) == []
