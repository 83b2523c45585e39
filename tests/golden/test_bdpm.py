"""The public medicines files of July 2026, counted: what parses, and each known quirk."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from galien.kernel.codes import cip7_of, cip13_ok
from galien.kernel.french import fold
from galien.law import Law, PriceStructure
from galien.warehouse.bdpm import Bdpm, read_bdpm
from galien.warehouse.bdpm.register import read_indications
from galien.warehouse.bdpm.wording import read_pack
from galien.warehouse.catalogue import Catalogue

DATA = Path(__file__).parents[2] / "data"
DAY = dt.date(2026, 7, 24)


@pytest.fixture(scope="module")
def bdpm() -> Bdpm:
    return read_bdpm(DATA / "bdpm", published_on=DAY)


@pytest.fixture(scope="module")
def catalogue(bdpm: Bdpm) -> Catalogue:
    return Catalogue.empty().with_bdpm(bdpm, Law.load())


def lines(name: str, encoding: str) -> list[list[str]]:
    """The file's lines read plainly, apart from the reader under test."""
    with gzip.open(DATA / "bdpm" / name, "rt", encoding=encoding, newline="\n") as file:
        return [line.rstrip("\r\n").split("\t") for line in file if line.strip()]


def test_every_presentation_is_read_with_valid_codes(bdpm: Bdpm) -> None:
    assert len(bdpm.presentations) == 20_874
    assert len({p.cip13 for p in bdpm.presentations}) == 20_874
    assert all(cip13_ok(p.cip13) and cip7_of(p.cip13) == p.cip7 for p in bdpm.presentations)
    assert len(bdpm.medicines) == 15_848


def test_all_priced_presentations_parse_and_none_is_lost(bdpm: Bdpm) -> None:
    last = [p.prices[-1] for p in bdpm.presentations]
    assert sum(point.price is not None for point in last) == 13_584
    rates = Counter(point.rate for point in last if point.rate)
    assert rates == {65: 10_851, 100: 1_230, 30: 1_142, 15: 357, 35: 4}
    assert Counter(point.fee for point in last if point.price) == {102: 11_783, 276: 1_801}


def test_prices_agree_with_the_file_s_own_text(bdpm: Bdpm) -> None:
    last = {p.cip13: p.prices[-1] for p in bdpm.presentations}
    two_commas = 0
    for row in lines("CIS_CIP_bdpm.txt.gz", "utf-8"):
        if row[9]:
            euros, decimals = row[9].rsplit(",", 1)
            two_commas += "," in euros
            cents = int(euros.replace(",", "")) * 100 + int(decimals)
            assert last[row[6]].price == cents, row[6]
    assert two_commas == 481


