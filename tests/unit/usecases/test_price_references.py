"""Reference prices: a file read whole or refused with its line, the last line in force, kept, taken out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from galien.kernel.errors import InvalidInput
from galien.usecases.prices import references
from galien.usecases.services import Services

HEAD = "product_code;advised_price;lpp_maximum;source;valid_from\n"
FILE = (
    HEAD
    + "3770000000016;12,90;;Tarif Delta 2025;2025-01-01\n"
    + "3770000000016;13,50;;Tarif Delta 2026;2026-01-01\n"
    + "3401040000000;;41,00;Journal officiel;2025-03-01\n"
)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return cast("Services", SimpleNamespace(workspace=SimpleNamespace(catalogue=tmp_path / "c")))


def kept(services: Services, text: str = FILE) -> Any:
    return references.keep(references.read_references(text.encode(), "f.csv"), services=services)


def test_the_last_line_of_each_kind_is_in_force(services: Services) -> None:
    kept(services)
    more = HEAD + "3770000000016;;15,00;Journal officiel;2025-06-01\n"
    kept(services, more)
    on = references.in_force(dt.date(2025, 12, 31), services=services)["3770000000016"]
    assert (on.advised_incl, on.lpp_incl) == (Decimal("12.90"), Decimal("15.00"))
    after = references.in_force(dt.date(2026, 1, 1), services=services)["3770000000016"]
    assert (after.advised_incl, after.lpp_incl) == (Decimal("13.50"), Decimal("15.00"))
    assert references.in_force(dt.date(2024, 12, 31), services=services) == {}


def test_a_line_brought_again_takes_its_own_place(services: Services) -> None:
    first = kept(services)
    assert (first.lines, first.added, first.changed) == (3, 3, 0)
    again = kept(services, FILE.replace("13,50", "13,70"))
    assert (again.lines, again.added, again.changed) == (3, 0, 1)
    assert len(references.all_references(services=services)) == 3


def test_a_source_is_taken_out_whole(services: Services) -> None:
    kept(services)
    assert references.forget("Journal officiel", services=services) == 1
    assert {each.source for each in references.all_references(services=services)} == {
        "Tarif Delta 2025", "Tarif Delta 2026",
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="Aucun prix de référence"):
        references.forget("Journal officiel", services=services)
    for source in ("Tarif Delta 2025", "Tarif Delta 2026"):
        references.forget(source, services=services)
    assert references.all_references(services=services) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A;;;x;2025-01-01", "ligne 2 : donnez un prix conseillé"),
        ("A;0;;x;2025-01-01", "colonne advised_price"),
        ("A;-3;;x;2025-01-01", "colonne advised_price"),
        ("A;douze;;x;2025-01-01", "n’est pas un nombre"),
        ("A;;1e12;x;2025-01-01", "colonne lpp_maximum"),
        ("A;3;;;2025-01-01", "la case source est vide"),
        ("A;3;;x;01/01/2025", "AAAA-MM-JJ"),
        ("A;3;;x;", "valid_from est vide"),
        (";3;;x;2025-01-01", "product_code est vide"),
        ("A;3;;x;2025-01-01\nA;4;;x;2025-01-01", "ligne 3 : « A » figure déjà"),
        ("", "aucune ligne"),
    ],
)
def test_a_file_is_taken_whole_or_refused_with_its_line(
    services: Services, line: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        kept(services, HEAD + line + "\n")
    assert references.all_references(services=services) == ()
