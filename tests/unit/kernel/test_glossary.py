"""The glossary: every word has its label, unit, definition and source; Belgium its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from galien.kernel import glossary
from galien.kernel.errors import InternalError
from galien.kernel.units import Unit


def test_a_measure_has_its_french_label_and_unit() -> None:
    assert glossary.label("list_amount") == "Total achats prix catalogue"
    assert glossary.label("delivered_quantity") == "Quantité livrée (hors gratuits)"
    assert glossary.unit("potential_share") is Unit.RATIO


def test_belgium_has_its_own_words_where_they_differ() -> None:
    assert glossary.label("product_code", country="BE") == "Code CNK"
    assert glossary.label("month", country="BE") == glossary.label("month")


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [
        ("sales_incl_previous", "CA TTC, période comparée", Unit.EUR_INCL),
        ("sales_incl_change", "CA TTC, évolution", Unit.RATIO),
        ("family_1_label", "Famille", Unit.NONE),
        ("generic_group_label", "Libellé du groupe générique", Unit.NONE),
    ],
)
def test_a_derived_column_takes_its_words_from_its_base(name: str, label: str, unit: Unit) -> None:
    assert (glossary.label(name), glossary.unit(name)) == (label, unit)


def test_an_unknown_word_is_our_fault_and_names_the_nearest() -> None:
    with pytest.raises(InternalError, match=r"« famly_1 ».*« family_1 »"):
        glossary.label("famly_1")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("a: {label: A, unit: eur, source: S}", "il faut label"),
        ("a: {label: A, unit: eur, definition: D., source: S, colour: red}", "il faut label"),
        ("a: {label: A, unit: francs, definition: D., source: S}", "« francs »"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused(tmp_path: Path, entry: str, why: str) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(entry, encoding="utf-8")
    with pytest.raises(InternalError, match=why):
        glossary.read_terms(path)


def test_a_definition_is_one_french_sentence() -> None:
    for term in glossary.terms().values():
        assert term.definition.endswith("."), term.name
        assert term.definition[0].isupper(), term.name
        assert term.label.strip() == term.label != "", term.name
