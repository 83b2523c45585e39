"""The form of a price policy: what is typed becomes the policy, what is wrong is said beside its field."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.prices import book
from galien.web.pages.price_policies.check import checked
from galien.web.pages.price_policies.draft import EXAMPLE
from tests.builders.workspace import Desk

CREAM = "3770000000016"
NEW = "/prix/politiques/nouvelle"
TYPED = {
    "name": "Été",
    "rounding-0-from": "0",
    "rounding-0-ending": "five_cents",
    "rounding-0-way": "nearest",
    "rounding-1-from": "10",
    "rounding-1-ending": "x9",
    "rounding-1-way": "up",
    "categories-0-name": "Beauté",
    "categories-0-floor_margin": "12,5",
    "categories-0-where-universe_1": ["Beauté"],
    "categories-0-where-vat_rate": ["0.2"],
    "categories-0-bands-0-from": "0",
    "categories-0-bands-0-aim": "factor",
    "categories-0-bands-0-value": "1,8",
    "categories-0-bands-1-from": "10",
    "categories-0-bands-1-aim": "margin",
    "categories-0-bands-1-value": "35",
    "categories-1-name": "Le reste",
    "categories-1-bands-0-from": "",
    "categories-1-bands-0-aim": "margin",
    "categories-1-bands-0-value": "30 %",
    "image_gap": "-2",
    "products-0-code": CREAM,
    "products-0-floor": "9,90",
    "products-0-ceiling": "14",
    "products-0-image": "1",
    "products-1-code": "3400930000038",
    "products-1-excluded": "1",
    "products-2-code": "",
    "rebates-0-category": "Le reste",
    "rebates-0-rate": "5",
    "rebates-0-floor_margin": "20",
    "passed_on": "25",
    "volumes": "assumed",
    "elasticity": "-0,8",
    "standard_error": "0,2",
    "fixed_costs": "400 000",
    "turnover": "2 000 000",
}
TEXT = f"""\
name: Été
rounding:
  - from: 0
    ending: five_cents
  - from: 10
    ending: x9
    way: up
categories:
  - name: Beauté
    where:
      universe_1:
        - Beauté
      vat_rate:
        - 20 %
    bands:
      - from: 0
        factor: 1.8
      - from: 10
        margin: 35 %
    floor_margin: 12.5 %
  - name: Le reste
    margin: 30 %
image:
  gap: -2 %
  products:
    - {CREAM}
excluded:
  - 3400930000038
floors:
  {CREAM}: 9.9
ceilings:
  {CREAM}: 14
elasticity:
  value: -0.8
  standard_error: 0.2
fixed_costs: 400000
turnover: 2000000
rebates:
  - category: Le reste
    rate: 5 %
    floor_margin: 20 %
