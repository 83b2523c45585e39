"""Every regulated figure declared in law/values is dated, sourced and readable."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import pairwise

import pytest

from galien.kernel.errors import NotAvailable
from galien.kernel.french import day as in_french
from galien.law import VALUES_FOLDER, Banded, Law, LawValue, Parameter, Scale
from galien.law.parameters import ALWAYS
from galien.law.reading import read_parameter
from galien.law.topics import COUNTRIES, TOPICS

PARAMETERS = [read_parameter(path) for path in sorted(VALUES_FOLDER.glob("*.yaml"))]
NO_ADDRESS = "dresse non établie."


def test_no_file_is_left_unread() -> None:
    assert {path.suffix for path in VALUES_FOLDER.iterdir()} == {".yaml"}
    assert [p.name for p in Law.load().parameters()] == [p.name for p in PARAMETERS]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_a_parameter_is_named_and_filed(parameter: Parameter) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", parameter.name)
    assert parameter.label.strip()
    assert parameter.country in COUNTRIES
    assert parameter.topic in TOPICS


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_dates_increase_and_every_value_cites_its_source(parameter: Parameter) -> None:
    assert all(a.since < b.since for a, b in pairwise(parameter.values))
    for entry in parameter.values:
        assert entry.source.title.strip()
        if NO_ADDRESS in entry.note:
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
            # A pharmacy may sell for more than a year of its turnover; nothing else passes 100 %.
            most = 2 if parameter.topic == "sale_prices" else 1
            assert all(0 <= rate <= most for rate in _figures(value))


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
        if entry.since == ALWAYS:
            continue
        eve = parameter.find(entry.since - dt.timedelta(days=1))
        assert eve is None or eve.until == entry.since - dt.timedelta(days=1)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.name)
def test_a_day_the_law_says_nothing_of_is_answered_with_the_nearest_known(
    parameter: Parameter,
) -> None:
    first, last = parameter.values[0], parameter.values[-1]
    if first.since > ALWAYS:
        with pytest.raises(NotAvailable) as before:
            parameter.on(first.since - dt.timedelta(days=1))
        assert parameter.label in before.value.message
        assert f"ensuite date du {in_french(first.since)}." in before.value.message
    if last.value is None:
        for day in (last.since, dt.date(2100, 1, 1)):
            with pytest.raises(NotAvailable) as after:
                parameter.on(day)
            end = in_french(last.since - dt.timedelta(days=1))
            assert f"valeur inconnue au {in_french(day)}." in after.value.message
            assert f"vaut jusqu’au {end}." in after.value.message
