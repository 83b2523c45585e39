"""A long file gives the same facts whether its days are reduced as it goes or all at its end."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from galien.intake import Delivery, Terms, mapping, read_delivery
from galien.intake.library import CANONICAL

PHARMACY = "750100042"
HEADER = (
    "pharmacy;sold_at;visit;invoice;line_no;sale_type;product_code;quantity;gross_incl;"
    "discount_incl;net_incl;vat_rate;net_excl;cost_excl;fee_incl;operator;campaign\n"
)
LINES, A_DAY = 190_000, 9_500


def _line(number: int) -> str:
    day = dt.date(2026, 1, 1) + dt.timedelta(days=number // A_DAY)
    return (
        f"{PHARMACY};{day}T10:00:00;V{number};F{number};1;counter;3400930000007;"
        "1;10,00;0;10,00;0,1;9,09;5;0;A;\n"
    )


def _read(lines: list[str]) -> Delivery:
    return read_delivery(
        io.BytesIO((HEADER + "".join(lines)).encode()),
        feed="sales",
        mapping=mapping(CANONICAL),
        terms=Terms(pharmacy=PHARMACY, today=dt.date(2026, 3, 1), operator_key=b"k"),
        isolated=False,
    )


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return [_line(number) for number in range(LINES)]


def test_a_day_met_again_at_the_end_is_whole(lines: list[str]) -> None:
    in_order, late = _read(lines), _read([*lines[1:], lines[0]])
    assert late.accepted == in_order.accepted == LINES
    assert late.days == in_order.days
    assert late.sums == in_order.sums
    for name, table in in_order.facts.items():
        assert late.facts[name].sort_by("day").equals(table.sort_by("day")), name


def test_days_reduced_on_the_way_count_all_their_lines(lines: list[str]) -> None:
    sold = _read(lines).facts["sale_day"]
    assert sold.column("lines").to_pylist() == [A_DAY] * (LINES // A_DAY)
    assert sold.sort_by("day").equals(sold)


def test_a_file_sent_twice_end_to_end_is_held(lines: list[str]) -> None:
    half = lines[: LINES // 2]
    doubled = _read([*half, *half])
    assert doubled.code == "DOUBLED_FILE"
    assert (doubled.accepted, doubled.duplicates) == (len(half), len(half))
