"""The management balances of pharmacy 1171, and of two real ledgers, against figures made apart."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from galien.intake import FecReading, read_fec
from galien.model.accounts import Ledger
from galien.usecases.ledger_files import ledger_in, statement_of_files
from tests.builders.commands import galien
from tests.builders.fec import FIRST, HEADER, LAST, NAME, Style, case_1171, written

FILES = Path(__file__).with_name("fec")

# The handbook's table; where the source's own arithmetic is off, the right figure.
EXPECTED = {
    "goods_sold": "1995017.11",
    "goods_purchased": "1398232.77",
    "stock_change": "-29584.87",
    "cost_of_goods_sold": "1368647.90",
    "commercial_margin": "626369.21",
    "production": "48020.09",
    "turnover": "2043037.20",
    "global_gross_margin": "674389.30",
    "external_charges": "117986.49",
    "value_added": "556402.81",
    "taxes": "5611.36",
    "staff_costs": "372423.79",
    "ebe": "178367.66",
    "other_operating_income": "0.00",
    "other_operating_charges": "0.00",
    "depreciation": "3916.83",
    "operating_result": "174450.83",
    "financial_income": "4118.93",
    "financial_charges": "10118.34",
    "financial_result": "-5999.41",
    "current_result": "168451.42",
    "exceptional_income": "5957.54",
    "exceptional_charges": "74994.75",
    "exceptional_result": "-69037.21",
    "income_tax": "20057.00",
    "net_result": "79357.21",
    "owner_costs": "151890.39",
    "ebe_restated": "330258.05",
}
DETAILS = {
    "goods_purchased_2_1": "1113791.13",
    "goods_purchased_5_5": "102247.25",
    "goods_purchased_10": "64931.73",
    "goods_purchased_20": "119440.37",
    "goods_purchased_exempt": "-2177.71",
    "production_resales": "5139.49",
    "production_rentals": "27332.03",
}
SOURCE_EBE_RESTATED = Decimal(330856)

VARIANTS = {
    "tabs": Style(),
    "bars": Style(separator="|"),
    "semicolons": Style(separator=";"),
    "utf8-bom": Style(encoding="utf-8-sig"),
    "latin-1": Style(encoding="cp1252"),
    "dos": Style(encoding="cp850"),
    "utf-16": Style(encoding="utf-16"),
    "utf-16-unsaid": Style(encoding="utf-16-le"),
    "cr-cr-lf": Style(end="\r\r\n"),
    "cr": Style(end="\r"),
    "padded": Style(separator="|", width=30),
    "point": Style(decimal="."),
    "thousands": Style(thousands=" "),
    "anglo-saxon": Style(thousands=",", decimal="."),
    "dates-with-slashes": Style(dates="%d/%m/%Y"),
    "iso-dates": Style(dates="%Y-%m-%d"),
    "sides-d-c": Style(sides=("D", "C")),
    "sides-plus-minus": Style(sides=("+1", "-1")),
    "signed": Style(signed=True),
    "capitals": Style(header=[name.upper() for name in HEADER]),
    "trailing": Style(separator="|", trailing="|"),
    "quoted": Style(separator=";", quoted=True),
    "unnumbered": Style(numbered=False),
    "gzip": Style(container="gz"),
    "zip": Style(container="zip"),
}


def of_case(style: Style) -> FecReading:
    data = written(case_1171(), style)
    return read_fec(io.BytesIO(data), filename=NAME, isolated=False)


@pytest.mark.parametrize("code", EXPECTED)
def test_a_line_of_the_case_is_the_handbook_s(code: str) -> None:
    made = statement_of_files(ledger_in(of_case(Style())), None, {})
    assert made.amount(code) == Decimal(EXPECTED[code])


def test_details_and_rates_of_the_case_are_the_handbook_s() -> None:
    made = statement_of_files(ledger_in(of_case(Style())), None, {})
    assert {code: str(made.amount(code)) for code in DETAILS} == DETAILS
    assert percent(made.rate("commercial_margin", "goods_sold")) == "31.40"
    assert percent(made.rate("commercial_margin")) == "30.66"
    assert percent(made.rate("global_gross_margin")) == "33.01"
    assert percent(made.rate("value_added")) == "27.23"
    without_resales = made.amount("turnover") - made.amount("production_resales")
    assert percent(made.amount("global_gross_margin") / without_resales) == "33.09"


def test_the_restated_ebe_is_not_the_one_the_source_misprints() -> None:
    made = statement_of_files(ledger_in(of_case(Style())), None, {})
    started_from = Decimal(178967)
    assert made.amount("ebe_restated") != SOURCE_EBE_RESTATED
    assert abs(started_from + made.amount("owner_costs") - SOURCE_EBE_RESTATED) < 2


@pytest.mark.parametrize("name", VARIANTS)
def test_every_way_of_writing_a_ledger_gives_the_same_accounts(name: str) -> None:
    plain, other = of_case(Style()), of_case(VARIANTS[name])
    assert other.ledger == plain.ledger
    assert (other.lines, other.unread, other.balanced) == (len(case_1171()), 0, True)


def test_the_case_is_a_year_with_what_it_brought_forward() -> None:
    ledger = ledger_in(of_case(Style()))
    assert (ledger.first_day, ledger.last_day, ledger.months) == (FIRST, LAST, 12)
    assert ledger.opening("37") == Decimal("200000.00")
    assert ledger.siren == "123456782"


def test_a_sound_file_has_nothing_to_remark_on() -> None:
    assert of_case(Style()).issues == ()


def test_the_command_prints_the_balances(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(written(case_1171()))
    answer = galien("accounts", "sig", path, "--previous", path, "--format", "json").answer
    amounts = {line["code"]: Decimal(str(line["amount"])) for line in answer["lines"]}
    assert amounts == {code: Decimal(text) for code, text in EXPECTED.items()}
    margin = next(each for each in answer["lines"] if each["code"] == "commercial_margin")
    assert margin["previous"] == margin["amount"] == 626369.21
    assert round(margin["share"], 4) == 0.3066
    sold = answer["lines"][0]["accounts"]
    assert sold == [
        {"account": "707000", "label": "Ventes de marchandises", "amount": 1995017.11,
         "previous": 1995017.11}
    ]  # fmt: skip


def test_a_mapping_moves_an_account_and_the_result_stays(tmp_path: Path) -> None:
    path, mapping = tmp_path / NAME, tmp_path / "comptes.yaml"
    path.write_bytes(written(case_1171()))
    mapping.write_text('accounts:\n  "6411": owner_costs\n  "708": goods_sold\n')
    answer = galien("accounts", "sig", path, "--mapping", mapping, "--format", "json").answer
    amounts = {line["code"]: line["amount"] for line in answer["lines"]}
    assert amounts["owner_costs"] == 316443.88
    assert amounts["goods_sold"] == 2035363.30
    assert amounts["net_result"] == 79357.21


# Counted apart, with nothing but Python's own csv module.
REAL = {
    "pseudonymised_000000001FEC20220831_tab_utf8bom.txt": (2033, 5422, "10186219.81"),
    "pseudonymised_000000000FEC20231231_tab_22cols.txt": (6, 2102, "1265350.82"),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_ledger_is_read_whole(name: str) -> None:
    found = of_file(name)
    entries, lines, sum_ = REAL[name]
    assert (found.entries, found.lines, found.unread) == (entries, lines, 0)
    assert Decimal(found.debit).scaleb(-4) == Decimal(found.credit).scaleb(-4) == Decimal(sum_)
    assert balances(ledger_in(found)) == oracle(name)


@pytest.mark.parametrize("name", REAL)
def test_the_result_of_a_real_ledger_is_its_class_7_less_its_class_6(name: str) -> None:
    made = statement_of_files(ledger_in(of_file(name)), None, {})
    result = -sum(balance for account, balance in oracle(name).items() if account[0] in "67")
    assert made.amount("net_result") == result


def test_the_balances_of_a_real_ledger_are_those_added_up_by_hand() -> None:
    name = "pseudonymised_000000001FEC20220831_tab_utf8bom.txt"
    made = statement_of_files(ledger_in(of_file(name)), None, {})
    by_hand: dict[str, Decimal] = defaultdict(Decimal)
    for account, balance in oracle(name).items():
        by_hand[account[:2]] -= balance
    turnover = by_hand["70"] + by_hand["71"] + by_hand["72"]
    value_added = turnover + by_hand["60"] + by_hand["61"] + by_hand["62"]
    assert made.amount("turnover") == turnover
    assert made.amount("value_added") == value_added
    transfers = sum(-b for account, b in oracle(name).items() if account.startswith("791"))
    ebe = value_added + by_hand["74"] + by_hand["63"] + by_hand["64"]
    assert made.amount("ebe") in {ebe, ebe + transfers}


def test_the_years_of_the_real_ledgers_are_found() -> None:
    years = [ledger_in(of_file(name)) for name in REAL]
    said = [(str(each.first_day), str(each.last_day), each.siren) for each in years]
    assert said == [
        ("2021-09-01", "2022-08-31", "000000001"),
        ("2023-01-01", "2023-12-31", "000000000"),
    ]


@pytest.mark.parametrize(
    ("name", "codes", "balanced"),
    [
        ("mini_fec_complet_17cols_short_rows.txt", {"ROW_SHORT", "COLUMN_MISSING"}, True),
        ("mini_fec_sig_unbalanced.txt", {"UNBALANCED", "ENTRY_UNBALANCED"}, False),
    ],
)
def test_a_bad_ledger_is_read_and_its_faults_said(
    name: str, codes: set[str], *, balanced: bool
) -> None:
    found = of_file(name)
    assert codes <= {issue.code for issue in found.issues}
    assert found.balanced is balanced
    assert found.unread == 0


def test_no_third_party_is_kept() -> None:
    ledgers = [ledger_in(of_file(path.name.removesuffix(".gz"))) for path in FILES.glob("*.gz")]
    kept = " ".join(each.label for ledger in ledgers for each in ledger.accounts)
    assert not [word for word in ("Dupont", "Martin", "0001", "SALARIE") if word in kept]


def of_file(name: str) -> FecReading:
    return read_fec(
        io.BytesIO(gzip.decompress((FILES / f"{name}.gz").read_bytes())),
        filename=name,
        isolated=False,
    )


def balances(ledger: Ledger) -> dict[str, Decimal]:
    return {each.account: each.balance for each in ledger.accounts}


def oracle(name: str) -> dict[str, Decimal]:
    text = gzip.decompress((FILES / f"{name}.gz").read_bytes()).decode("utf-8-sig")
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        debit, credit = (Decimal(row[side].replace(",", ".")) for side in ("Debit", "Credit"))
        found[row["CompteNum"]] += debit - credit
    return dict(found)


def percent(ratio: Decimal | None) -> str:
    assert ratio is not None
    return str((ratio * 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_the_reading_process_gives_what_reading_here_gives() -> None:
    data = written(case_1171(), replace(Style(), encoding="cp850"))
    apart = read_fec(io.BytesIO(data), filename=NAME)
    assert apart == read_fec(io.BytesIO(data), filename=NAME, isolated=False)
