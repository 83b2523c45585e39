"""What scripts rely on: exit codes, stdout that holds the answer alone, options on either side."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.commands import Workplace, galien
from tests.builders.deliveries import sale, sales, text

RECEIPT_KEYS = [
    "receipt", "sha256", "status", "code", "received", "accepted", "quarantined", "duplicates",
    "replaced_days", "issues", "sums",
]  # fmt: skip
MARGIN_KEYS = {
    "ex_factory_price", "margin", "box_fee", "markup_rate", "margin_rate", "wholesaler_margin",
    "public_price_excl", "public_price_incl", "slices",
}  # fmt: skip


def test_common_options_stand_before_or_after_the_command() -> None:
    after = galien("law", "margin", "--price", "10", "--on", "2020-01-01", "--format", "json")
    before = galien("--format", "json", "--on", "2020-01-01", "law", "margin", "--price", "10")
    assert after.code == before.code == 0
    assert after.stdout == before.stdout
    assert set(after.answer) >= MARGIN_KEYS
    assert after.answer["margin"] == 0.76
    assert after.stderr == ""


def test_a_command_that_computes_makes_no_workspace(tmp_path: Path) -> None:
    place = tmp_path / "w"
    done = galien("law", "value", "vat_rate_normal", "--on", "2026-01-01", "--workspace", place)
    assert done.code == 0
    assert not place.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["law", "value", "vat_rate_normall"], "Vouliez-vous dire « vat_rate_normal »"),
        (["law", "value", "vat_rate_normal", "--on", "hier"], "n’est pas une date"),
        (["load"], "il manque"),
        (["nothing"], "nothing"),
        (["law", "margin"], "--price"),
        (["publish"], "Aucun espace de travail"),
        (["load", "absent.csv", "--feed", "sales", "--pharmacy", "1"], "introuvable"),
        (["load", "absent.csv", "--feed", "sale", "--pharmacy", "1"], "--feed"),
        (["load", "absent.csv"], "--feed, --pharmacy"),
    ],
)
def test_the_users_mistake_is_a_french_sentence_and_exit_2(
    line: list[str], sentence: str, tmp_path: Path
) -> None:
    done = galien(*line, "--workspace", tmp_path / "w")
    assert done.code == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_rows_are_ordered_from_the_largest_with_a_minus_before_the_measure(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w", here=True)
    place.load(text([sale(), sale(line_no="2", sale_type="rental", quantity="3")]))
    place.run("publish")
    asked = ("ask", "sales", "--by", "sale_type", "--measure", "quantity", "--period", "2026-10")
    for order, found in (("quantity", [1, 3]), ("-quantity", [3, 1])):
        rows = place.run(*asked, "--compare", "none", "--order", order).answer["rows"]
        assert [row[-1] for row in rows] == found


@pytest.mark.django_db
def test_a_receipt_has_its_keys_in_order_whatever_the_status(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w", here=True)
    accepted = place.load(text(sales(2)))
    refused = place.load(b"", name="vide.csv")
    assert (accepted.code, refused.code) == (0, 3)
    assert list(accepted.answer) == list(refused.answer) == RECEIPT_KEYS
    assert accepted.answer["sums"] == {"quantity": 2, "amount": 20}
    assert refused.answer["issues"][0]["code"] == "EMPTY_FILE"
    assert "refusé (EMPTY_FILE)" in refused.stderr


@pytest.mark.django_db
def test_publishing_and_going_back(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w", here=True)
    place.load(text(sales(2)))
    first = place.run("publish").answer
    assert list(first) == ["release", "facts", "previous"]
    sale_day = next(fact for fact in first["facts"] if fact["fact"] == "sale_day")
    assert sale_day == {"fact": "sale_day", "rows": 1, "amount": 20}
    assert first["previous"] is None
    place.load(text(sales(5, sold_at="2026-10-08T10:00:00")), name="b.csv")
    second = place.run("publish").answer
    assert second["previous"] == first["release"]
    assert place.run("publish").answer["release"] == second["release"]
    assert place.run("releases", "rollback", first["release"]).code == 0
    listed = place.run("releases").answer
    names = [column["name"] for column in listed["columns"]]
    current = [dict(zip(names, row, strict=True))["current"] for row in listed["rows"]]
    assert current == [False, True]
    assert place.run("releases", "rollback", "absent").code == 2


def test_a_backup_restored_elsewhere_serves_the_same_release_and_figures(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    place.load(text(sales(3)))
    sold = place.sold()
    saved = place.run("backup", tmp_path / "saved.tar")
    assert saved.code == 0, saved.stderr
    assert place.run("backup", tmp_path / "saved.tar").code == 2
    elsewhere = Workplace(tmp_path / "elsewhere")
    restored = elsewhere.run("restore", tmp_path / "saved.tar")
    assert restored.code == 0, restored.stderr
    assert restored.answer["release"] == saved.answer["release"]
    assert elsewhere.sold() == sold
    assert elsewhere.run("restore", tmp_path / "saved.tar").code == 2
    assert not list((elsewhere.path / "raw").iterdir())


def test_a_damaged_backup_restores_nothing(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    place.load(text(sales(3)))
    place.run("backup", tmp_path / "saved.tar")
    data = bytearray((tmp_path / "saved.tar").read_bytes())
    data[5_000] ^= 1
    (tmp_path / "saved.tar").write_bytes(data)
    elsewhere = Workplace(tmp_path / "elsewhere")
    assert elsewhere.run("restore", tmp_path / "saved.tar").code == 2
    assert not elsewhere.path.exists()


def test_the_doctor_says_what_is_damaged(tmp_path: Path) -> None:
    place = Workplace(tmp_path / "w")
    place.load(text(sales(3)))
    place.sold()
    assert place.run("doctor").code == 0
    stored = sorted((place.path / "store").rglob("*.parquet"))
    for file in stored:
        file.write_bytes(file.read_bytes()[:-1] + b"?")
    ill = place.run("doctor")
    assert ill.code == 1
    assert "endommagé" in ill.stderr
