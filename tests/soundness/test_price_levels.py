"""Purchases at list, invoice and net-net price: the parts of the discount add up to it, however cut."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galien.analytics.question import Filter, Question
from galien.kernel.errors import InvalidInput
from galien.model.viewer import WORKSPACE_VIEWER
from galien.usecases.ask import ask
from galien.usecases.services import Services
from tests.builders.answering import services
from tests.builders.derived import Group, random_group
from tests.builders.derived_rows import Row

PARTS = ("invoice_discount", "free_units_discount", "cash_discount", "rebate", "cooperation")
AFTER_INVOICE = ("cash_discount", "rebate", "cooperation")
CUTS = (
    "month",
    "product",
    "pharmacy",
    "supplier",
    "channel",
    "lab",
    "family_1",
    "vat_rate",
    "week",
)
PERIODS = ("last-12-months", "2026-03", "2026", "year-to-date", "2026-01-17..2026-05-09")


@pytest.fixture(scope="module")
def group() -> Group:
    return random_group(11)


@pytest.fixture(scope="module")
def here(group: Group, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = services(group, tmp_path_factory.mktemp("levels"))
    yield made
    with made.reader.hold() as held:
        held.engine.close()


def rows(question: Question, here: Services) -> list[dict[str, Any]]:
    answer = ask(question, WORKSPACE_VIEWER, services=here)
    return [*answer.table.to_pylist(), dict(answer.totals)]


@given(
    by=st.sampled_from(CUTS),
    period=st.sampled_from(PERIODS),
    supplier=st.sampled_from([(), ("Alpha",), ("Alpha", "Gamma")]),
    exclude=st.booleans(),
    top=st.sampled_from([None, 2]),
)
def test_the_parts_add_up_to_the_discount(
    here: Services, by: str, period: str, supplier: tuple[str, ...], exclude: bool, top: int | None
) -> None:
    where = (Filter("supplier", supplier, exclude=exclude),) if supplier else ()
    question = Question(
        "purchases", by=(by,), period=period, where=where, level="net-net", top=top,
        order="-net_amount",
    )  # fmt: skip
    for row in rows(question, here):
        for suffix in ("", "_previous"):
            parts = sum((row[name + suffix] for name in PARTS), Decimal(0))
            assert parts == row[f"discount_amount{suffix}"]
            assert row[f"list_amount{suffix}"] - parts == row[f"net_amount{suffix}"]


def test_a_level_is_what_the_lines_say(group: Group, here: Services) -> None:
    question = Question(
        "purchases", by=("product",), period="2026", compare="none", level="net-net"
    )
    found = {row["product"]: row for row in rows(question, here)[:-1]}
    for code, bought in _by_product(group).items():
        listed = sum(r["list_amount_excl"] + r["free_amount"] for r in bought)
        net = sum(r["net_amount_excl"] - sum(r[each] for each in AFTER_INVOICE) for r in bought)
        units = sum(r["delivered_quantity"] + (r["free_quantity"] or 0) for r in bought)
        row = found[code]
        assert (row["list_amount"], row["net_amount"]) == (listed, net)
        assert abs(row["discount_rate"] - float((listed - net) / listed)) < 1e-12
        assert abs(row["unit_net_price"] * units - net) <= Decimal("0.005") * abs(units)
        assert row["delivered_quantity"] == sum(r["delivered_quantity"] for r in bought)


def _by_product(group: Group) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in group.purchases:
        if row["delivered_on"].year == 2026:
            found.setdefault(row["product_code"], []).append(row)
    return found


def test_the_invoice_level_does_not_move(here: Services) -> None:
    plain = Question("purchases", by=("supplier",))
    names = ask(plain, WORKSPACE_VIEWER, services=here).table.column_names
    assert not set(PARTS) & set(names)
    named = Question("purchases", ("net_amount", *PARTS), by=("supplier",))
    by_name = {row["supplier"]: row for row in rows(named, here)[:-1]}
    for row in rows(plain, here)[:-1]:
        assert row["net_amount"] == by_name[row["supplier"]]["net_amount"]
        assert row["discount_amount"] == by_name[row["supplier"]]["invoice_discount"]


def test_clauses_give_the_steps_after_the_invoice(here: Services) -> None:
    whole = rows(Question("purchases", AFTER_INVOICE, period="2026", compare="none"), here)[-1]
    for by in ("clause", "step_source"):
        cut = rows(Question("purchases", by=(by,), period="2026", compare="none"), here)
        for name in AFTER_INVOICE:
            assert sum(row[name] for row in cut[:-1]) == cut[-1][name] == whole[name]
    labels = {row["step_source_label"] for row in cut[:-1]}
    assert labels == {"Contrat signé", "Estimation", "Facture ou avoir"}
    with pytest.raises(InvalidInput, match="n’est pas connue par « clause »"):
        rows(Question("purchases", ("net_amount",), by=("clause",)), here)


@pytest.mark.parametrize("level", ["list", "net-net"])
def test_a_price_level_is_of_purchases(here: Services, level: str) -> None:
    with pytest.raises(InvalidInput, match="ne concerne que les achats"):
        rows(Question("sales", level=level), here)
