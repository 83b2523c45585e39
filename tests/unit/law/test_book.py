"""Reading the law on a day: what is in force, what is not known, what a reform would change."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from galien.kernel.errors import InvalidInput, NotAvailable
from galien.law import Band, Banded, Law

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
    with pytest.raises(NotAvailable, match="jusqu’au 31 décembre 2014"):
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


HEAD = "label: X\ncountry: FR\ntopic: vat\nunit: {unit}\nvalues:\n  - since: 2020-01-01\n"
TAIL = "    source: {title: T}\n    checked_on: 2026-01-01\n"
DAY = dt.date(2021, 1, 1)


def test_a_rule_in_words_is_read_as_text(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        HEAD.format(unit="none") + '    value: {text: "3400"}\n' + TAIL, encoding="utf-8"
    )
    law = Law.load(overlay=tmp_path)
    assert law.text("x", on=DAY).value == "3400"
    with pytest.raises(InvalidInput, match="n’est pas un nombre"):
        law.number("x", on=DAY)


BANDS = """    value:
      by: Chiffre d’affaires HT, €
      bands:
        - {up_to: "780000", value: "0.283"}
        - {up_to: "1138000", value: null}
        - {up_to: null, value: "0.284"}
"""


def test_a_value_by_size_band_is_read_at_an_amount(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(HEAD.format(unit="ratio") + BANDS + TAIL, encoding="utf-8")
    rates = Law.load(overlay=tmp_path).banded("x", on=DAY).value
    assert rates.by == "Chiffre d’affaires HT, €"
    assert rates.at(Decimal(0)) == rates.at(Decimal(780_000)) == Decimal("0.283")
    assert rates.at(Decimal(900_000)) is None
    assert rates.at(Decimal(9_000_000)) == Decimal("0.284")


@pytest.mark.parametrize("bounds", [(), ("2", "1"), ("1", "1"), (None, "1")])
def test_bands_that_do_not_go_up_are_refused(bounds: tuple[str | None, ...]) -> None:
    with pytest.raises(ValueError, match="bands go up"):
        Banded("x", tuple(Band(Decimal(b) if b else None, Decimal(1)) for b in bounds))
