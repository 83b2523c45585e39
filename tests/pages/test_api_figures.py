"""The API answers what the commands print: the same keys, the same figures, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders.asking import Program, command, program, ran
from tests.builders.workspace import FINESS, LAST, Desk

HERE = FINESS[0]
# Beside the keys of the command: the page of rows, and what the command says on stderr.
OF_A_PAGE = {"count", "limit", "offset", "notes"}
POLICY = "name: Essai\ncategories:\n  - {name: Tout, margin: 40 %}\n"
PRICES = (
    "product_code;price_incl;cost;vat_rate;nature;maximum_incl\nP1;10;12;0,2;;\nP2;5;2;0,2;;4,5\n"
)


@pytest.fixture
def buyer(desk: Desk) -> Program:
    """A program of the group's administrator, that reads and writes."""
    scopes = ("ask", "stock", "stock:write", "prices", "prices:write")
    return program(desk, "admin", *scopes)


def same(answer: Any, printed: Any, *, but: set[str] = OF_A_PAGE) -> None:
    """Compare an answer of the API to what a command printed."""
    assert answer.status_code == 200, answer.content
    found = {name: value for name, value in answer.json().items() if name not in but}
    expected = {name: value for name, value in printed.items() if name not in but}
    assert found == expected


@pytest.mark.parametrize(
    ("address", "line"),
    [
        (f"/stock/abc?pharmacy={HERE}", f"stock abc --pharmacy {HERE}"),
        (f"/stock/abc?pharmacy={HERE}&a=0.5", f"stock abc --pharmacy {HERE} --a 0.5"),
        ("/stock/rotation", "stock rotation --by pharmacy"),
        (f"/stock/rotation?by=lab&pharmacy={HERE}", f"stock rotation --by lab --pharmacy {HERE}"),
        (
            f"/stock/sleeping?pharmacy={HERE}&months=1&target_days=1",
            f"stock sleeping --pharmacy {HERE} --months 1 --target-days 1",
        ),
        (f"/stock/shortages?pharmacy={HERE}", f"stock shortages --pharmacy {HERE}"),
        ("/prices/margin?cost=28&price=40&vat=0.2", "prices margin --cost 28 --price 40 --vat 0.2"),
        ("/prices/margin?cost=28&margin=0.45", "prices margin --cost 28 --margin 0.45"),
    ],
)
def test_an_address_answers_what_its_command_prints(
    desk: Desk, buyer: Program, address: str, line: str
) -> None:
    same(buyer.get(address), command(desk, *line.split()))


@pytest.mark.parametrize("method", ["weighted", "last", "fifo", "fiscal"])
def test_stock_has_the_value_that_the_command_prints(
    desk: Desk, buyer: Program, method: str
) -> None:
    answer = buyer.get(f"/stock/value?pharmacy={HERE}&on={LAST}&method={method}")
    line = ("stock", "value", "--pharmacy", HERE, "--method", method)
    same(answer, command(desk, *line, on=LAST))


def test_elasticity_and_what_runs_out_are_those_of_the_commands(desk: Desk, buyer: Program) -> None:
    same(buyer.get("/prices/elasticity"), command(desk, "prices", "elasticity"), but={"refusal"})
    printed = command(desk, "stock", "shortages", "--pharmacy", HERE)
    assert buyer.get("/stock/running-out").json() == printed["running_out"]


def test_a_year_replayed_is_that_of_the_command(desk: Desk, buyer: Program) -> None:
    taken = buyer.send("post", "/stock/simulations", {"pharmacy": HERE, "period": "2026-10"})
    assert taken.status_code == 202
    job = taken["Location"].removeprefix("/api/v1")
    assert buyer.get(job).json()["answer"] is None
    ran()
    done = buyer.get(job).json()
    assert (done["state"], done["progress"]) == ("done", 1)
    line = ("stock", "simulate", "--pharmacy", HERE, "--period", "2026-10")
    answer = buyer.get(done["answer"].removeprefix("/api/v1"))
    same(answer, command(desk, *line), but={"milliseconds"})


def test_orders_proposed_are_those_of_the_command(desk: Desk, buyer: Program) -> None:
    printed = command(desk, "stock", "orders", "--pharmacy", HERE)
    taken = buyer.send("post", "/stock/orders", {"pharmacy": HERE})
    assert (taken.status_code, taken["Retry-After"]) == (202, "1")
    again = buyer.send("post", "/stock/orders", {"pharmacy": HERE})
    assert again.json()["job"] == taken.json()["job"]
    ran()
    where = buyer.get(taken["Location"].removeprefix("/api/v1")).json()["answer"]
    listed = buyer.get(where.removeprefix("/api/v1")).json()["rows"]
    assert listed
    lines = [
        (each["product_code"], each["quantity"], one["supplier"], each["amount"], each["reason"])
        for one in listed
        for each in buyer.get(f"/stock/orders/{one['key']}").json()["rows"]
    ]
    expected = [
        (row["product_code"], row["quantity"], row["supplier"], row["amount"], row["reason"])
        for row in (*printed["rows"], *printed.get("waiting", ()))
    ]
    assert sorted(lines) == sorted(expected)


def test_prices_sent_are_checked_as_a_file_is(desk: Desk, buyer: Program, tmp_path: Path) -> None:
    file = tmp_path / "prix.csv"
    file.write_text(PRICES)
    answer = buyer.send("post", "/prices/check", PRICES, "text/csv")
    printed = command(desk, "prices", "check", file)
    same(answer, printed)
    assert printed["refused"] > 0


def test_a_policy_is_tried_and_proposes_as_its_command_does(
    desk: Desk, buyer: Program, tmp_path: Path
) -> None:
    file = tmp_path / "politique.yaml"
    file.write_text(POLICY)
    kept = buyer.send("post", "/prices/policies", POLICY, "application/yaml")
    assert kept.status_code == 201
    address = kept["Location"].removeprefix("/api/v1")
    tried = command(desk, "prices", "policy", "apply", file, "--try", "--pharmacy", HERE)
    assert tried["touched"] > 0
    same(buyer.get(f"{address}/trial?pharmacy={HERE}"), tried)
    sent = ("post", f"/prices/policies/trial?pharmacy={HERE}", POLICY, "application/yaml")
    same(buyer.send(*sent), tried)
    proposed = command(desk, "prices", "propose", file, "--pharmacy", HERE)
    same(buyer.get(f"{address}/proposals?pharmacy={HERE}"), proposed)
    sent = ("post", f"/prices/policies/proposals?pharmacy={HERE}", POLICY, "application/yaml")
    same(buyer.send(*sent), proposed)


def test_a_question_is_answered_as_by_the_command(desk: Desk, buyer: Program) -> None:
    question = "by=lab&period=2026-10&compare=none&measure=sales_excl"
    answer = buyer.get(f"/ask/sales?{question}").json()
    line = "ask sales --by lab --period 2026-10 --compare none --measure sales_excl"
    printed = command(desk, *line.split())
    assert answer["rows"] == printed["rows"]
    assert answer["totals"] == printed["totals"]
    part = buyer.get(f"/ask/sales?{question}&limit=1&offset=1").json()
    assert (part["rows"], part["count"]) == (answer["rows"][1:2], len(answer["rows"]))
    assert part["totals"] == answer["totals"]
