"""The facts of a day against a plain count, line by line, of the same sales."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from typing import Any

from galien.model.enums import PRESCRIPTION_TYPES, SALE_TYPES
from galien.model.facts import DELIVERED
from tests.builders.deliveries import product_code, read, sale, text

EIGHT = Decimal("0.00000001")


def group_sales() -> list[dict[str, str]]:
    """Six hundred lines of three days, with returns, discounts, fees, missing costs and operators."""
    draw = random.Random(3)
    rows = []
    for rank in range(600):
        quantity = draw.choice([1, 1, 2, 3, -1])
        cents = quantity * draw.randrange(200, 3000)
        discount = cents // 10 if draw.random() < 0.3 else 0
        excl = round((cents - discount) / 1.1)
        visit = rank // draw.choice([3, 3, 4])
        rows.append(
            sale(
                sold_at=f"2026-10-0{1 + visit % 3}T{8 + visit % 11:02d}:{draw.randrange(60):02d}:00",
                visit=f"V{visit}",
                invoice=f"F{visit}{draw.choice('ab')}",
                line_no=str(rank),
                sale_type=draw.choice(SALE_TYPES[:3]),
                product_code=product_code(draw.randrange(30)),
                quantity=str(quantity),
                gross_incl=str(Decimal(cents) / 100),
                discount_incl=str(Decimal(discount) / 100),
                net_incl=str(Decimal(cents - discount) / 100),
                vat_rate="0.1",
                net_excl=str(Decimal(excl) / 100),
                cost_excl="" if draw.random() < 0.2 else str(Decimal(excl) / 200),
                fee_incl=draw.choice(["", "1.02", "0.51"]),
                operator=draw.choice(["Claire", "Paul", ""]),
                campaign=draw.choice(["", "", "AUTOMNE"]),
            )
        )
    return rows


SALES = group_sales()
FACTS = read(text(SALES, separator=",")).facts


def amount(row: dict[str, str], name: str) -> Decimal:
    return Decimal(row[name] or 0)


def day(row: dict[str, str]) -> str:
    return row["sold_at"][:10]


def as_rows(fact: str, *keys: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(str(row[k]) for k in keys): row for row in FACTS[fact].to_pylist()}


def test_facts_have_their_schema_and_their_order() -> None:
    assert set(FACTS) == {"sale_day", "traffic_day", "visit_day", "operator_day", "basket_day"}
    for name, table in FACTS.items():
        assert table.schema.equals(DELIVERED[name].schema())
        ordered: Any = table
        keys = [(key, "ascending") for key in DELIVERED[name].sort]
        assert table.equals(ordered.sort_by(keys))


def test_sale_day_adds_up_lines() -> None:
    expected: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in SALES:
        key = (day(row), row["product_code"], row["sale_type"], row["campaign"] or "None")
        sums = expected[key]
        for name in (
            "gross_incl",
            "discount_incl",
            "net_incl",
            "net_excl",
            "cost_excl",
            "fee_incl",
        ):
            sums[name] += amount(row, name)
        quantity = int(row["quantity"])
        sums["quantity"] += quantity
        sums["returned_quantity"] += max(-quantity, 0)
        sums["lines"] += 1
        sums["uncosted_lines"] += row["cost_excl"] == ""
        sums["vat_amount"] += amount(row, "net_incl") - amount(row, "net_excl")
        fee = (amount(row, "fee_incl") / Decimal("1.1")).quantize(EIGHT, ROUND_HALF_UP)
        sums["fee_excl"] += fee
    found = as_rows("sale_day", "day", "product_code", "sale_type", "campaign")
    assert set(found) == set(expected)
    for cell, sums in expected.items():
        assert {name: found[cell][name] for name in sums} == dict(sums)


def gathered(name: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in SALES:
        groups[day(row), row[name]].append(row)
    return groups


def band(rows: list[dict[str, str]]) -> int:
    return int(min(row["sold_at"] for row in rows)[11:13]) // 2


def test_visits_and_invoices_are_counted_once_in_the_band_of_their_first_line() -> None:
    expected: dict[tuple[str, ...], int] = defaultdict(int)
    for kind in ("visit", "invoice"):
        for (on, _), rows in gathered(kind).items():
            mask = sum(1 << SALE_TYPES.index(t) for t in {row["sale_type"] for row in rows})
            expected[on, str(band(rows)), kind, str(mask)] += 1
    found = as_rows("visit_day", "day", "band", "kind", "sale_types")
    assert {key: row["count"] for key, row in found.items()} == expected


def mixed(rows: list[dict[str, str]]) -> bool:
    kinds = {row["sale_type"] for row in rows}
    return "counter" in kinds and bool(kinds & set(PRESCRIPTION_TYPES))


def test_traffic_counts_visits_by_type_and_hour() -> None:
    visits = gathered("visit")
    expected: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in SALES:
        cell = expected[day(row), str(int(row["sold_at"][11:13]) // 2), row["sale_type"]]
        cell["visits"].add(row["visit"])
        cell["invoices"].add(row["invoice"])
        if mixed(visits[day(row), row["visit"]]):
            cell["mixed_visits"].add(row["visit"])
    found = as_rows("traffic_day", "day", "band", "sale_type")
    assert set(found) == set(expected)
    for key, cell in expected.items():
        for name in ("visits", "invoices", "mixed_visits"):
            assert found[key][name] == len(cell[name])


def test_operators_add_up_to_the_sales_with_lines_of_nobody_under_no_name() -> None:
    counted = FACTS["operator_day"].to_pylist()
    assert sum(row["lines"] for row in counted) == len(SALES)
    assert sum(row["net_incl"] for row in counted) == sum(amount(row, "net_incl") for row in SALES)
    assert len({row["operator"] for row in counted} - {None}) == 2
    nobody = [row for row in SALES if not row["operator"]]
    assert sum(row["lines"] for row in counted if row["operator"] is None) == len(nobody) > 0


def test_without_operators_all_lines_are_of_nobody() -> None:
    table = read(text([sale(operator="")])).facts["operator_day"]
    assert table.select(["operator", "lines"]).to_pylist() == [{"operator": None, "lines": 1}]


def test_baskets_pair_the_products_of_a_visit() -> None:
    expected: dict[tuple[str, str, str], int] = defaultdict(int)
    for (on, _), rows in gathered("visit").items():
        for a, b in combinations(sorted({row["product_code"] for row in rows}), 2):
            expected[on, a, b] += 1
    found = as_rows("basket_day", "day", "product_a", "product_b")
    assert {key: row["visits"] for key, row in found.items()} == expected


def test_a_visit_of_more_than_twenty_products_makes_no_basket() -> None:
    rows = [sale(line_no=str(n), product_code=product_code(n)) for n in range(21)]
    assert read(text(rows)).facts["basket_day"].num_rows == 0
    assert read(text(rows[:20])).facts["basket_day"].num_rows == 190
