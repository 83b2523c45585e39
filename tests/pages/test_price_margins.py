"""Margins by category beside the group's own lines, the free prices of one, and the price calculator."""

from __future__ import annotations

from decimal import Decimal

import pytest

from galien.analytics.question import Filter
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices.margins import CategoryMargin, free_prices, margins_by
from tests.builders.workspace import FINESS, PRODUCTS, Desk, sale_rows

CREAM = PRODUCTS[3][0]


def lines(*codes: str) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Return quantity, sales and cost of the owner's lines of some products."""
    return [
        (Decimal(str(row[7])), Decimal(str(row[12])), Decimal(str(row[13])))
        for row in sale_rows(FINESS[0])
        if row[6] in codes
    ]


def test_a_category_leaves_what_its_lines_leave(desk: Desk) -> None:
    whole, rows = margins_by(WORKSPACE_VIEWER, FINESS[:1], "universe_1", services=desk.services)
    beauty = next(row for row in rows if row.label == "Beauté")
    sold = lines(CREAM)
    assert beauty.sales == sum(sales for _, sales, _ in sold)
    assert beauty.margin == sum(sales - cost for _, sales, cost in sold)
    assert beauty.free_share == 1
    assert whole.sales == sum(row.sales for row in rows)
    assert whole.free_sales == sum(row.free_sales for row in rows)


def test_a_price_is_the_last_month_s_and_its_cost_the_year_s(desk: Desk) -> None:
    [found] = free_prices(
        WORKSPACE_VIEWER, FINESS[:1], Filter("universe_1", ("Beauté",)), services=desk.services
    )
    sold = lines(CREAM)
    units = sum(quantity for quantity, _, _ in sold)
    assert found.product_code == CREAM
    assert found.price_incl == Decimal("12.40")
    assert found.cost == sum(cost for _, _, cost in sold) / units


def test_net_margin_adds_suppliers_rebates_and_takes_off_clients() -> None:
    # The Belgian averages of 2023: 29,2 % gross and 30,4 % net of sales before rebates.
    told = [Decimal(each) for each in (982, 274, 0, 0, 18, 30)]
    found = CategoryMargin("x", "X", *told).net
    assert found is not None
    assert [str(found.gross), str(found.net)] == ["292", "304"]
    assert (found.gross_rate, found.net_rate) == (Decimal("0.292"), Decimal("0.304"))


def test_net_margin_stands_beside_margins_and_in_a_trial(desk: Desk) -> None:
    client = desk.client("titulaire")
    page = client.get("/prix/marges").content.decode()
    assert "Remises fournisseurs" in page
    assert "Aucun contrat connu" in page
    text = (
        "name: Essai\ncategories: [{name: Tout, margin: 45 %}]\n"
        "rebates: [{category: Tout, rate: 5 %}]\npassed_on: 50 %\n"
    )
    tried = client.post("/prix/politiques/importer", {"text": text})["Location"]
    assert "Marge nette" in client.get(tried).content.decode()


@pytest.mark.parametrize("by", ["universe_1", "universe_2", "family_1", "lab", "vat_rate"])
def test_every_breakdown_opens_its_categories(by: str, desk: Desk) -> None:
    client = desk.client("titulaire")
    page = client.get(f"/prix/marges?par={by}").content.decode()
    assert "categorie=" in page
    href = page.split("categorie=")[1].split('"')[0]
    below = client.get(f"/prix/marges?par={by}&categorie={href}")
    assert below.status_code == 200
    assert "Prix du mois" in below.content.decode()


def test_margins_come_as_a_file_and_of_no_one_else(desk: Desk) -> None:
    client = desk.client("titulaire")
    assert "attachment" in client.get("/prix/marges?format=csv")["Content-Disposition"]
    assert client.get(f"/prix/marges?pharmacie={FINESS[3]}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("cout=28&donne=prix&valeur=40&tva=20", ("30,00", "1,4286", "42,86", "48,00")),
        ("cout=100&donne=marge&valeur=45&tva=20", ("181,82", "218,18")),
        ("cout=10&donne=coefficient&valeur=1,8&tva=20&fin=x9", ("21,60", "21,59")),
        ("cout=28&donne=prix-ttc&valeur=48&tva=20", ("40,00", "30,00")),
        ("cout=28&donne=marge&valeur=100", ("reste sous 100",)),
        ("cout=abc&donne=prix&valeur=40", ("n’est pas un nombre",)),
    ],
)
def test_the_calculator_tells_what_the_handbook_tells(
    asked: str, shown: tuple[str, ...], desk: Desk
) -> None:
    page = desk.client("equipe").get(f"/prix/calcul?{asked}").content.decode()
    assert [each for each in shown if each not in page] == []
