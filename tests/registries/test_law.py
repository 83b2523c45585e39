"""Every regulated figure declared in law/values is dated, sourced and readable."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise

import pytest

from galien.law import VALUES_FOLDER, Banded, Law, LawValue, Parameter, Scale
from galien.law.reading import read_parameter

PARAMETERS = [read_parameter(path) for path in sorted(VALUES_FOLDER.glob("*.yaml"))]
TOPICS = {
    "benchmark", "classification", "corporate_tax", "discount_ceilings", "dispensing_fees",
    "indicator_reference", "licence",
    "pharmacist_margin", "valuation", "vat", "warning", "wholesaler_margin",
}  # fmt: skip
ON_PAPER = "Publié sur papier : adresse non établie."


def test_no_file_is_left_unread() -> None:
    assert {path.suffix for path in VALUES_FOLDER.iterdir()} == {".yaml"}
    assert [p.name for p in Law.load().parameters()] == [p.name for p in PARAMETERS]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_a_parameter_is_named_and_filed(parameter: Parameter) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", parameter.name)
    assert parameter.label.strip()
    assert parameter.country in {"FR", "BE"}
    assert parameter.topic in TOPICS


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_dates_increase_and_every_value_cites_its_source(parameter: Parameter) -> None:
    assert all(a.since < b.since for a, b in pairwise(parameter.values))
    for entry in parameter.values:
        assert entry.source.title.strip()
        if entry.note.startswith(ON_PAPER):
            assert not entry.source.link
        else:
            assert re.fullmatch(r"https?://[^\s]+\.[^\s]+", entry.source.link)
        assert entry.since <= entry.checked_on


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_values_are_of_one_kind_and_in_range(parameter: Parameter) -> None:
    values = [entry.value for entry in parameter.values if entry.value is not None]
    assert len({type(value) for value in values}) == 1
    for value in values:
        if isinstance(value, str):
            assert value.strip() == value != ""
        if parameter.unit == "ratio":
            assert all(0 <= rate <= 1 for rate in _figures(value))


def _figures(value: LawValue) -> list[Decimal]:
    if isinstance(value, Scale):
        return [bracket.rate for bracket in value.brackets if bracket.rate is not None]
    if isinstance(value, Banded):
        return [band.value for band in value.bands if band.value is not None]
    return [value] if isinstance(value, Decimal) else []


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_two_values_never_hold_on_the_same_day(parameter: Parameter) -> None:
    for entry in parameter.values:
        cited = parameter.find(entry.since)
        assert (cited.value if cited else None) == entry.value
        eve = parameter.find(entry.since - dt.timedelta(days=1))
        assert eve is None or eve.until == entry.since - dt.timedelta(days=1)
