"""The whole public base of July 2026, placed: what is read, and boxes everybody knows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest

from galien.calculators.discounts.equivalence import Placed, equivalences
from galien.law import Law
from galien.usecases.comparable import presentation_of
from galien.warehouse.bdpm import read_bdpm
from galien.warehouse.catalogue import Catalogue

DATA = Path(__file__).parents[2] / "data"
Row = dict[str, object]


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    bdpm = read_bdpm(DATA / "bdpm", published_on=dt.date(2026, 7, 24))
    public = Catalogue.empty().with_bdpm(bdpm, Law.load()).public.to_pylist()
    return {row["product_code"]: row for row in public if row["generic_group"]}


@pytest.fixture(scope="module")
def found(rows: dict[str, Row]) -> dict[str, Placed]:
    return equivalences(presentation_of(row) for row in rows.values())


def test_almost_every_presentation_of_a_group_is_read(found: dict[str, Placed]) -> None:
    alone = [code for code, each in found.items() if not each.equivalence.read]
    assert len(found) == 12_049
    assert len(alone) == 58  # 14 without a size, 44 without a strength (brands, three-phase pills)


def test_members_of_an_equivalence_have_one_group_and_one_pack_size(
    found: dict[str, Placed], rows: dict[str, Row]
) -> None:
    sizes: dict[str, set[object]] = defaultdict(set)
    groups: dict[str, set[object]] = defaultdict(set)
    for code, each in found.items():
        if each.equivalence.read:
            sizes[each.equivalence.key].add(rows[code]["pack_size"])
            groups[each.equivalence.key].add(rows[code]["generic_group"])
    assert {len(each) for each in groups.values()} == {1}
    # Sixty doses to inhale come as 60 vials or as a device of 60; the catalogue counts the devices.
    assert sum(len(each) > 1 for each in sizes.values()) == 4


def labs(found: dict[str, Placed], rows: dict[str, Row], label: str) -> set[object]:
    return {
        rows[code]["lab"]
        for code, each in found.items()
        if each.equivalence.label == label and rows[code]["on_sale"]
    }


def test_vitamin_d_of_several_labs_is_one_box(
    found: dict[str, Placed], rows: dict[str, Row]
) -> None:
    sold = labs(found, rows, "Cholécalciférol 100 000 UI, buvable, 1 ampoule")
    assert {"ARROW", "BIOGARAN", "SANDOZ", "TEVA", "ZENTIVA"} <= sold


def test_tablets_and_capsules_of_amoxicillin_are_not_its_syrup(
    found: dict[str, Placed], rows: dict[str, Row]
) -> None:
    syrup = {
        each.equivalence.label
        for code, each in found.items()
        if rows[code]["generic_group"] == "146"
    }
    assert syrup == {"Amoxicilline 250 mg/5 ml, à dissoudre, 1 flacon de 60 ml"}
