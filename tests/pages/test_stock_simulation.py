"""A year replayed on its page: at once or as a task, side by side, one product, files, rights."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.builders.workspace import FINESS, Desk

HOME = f"/stock/simulation?pharmacie={FINESS[0]}"
CODE = "3400930000014"


def text_of(answer: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", words.replace("\u00a0", " ").replace("\u202f", " "))


def test_a_short_year_is_answered_at_once(desk: Desk) -> None:
    page = text_of(desk.client("titulaire").get(HOME))
    assert "la politique aurait servi" in page
    for each in ("Ce qui s’est passé", "Remonter à 15 jours de ventes", "Recommander chaque vente"):
        assert each in page
    for each in ("Taux de service", "Stock moyen", "Ruptures", "Marge perdue", "Argent immobilisé"):
        assert each in page


def test_settings_typed_are_in_the_address(desk: Desk) -> None:
    client = desk.client("titulaire")
    given = {"pharmacie": FINESS[0], "periode": "last-12-months", "a": "99,5", "jours": "30"}
    answer = client.post("/stock/simulation/lancer", given)
    assert answer.status_code == 302
    assert "a=99.5" in answer.url.replace("%2C", ".").replace(",", ".")
    page = text_of(client.get(answer.url))
    assert "Remonter à 30 jours de ventes" in page
    assert "classe a 99,5" in page


def test_a_wrong_setting_is_said(desk: Desk) -> None:
    page = text_of(desk.client("titulaire").get(f"{HOME}&a=100"))
    assert "de 0 à moins de 100 %" in page
    assert "la politique aurait servi" not in page


def test_a_long_year_is_a_task_with_its_progress(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from galien.records.models import Job
    from galien.usecases.jobs import run_job
    from galien.usecases.stock import sales_size

    monkeypatch.setattr(sales_size, "LIGHT", 0)
    client = desk.client("titulaire")
    assert "lancez-le" in text_of(client.get(HOME))
    for _ in range(2):
        client.post("/stock/simulation/lancer", {"pharmacie": FINESS[0]})
    (job,) = Job.objects.filter(kind="stock-year")
    assert "Le rejeu continue si vous quittez cette page" in text_of(client.get(HOME))
    run_job.func(str(job.pk))
    assert "la politique aurait servi" in text_of(client.get(HOME))
    assert "Voir la simulation" in text_of(client.get(f"/taches/{job.pk}"))
    # The task is its owner's: another starts their own.
    assert "lancez-le" in text_of(desk.client("acheteur").get(HOME))


def test_the_year_of_a_product_has_its_address(desk: Desk) -> None:
    client = desk.client("titulaire")
    address = f"/stock/simulation/produit/{CODE}?pharmacie={FINESS[0]}"
    page = text_of(client.get(address))
    assert "Stock de chaque soir" in page
    assert "Semaine par semaine" in page
    table = client.get(f"{address}&format=csv").content.decode("utf-8-sig")
    days = [line for line in table.splitlines() if line.startswith("2026-")]
    assert len(days) > 90
    typed = client.get("/stock/simulation/produit", {"pharmacie": FINESS[0], "code": CODE})
    assert typed.url == address
    unknown = client.get(f"/stock/simulation/produit/0000000000000?pharmacie={FINESS[0]}")
    assert unknown.status_code == 404


@pytest.mark.parametrize("style", ["csv", "xlsx"])
def test_figures_and_products_come_as_files(desk: Desk, style: str) -> None:
    answer = desk.client("titulaire").get(f"{HOME}&format={style}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'simulation.{style}"')


def test_another_s_year_does_not_exist(desk: Desk) -> None:
    neighbour = desk.client("voisin")
    assert neighbour.get(HOME).status_code == 404
    posted = neighbour.post("/stock/simulation/lancer", {"pharmacie": FINESS[0]})
    assert posted.status_code == 404
