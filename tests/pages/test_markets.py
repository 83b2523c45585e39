"""Saved product lists: kept, shared, read as a filter; what one may not read does not exist."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from galien.analytics.question import Filter, Question
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.usecases.ask import ask
from tests.builders.workspace import PRODUCTS, TODAY, Desk

A, B, C, D = (product[0] for product in PRODUCTS)
MONTH = "2026-10"


def viewer(name: str) -> Any:
    from galien.records.scope import viewer_named

    return viewer_named(name, TODAY)


def user(name: str) -> Any:
    from galien.records.models import User

    return User.objects.get(username=name)


def keep(desk: Desk, owner: str, name: str, *codes: str, shared: bool = False) -> Any:
    from galien.usecases.markets import MarketOrder, organisations, save

    where = str(organisations(user(owner)).get().pk) if shared else ""
    order = MarketOrder(name, "\n".join(codes), where)
    return save(order, user(owner), services=desk.services).market


def sold(desk: Desk, who: str, *where: Filter, subject: str = "sales", **more: Any) -> Any:
    measures = {"sales": ("quantity", "sales_incl"), "purchases": ("net_amount",)}.get(subject, ())
    question = Question(subject, measures, ("pharmacy",), MONTH, "none", where, **more)
    return ask(question, viewer(who), services=desk.services)


@pytest.mark.parametrize("subject", ["sales", "purchases", "stock"])
@pytest.mark.parametrize("exclude", [False, True])
def test_a_list_reads_as_the_products_it_holds(desk: Desk, subject: str, exclude: bool) -> None:
    market = keep(desk, "acheteur", "Deux", B, D)
    listed = sold(desk, "acheteur", Filter("market", (str(market.pk),), exclude), subject=subject)
    typed = sold(desk, "acheteur", Filter("product", (B, D), exclude), subject=subject)
    every = sold(desk, "acheteur", subject=subject)
    assert listed.table == typed.table
    assert listed.totals == typed.totals != every.totals


def test_several_lists_are_their_union_and_cross_other_filters(desk: Desk) -> None:
    first, second = keep(desk, "acheteur", "Un", A, B), keep(desk, "acheteur", "Autre", B, C)
    both = Filter("market", (str(first.pk), "autre"))
    assert second.name == "Autre"
    assert (
        sold(desk, "acheteur", both).totals
        == sold(desk, "acheteur", Filter("product", (A, B, C))).totals
    )
    crossed = sold(desk, "acheteur", both, Filter("product", (C, D)))
    assert crossed.totals == sold(desk, "acheteur", Filter("product", (C,))).totals


def test_an_edited_list_changes_figures_at_once(desk: Desk) -> None:
    from galien.usecases.markets import MarketOrder, save

    market = keep(desk, "acheteur", "Change", A)
    where = Filter("market", (str(market.pk),))
    before = sold(desk, "acheteur", where).totals
    save(MarketOrder("Change", D), user("acheteur"), services=desk.services, key=market.pk)
    after = sold(desk, "acheteur", where).totals
    assert before == sold(desk, "acheteur", Filter("product", (A,))).totals
    assert after == sold(desk, "acheteur", Filter("product", (D,))).totals != before


def test_a_shared_list_is_read_by_colleagues_with_their_own_rights(desk: Desk) -> None:
    market = keep(desk, "acheteur", "Partagé", A, B, shared=True)
    where = Filter("market", (str(market.pk),))
    assert sold(desk, "reseau", where).totals["quantity"]
    for stranger in ("titulaire", "voisin"):
        with pytest.raises(NotAllowed) as unread:
            sold(desk, stranger, where)
        with pytest.raises(NotAllowed) as unknown:
            sold(desk, stranger, Filter("market", ("999999",)))
        said = unread.value.message.replace(str(market.pk), "999999")
        assert said == unknown.value.message
        assert unread.value.exit_code == 2


def test_one_s_own_list_comes_before_another_s_of_the_same_name(desk: Desk) -> None:
    keep(desk, "acheteur", "Été", A, shared=True)
    keep(desk, "reseau", "Été", D)
    found = sold(desk, "reseau", Filter("market", ("ete",)))
    assert found.totals == sold(desk, "reseau", Filter("product", (D,))).totals


def test_what_has_no_products_refuses_a_list(desk: Desk) -> None:
    market = keep(desk, "acheteur", "Produits", A)
    where = Filter("market", (str(market.pk),))
    with pytest.raises(InvalidInput, match="market"):
        sold(desk, "acheteur", where, subject="traffic")
    question = Question("sales", ("sales_incl",), ("hour_band",), MONTH, "none", (where,))
    with pytest.raises(InvalidInput, match="retirez « market »"):
        ask(question, viewer("acheteur"), services=desk.services)


def test_pages_exports_and_the_api_know_a_list_and_hide_another_s(desk: Desk) -> None:
    market = keep(desk, "acheteur", "Rayon d’été", B, D)
    query = f"period={MONTH}&where=market%3D{market.pk}"
    mine, other = desk.client("acheteur"), desk.client("titulaire")
    for path in ("/ventes/par-univers", "/achats/par-laboratoire", "/ventes/par-mois"):
        page = mine.get(f"{path}?{query}")
        assert page.status_code == 200
        assert "Marché : <b>Rayon d’été</b>" in re.sub(r"\s+", " ", page.content.decode())
        assert other.get(f"{path}?{query}").status_code == 404
        assert mine.get(f"{path}?period={MONTH}&where=market%3D999999").status_code == 404
    report = mine.get(f"/ventes/par-univers?{query}&format=csv")
    assert report.status_code == 200
    api = f"/api/v1/ask/sales?by=pharmacy&{query}"
    assert mine.get(api).json()["totals"]["quantity"]
    assert other.get(api).status_code == 404
    found = mine.get("/valeurs?subject=sales&dimension=market&q=rayon").content.decode()
    assert f"market={market.pk}" in found
    assert "market=" not in other.get("/valeurs?subject=sales&dimension=market").content.decode()


def test_an_analysis_becomes_a_list(desk: Desk) -> None:
    client = desk.client("acheteur")
    page = client.get(f"/ventes/par-univers?period={MONTH}&where=lab%3DDelta").content.decode()
    (href,) = (
        html.unescape(each) for each in re.findall(r'href="([^"]*marches/nouveau[^"]*)"', page)
    )
    form = client.get(href).content.decode()
    codes = html.unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", form)[0])
    assert codes.startswith(f"{D}\tCrème D")
    made = client.post("/donnees/marches/nouveau", {"name": "Delta", "codes": codes}, follow=True)
    assert "1 produit" in made.content.decode()
    from galien.records.models import ProductList

    assert ProductList.objects.get(name="Delta").products == (D,)


def test_only_its_owner_changes_a_list(desk: Desk) -> None:
    market = keep(desk, "acheteur", "À lire", A, shared=True)
    client, path = desk.client("reseau"), f"/donnees/marches/{market.pk}"
    assert "<textarea" not in client.get(path).content.decode()
    assert client.post(path, {"name": "Pris", "codes": B}).status_code == 404
    assert client.post(f"{path}/supprimer").status_code == 404
    market.refresh_from_db()
    assert (market.name, market.products) == ("À lire", (A,))


def test_a_list_is_deleted_once_asked(desk: Desk) -> None:
    from galien.records.models import ProductList

    market = keep(desk, "acheteur", "À jeter", A, shared=True)
    client, path = desk.client("acheteur"), f"/donnees/marches/{market.pk}/supprimer"
    assert "ne le lira plus" in client.get(path).content.decode()
    assert ProductList.objects.filter(pk=market.pk).exists()
    assert client.post(path).status_code == 302
    assert not ProductList.objects.filter(pk=market.pk).exists()


@pytest.mark.parametrize(
    ("name", "codes", "said"),
    [
        ("", A, "Donnez au marché un nom"),
        ("2026", A, "qui ne soit pas qu’un nombre"),
        ("Vide", " \n", "de 1 à"),
        ("Faux", f"{A}\nbonjour", "ligne 2 «\u00a0bonjour\u00a0»"),
        ("Déjà", A, "Vous avez déjà un marché"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    desk: Desk, name: str, codes: str, said: str
) -> None:
    keep(desk, "acheteur", "Déjà", B)
    order = {"name": name, "codes": codes}
    page = desk.client("acheteur").post("/donnees/marches/nouveau", order)
    assert page.status_code == 400
    text = html.unescape(page.content.decode())
    assert said in text
    assert codes.strip() in text


def test_another_organisation_is_not_one_to_share_with(desk: Desk) -> None:
    from galien.records.models import Organisation

    other = Organisation.objects.exclude(memberships__user=user("acheteur")).first()
    assert other is not None
    order = {"name": "Ailleurs", "codes": A, "organisation": str(other.pk)}
    page = desk.client("acheteur").post("/donnees/marches/nouveau", order)
    assert page.status_code == 404


def test_an_answer_tells_the_name_of_its_list(desk: Desk) -> None:
    market = keep(desk, "acheteur", "Nommé", A)
    answer = sold(desk, "acheteur", Filter("market", (str(market.pk),)))
    assert answer.meta.question is not None
    (told,) = answer.meta.question.where
    assert told == replace(told, dimension="market", values=("Nommé",))
