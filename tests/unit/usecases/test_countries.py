"""What a pharmacy's files are checked against follows its country, told from its number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from galien.kernel.clock import FixedClock
from galien.law import Law
from galien.model.country import country_of
from galien.usecases.terms import terms_of
from galien.usecases.workspace import Workspace


@pytest.mark.parametrize(
    ("number", "country"),
    [("990017", "BE"), ("750100042", "FR"), ("2A0000014", "FR"), ("99001", "FR"), ("99001A", "FR")],
)
def test_an_apb_number_has_six_digits(number: str, country: str) -> None:
    assert country_of(number) == country


@pytest.mark.parametrize(
    ("number", "rates"),
    [
        ("990017", ("0", "0.06", "0.21")),
        ("750100042", ("0", "0.021", "0.055", "0.1", "0.2")),
    ],
)
def test_each_country_has_its_own_vat_rates(
    number: str, rates: tuple[str, ...], tmp_path: Any
) -> None:
    workspace = Workspace(tmp_path / "space")
    workspace.create()
    services: Any = SimpleNamespace(
        clock=FixedClock.on(dt.date(2026, 11, 21)), law=Law.load(), workspace=workspace
    )
    _, last = terms_of(number, services).vat_rates[-1]
    assert {Decimal(rate) for rate in rates} == set(last)
