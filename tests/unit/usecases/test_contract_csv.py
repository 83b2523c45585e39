"""Price lists of labs: every row is in a contract or said to be wrong."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galien.kernel.errors import InvalidInput
from galien.model.clauses import clauses_for
from galien.model.contracts import ClauseKind, Measured, ProductKeys, Span
from galien.usecases.contracts.csv_form import PriceList, read_csv
from galien.usecases.contracts.plain import from_plain, to_plain

A, B, C = "3400930000014", "3400930000021", "3400930000038"
HEAD = {"lab": "Alpha", "since": "2026-01-01"}


def read(text: str, **more: Any) -> PriceList:
    return read_csv(text.encode(), name="cgv.csv", defaults=HEAD, **more)


def rate_of(found: PriceList, code: str, reached: int = 0) -> dict[str, Decimal]:
    """Return what a product is given, by nature."""
    clauses = clauses_for(found.contracts[0], ProductKeys(code, lab="Alpha"))
    return {each.kind.value: each.rate_at(Decimal(reached)) for each in clauses}


def test_products_of_one_rate_share_a_clause() -> None:
    found = read(f"product_code;discount_rate\n{A};0,25\n{B};25 %\n{C};0.30\n")
    assert [each.scope.products for each in found.contracts[0].clauses] == [(A, B), (C,)]
    assert rate_of(found, B) == {"invoice_discount": Decimal("0.25")}
    assert (found.rows, found.rejected) == (3, ())


def test_french_columns_of_a_spreadsheet_are_read() -> None:
    text = f"Code;Libellé;Remise %;Complément %\n{A};Générique A;37,5;2\n"
    found = read_csv(text.encode("cp1252"), name="cgv.csv", defaults=HEAD)
    assert rate_of(found, A) == {"invoice_discount": Decimal("0.375"), "rebate": Decimal("0.02")}
    assert found.ignored == ("Libellé",)


def test_rows_of_a_product_are_its_tiers() -> None:
    text = f"product_code;minimum;discount_rate\n{A};1;0,10\n{A};12;0,15\n{A};60;0,2\n"
    (clause,) = read(text).contracts[0].clauses
    assert (clause.measured, clause.span) == (Measured.QUANTITY, Span.LINE)
    assert [clause.rate_at(Decimal(n)) for n in (0, 1, 11, 12, 60)] == [
        Decimal(rate) for rate in ("0", "0.10", "0.10", "0.15", "0.2")
    ]


def test_tiers_of_a_month_are_not_counted_together() -> None:
    rows = "".join(f"{code};100;0,1;month\n" for code in (A, B))
    found = read(f"product_code;minimum;discount_rate;span\n{rows}").contracts[0]
    assert [each.scope.products for each in found.clauses] == [(A,), (B,)]


def test_a_row_without_a_product_covers_the_lab() -> None:
    found = read("discount_rate;extra_rate;extra_kind\n0,1;0,02;cooperation\n")
    assert rate_of(found, A) == {"invoice_discount": Decimal("0.1"), "cooperation": Decimal("0.02")}


def test_free_units_groups_ranges_and_brands_are_clauses() -> None:
    text = "generic_group;range;brand;discount_rate;paid;free\nH12;;;0,3;;\n;Soins;;;10;2\n;;Sol;;10;2\n"
    discount, units = read(text).contracts[0].clauses
    assert discount.scope.generic_groups == ("H12",)
    assert units.kind is ClauseKind.FREE_UNITS
    assert (units.scope.ranges, units.scope.brands, units.paid, units.free) == (
        ("Soins",),
        ("Sol",),
        10,
        2,
    )


def test_one_file_holds_the_lists_of_several_labs() -> None:
    text = (
        "lab,reference,since,until,product_code,discount_rate\n"
        f"Alpha,A26,2026-01-01,2026-12-31,{A},0.1\n"
        f"Bêta,B26,01/03/2026,,{A},0.2\n"
        f",A26,,,{B},0.1\n"
    )
    first, second = read(text).contracts
    assert (first.lab, first.reference, first.clauses[0].scope.products) == ("Alpha", "A26", (A, B))
    assert (second.lab, second.until) == ("Bêta", None)


def test_a_short_code_is_that_of_the_catalogue() -> None:
    found = read("code;remise\n3000001;0,1\n", known={"3000001": A})
    assert found.contracts[0].clauses[0].scope.products == (A,)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("34009;0,1;;;;", "n’est pas un code de produit"),
        (f"{B};25;;;;", "n’est pas un taux"),
        (f"{B};;;;;", "ne donne ni taux, ni unités gratuites"),
        (f"{B};;10;;;", "donnez les payées et les offertes"),
        (f"{A};0,2;;;;", "Déjà donné à la ligne 2"),
        (f"{B};0,1;;;tous;", "« tous » n’est pas un nombre positif"),
        (f"{B};0,1;;;;mai", "« mai » est inconnu"),
        (f"{B};0,1;;;;line;de trop", "plus de cases que de colonnes"),
    ],
)
def test_a_row_that_cannot_be_used_is_listed(row: str, why: str) -> None:
    text = f"product_code;discount_rate;paid;free;minimum;span\n{A};0,1;;;;\n\n{row}\n"
    found = read(text)
    assert (found.rows, len(found.contracts[0].clauses)) == (2, 1)
    (refused,) = found.rejected
    assert refused.line == 4
    assert why in refused.reason
    assert refused.text.startswith(row.split(";", maxsplit=1)[0])


def test_a_contract_told_in_two_ways_is_said() -> None:
    text = (
        f"reference;until;product_code;discount_rate\nR;2026-12-31;{A};0,1\nR;2026-11-30;{B};0,1\n"
    )
    found = read(text)
    assert [(each.line, "autrement à la ligne 2" in each.reason) for each in found.rejected] == [
        (3, True)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a;b\n1;2\n",
        "remise;taux\n0,1;0,1\n",
        "code;remise\x00\n",
        'code;remise\n"' + "x" * 200_000,
    ],
)
def test_a_file_that_is_no_price_list_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        read(text)


@settings(max_examples=60)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([A, B, C, "x", ""]),
            st.sampled_from(["0,1", "25 %", "25", "", "a"]),
            st.sampled_from(["", "1", "10"]),
        ),
        max_size=12,
    )
)
def test_no_row_is_lost(rows: list[tuple[str, str, str]]) -> None:
    text = "product_code;discount_rate;minimum\n" + "".join(f"{';'.join(row)}\n" for row in rows)
    found = read(text)
    taken = {
        (code, tier.minimum)
        for contract in found.contracts
        for clause in contract.clauses
        for code in (clause.scope.products or ("",))
        for tier in clause.tiers
    } | {
        (code, Decimal(0))
        for contract in found.contracts
        for clause in contract.clauses
        if clause.rate is not None
        for code in (clause.scope.products or ("",))
    }
    assert found.rows == sum(any(row) for row in rows) == len(taken) + len(found.rejected)


def test_a_list_of_twenty_thousand_products_stays_quick() -> None:
    rows = [f"34009{n:08d};{n % 40 + 1};{n % 5}" for n in range(20_000)]
    started = time.process_time()
    found = read("code;remise %;complément %\n" + "\n".join(rows))
    (contract,) = found.contracts
    plain = to_plain(contract)
    assert from_plain(plain) == contract
    assert time.process_time() - started < 5
    assert sum(len(each.scope.products) for each in contract.clauses) == 40_000
