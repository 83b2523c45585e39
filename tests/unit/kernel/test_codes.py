"""Codes against an independent library, and the traps a pharmacy's files set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, luhn
from stdnum.fr import nir

from galien.kernel import codes

DIGITS = st.text("0123456789", min_size=1, max_size=16)


@given(DIGITS)
def test_luhn_agrees_with_stdnum(text: str) -> None:
    assert codes.luhn_ok(text) == luhn.is_valid(text)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_ean13_agrees_with_stdnum_on_every_key(body: str) -> None:
    for key in "0123456789":
        assert codes.ean13_ok(body + key) == ean.is_valid(body + key)


@given(st.text("0123456789", min_size=13, max_size=13))
def test_gtin14_agrees_with_stdnum(body: str) -> None:
    assert codes.gtin14_ok(body + codes.gs1_key(body))
    assert ean.is_valid(body + codes.gs1_key(body))


@given(
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from([f"{d:02}" for d in range(1, 96)] + ["2A", "2B"]),
    st.integers(1, 990),
    st.integers(1, 999),
)
def test_nir_agrees_with_stdnum(
    sex: str, year: int, month: int, department: str, commune: int, order: int
) -> None:
    body = f"{sex}{year:02}{month:02}{department}{commune:03}{order:03}"
    key = nir.calc_check_digits(body)
    assert nir.is_valid(body + key)
    assert codes.nir_ok(body + key)
    assert not codes.nir_ok(body + f"{(int(key) % 97) + 1:02}")
    spaced = f"{sex} {year:02} {month:02} {department} {commune:03} {order:03} {key}"
    assert codes.nir_ok(spaced)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_a_thirteen_digit_product_code_is_not_a_person(body: str) -> None:
    assert not codes.nir_ok(body + codes.gs1_key(body))


def test_a_nir_without_its_key_is_seen() -> None:
    assert codes.nir_ok("2951099126111")
    assert not codes.nir_ok("2951399126111"), "no thirteenth month"
    assert not codes.nir_ok("2951000126111"), "no department 00"


@pytest.mark.parametrize("code", ["3400935955838", "3400930145449", "3400949887415"])
def test_a_cip13_holds_its_cip7(code: str) -> None:
    assert codes.cip13_ok(code)
    assert codes.cip7_ok(codes.cip7_of(code))
    assert codes.product_code_kind(code) == "cip13"


def test_recent_cip7_codes_break_their_key_and_are_kept() -> None:
    assert codes.cip7_ok("3014544") and not codes.cip7_key_ok("3014544")
    assert codes.product_code_kind("3014544") == "cip7"


@pytest.mark.parametrize("text", ["", " ", "340093595583", "34009359558388", "³400935955838"])
def test_malformed_codes_are_refused(text: str) -> None:
    assert not codes.ean13_ok(text)
    assert not codes.cip13_ok(text)
    assert codes.product_code_kind(text) == "unknown"


def test_finess_needs_a_department_and_its_key() -> None:
    assert codes.finess_ok("750100042")
    assert not codes.finess_ok("990100042")
    assert not codes.finess_ok("75010004")
    assert codes.finess_ok("2B0000020"), "Corsica: the form only"