passed_on: 25 %
"""


def sent(desk: Desk, *, to: str = NEW, **typed: Any) -> Any:
    return desk.client("titulaire").post(to, TYPED | typed)


def field(page: str, name: str) -> str:
    """Return what the page says of a field, up to the next one."""
    found = re.search(rf'name="{re.escape(name)}".*?(?=<label|</section)', page, re.DOTALL)
    assert found is not None
    return found[0]


def test_what_is_typed_is_the_policy_and_comes_back_as_it_was_typed(desk: Desk) -> None:
    answer = sent(desk)
    assert answer.status_code == 302
    [kept] = book.policies_of(WORKSPACE_VIEWER)
    assert kept.text == TEXT
    change = f"{answer['Location']}/modifier"
    page = desk.client("titulaire").get(change).content.decode()
    for name, value in (
        ("name", "Été"), ("categories-0-bands-1-value", "35"), ("products-1-floor", "9,9"),
        ("rebates-0-rate", "5"), ("elasticity", "-0,8"), ("passed_on", "25"),
    ):  # fmt: skip
        assert f'value="{value}"' in page.split(f'name="{name}"')[0][-200:], name
    again = sent(desk, to=change)
    assert again.status_code == 302
    assert [each.text for each in book.policies_of(WORKSPACE_VIEWER)] == [TEXT]


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("name", "", "Donnez un nom à la politique"),
        ("categories-1-name", "Beauté", "Une autre catégorie porte ce nom"),
        ("categories-0-bands-0-value", "", "Donnez la marge ou le coefficient"),
        ("categories-0-bands-0-value", "0", "plus grand que 0"),
        ("categories-0-bands-1-value", "0,35", "écrivez 35 pour 35 %"),
        ("categories-0-bands-1-value", "100", "moins de 100 %"),
        ("categories-0-bands-1-value", "douze", "n’est pas un nombre"),
        ("categories-0-bands-1-from", "0", "Les tranches montent"),
        ("categories-0-floor_margin", "-3", "moins de 100 %"),
        ("rounding-1-from", "0", "Les tranches montent"),
        ("products-0-ceiling", "5", "sous le plancher"),
        ("products-1-code", CREAM, "déjà une ligne"),
        ("products-2-code", "3400930000014", "Dites ce que ce produit a de particulier"),
        ("rebates-0-rate", "", "Donnez le taux"),
        ("rebates-0-category", "Solaire", "n’existe plus"),
        ("passed_on", "120", "de 0 à 100"),
        ("elasticity", "", "Donnez l’élasticité"),
        ("turnover", "", "L’un ne va pas sans l’autre"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    desk: Desk, name: str, typed: str, said: str
) -> None:
    answer = sent(desk, **{name: typed})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "aria-invalid" in field(page, name)
    assert said in field(page, name)
    assert not book.policies_of(WORKSPACE_VIEWER)


def test_a_value_is_picked_among_those_that_exist(desk: Desk) -> None:
    added = sent(desk, do="look", **{"categories-1-add-brand": "delta"}).content.decode()
    assert 'name="categories-1-where-brand" value="Delta" checked' in added
    kept = sent(desk, **{"categories-1-add-brand": "delta"})
    assert kept.status_code == 302
    assert "brand:\n        - Delta" in book.policies_of(WORKSPACE_VIEWER)[0].text


def test_a_value_that_does_not_exist_is_an_error_with_the_nearest_one() -> None:
    draft = copy.deepcopy(EXAMPLE)
    draft["categories"][0]["adding"] = {"lab": "Delt"}
    found, errors = checked(draft, {"lab": ("Alpha", "Delta")})
    assert found is None
    assert "« Delt » n’existe pas" in errors["categories-0-add-lab"]
    assert "Delta" in errors["categories-0-add-lab"]


@pytest.mark.parametrize(
    ("act", "there", "gone"),
    [
        ("add-category", "categories-2-name", ""),
        ("add-band-1", "categories-1-bands-1-from", ""),
        ("add-rounding", "rounding-2-from", ""),
        ("add-rounding-0", "categories-0-rounding-0-from", ""),
        ("add-product", "products-5-code", ""),
        ("add-rebate", "rebates-1-rate", ""),
        ("drop-category-0", "categories-0-name", "categories-1-name"),
        ("drop-rebate-0", "name", "rebates-0-rate"),
        ("drop-category-99", "categories-1-name", "categories-2-name"),
        ("drop-", "categories-1-name", "categories-2-name"),
    ],
)
def test_lines_are_added_and_taken_out_by_buttons_alone(
    desk: Desk, act: str, there: str, gone: str
) -> None:
    answer = sent(desk, do=act)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="{there}"' in page
    assert not gone or f'name="{gone}"' not in page
    assert 'value="9,90"' in page
    assert not book.policies_of(WORKSPACE_VIEWER)


def test_a_category_moves_before_another(desk: Desk) -> None:
    page = sent(desk, do="up-category-1").content.decode()
    assert page.index('value="Le reste"') < page.index('value="Beauté" id="f-categories-1-name"')


def test_the_example_shows_rounding_and_the_price_of_a_category(desk: Desk) -> None:
    page = sent(desk, do="look", example_cost="20", example_vat="20").content.decode()
    text = page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "14,32 € → 14,39 €" in text  # .x9, upwards
    # 20 ÷ 0,65 × 1,2 = 36,92, ending in 9 above: 36,99, whose margin is 1 − 20 × 1,2 ÷ 36,99.
    assert "acheté 20,00 € HT se vend 36,99 € TTC : marge 35,1 %" in text


def test_a_target_under_the_break_even_margin_is_said_where_it_is_typed(desk: Desk) -> None:
    text = sent(desk, do="look", **{"categories-1-bands-0-value": "15"}).content.decode()
    assert "Vise 15,0" in text
    assert "sous la marge d’équilibre de 20,0" in text
    assert "sous la marge" not in sent(desk, do="look").content.decode()
