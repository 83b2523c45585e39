"""A long file gives the same facts whether its days are reduced as it goes or all at its end."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pyarrow as pa
import pytest

from galien.intake import Delivery, Limits, Terms, kept, mapping, read_delivery
from galien.intake.library import CANONICAL
from galien.intake.parcel import Given, receive, send
from galien.intake.reading import Job, read_stream

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


TERMS = Terms(pharmacy=PHARMACY, today=dt.date(2026, 3, 1), operator_key=b"k")


def _file(lines: list[str]) -> io.BytesIO:
    return io.BytesIO((HEADER + "".join(lines)).encode())


def _read(lines: list[str]) -> Delivery:
    known = mapping(CANONICAL)
    return read_delivery(_file(lines), feed="sales", mapping=known, terms=TERMS, isolated=False)


def _sent(lines: list[str]) -> io.BytesIO:
    """Read as the reading process does, which sends facts before it has read all the lines."""
    job = Job("sales", CANONICAL, mapping(CANONICAL).of("sales"), TERMS, Limits())
    out = io.BytesIO()
    send(read_stream(_file(lines), job, outlet=Given(out)), out)
    out.seek(0)
    return out


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


@pytest.mark.parametrize("late", [False, True], ids=["in order", "a day met again"])
def test_facts_sent_before_the_end_and_laid_on_the_disk_are_the_same(
    late: bool, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [*lines[1:], lines[0]] if late else lines
    whole = _read(chosen)
    monkeypatch.setattr(kept, "PLAIN", 0)
    found = receive(_sent(chosen), drafts=tmp_path)
    assert isinstance(found, Delivery)
    assert {n: v for n, v in vars(found).items() if n != "facts"} == {
        n: v for n, v in vars(whole).items() if n != "facts"
    }
    assert set(found.facts) == set(whole.facts)
    for name in whole.facts:
        assert found.facts[name].equals(whole.facts[name]), name
    assert not list(tmp_path.iterdir()), "what is laid there has no name"


def test_facts_sent_of_a_file_then_refused_are_forgotten(lines: list[str]) -> None:
    out = io.BytesIO()
    given, refused = Given(out), _read([f'{PHARMACY};"' + "x;\n" * 50])
    for name in _read(lines[:3]).facts:
        given.give(name, pa.py_buffer(b"rows"))
    send(refused, out)
    out.seek(0)
    found = receive(out)
    assert isinstance(found, Delivery)
    assert (found.status.value, len(found.facts)) == ("refused", 0)
