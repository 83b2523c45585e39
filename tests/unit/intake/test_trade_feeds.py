"""Purchases and stock: lines kept whole, typed, in the order of their fact."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from galien.model.facts import DELIVERED
from galien.model.feeds import FEEDS
from tests.builders.deliveries import OTHER_PHARMACY, PHARMACY, codes, read

PURCHASE = {
    "pharmacy": PHARMACY, "delivered_on": "2026-10-05", "invoiced_on": "", "document_id": "BL1",
    "line_no": "1", "supplier": "OCP", "channel": "wholesaler", "product_code": "3400935955838",
    "ordered_quantity": "12", "delivered_quantity": "10", "free_quantity": "2",
    "list_price_excl": "1,2345", "net_price_excl": "1,1", "list_amount_excl": "12,35",
    "net_amount_excl": "11,00", "vat_rate": "0,021", "payment_due_on": "2026-12-31",
}  # fmt: skip
LEVEL = {
    "pharmacy": PHARMACY, "on_date": "2026-10-31", "product_code": "3400935955838", "quantity": "-3",
    "weighted_average_cost": "1,2345", "minimum": "", "nearest_expiry": "2027-06-30", "location": "A1",
}  # fmt: skip


def table(*rows: dict[str, str]) -> bytes:
    return "".join(
        ";".join(row) + "\n" for row in [list(rows[0]), *(list(r.values()) for r in rows)]
    ).encode()


def test_a_purchase_line_is_kept_whole() -> None:
    delivery = read(table(PURCHASE, PURCHASE | {"line_no": "2"}), feed="purchases")
    assert (delivery.accepted, delivery.sums) == (
        2,
        {"quantity": Decimal(20), "amount": Decimal(22)},
    )
    fact = delivery.facts["purchase_line"]
    assert fact.schema.equals(DELIVERED["purchase_line"].schema())
    row = fact.to_pylist()[0]
    assert (row["list_price_excl"], row["invoiced_on"]) == (Decimal("1.2345"), None)
    assert row["payment_due_on"] == dt.date(2026, 12, 31)
    assert delivery.days == (dt.date(2026, 10, 5),)


def test_a_stock_level_may_be_negative_and_lack_what_is_optional() -> None:
    delivery = read(table(LEVEL), feed="stock")
    row = delivery.facts["stock_level"].to_pylist()[0]
    assert (row["quantity"], row["minimum"], row["location"]) == (-3, None, "A1")
    assert codes(delivery) == set()
    bare = {k: v for k, v in LEVEL.items() if FEEDS["stock"].column(k).required}
    assert read(table(bare), feed="stock").accepted == 1


@pytest.mark.parametrize(
    ("others", "read_as"),
    [
        pytest.param(
            ("12.5", "7"), Decimal("1.234"), id="a point before one digit is a decimal one"
        ),
        pytest.param(("0.125", "7"), Decimal("1.234"), id="a point after a zero too"),
        pytest.param(("12.345", "7"), None, id="nothing tells it from a thousand"),
        pytest.param(("12.5", "7,5"), None, id="both marks are decimal somewhere"),
    ],
)
def test_a_column_tells_whether_its_points_are_decimal(
    others: tuple[str, str], read_as: Decimal | None
) -> None:
    prices = ("1.234", *others)
    rows = [PURCHASE | {"line_no": str(n), "list_price_excl": p} for n, p in enumerate(prices)]
    delivery = read(table(*rows), feed="purchases")
    held = "purchase_line" not in delivery.facts or delivery.quarantined
    if read_as is None:
        assert held and "AMBIGUOUS_NUMBER" in codes(delivery)
    else:
        first = delivery.facts["purchase_line"].to_pylist()[0]
        assert (first["list_price_excl"], delivery.quarantined) == (read_as, 0)


def test_free_boxes_without_paid_ones_are_no_oddity() -> None:
    free = PURCHASE | {"delivered_quantity": "0", "list_amount_excl": "0", "net_amount_excl": "0"}
    assert codes(read(table(free), feed="purchases")) == set()
    assert codes(read(table(free | {"free_quantity": "0"}), feed="purchases")) == {"ZERO_QUANTITY"}


@pytest.mark.parametrize(
    ("feed", "changes", "code"),
    [
        pytest.param(
            "purchases", {"delivered_quantity": "1_0"}, "NOT_A_NUMBER", id="B10-purchases"
        ),
        pytest.param(
            "purchases", {"product_code": "3,4E+12"}, "CODE_SCIENTIFIC", id="B28-purchases"
        ),
        pytest.param(
            "purchases", {"product_code": "3400935955839"}, "BAD_CHECK_DIGIT", id="B29-purchases"
        ),
        pytest.param("purchases", {"delivered_on": "2026-02-30"}, "NOT_A_DATE", id="B34-purchases"),
        pytest.param(
            "purchases", {"delivered_on": "2026-11-30"}, "FUTURE_DATE", id="B36-purchases"
        ),
        pytest.param("purchases", {"channel": "gift"}, "UNKNOWN_CODE", id="channel"),
        pytest.param(
            "purchases", {"pharmacy": OTHER_PHARMACY}, "NOT_AUTHORISED", id="A29-purchases"
        ),
        pytest.param("stock", {"quantity": "NaN"}, "NOT_A_NUMBER", id="B10-stock"),
        pytest.param("stock", {"product_code": "340093595583"}, "CODE_LENGTH", id="B28-stock"),
        pytest.param("stock", {"on_date": "31/10/2026"}, "NOT_A_DATE", id="B34-stock"),
        pytest.param("stock", {"on_date": "2026-11-30"}, "FUTURE_DATE", id="B36-stock"),
        pytest.param("stock", {"pharmacy": OTHER_PHARMACY}, "NOT_AUTHORISED", id="A29-stock"),
    ],
)
def test_a_bad_line_is_set_aside_in_every_feed(
    feed: str, changes: dict[str, str], code: str
) -> None:
    good = PURCHASE if feed == "purchases" else LEVEL
    own = "line_no" if feed == "purchases" else "location"
    rows = [good | {own: str(rank)} for rank in range(1, 41)]
    delivery = read(table(*rows, good | {own: "41"} | changes), feed=feed)
    assert (delivery.accepted, delivery.quarantined) == (40, 1)
    assert [(issue.line, issue.code) for issue in delivery.issues] == [(42, code)]
