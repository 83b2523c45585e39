"""Who may ask each address of the API: one line each, and a new address without its line fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import objects
from tests.builders.asking import ROOT, program
from tests.builders.workspace import FINESS, LAST, Desk

PEOPLE = (None, "acheteur", "reseau", "voisin", "titulaire", "admin")
STRANGER = 401
EVERYBODY = (STRANGER, 200, 200, 200, 200, 200)
OF_PHARMACY = (STRANGER, 200, 200, 404, 200, 200)
MINE = (STRANGER, 404, 404, 404, 200, 404)
TEXT = "name: Une autre\ncategories:\n  - {name: Tout, margin: 40 %}\n"
Args = Callable[[], dict[str, Any]]


def then(code: int, statuses: tuple[int, ...]) -> tuple[int, ...]:
    """Return the same people answered `code` instead of 200."""
    return tuple(code if status == 200 else status for status in statuses)


def one(name: str, make: Callable[[], tuple[Any, ...]]) -> Args:
    """Return what makes the object an address is about, under the name of its part of the address."""
    return lambda: {name: make()[0]}


def simulation(user: Any) -> Any:
    """Return a simulation of a user that is not finished."""
    from galien.records.models import Job

    asked = {"query": [["pharmacy", FINESS[0]]], "digest": ""}
    return Job.objects.create(kind="stock-year", user=user, arguments=asked)


def digest() -> dict[str, Any]:
    """Return the policy of the owner, and its digest as it was tried."""
    from galien.records.models import PricePolicy
    from galien.usecases.prices.book import _kept

    key = objects.of(objects.policy)()[0]
    return {"key": key, "digest": _kept(PricePolicy.objects.get(pk=key)).digest}


@dataclass(frozen=True)
class Line:
    """An address: what it is asked with, and what each person gets; `text` is a body that is no JSON."""

    expected: tuple[int, ...]
    args: Args = dict
    query: str = ""
    body: dict[str, Any] | None = None
    text: str = ""


MY_ORDER = one("key", objects.of(objects.order))
MY_POLICY = one("key", objects.of(objects.policy))
MY_RUN = one("run", objects.price_run)
MY_JOB = one("job", objects.of(simulation))
AT = f"pharmacy={FINESS[0]}"
FOR = {"pharmacy": FINESS[0]}

TABLE: dict[tuple[str, str], Line] = {
    ("get", "/ask/{subject}"): Line(
        EVERYBODY, lambda: {"subject": "sales"}, "by=lab&period=2026-10"
    ),
    ("get", "/subjects"): Line(EVERYBODY),
    ("get", "/receipts"): Line(EVERYBODY),
    ("get", "/receipts/{receipt}"): Line(OF_PHARMACY, one("receipt", objects.receipt("accepted"))),
    ("get", "/releases"): Line(EVERYBODY),
    ("get", "/jobs/{job}"): Line(MINE, MY_JOB),
    ("delete", "/jobs/{job}"): Line(MINE, MY_JOB),
    ("get", "/stock/abc"): Line(OF_PHARMACY, query=AT),
    ("get", "/stock/rotation"): Line(OF_PHARMACY, query=AT),
    ("get", "/stock/sleeping"): Line(OF_PHARMACY, query=AT),
    ("get", "/stock/value"): Line(OF_PHARMACY, query=f"{AT}&on={LAST}"),
    ("get", "/stock/shortages"): Line(OF_PHARMACY, query=AT),
    ("get", "/stock/running-out"): Line(EVERYBODY),
    ("get", "/stock/orders"): Line(OF_PHARMACY, query=AT),
    ("post", "/stock/orders"): Line(then(202, OF_PHARMACY), body=FOR),
    ("get", "/stock/orders/{key}"): Line(OF_PHARMACY, MY_ORDER),
    ("patch", "/stock/orders/{key}"): Line(
        OF_PHARMACY, MY_ORDER, body={"quantities": {"3400930000014": 7}}
    ),
    ("post", "/stock/orders/{key}/send"): Line(OF_PHARMACY, MY_ORDER),
    ("post", "/stock/orders/{key}/drop"): Line(OF_PHARMACY, MY_ORDER),
    ("get", "/stock/orders/{key}/order.csv"): Line(OF_PHARMACY, MY_ORDER),
    ("get", "/stock/orders/{key}/order.xml"): Line(OF_PHARMACY, MY_ORDER, "client=1&supplier=2"),
    ("post", "/stock/simulations"): Line(then(202, OF_PHARMACY), body=FOR),
    ("get", "/stock/simulations/{job}"): Line((STRANGER, *[404] * 5), MY_JOB),
    ("get", "/prices/margin"): Line(EVERYBODY, query="cost=28&price=40"),
    ("get", "/prices/check"): Line(OF_PHARMACY, query=AT),
    ("post", "/prices/check"): Line(EVERYBODY, text="product_code;price_incl\nP1;10\n"),
    ("get", "/prices/elasticity"): Line(EVERYBODY),
    ("get", "/prices/policies"): Line(EVERYBODY),
    ("post", "/prices/policies"): Line((STRANGER, 404, 404, 201, 201, 201), text=TEXT),
    ("get", "/prices/policies/{key}"): Line(MINE, MY_POLICY),
    ("put", "/prices/policies/{key}"): Line(MINE, MY_POLICY, text=TEXT),
    ("delete", "/prices/policies/{key}"): Line(MINE, MY_POLICY),
    ("get", "/prices/policies/{key}/policy.yaml"): Line(MINE, MY_POLICY),
    ("get", "/prices/policies/{key}/trial"): Line(MINE, MY_POLICY, AT),
    ("get", "/prices/policies/{key}/proposals"): Line(MINE, MY_POLICY, AT),
    ("post", "/prices/policies/{key}/apply"): Line(MINE, digest, body=FOR),
    ("post", "/prices/policies/trial"): Line(OF_PHARMACY, query=AT, text=TEXT),
    ("post", "/prices/policies/proposals"): Line(OF_PHARMACY, query=AT, text=TEXT),
    ("get", "/prices/runs"): Line(EVERYBODY),
    ("get", "/prices/runs/{run}"): Line(OF_PHARMACY, MY_RUN),
    ("get", "/prices/runs/{run}/prices.csv"): Line(OF_PHARMACY, MY_RUN),
}


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    from galien.api.rate import LIMIT

    LIMIT.forget()


def addresses() -> list[tuple[str, str]]:
    """Return the method and the address of every operation that OpenAPI describes."""
    from galien.api.build import VERSION_1

    paths = VERSION_1.get_openapi_schema()["paths"]
    return [(method, path.removeprefix(ROOT)) for path in paths for method in paths[path]]


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    assert sorted(TABLE) == sorted(addresses())


@pytest.mark.parametrize("name", list(TABLE), ids=" ".join)
def test_each_person_gets_what_the_table_says(name: tuple[str, str], desk: Desk) -> None:
    line = TABLE[name]
    assert tuple(_asked(desk, name, line, person) for person in PEOPLE) == line.expected


@pytest.mark.parametrize("name", [each for each in TABLE if each[0] != "get"], ids=" ".join)
def test_a_session_writes_with_its_proof_only(name: tuple[str, str], desk: Desk) -> None:
    client = desk.client("admin")
    client.handler.enforce_csrf_checks = True
    answer = _sent(client, name, TABLE[name])
    assert (answer.status_code, answer.json()["code"]) == (403, "CSRF")


@pytest.mark.parametrize("name", list(TABLE), ids=" ".join)
def test_a_key_opens_nothing_but_its_scopes(name: tuple[str, str], desk: Desk) -> None:
    mine = program(desk, "titulaire")
    line = TABLE[name]
    client = desk.client(None)
    answer = _sent(client, name, line, authorization=f"Bearer {mine.secret}")
    assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN_SCOPE")


@pytest.mark.parametrize("path", sorted({path for method, path in TABLE if method == "get"}))
def test_a_pharmacy_out_of_scope_is_as_absent_as_none(path: str, desk: Desk) -> None:
    line = TABLE["get", path]
    if AT not in line.query:
        return
    client = desk.client("voisin")
    foreign = client.get(f"{ROOT}{path}?{line.query}")
    absent = client.get(f"{ROOT}{path}?{line.query.replace(FINESS[0], '999999999')}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


def _asked(desk: Desk, name: tuple[str, str], line: Line, person: str | None) -> int:
    """Ask as somebody, and undo what it did."""
    from django.db import transaction

    with transaction.atomic():
        answer = _sent(desk.client(person), name, line)
        transaction.set_rollback(True)
    return int(answer.status_code)


def _sent(client: Any, name: tuple[str, str], line: Line, **headers: str) -> Any:
    method, path = name
    given = line.args()
    address = f"{ROOT}{path.format(**given)}?{line.query}"
    if method == "get":
        return client.get(address, headers=headers)
    if line.text:
        return getattr(client, method)(address, line.text, "text/plain", headers=headers)
    body = (line.body or {}) | {name: given[name] for name in given.keys() & {"digest"}}
    return getattr(client, method)(address, json.dumps(body), "application/json", headers=headers)
