"""The handbook's example tables, asked through the one door: channels, suppliers, universes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from galien.analytics.question import Filter, Question
from galien.kernel.money import round_amount
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from tests.builders.answering import services
from tests.builders.derived import Group, random_group
from tests.builders.derived_rows import Row

CHANNELS = {
    "wholesaler": (3_104_656, 31_737_558, 30_046_645, "5.33", "64.24", 1_690_912),
    "direct": (1_920_136, 13_961_002, 11_129_216, "20.28", "28.26", 2_831_786),
    "distributor": (290_748, 3_706_674, 3_604_703, "2.75", "7.50", 101_971),
}
SUPPLIERS = {
    "Premier": (8_603_508, "1.37", "43.58"),
    "Deuxième": (3_113_912, "4.69", "15.77"),
    "Troisième": (2_723_918, "1.61", "13.80"),
}
SUPPLIERS_TOTAL = 19_741_072
UNIVERSES = (
    266_896, 222_694, 25_154, 24_921, 21_354, 14_953, 10_190, 7_092, 7_048, 3_067, 1_819, 1_308,
)  # fmt: skip


def percent(ratio: Any) -> str:
    return f"{Decimal(ratio) * 100:.2f}"


def bought(group: Group, **given: Any) -> Row:
    return group.purchases[0] | {"delivered_on": dt.date(2026, 3, 5)} | given


@pytest.fixture
def group() -> Group:
    return random_group(1, visits=20)


def test_the_table_of_three_channels(group: Group, tmp_path: Path) -> None:
    group.purchases = [
        bought(group, channel=channel, document_id=channel, delivered_quantity=quantity,
               list_amount_excl=Decimal(listed), net_amount_excl=Decimal(net))
        for channel, (quantity, listed, net, *_) in CHANNELS.items()
    ]  # fmt: skip
    question = Question("purchases", by=("channel",), order="-list_amount")
    answer = ask(question, WORKSPACE_VIEWER, services=services(group, tmp_path))
    rows = answer.table.to_pylist()
    assert [row["channel"] for row in rows] == list(CHANNELS)
    for row in rows:
        quantity, listed, net, rate, share, discount = CHANNELS[row["channel"]]
        assert (row["delivered_quantity"], row["list_amount"], row["net_amount"]) == (
            quantity,
            listed,
            net,
        )
        assert percent(row["discount_rate"]) == rate
        assert percent(row["potential_share"]) == share
        assert abs(row["discount_amount"] - discount) <= 1, "the source rounds to one euro"
        assert abs(row["potential"] - 49_405_233) <= 1, "the source rounds to one euro"
    assert answer.totals["potential"] == answer.totals["list_amount"] == rows[0]["potential"]


def test_ten_paid_and_two_free_are_17_percent_and_7_17_euros(group: Group, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("cash_discount", "rebate", "cooperation"), Decimal(0))
    line = bought(
        group, delivered_quantity=10, free_quantity=2, list_amount_excl=Decimal("86.00"),
        net_amount_excl=Decimal("86.00"), free_amount=Decimal("17.20"), **nothing,
    )  # fmt: skip
    group.purchases = [line]
    question = Question("purchases", by=("product",), level="net-net")
    (row,) = ask(question, WORKSPACE_VIEWER, services=services(group, tmp_path)).table.to_pylist()
    assert percent(row["discount_rate"]) == "16.67"
    assert row["unit_net_price"] == Decimal("7.17")
    assert row["free_units_discount"] == row["discount_amount"] == Decimal("17.20")


def test_without_anything_after_the_invoice_three_channels_are_the_same_at_net_net_price(
    group: Group, tmp_path: Path
) -> None:
    nothing = dict.fromkeys(("free_amount", "cash_discount", "rebate", "cooperation"), Decimal(0))
    group.purchases = [
        bought(group, channel=channel, document_id=channel, delivered_quantity=quantity,
               list_amount_excl=Decimal(listed), net_amount_excl=Decimal(net), **nothing)
        for channel, (quantity, listed, net, *_) in CHANNELS.items()
    ]  # fmt: skip
    question = Question("purchases", by=("channel",), level="net-net")
    answer = ask(question, WORKSPACE_VIEWER, services=services(group, tmp_path))
    for row in answer.table.to_pylist():
        *_, net, rate, _, _ = CHANNELS[row["channel"]]
        assert percent(row["discount_rate"]) == rate
        assert row["net_amount"] == net
        assert row["invoice_discount"] == row["discount_amount"]


def test_the_table_of_suppliers_of_one_channel(group: Group, tmp_path: Path) -> None:
    others = SUPPLIERS_TOTAL - sum(listed for listed, *_ in SUPPLIERS.values())
    lines = {name: (listed, rate) for name, (listed, rate, _) in SUPPLIERS.items()}
    lines["Autre"] = (others, "0")
    group.purchases = [
        bought(group, channel=channel, supplier=name, document_id=name + channel,
               list_amount_excl=Decimal(listed),
               net_amount_excl=round_amount(Decimal(listed) * (100 - Decimal(rate)) / 100))
        for name, (listed, rate) in lines.items()
        for channel in ("wholesaler", "direct")
    ]  # fmt: skip
    question = Question(
        "purchases",
        by=("supplier",),
        where=(Filter("channel", ("wholesaler",)),),
        order="-list_amount",
        top=4,
    )
    answer = ask(question, WORKSPACE_VIEWER, services=services(group, tmp_path))
    found = {row["supplier"]: row for row in answer.table.to_pylist()}
    for name, (_, rate, share) in SUPPLIERS.items():
        assert percent(found[name]["discount_rate"]) == rate
        assert percent(found[name]["potential_share"]) == share
        assert found[name]["potential"] == SUPPLIERS_TOTAL


def test_twelve_universes_add_up_to_the_total_row(group: Group, tmp_path: Path) -> None:
    known = {"lab": "Labo", "family_1": "Famille", "generic_status": "generic"}
    product, line = group.products[0] | known, group.lines[0]
    group.products = [
        product
        | {"product_code": f"U{number}", "product_id": number, "universe_1": f"Univers {number}"}
        for number in range(1, 13)
    ]
    group.lines = [
        line | {"day": dt.date(2026, 3, 5), "product_code": f"U{number}", "quantity": quantity}
        for number, quantity in enumerate(UNIVERSES, 1)
    ]
    group.purchases = [bought(group, product_code="U1")]
    group.stock = [group.stock[0] | {"product_code": "U1"}]
    here = services(group, tmp_path)
    answer = ask(Question("sales", by=("universe_1",)), WORKSPACE_VIEWER, services=here)
    assert answer.table.column("quantity").to_pylist() == list(UNIVERSES)
    assert answer.totals["quantity"] == sum(UNIVERSES) == 606_496
