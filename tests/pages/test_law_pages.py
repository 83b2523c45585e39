"""The book of law and the margin calculator, read without scripts as a pharmacist would."""

from __future__ import annotations

import html
import re

import pytest

from tests.builders.workspace import Desk


def words(desk: Desk, address: str) -> str:
    """The page's text, spaces made plain."""
    answer = desk.client("titulaire").get(address)
    assert answer.status_code == 200, address
    plain = re.sub(
        r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", html.unescape(plain).replace("\u202f", " ").replace("\xa0", " "))


def test_the_book_opens_on_its_topics_and_last_changes(desk: Desk) -> None:
    page = words(desk, "/gestion/loi?jour=2026-11-22")
    for title in ("Marge du pharmacien", "Gardes et astreintes", "Belgique : TVA", "PharmaML"):
        assert title in page
    assert "Derniers changements" in page
    assert "01/01/2026 Honoraires de dispensation 1,58 € TTC 1,68 € TTC" in page


@pytest.mark.parametrize(
    ("day", "ceiling"), [("2025-08-31", "40 %"), ("2025-09-01", "30 %"), ("2025-10-08", "40 %")]
)
def test_a_topic_is_read_on_the_day_asked(desk: Desk, day: str, ceiling: str) -> None:
    page = words(desk, f"/gestion/loi?theme=discount_ceilings&jour={day}")
    assert f"Plafond de remise : génériques (part du prix fabricant hors taxes) {ceiling}" in page


def test_words_are_found_without_accents_in_any_topic(desk: Desk) -> None:
    page = words(desk, "/gestion/loi?q=RETROCESSIONS")
    assert "compte des rétrocessions 7088" in page
    assert "Aucun paramètre trouvé" in words(desk, "/gestion/loi?q=zzzz")


def test_a_parameter_shows_every_value_with_its_source(desk: Desk) -> None:
    page = words(desk, "/gestion/loi/duty_fee_night?jour=2018-06-01")
    assert "Valeur 8,00 € Depuis 01/11/2012 jusqu’au 7 janvier 2025" in page
    assert "Valeur mois par mois" in page
    for line in ("08/01/2025 en vigueur 10,00 €", "01/01/2003 31/08/2006 3,96 €"):
        assert line in page
    assert "question écrite n° 23414 22/11/2026" in page


def test_a_scale_shows_the_slices_of_the_day(desk: Desk) -> None:
    page = words(desk, "/gestion/loi/mdl_scale?jour=2016-05-01")
    assert "Barème en vigueur depuis le 01/01/2016" in page
    assert "jusqu’à 1,91 € 0 % de 1,91 € à 22,90 € 25,5 %" in page


def test_a_day_without_a_value_says_when_the_next_one_begins(desk: Desk) -> None:
    page = words(desk, "/gestion/loi/discount_ceiling_biosimilar?jour=2020-01-01")
    assert "Pas de valeur ce jour-là" in page
    assert "1er septembre 2025" in page


def test_an_unknown_parameter_does_not_exist(desk: Desk) -> None:
    assert desk.client("titulaire").get("/gestion/loi/vat_rate_norml").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/gestion/loi?jour=demain", "/gestion/loi?theme=x", "/gestion/marge?jour=32", "/gestion/marge?sorte=x"],
)  # fmt: skip
def test_an_address_that_says_nothing_is_refused(desk: Desk, address: str) -> None:
    assert desk.client("titulaire").get(address).status_code == 400


def test_the_handbook_s_price_is_taken_apart(desk: Desk) -> None:
    page = words(desk, "/gestion/marge?prix=152&jour=2020-01-01")
    assert "Marge du pharmacien 8,75 €" in page
    assert "de 22,90 € à 150,00 € 5,50 127,10 6,9905" in page
    assert "= prix public HT 170,90" in page  # 152 + 6,68 % + 8,7508


def test_two_days_are_compared(desk: Desk) -> None:
    page = words(desk, "/gestion/marge?prix=10&jour=2020-01-01&avant=2019-12-31")
    assert "comparé au 31 décembre 2019" in page
    assert "+ marge du pharmacien 0,76 1,24 −0,49" in page  # 0,7573 − 1,2427
    assert "Marge du pharmacien 0,76 € 1,24 € au 31/12/2019" in page


def test_a_public_price_and_a_generic(desk: Desk) -> None:
    page = words(desk, "/gestion/marge?prix=11%2C67&sorte=public&jour=2020-01-01")
    assert "Prix fabricant HT 10,00 €" in page
    lent = words(desk, "/gestion/marge?prix=4&princeps=10&jour=2020-01-01")
    assert "tranche par tranche du prix du princeps" in lent
    assert "+ marge du pharmacien 0,76" in lent


def test_what_the_law_does_not_say_is_said(desk: Desk) -> None:
    page = words(desk, "/gestion/marge?prix=100&jour=2005-01-01")
    assert "Droit inconnu ce jour-là" in page
    assert "+ marge du grossiste-répartiteur –" in page
    refused = words(desk, "/gestion/marge?prix=20&sorte=public&jour=2001-01-01")
    assert "Ce prix ne peut être décomposé" in refused


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("douze", "Le prix « douze » n’est pas un nombre."), ("-3", "compris entre 0 et 1 000 000")],
)
def test_a_price_that_is_not_one_is_answered_beside_the_form(
    desk: Desk, typed: str, sentence: str
) -> None:
    assert sentence in words(desk, f"/gestion/marge?prix={typed}")


def test_every_parameter_has_a_page_that_opens(desk: Desk) -> None:
    from galien.usecases.services import current

    client = desk.client("titulaire")
    for parameter in current().law.parameters():
        answer = client.get(f"/gestion/loi/{parameter.name}")
        assert answer.status_code == 200, parameter.name


@pytest.mark.parametrize(
    "address", ["/gestion/loi/duty_fee_night?format=svg", "/gestion/marge?prix=152&format=svg"]
)
def test_curves_are_drawn_by_the_server_for_pages_without_scripts(desk: Desk, address: str) -> None:
    client = desk.client("titulaire")
    drawn = client.get(address)
    assert drawn.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert drawn.content.startswith(b"<svg")
    page = client.get(address.replace("format=svg", "")).content.decode()
    assert "format=svg" in page
    assert "<noscript><img" in page
