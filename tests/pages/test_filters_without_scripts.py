"""A filter of many values is chosen without scripts: a list, what is typed in it, and back."""

from __future__ import annotations

import html
import re

import pytest

from tests.builders.workspace import PRODUCTS, Desk

PAGE = "/ventes/par-univers?period=2026-10&where=vat_rate%3D0.2"


def _boxes(page: str) -> dict[str, bool]:
    found = re.findall(r'<input type="checkbox" name="where" value="([^"]*)"( checked)?>', page)
    return {html.unescape(value): bool(checked) for value, checked in found}


def _hidden(page: str) -> list[tuple[str, str]]:
    form = page[: page.index('class="many-values"')].rpartition("<form")[2]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    return [(name, html.unescape(value)) for name, value in found]


def test_values_are_listed_narrowed_chosen_and_the_rest_of_the_state_is_kept(desk: Desk) -> None:
    client = desk.client("acheteur")
    page = client.get(PAGE).content.decode()
    href = next(
        html.unescape(each)
        for each in re.findall(r'class="whole-list" href="([^"]*)"', page)
        if "dimension=lab" in each
    )
    every = client.get(href).content.decode()
    assert {f"lab={product[3]}" for product in PRODUCTS} <= set(_boxes(every))
    narrowed = client.get(f"{href}&q=del").content.decode()
    assert set(_boxes(narrowed)) == {"lab=Delta"}
    assert _hidden(narrowed) == [("period", "2026-10"), ("where", "vat_rate=0.2")]
    chosen = client.get("/ventes/par-univers", [*_hidden(narrowed), ("where", "lab=Delta")])
    assert chosen.status_code == 200
    assert "Laboratoire : <b>Delta</b>" in re.sub(r"\s+", " ", chosen.content.decode())


def test_what_is_chosen_already_stays_and_can_be_taken_back(desk: Desk) -> None:
    client = desk.client("acheteur")
    href = (
        "/valeurs/choisir?page=/ventes/par-univers&dimension=lab&query=where%3Dlab%253DDelta&q=zzz"
    )
    page = client.get(href).content.decode()
    assert _boxes(page) == {"lab=Delta": True}
    assert "Aucune valeur ne contient" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=/ailleurs&dimension=lab", 404),
        ("page=/ventes/par-univers&dimension=secret", 400),
        ("page=/ventes/par-univers&dimension=lab&query=bad%3D1", 400),
        ("page=/ventes/par-univers&dimension=operator", 404),
    ],
)
def test_an_address_that_means_nothing_is_told_so(desk: Desk, query: str, status: int) -> None:
    assert desk.client("acheteur").get(f"/valeurs/choisir?{query}").status_code == status
