"""Communes found by name or code, and what is said of a name that is none or several."""

from __future__ import annotations

import pytest

from galien.kernel.errors import InvalidInput
from galien.usecases.communes import commune_named


@pytest.mark.parametrize("text", ["69123", "Lyon", " lyon "])
def test_a_commune_by_name_or_code(text: str) -> None:
    found = commune_named(text)
    assert (found.code, found.department) == ("69123", "69")
    assert 500_000 < found.population < 560_000


def test_corsican_codes_are_letters() -> None:
    assert commune_named("2a004").name == "Ajaccio"


def test_accents_and_dashes_do_not_matter() -> None:
    assert commune_named("saint etienne de saint geoirs").name == "Saint-Étienne-de-Saint-Geoirs"


@pytest.mark.parametrize(
    ("text", "said"), [("Lion", "Aucune commune « Lion »"), ("Saint-Denis", "donnez le code Insee")]
)
def test_none_or_several_are_told(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        commune_named(text)
