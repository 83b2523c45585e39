"""`galien accounts value`: figures typed on the line, and what it says when they are not enough."""

from __future__ import annotations

import pytest

from tests.builders.commands import galien_here

CASE = (
    "--turnover", "2043037.20", "--turnover", "2000000", "--turnover", "1956962.80",
    "--ebe-restated", "330258.05", "--global-gross-margin", "674389.30",
    "--clients", "47606", "--invoices", "59977",
)  # fmt: skip


def test_five_methods_side_by_side() -> None:
    ran = galien_here("accounts", "value", *CASE, "--on", "2026-11-21", "--format", "json")
    assert ran.code == 0, ran.stderr
    values = {each["code"]: each["value"] for each in ran.answer["methods"]}
    assert values == {
        "turnover_share": 1520000,
        "ebe_multiple": 2377857.96,
        "gross_margin_multiple": 1793875.54,
        "value_per_client": 1793875.54,
        "value_per_sale": 1595388.2,
    }
    assert (ran.answer["low"], ran.answer["high"]) == (1520000, 2377857.96)
    assert ran.answer["stock"] == 200000 and ran.answer["stock_estimated"]
    assert ran.answer["sensitivity"][0]["values"][2][2] == 1520000


def test_the_references_of_the_day_are_used() -> None:
    ran = galien_here("accounts", "value", *CASE, "--on", "2017-12-31", "--format", "json")
    by_code = {each["code"]: each for each in ran.answer["methods"]}
    assert by_code["ebe_multiple"]["factor"] == 6.3
    assert by_code["gross_margin_multiple"]["value"] is None
    assert "gross_margin_multiple : il manque" in ran.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [((), "Rien à évaluer"), (("--turnover", "1") * 4, "trois années au plus"),
     (("--turnover", "douze"), "n’est pas un nombre")],
)  # fmt: skip
def test_a_mistake_is_told(line: tuple[str, ...], said: str) -> None:
    ran = galien_here("accounts", "value", *line)
    assert ran.code == 2 and said in ran.stderr
