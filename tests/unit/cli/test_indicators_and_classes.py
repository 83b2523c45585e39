"""`galien accounts indicators` and `classify`: keys of the contract, tolerant files, French refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import fec
from tests.builders.commands import galien_here

ACTIVITY = """\
sale_type,gross_incl,invoices
prescription_third_party,1755446.37,35893
prescription_cash,55932.48,3651
counter,244006.02,19796
rental_third_party,31375.44,474
rental,478.82,16
commercial,10801.70,147
"""
FRENCH = "\ufeff" + ACTIVITY.replace(",", ";").replace(".", ",")
CONTRACT = [
    "pmo",
    "pmc",
    "pmvc",
    "pmv",
    "prescription_counter_ratio",
    "prescription_share",
    "prescription_share_strict",
    "prescription_linked_share",
    "tied_counter_share",
    "bare_counter_share",
    "prescription_bearer_share",
    "value_added_per_sale",
    "value_added_per_client",
    "balance_margin_per_client",
    "vat21_purchase_share",
    "vat21_purchase_share_net_of_stock",
    "vat21_purchase_share_gross",
    "staff_ratio",
    "pcg",
]
PANEL = """\
id,turnover,ebe_restated,global_gross_margin,balance_margin,vat21_purchase_share,prescription_counter_ratio,pmo
1171,2043037.20,330258.05,674389.30,556402.81,83.54,2.02,46.05
0042,900000,90000,250000,,65,1.1,39
0043,,,,,,,
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [ACTIVITY, FRENCH, ACTIVITY.replace(",", "\t")])
def test_an_activity_is_read_however_it_was_saved(tmp_path: Path, text: str) -> None:
    ran = galien_here(
        "accounts", "indicators", "--activity", written(tmp_path, text), "--clients", 47606,
        "--fte", "6.5", "--format", "json",
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    assert set(CONTRACT) <= set(ran.answer)
    assert (ran.answer["pmo"], ran.answer["pmv"]) == (46.05, 34.98)
    assert ran.answer["prescription_counter_ratio"] == pytest.approx(40018 / 19796)
    assert ran.answer["turnover_per_fte"] == pytest.approx(2098040.83 / 6.5, abs=0.005)
    assert ran.answer["pcg"] is None
    assert "comptes de l’exercice" in ran.stderr


PRINTED = {
    "value_added_per_sale": 11.24,
    "value_added_per_client": 14.17,
    "balance_margin_per_client": 11.69,
    "pcg": 282237.96,
    "pcg_with_owners": 130347.57,
}
PERCENTS = {
    "vat21_purchase_share": 83.54,
    "vat21_purchase_share_net_of_stock": 79.22,
    "vat21_purchase_share_gross": 79.66,
    "staff_ratio": 10.79,
}


def test_case_1171_from_its_ledger_file(tmp_path: Path) -> None:
    ledger = tmp_path / fec.NAME
    ledger.write_bytes(fec.written(fec.case_1171()))
    ran = galien_here(
        "accounts", "indicators", "--activity", written(tmp_path, ACTIVITY), "--clients", 47606,
        "--sig", ledger, "--format", "json",
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    assert {name: ran.answer[name] for name in PRINTED} == PRINTED
    assert {name: round(ran.answer[name] * 100, 2) for name in PERCENTS} == PERCENTS
    assert "ne dit pas ses dates" in ran.stderr


@pytest.mark.parametrize(
    ("period", "said"),
    [("2017-02-01..2018-01-31", ""), ("2017-01-01..2017-12-31", "à lire avec réserve")],
)
def test_days_that_differ_from_the_accounts_are_said(
    tmp_path: Path, period: str, said: str
) -> None:
    ledger = tmp_path / fec.NAME
    ledger.write_bytes(fec.written(fec.case_1171()))
    ran = galien_here(
        "accounts", "indicators", "--activity", written(tmp_path, ACTIVITY), "--sig", ledger,
        "--period", period, "--format", "json",
    )  # fmt: skip
    assert ran.answer["value_added_per_sale"] == 11.24
    assert ("mêmes jours" in ran.stderr or "réserve" in ran.stderr) is bool(said)


def test_without_clients_what_needs_them_is_null_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, ACTIVITY)
    ran = galien_here("accounts", "indicators", "--activity", path, "--format", "json")
    assert ran.answer["pmc"] is None
    assert ran.answer["pmvc"] == 12.33
    assert "nombre de clients" in ran.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("contoir,10,1", 2, "contoir"),
        ("counter,dix,1", 2, "dix"),
        ("counter,10,1.5", 2, "nombre entier"),
        ("counter,10,", 2, "il manque"),
        ("total,2098040.61,59977", 0, "toléré"),
        ("total,2198040.61,59977", 3, "corrigez"),
    ],
)
def test_a_line_that_is_wrong_is_said(tmp_path: Path, line: str, code: int, said: str) -> None:
    text = ACTIVITY.replace("rental,478.82,16", line) if code == 2 else ACTIVITY + line + "\n"
    ran = galien_here("accounts", "indicators", "--activity", written(tmp_path, text))
    assert ran.code == code
    assert said in ran.stderr


def test_a_panel_is_classed_and_seen_by_group(tmp_path: Path) -> None:
    path = written(tmp_path, PANEL)
    ran = galien_here("accounts", "classify", path, "--format", "json")
    assert ran.code == 0, ran.stderr
    keys = ("id", "old_set", "new_set", "model", "old_high", "old_low", "new_high", "new_low")
    assert [tuple(row[key] for key in keys) for row in ran.answer["rows"]] == [
        ("1171", "positive", "positive", "liberal", 5, 0, 3, 0),
        ("0042", "negative", "negative", "commercial", 0, 5, 0, 3),
        ("0043", "unknown", "unknown", "unknown", 0, 0, 0, 0),
    ]
    whole = ran.answer["groups"][0]
    assert (whole["members"], whole["pmo"]) == (3, 42.53)
    assert whole["rates"]["global_margin_rate"] == pytest.approx((674389.30 + 250000) / 2943037.20)
    assert "balance_margin" in ran.stderr


@pytest.mark.parametrize("rule", ["majority-of-four", "plurality"])
def test_the_order_of_columns_does_not_count(tmp_path: Path, rule: str) -> None:
    turned = "\n".join(";".join(reversed(line.split(","))) for line in PANEL.splitlines())
    found = [
        galien_here(
            "accounts", "classify", written(tmp_path, text), "--old-rule", rule, "--format", "json"
        ).answer["rows"]
        for text in (PANEL, turned.replace(".", ","))
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("turnover,pmo\n1,2\n", "colonne id"),
        ("id,pmo,pmo\na,1,2\n", "deux colonnes"),
        ("id,pmo\na,1\na,2\n", "déjà donnée"),
        ("id,pmo\n,1\n", "colonne id vide"),
        ("id,pmo\na,quarante\n", "quarante"),
        ("id,pmo\na,40,5\n", "guillemets"),
    ],
)
def test_a_panel_that_is_wrong_is_refused_in_french(tmp_path: Path, text: str, said: str) -> None:
    ran = galien_here("accounts", "classify", written(tmp_path, text))
    assert ran.code == 2
    assert said in ran.stderr


def test_a_short_year_is_annualised_and_said(tmp_path: Path) -> None:
    text = "id,turnover,months\na,1000000,6\n"
    ran = galien_here("accounts", "classify", written(tmp_path, text), "--format", "json")
    assert ran.answer["rows"][0]["annualised"] is True
    assert ran.answer["rows"][0]["old_high"] == 1
    assert "6 mois" in ran.stderr
