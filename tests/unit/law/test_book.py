"""Reading the law on a day: what is in force, what is not known, what a reform would change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.law import Law

LAW = Law.load()


@pytest.mark.parametrize(
    ("day", "ceiling"),
    [
        ("2013-06-01", "0.17"),
        ("2025-08-31", "0.4"),
        ("2025-09-01", "0.3"),
        ("2025-10-07", "0.3"),
        ("2025-10-08", "0.4"),
        ("2026-03-01", "0.4"),
    ],
)
def test_every_step_of_the_generic_discount_ceiling(day: str, ceiling: str) -> None:
    cited = LAW.number("discount_ceiling_generic", on=dt.date.fromisoformat(day))
    assert cited.value == Decimal(ceiling)
    assert cited.since <= dt.date.fromisoformat(day) <= (cited.until or dt.date.max)


def test_a_day_before_the_first_value_says_when_it_begins() -> None:
    with pytest.raises(NotAvailable, match="1er septembre 2025"):
        LAW.value("discount_ceiling_biosimilar", on=dt.date(2020, 1, 1))


def test_a_parameter_that_ended_says_until_when_it_held() -> None:
    with pytest.raises(NotAvailable, match="jusqu'au 31 décembre 2014"):
        LAW.value("mdl_box_fee", on=dt.date(2020, 1, 1))


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="vat_rate_normal"):
        LAW.value("vat_rate_norml", on=dt.date(2026, 1, 1))


def test_a_reform_laid_over_changes_its_days_only(tmp_path: Path) -> None:
    (tmp_path / "fee_hd_excl.yaml").write_text(
        """
label: "Honoraire de dispensation par boîte, hors taxes"
country: FR
topic: dispensing_fees
unit: eur_excl
values:
  - since: 2027-01-01
    value: "1.10"
    source: {title: "Proposition"}
    checked_on: 2026-11-21
""",
        encoding="utf-8",
    )
    reformed = Law.load(overlay=tmp_path)
    assert reformed.number("fee_hd_excl", on=dt.date(2027, 6, 1)).value == Decimal("1.10")
    assert reformed.number("fee_hd_excl", on=dt.date(2026, 6, 1)).value == Decimal(1)
    assert LAW.number("fee_hd_excl", on=dt.date(2027, 6, 1)).value == Decimal(1)


def test_a_number_that_yaml_would_make_binary_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "label: X\ncountry: FR\ntopic: vat\nunit: ratio\nvalues:\n"
        "  - {since: 2020-01-01, value: 0.021, source: {title: T}, checked_on: 2026-01-01}\n",
        encoding="utf-8",
    )
    with pytest.raises(InvalidInput, match="guillemets"):
        Law.load(overlay=tmp_path)
