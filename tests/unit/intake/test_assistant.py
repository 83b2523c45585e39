"""The assistant proposes a mapping that reads the file it was shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from galien.intake import Terms, mapping
from galien.intake.assistant import mapping_of, preview, propose, save
from galien.kernel.errors import InvalidInput
from tests.builders.deliveries import PHARMACY, TODAY

TERMS = Terms(PHARMACY, TODAY)
SALES = (
    "Date;Heure;N° passage;Facture;Ligne;Type;CIP;Désignation;Qté;Brut TTC;Remise;Net TTC;TVA;Net HT\r\n"
    "05/10/2026;09:12:00;P1;F1;1;TP;3400935955838;DOLIPRANE;1;2,10;0,00;2,10;2,1;2,06\r\n"
    "05/10/2026;09:12:00;P1;F1;2;CO;3400935955838;CRÈME;2;13,20;1,20;12,00;20,0;10,00\r\n"
    "31/10/2026;18:40:10;P2;F2;1;CO;3400935955838;CRÈME;1;6,60;0,60;6,00;20,0;5,00\r\n"
).encode("cp1252")


def test_the_form_of_the_file_is_proposed() -> None:
    file = propose(SALES, "ventes_pharma.csv", "sales").content["feeds"]["sales"]["file"]
    assert file == {
        "format": "csv", "encoding": "cp1252", "delimiter": ";", "decimal": ",", "thousands": " ",
    }  # fmt: skip


def test_columns_are_matched_by_the_words_of_the_trade() -> None:
    proposal = propose(SALES, "ventes.csv", "sales")
    sources = {guess.column: guess.sources for guess in proposal.guesses}
    assert sources["sold_at"] == ("Date", "Heure")
    assert sources["product_code"] == ("CIP",)
    assert sources["visit"] == ("N° passage",)
    assert sources["discount_incl"] == ("Remise",)
    assert proposal.missing == ()
    columns = proposal.content["feeds"]["sales"]["columns"]
    assert columns["sold_at"]["format"] == "%d/%m/%Y %H:%M:%S"
    assert columns["vat_rate"]["convert"] == "percent"
    assert columns["sale_type"]["codes"] == {"TP": "prescription_third_party", "CO": "counter"}


def test_the_preview_shows_rows_before_and_after() -> None:
    made = mapping_of(propose(SALES, "ventes.csv", "sales").content)
    shown = preview(made, SALES, feed="sales", terms=TERMS)
    assert shown.delivery.accepted == 3 and shown.delivery.issues == ()
    assert shown.before[0][6] == "3400935955838"
    after = [dict(zip(shown.columns, row, strict=True)) for row in shown.after]
    assert {row["net_incl"] for row in after} == {"2.1000", "12.0000", "6.0000"}


def test_what_is_not_in_the_file_is_said_missing() -> None:
    proposal = propose(b"Date;Code\n05/10/2026;3400935955838\n", "x.csv", "sales")
    assert {"quantity", "net_incl", "invoice"} <= set(proposal.missing)


def test_a_saved_mapping_is_found_by_its_name(tmp_path: Path) -> None:
    content = propose(SALES, "Ventes Pharmacie 2026.csv", "sales").content
    saved = save(content, tmp_path)
    assert saved.name == "ventes-pharmacie"
    assert mapping("ventes-pharmacie", tmp_path) == saved
    with pytest.raises(InvalidInput, match="autre nom"):
        save(content | {"name": "galien"}, tmp_path)
