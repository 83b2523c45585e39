"""The contracts of the demonstration: invented and said so, the same for the same seed, worth comparing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.calculators.discounts.ceilings import check
from galien.demo.contracts.offers import LABS, offers
from galien.demo.contracts.products import Box, Range
from galien.demo.contracts.signed import signed
from galien.model.contracts import ClauseKind, Contract, ProductKeys, Standing
from galien.usecases.contracts.yaml_form import dump_yaml, read_yaml

TODAY = dt.date(2026, 11, 22)
RANGES = [
    Range(f"Lab {lab}", tuple(Box(f"34009{lab:02d}{n:06d}", str(n // 2)) for n in range(200 - lab)))
    for lab in range(LABS)
]


@pytest.fixture(scope="module")
def offered() -> list[Contract]:
    return offers(RANGES, seed=1, today=TODAY)


@pytest.fixture(scope="module")
def agreed() -> list[Contract]:
    return signed(RANGES, RANGES[4:6], today=TODAY)


def excess(contract: Contract) -> Decimal:
    """Return by how much a contract passes 40 % on the generics of its lab."""
    lab = next(each for each in RANGES if each.lab == contract.lab)
    products = [
        (ProductKeys(box.code, box.group, lab=lab.lab, product_class="generic"), "generic")
        for box in lab.boxes
    ]
    return check(contract, products, {"generic": Decimal("0.4")})[0].excess


def test_every_condition_is_said_to_be_invented(
    offered: list[Contract], agreed: list[Contract]
) -> None:
    for each in (*offered, *agreed):
        assert "inventées" in each.reference
        assert "inventées" in each.note


def test_the_same_seed_makes_the_same_offers(offered: list[Contract]) -> None:
    assert offers(RANGES, seed=1, today=TODAY) == offered
    assert offers(RANGES, seed=2, today=TODAY) != offered


def test_files_hold_what_was_made(offered: list[Contract], agreed: list[Contract]) -> None:
    made = [*offered, *agreed]
    assert list(read_yaml(dump_yaml(made))) == made


def test_labs_differ_in_what_they_cover_and_give(offered: list[Contract]) -> None:
    assert len({each.lab for each in offered}) == LABS
    covered, given = set(), set()
    for each in offered:
        discounts = [c for c in each.clauses if c.kind is ClauseKind.INVOICE_DISCOUNT]
        codes = [code for clause in discounts for code in clause.scope.products]
        assert len(set(codes)) == len(codes)
        covered.add(len(codes))
        given.add(sum((clause.rate or 0) * len(clause.scope.products) for clause in discounts))
        assert each.standing is Standing.OFFER
        assert each.in_force(TODAY)
    assert len(covered) > LABS // 2
    assert len(given) > LABS // 2


def test_some_offers_pass_the_ceiling_and_most_do_not(offered: list[Contract]) -> None:
    over = [each.lab for each in offered if excess(each) > 0]
    assert 2 <= len(over) <= LABS // 2


def test_each_year_has_its_contracts_of_every_kind(agreed: list[Contract]) -> None:
    for year in (2024, 2025, 2026):
        of_year = [each for each in agreed if each.since == dt.date(year, 1, 1)]
        kinds = {clause.kind for each in of_year for clause in each.clauses}
        assert kinds == set(ClauseKind)
        assert len(of_year) == 7
        assert all(each.signed_on == dt.date(year - 1, 12, 8) for each in of_year)
    assert [each.signed_on for each in agreed if each.since.month == 10] == [dt.date(2025, 9, 15)]
