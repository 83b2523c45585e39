"""Whatever is done to a file, every line is accounted for, and mending a file gives the clean result.

Invariants I1 to I4 of the reliability reference, on files damaged at random.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from galien.intake import Delivery, Limits
from galien.warehouse.ledger import ReceiptStatus
from tests.builders.deliveries import lines, product_code, read, sale

WIDTH = 17
Damage = Callable[[list[str], random.Random], None]


def day_of_sales(draw: random.Random, count: int) -> list[dict[str, str]]:
    """Good lines of several invoices over three days."""
    rows = []
    for rank in range(count):
        quantity = draw.choice([1, 1, 1, 2, -1])
        gross = quantity * draw.randrange(100, 5000)
        excl = round(gross / 1.1)
        rows.append(
            sale(
                sold_at=f"2026-10-0{draw.randrange(1, 4)}T{draw.randrange(8, 20):02d}:15:00",
                visit=f"V{rank // 5}",
                invoice=f"F{rank // 3}",
                line_no=str(rank),
                sale_type=draw.choice(["counter", "prescription_third_party"]),
                product_code=product_code(draw.randrange(50)),
                quantity=str(quantity),
                gross_incl=_euros(gross),
                discount_incl="0",
                net_incl=_euros(gross),
                net_excl=_euros(excl),
                cost_excl=_euros(excl // 2),
            )
        )
    return rows


def _euros(cents: int) -> str:
    return f"{'-' * (cents < 0)}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _cell(rows: list[str], draw: random.Random, column: int, value: str) -> None:
    at = draw.randrange(1, len(rows))
    cells = rows[at].split(";")
    if len(cells) == WIDTH:
        cells[column] = value
        rows[at] = ";".join(cells)


DAMAGES: dict[str, Damage] = {
    "bad number": lambda rows, draw: _cell(rows, draw, 8, "12,5€"),
    "bad date": lambda rows, draw: _cell(rows, draw, 1, "2026-02-30T10:00:00"),
    "bad key": lambda rows, draw: _cell(rows, draw, 6, "3400935955839"),
    "no code": lambda rows, draw: _cell(rows, draw, 6, ""),
    "nul": lambda rows, draw: _cell(rows, draw, 16, "a\0b"),
    "too many": lambda rows, draw: _cell(rows, draw, 16, "a;b"),
    "too few": lambda rows, draw: rows.insert(draw.randrange(1, len(rows)), "seul"),
    "blank": lambda rows, draw: rows.insert(draw.randrange(1, len(rows)), ""),
    "separators": lambda rows, draw: rows.insert(draw.randrange(1, len(rows)), ";" * (WIDTH - 1)),
    "header": lambda rows, draw: rows.insert(draw.randrange(1, len(rows)), rows[0]),
    "copy": lambda rows, draw: rows.insert(
        draw.randrange(1, len(rows)), rows[draw.randrange(1, len(rows))]
    ),
    "quoted": lambda rows, draw: _cell(rows, draw, 16, '"un ""vrai"" libellé"'),
    "line break": lambda rows, draw: _cell(rows, draw, 16, '"deux\nlignes"'),
    "loose quote": lambda rows, draw: _cell(rows, draw, 16, '6" bande'),
    "bad quote": lambda rows, draw: _cell(rows, draw, 16, '"a"b'),
}  # fmt: skip


def as_file(rows: list[str], end: str = "\n") -> bytes:
    return "".join(row + end for row in rows).encode()


def check_counts(delivery: Delivery, data: bytes) -> None:
    assert delivery.received == delivery.accepted + delivery.quarantined + delivery.duplicates
    count = delivery.lines
    assert count.records == delivery.received
    parts = count.header + count.structural + count.blank + count.records + count.continuation
    assert parts == count.physical == data.replace(b"\r\n", b"\n").count(b"\n")


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6),
    damages=st.lists(st.sampled_from(sorted(DAMAGES)), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    block=st.sampled_from([700, 5000, 1 << 20]),
)
def test_i1_every_physical_line_is_accounted_for(
    seed: int, damages: list[str], end: str, block: int
) -> None:
    draw = random.Random(seed)
    rows = lines(day_of_sales(draw, 60))
    for name in damages:
        DAMAGES[name](rows, draw)
    data = as_file(rows, end)
    delivery = read(data, limits=Limits(threads=1, block_bytes=block))
    assert delivery.status in (ReceiptStatus.ACCEPTED, ReceiptStatus.HELD)
    check_counts(delivery, data)
    total = sum(table["lines"] for table in delivery.facts["sale_day"].to_pylist())
    assert total == delivery.accepted


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), bad=st.integers(1, 5))
def test_i2_what_is_accepted_and_what_is_set_aside_add_up_to_the_file(seed: int, bad: int) -> None:
    draw = random.Random(seed)
    sold = day_of_sales(draw, 40)
    for row in draw.sample(sold, bad):
        row["product_code"] = "3400935955839"
    delivery = read(as_file(lines(sold)))
    amount = sum(Decimal(row["net_incl"].replace(",", ".")) for row in sold)
    assert delivery.quarantined == bad
    assert delivery.sums["amount"] + delivery.set_aside["amount"] == amount
    assert delivery.sums["quantity"] + delivery.set_aside["quantity"] == sum(
        int(row["quantity"]) for row in sold
    )


ROW_DAMAGES = ("bad number", "bad date", "bad key", "no code", "too many", "bad quote", "nul")


@settings(max_examples=15)
@given(
    seed=st.integers(0, 10**6),
    damages=st.lists(st.sampled_from(ROW_DAMAGES), min_size=1, max_size=4),
)
def test_i3_a_line_told_alone_fails_for_the_same_reason(seed: int, damages: list[str]) -> None:
    draw = random.Random(seed)
    rows = lines(day_of_sales(draw, 40))
    for name in damages:
        DAMAGES[name](rows, draw)
    for issue in read(as_file(rows)).issues:
        if issue.line:
            alone = read(as_file([rows[0], rows[issue.line - 1]]))
            assert [(i.line, i.code) for i in alone.issues if i.line] == [(2, issue.code)]


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), damages=st.lists(st.sampled_from(ROW_DAMAGES), max_size=5))
def test_i4_the_mended_file_gives_what_a_clean_one_gives(seed: int, damages: list[str]) -> None:
    draw = random.Random(seed)
    clean = lines(day_of_sales(draw, 40))
    damaged = list(clean)
    for name in damages:
        DAMAGES[name](damaged, draw)
    told = {issue.line for issue in read(as_file(damaged)).issues if issue.line}
    mended = [clean[at] if at + 1 in told else row for at, row in enumerate(damaged)]
    expected, found = read(as_file(clean)), read(as_file(mended))
    assert found.sums == expected.sums and found.quarantined == 0
    assert all(found.facts[name].equals(expected.facts[name]) for name in expected.facts)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), flips=st.integers(1, 30))
def test_random_bytes_never_break_the_reader(seed: int, flips: int) -> None:
    draw = random.Random(seed)
    data = bytearray(as_file(lines(day_of_sales(draw, 40))))
    for _ in range(flips):
        data[draw.randrange(len(data))] = draw.randrange(256)
    delivery = read(bytes(data))
    assert delivery.received == delivery.accepted + delivery.quarantined + delivery.duplicates
    assert delivery.status in set(ReceiptStatus)
    assert all(issue.message.endswith((".", "?")) for issue in delivery.issues)
