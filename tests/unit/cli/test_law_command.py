"""The law on the command line: what a day leaves unknown is null and said, what is absurd is refused."""

from __future__ import annotations

import json

import pytest

from galien.site.main import main


def answer(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[dict[str, object], str]:
    assert main(["law", *line, "--format", "json"]) == 0
    printed = capsys.readouterr()
    return json.loads(printed.out), printed.err


def test_a_public_price_of_a_day_without_a_scale_is_null_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, said = answer(capsys, "margin", "--public-price", "5", "--on", "1990-01-01")
    assert found["ex_factory_price"] is found["margin"] is found["markup_rate"] is None
    assert found["public_price_incl"] == 5
    assert found["slices"] == []
    assert "valeur inconnue au 1er janvier 1990" in said


def test_what_is_known_of_the_day_is_still_given(capsys: pytest.CaptureFixture[str]) -> None:
    found, said = answer(capsys, "margin", "--public-price", "20.42", "--on", "2001-01-01")
    assert (found["box_fee"], found["public_price_excl"]) == (0.53, 20)
    assert found["margin"] is None
    assert said


def test_a_value_of_a_day_without_law_is_null_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    found, said = answer(capsys, "value", "vat_rate_normal", "--on", "1900-01-01")
    assert list(found) == ["name", "value", "unit", "since", "until", "source"]
    assert (found["value"], found["unit"]) == (None, "ratio")
    assert "inconnue" in said


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("--price", "-3"), "n’est pas négatif"),
        (("--price", "10", "--generic-of", "-1"), "n’est pas négatif"),
        (("--price", "10", "--vat", "10"), "entre 0 et 1"),
    ],
)
def test_an_absurd_price_or_rate_is_the_user_s_mistake(
    line: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["law", "margin", *line]) == 2
    assert why in capsys.readouterr().err