def test_price_quantiles_are_those_published(bdpm: Bdpm) -> None:
    public = sorted(p.prices[-1].public or 0 for p in bdpm.presentations if p.prices[-1].price)
    assert (public[0], public[len(public) // 2], public[-1]) == (168, 984, 6_659_727)
    assert sum(cents >= 50_000 for cents in public) == 810
    assert sum(cents >= 193_000 for cents in public) == 253


def test_the_three_sums_that_do_not_add_up_are_kept_as_published(bdpm: Bdpm) -> None:
    odd = {
        p.cip13: (point.public or 0) - (point.price or 0) - (point.fee or 0)
        for p in bdpm.presentations
        if (point := p.prices[-1]).price is not None
    }
    assert {code: gap for code, gap in odd.items() if gap} == {
        "3400930298541": -2,
        "3400930298565": 8,
        "3400930309032": -2,
    }


@pytest.mark.parametrize(
    ("cip13", "price", "public"),
    [
        ("3400930284322", 1_391, 1_493),
        ("3400930284353", 1_391, 1_493),
        ("3400930284315", 1_391, 1_493),
        ("3400930309032", 1_417_730, 1_417_832),
    ],
)
def test_a_fee_in_the_place_of_the_public_price_is_put_right(
    bdpm: Bdpm, cip13: str, price: int, public: int
) -> None:
    points = next(p.prices for p in bdpm.presentations if p.cip13 == cip13)
    first = next(point for point in points if point.price is not None)
    assert (first.price, first.fee, first.public) == (price, 102, public)


def test_the_register_of_generics(bdpm: Bdpm) -> None:
    rows = lines("CIS_GENER_bdpm.txt.gz", "cp1252")
    assert len(rows) == 10_728
    assert len({row[0] for row in rows}) == 1_664
    groups_of = Counter(row[2] for row in rows)
    assert sum(count > 1 for count in groups_of.values()) == 63
    withdrawn = {row[2] for row in rows} - bdpm.medicines.keys()
    assert len(withdrawn) == 2_517
    assert all(bdpm.generics[row[2]].group for row in rows)
    first = {row[2]: min(int(r[0]) for r in rows if r[2] == row[2]) for row in rows[:200]}
    assert all(bdpm.generics[cis].group == str(group) for cis, group in first.items())


def test_hybrid_groups_survive_a_tab_in_a_label(bdpm: Bdpm) -> None:
    hybrids = [place for place in bdpm.generics.values() if place.status == "hybrid"]
    assert len(hybrids) > 100
    assert all(place.label and (place.group or "").startswith("H") for place in hybrids)


def test_medicines_absent_from_the_main_file_are_still_products(
    bdpm: Bdpm, catalogue: Catalogue
) -> None:
    orphans = {p.cis for p in bdpm.presentations} - bdpm.medicines.keys()
    assert orphans == {"63278664", "64917175", "69912584"}
    labels = {r["cis"]: r["label"] for r in catalogue.product().to_pylist() if r["cis"] in orphans}
    assert len(labels) == 3 and all(labels.values())


def test_prescription_lists(bdpm: Bdpm) -> None:
    lists = Counter(each.prescription_status for each in bdpm.conditions.values())
    assert lists["narcotic"] == 306
    assert sum(bool(each.hospital_only) for each in bdpm.conditions.values()) == 789
    assert bdpm.conditions["00000000"].prescription_status == "optional"


def test_pack_sizes_are_those_published(bdpm: Bdpm) -> None:
    priced = [p for p in bdpm.presentations if p.prices[-1].price]
    sizes = Counter(read_pack(p.label).size for p in priced)
    assert [size for size, _ in sizes.most_common(7)] == [30, 1, 90, 28, 60, 14, 10]
    assert sum(read_pack(p.label).size is None for p in bdpm.presentations) < 100


def test_the_catalogue_counts(catalogue: Catalogue) -> None:
    current = [row for row in catalogue.product().to_pylist() if row["until"] is None]
    assert len(current) == 20_874
    assert sum(row["reimbursable"] for row in current) == 13_584
    on_sale = [row for row in current if row["on_sale"]]
    assert len(on_sale) == 17_171
    assert sum(row["indication"] is not None for row in current) / len(current) > 0.95
    prices = catalogue.product_price.to_pylist()
    assert sum(row["until"] is None for row in prices) == 13_584
    assert all(row["ex_factory_price"] is not None for row in prices)


def test_the_price_on_a_day_is_the_one_of_that_day(catalogue: Catalogue) -> None:
    doliprane = [
        (str(row["since"]), row["public_price_incl"], row["ex_factory_price"])
        for row in catalogue.product_price.to_pylist()
        if row["product_code"] == "3400935955838"
    ]
    assert doliprane == [
        ("2020-04-17", Decimal("1.16"), Decimal("0.76")),
        ("2025-07-07", Decimal("1.07"), Decimal("0.68")),
        ("2026-05-26", Decimal("1.16"), Decimal("0.76")),
    ]


def test_importing_the_same_files_again_changes_nothing(bdpm: Bdpm, catalogue: Catalogue) -> None:
    again = catalogue.with_bdpm(bdpm, Law.load())
    assert again.product().equals(catalogue.product())
    assert again.product_price.equals(catalogue.product_price)


def test_a_generic_s_public_price_comes_back_with_its_originator_s_margin(
    bdpm: Bdpm, catalogue: Catalogue
) -> None:
    structure = PriceStructure.on(Law.load(), DAY)
    current = [r for r in catalogue.product_price.to_pylist() if r["until"] is None]
    price = {r["product_code"]: r for r in current if r["since"] >= dt.date(2021, 2, 1)}
    originators: dict[tuple[str, int], tuple[Decimal, dt.date]] = {}
    generics = []
    for pack in bdpm.presentations:
        place, size = bdpm.generics.get(pack.cis), read_pack(pack.label).size
        if place is None or not place.group or not size or pack.cip13 not in price:
            continue
        row = price[pack.cip13]
        entry = (row["ex_factory_price"], row["since"])
        if place.status == "originator":
            family = (place.group, size)
            originators[family] = max(entry, originators.get(family, entry))
        elif place.status == "generic":
            generics.append(((place.group, size), row))
    found = Counter[str]()
    for family, row in generics:
        lender, since = originators.get(family, (None, DAY))
        if lender is None or lender == row["ex_factory_price"] or since > row["since"]:
            continue
        margin = structure.margin(lender)
        public = structure.public_price_incl(row["ex_factory_price"], margin=margin)
        exact = abs(public - row["public_price_incl"]) <= Decimal("0.005")
        found["to the cent" if exact else "off"] += 1
    assert found.total() > 3_000
    assert found["to the cent"] / found.total() > 0.97


def test_indications_are_the_cnam_labels_with_their_accents() -> None:
    with (DATA / "atc" / "cnam_atc_labels.csv").open(encoding="utf-8") as file:
        cnam = {r["code"]: r["label_fr"] for r in csv.DictReader(file) if r["level"] == "2"}
    ours = read_indications()
    spaced = {code: label.replace(",H", ", H") for code, label in cnam.items()}
    mistyped = {"B02": "antihemorragiques"}
    for code, label in spaced.items():
        assert fold(ours[code]) == mistyped.get(code, fold(label)), code
