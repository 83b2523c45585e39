"""Choosing labs in pages: ranking and parts of pairs, labs and members, scenarios, files, rights."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.builders.labs import ground
from tests.builders.workspace import FINESS, Desk

PAGES = ("simulateur", "laboratoires")


@pytest.fixture
def offered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The small group facing three products and two labs: its catalogue has no generic group."""
    from galien.web import labs_choice
    from galien.web.pages.scenarios import views

    def given(asked: Any, viewer: Any, **_: Any) -> Any:
        seen = [p for p in FINESS if viewer.everything or p in viewer.all_pharmacies()]
        kept = [p for p in seen if not asked.pharmacies or p in asked.pharmacies]
        return replace(ground(), pharmacies=tuple(kept))

    for module in (labs_choice, views):
        monkeypatch.setattr(module, "ground_of", given)
    return desk


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_the_best_pair_comes_first(offered: Desk) -> None:
    page = text_of(offered.client("acheteur").get("/achats/simulateur?commandes=0,0001"))
    assert "A puis B" in page
    assert "2 couples" in page
    assert "2 / 3" in page
    assert "Le meilleur couple est A puis B : " in page
    assert "Le premier prend tout ce qu’il couvre" in page


def test_a_pair_is_searched_by_lab(offered: Desk) -> None:
    page = text_of(offered.client("acheteur").get("/achats/simulateur?premier=b"))
    assert "1 couple" in page


def test_the_products_of_a_part(offered: Desk) -> None:
    client = offered.client("acheteur")
    page = text_of(client.get("/achats/simulateur/couple?premier=A&second=B&part=second"))
    assert "Zétol 3 mg" in page
    assert "Xénol" not in page
    assert client.get("/achats/simulateur/couple?premier=A&second=Z").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "simulateur?format=csv", "simulateur?format=xlsx", "laboratoires/choix?format=xlsx",
        "simulateur/couple?premier=A&second=B&format=csv", "laboratoires/negociation.pdf",
        "laboratoires/negociation.pdf?labo=B",
    ],
)  # fmt: skip
def test_files(path: str, offered: Desk) -> None:
    answer = offered.client("acheteur").get(f"/achats/{path}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]


def test_whom_to_sign_with_in_a_sentence(offered: Desk) -> None:
    page = text_of(offered.client("acheteur").get("/achats/laboratoires"))
    assert "Signez avec A et B" in page
    assert "1 724 € de plus qu’aujourd’hui" in page
    assert "Lancer l’étude" in page
    assert "Signer : leurs offres" in page


def test_fewer_labs_are_one_click_away_and_back(offered: Desk) -> None:
    client = offered.client("acheteur")
    page = client.get("/achats/laboratoires?maximum=1")
    assert "Signez avec A :" in text_of(page)
    assert '<a href="/achats/laboratoires">Avec autant de laboratoires' in page.content.decode()


def test_wrong_rules_are_told_on_the_page(offered: Desk) -> None:
    page = text_of(offered.client("acheteur").get("/achats/laboratoires?impose=Sandoz"))
    assert "n’offre rien sur ces achats" in page


@pytest.mark.parametrize("page", PAGES)
def test_without_offers_the_page_says_what_to_bring(page: str, desk: Desk) -> None:
    told = text_of(desk.client("titulaire").get(f"/achats/{page}"))
    assert "Aucun générique acheté" in told or "Aucune offre" in told


@pytest.mark.parametrize("page", PAGES)
def test_a_strange_setting_is_told(page: str, desk: Desk) -> None:
    answer = desk.client("acheteur").get(f"/achats/{page}?attribution=dernier")
    assert answer.status_code == 400


@pytest.mark.parametrize("page", PAGES)
def test_another_s_pharmacy_is_as_one_that_does_not_exist(page: str, offered: Desk) -> None:
    client = offered.client("titulaire")
    foreign = client.get(f"/achats/{page}?pharmacie={FINESS[2]}")
    random = client.get(f"/achats/{page}?pharmacie=999999999")
    assert foreign.status_code == random.status_code == 404


def keep(desk: Desk, name: str, **more: str) -> Any:
    return desk.client("acheteur").post("/achats/scenarios", {"nom": name, "sorte": "labs", **more})


def test_scenarios_are_compared(offered: Desk) -> None:
    from galien.records.models import Scenario

    keep(offered, "Libre")
    keep(offered, "Un seul", maximum="1")
    keys = [str(each.pk) for each in Scenario.objects.order_by("name")]
    page = text_of(
        offered.client("acheteur").get(f"/achats/scenarios?choix={keys[0]}&choix={keys[1]}")
    )
    assert "Côte à côte" in page
    assert "2 724 €" in page and "2 620 €" in page
    assert "rien n’a changé" not in page  # published as r1, another release serves


def test_a_name_is_taken_once(offered: Desk) -> None:
    assert keep(offered, "Libre").status_code == 302
    assert keep(offered, "Libre").status_code == 400


def test_shared_figures_stay_with_those_who_may_read_them(offered: Desk) -> None:
    """An owner shares nothing of the group's: a scenario on four pharmacies hides its figures."""
    from galien.records.models import Membership, Scenario, User

    keep(offered, "Groupe")
    organisation = Membership.objects.get(user=User.objects.get(username="titulaire")).organisation
    Scenario.objects.update(organisation=organisation)
    page = text_of(offered.client("titulaire").get("/achats/scenarios"))
    assert "Groupe" in page
    assert "vos droits n’ouvrent pas toutes ses pharmacies" in page
    assert "2 724" not in page
