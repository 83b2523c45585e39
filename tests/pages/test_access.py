"""Who may open each address of the site: one line each, and a new address without its line fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import pytest

from tests.builders import objects
from tests.builders.workspace import FINESS, Desk

PEOPLE = (None, "acheteur", "reseau", "voisin", "titulaire", "admin")
SIGN_IN = 302
# What a stranger gets comes first: the sign-in page, always.
EVERYBODY = (SIGN_IN, 200, 200, 200, 200, 200)
SENDERS = (SIGN_IN, 404, 200, 200, 200, 200)
TRUST = (SIGN_IN, 404, 404, 200, 200, 200)
ADMIN = (SIGN_IN, 404, 404, 404, 404, 200)
OF_PHARMACY = (
    SIGN_IN,
    200,
    200,
    404,
    200,
    200,
)  # the owner's, open to the group, not to a neighbour
OF_GROUP = (SIGN_IN, 200, 200, 404, 404, 200)
BUYERS = (SIGN_IN, 200, 404, 404, 404, 200)
WRITERS = (SIGN_IN, 200, 404, 200, 200, 200)
MINE = (SIGN_IN, 404, 404, 404, 200, 404)
NOBODY = (SIGN_IN, 404, 404, 404, 404, 404)
MOVED = (SIGN_IN, 302, 302, 302, 302, 302)


def then(code: int, statuses: tuple[int, ...]) -> tuple[int, ...]:
    """Return the same people answered `code` instead of 200."""
    return tuple(code if status == 200 else status for status in statuses)


@dataclass(frozen=True)
class Line:
    """An address: how it is asked, with which object and data, and what each person gets."""

    expected: tuple[int, ...]
    args: Callable[[], tuple[Any, ...]] = tuple
    post: bool = False
    data: dict[str, Any] | None = None


TABLE: dict[str, Line] = {
    "home": Line(EVERYBODY),
    "achats-*": Line(EVERYBODY),
    "ventes-*": Line(EVERYBODY),
    "net-net": Line(EVERYBODY),
    "contract-monitor": Line(EVERYBODY),
    "supplier_invoices": Line(EVERYBODY),
    "supplier_invoices:one": Line(OF_PHARMACY, objects.of(objects.invoice)),
    "supplier_invoices:purchases": Line(OF_PHARMACY, objects.of(objects.invoice)),
    "supplier_invoices:delete": Line(
        then(302, OF_PHARMACY), objects.of(objects.invoice), post=True
    ),
    "claims": Line(EVERYBODY),
    "claims:prepare": Line(
        (SIGN_IN, 302, 302, 404, 302, 302), post=True, data={"pharmacie": FINESS[0]}
    ),
    "claims:one": Line(OF_PHARMACY, objects.of(objects.claim)),
    "claims:change": Line(
        then(302, OF_PHARMACY), objects.of(objects.claim), post=True, data={"geste": "envoyer"}
    ),
    "claims:document": Line(OF_PHARMACY, lambda: (*objects.of(objects.claim)(), "xlsx")),
    "pay": Line(EVERYBODY),
    "what-if": Line(EVERYBODY),
    "bridge": Line(EVERYBODY),
    "law": Line(EVERYBODY),
    "law:one": Line(EVERYBODY, lambda: ("mdl_scale",)),
    "margin": Line(EVERYBODY),
    "indicators": Line(EVERYBODY),
    "indicators:export": Line(EVERYBODY),
    "indicators:drawing": Line(EVERYBODY, data={"indicateur": "pmo"}),
    "indicators:activity": Line(SENDERS),
    "classification": Line(EVERYBODY),
    "classification:drawing": Line(EVERYBODY),
    "classification:export": Line(EVERYBODY, lambda: ("membres",)),
    "receipts": Line(EVERYBODY),
    "receipts:one": Line(OF_PHARMACY, objects.receipt("accepted")),
    "receipts:release": Line(
        (SIGN_IN, 404, 302, 404, 302, 302), objects.receipt("held"), post=True
    ),
    "receipts:discard": Line(
        (SIGN_IN, 404, 302, 404, 302, 302), objects.receipt("held"), post=True
    ),
    "deposit": Line(SENDERS),
    "quarantine": Line(EVERYBODY),
    "quarantine:replay": Line((SIGN_IN, 404, 302, 302, 302, 302), post=True),
    "mappings": Line(SENDERS),
    "mappings:begin": Line(SENDERS),
    "mappings:draft": Line((SIGN_IN, 404, 404, 404, 404, 404), lambda: ("0" * 32,)),
    "mappings:one": Line(SENDERS, lambda: ("galien",)),
    "contracts": Line(EVERYBODY),
    "contracts:new": Line(WRITERS),
    "contracts:bring": Line(WRITERS),
    "contracts:one": Line(OF_GROUP, objects.offer),
    "contracts:yaml": Line(OF_GROUP, objects.offer),
    "contracts:change": Line(BUYERS, objects.offer),
    "contracts:withdraw": Line(BUYERS, objects.offer),
    "contracts:end": Line(then(302, BUYERS), objects.offer, post=True, data={"day": "2026-12-31"}),
    "markets": Line(EVERYBODY),
    "markets:new": Line(EVERYBODY),
    "markets:one": Line(MINE, objects.of(objects.market)),
    "markets:delete": Line(MINE, objects.of(objects.market)),
    "catalogue": Line(EVERYBODY),
    "catalogue:unknown": Line(EVERYBODY),
    "catalogue:one": Line(EVERYBODY, lambda: ("3400930000014",)),
    "releases": Line(EVERYBODY),
    "releases:one": Line(EVERYBODY, objects.release),
    "releases:publish": Line((SIGN_IN, 404, 302, 404, 404, 302), post=True),
    "releases:rollback": Line((SIGN_IN, 404, 404, 404, 404, 302), objects.release, post=True),
    "search": Line(EVERYBODY),
    "jobs": Line(EVERYBODY),
    "jobs:one": Line(MINE, objects.of(objects.job)),
    "jobs:progress": Line(MINE, objects.of(objects.job)),
    "jobs:cancel": Line(then(302, MINE), objects.of(objects.job), post=True),
    "saved_views": Line(EVERYBODY),
    "saved_views:one": Line(then(302, MINE), objects.of(objects.view)),
    "saved_views:delete": Line(then(302, MINE), objects.of(objects.view), post=True),
    "saved_views:share": Line(
        then(302, MINE), objects.of(objects.view), post=True, data={"shared": "1"}
    ),
    "account": Line(EVERYBODY),
    "account:make_token": Line(
        EVERYBODY, post=True, data={"name": "Clé", "scope": "ask", "days": "30"}
    ),
    "account:revoke_token": Line(then(302, MINE), objects.of(objects.token), post=True),
    "account:end_session": Line(then(302, MINE), objects.of(objects.session), post=True),
    "trust": Line(TRUST),
    "trust:withdraw": Line(
        (SIGN_IN, 404, 404, 404, 302, 302), objects.of(objects.authorisation), post=True
    ),
    "members": Line(ADMIN),
    "members:invite": Line((SIGN_IN, 404, 404, 404, 404, 404), post=True, data={"role": "0:owner"}),
    "members:role": Line(
        then(302, ADMIN), objects.of(objects.team_member), post=True, data={"role": "team_member"}
    ),
    "members:remove": Line(then(302, ADMIN), objects.of(objects.team_member), post=True),
    "pharmacies": Line(ADMIN),
    "authorisations": Line(ADMIN),
    "authorisations:grant": Line((SIGN_IN, 404, 404, 404, 404, 404), post=True),
    "authorisations:withdraw": Line(then(302, ADMIN), objects.of(objects.authorisation), post=True),
    "access_log": Line(ADMIN),
    "tokens": Line(ADMIN),
    "tokens:revoke": Line(then(302, ADMIN), objects.of(objects.token), post=True),
    "status": Line(ADMIN),
    "status:check": Line(then(302, ADMIN), post=True),
    "references": Line(EVERYBODY),
    "vat": Line(EVERYBODY),
    "stock-classes": Line(EVERYBODY),
    "price-check": Line(EVERYBODY),
    "price-elasticities": Line(EVERYBODY),
    "price-margins": Line(EVERYBODY),
    "price-calculator": Line(EVERYBODY),
    "price-references": Line(EVERYBODY),
    "price-references:bring": Line(ADMIN),
    "price-references:withdraw": Line(then(302, ADMIN), post=True),
    "price-policies": Line(EVERYBODY),
    "price-policies:new": Line((SIGN_IN, 404, 404, 200, 200, 200)),
    "price-policies:bring": Line((SIGN_IN, 404, 404, 200, 200, 200)),
    "price-policies:one": Line(MINE, objects.of(objects.policy)),
    "price-policies:text": Line(MINE, objects.of(objects.policy)),
    "price-policies:yaml": Line(MINE, objects.of(objects.policy)),
    "price-policies:change": Line(MINE, objects.of(objects.policy)),
    "price-policies:delete": Line(then(302, MINE), objects.of(objects.policy), post=True),
    "price-policies:apply": Line(
        then(302, MINE), objects.of(objects.policy), post=True, data={"pharmacie": FINESS[0]}
    ),
    "price-policies:run": Line(OF_PHARMACY, objects.price_run),
    "price-policies:file": Line(OF_PHARMACY, objects.price_run),
    "price-policies:labels": Line(OF_PHARMACY, objects.price_run),
    "stock-rotation": Line(EVERYBODY),
    "stock-sleeping": Line(EVERYBODY),
    "stock-value": Line(EVERYBODY),
    "stock-shortages": Line(EVERYBODY),
    "stock-settings": Line(EVERYBODY),
    "stock-settings:product": Line(
        (SIGN_IN, 302, 302, 404, 302, 302),
        post=True,
        data={"pharmacie": FINESS[0], "product_code": "3400930000014", "maximum": "20"},
    ),
    "stock-settings:event": Line(
        (SIGN_IN, 302, 302, 404, 302, 302),
        post=True,
        data={
            "pharmacie": FINESS[0],
            "name": "Garde",
            "kind": "duty",
            "first": "2026-12-01",
            "last": "2026-12-02",
            "effect": "10",
        },
    ),
    "stock-settings:bring": Line((SIGN_IN, 302, 302, 302, 302, 302), post=True),
    "stock-settings:document": Line(
        OF_PHARMACY, lambda: ("produits",), data={"pharmacie": FINESS[0]}
    ),
    "stock-simulation": Line(EVERYBODY),
    "stock-simulation:launch": Line(
        then(302, OF_PHARMACY), post=True, data={"pharmacie": FINESS[0]}
    ),
    "stock-simulation:find": Line(
        then(302, OF_PHARMACY), data={"pharmacie": FINESS[0], "code": "3400930000014"}
    ),
    "stock-simulation:product": Line(
        OF_PHARMACY, lambda: ("3400930000014",), data={"pharmacie": FINESS[0]}
    ),
    "stock-orders": Line(EVERYBODY),
    "stock-orders:propose": Line((SIGN_IN, 404, 404, 404, 404, 404), post=True),
    "stock-orders:one": Line(OF_PHARMACY, objects.of(objects.order)),
    "stock-orders:change": Line(
        then(302, OF_PHARMACY), objects.of(objects.order), post=True, data={"geste": "abandonner"}
    ),
    "stock-orders:document": Line(OF_PHARMACY, lambda: (*objects.of(objects.order)(), "csv")),
    "belgian-inventory": Line(NOBODY),
    "belgian-inventory:model": Line(NOBODY),
    "belgian-inventory:summary": Line(NOBODY, lambda: ("fiscal", "pdf")),
    "belgian-inventory:lock": Line(NOBODY, post=True),
    "valuation": Line(EVERYBODY),
    "acquisition": Line(EVERYBODY),
    "report": Line(EVERYBODY),
    "report:pdf": Line((SIGN_IN, 404, 404, 404, 404, 404)),
    "comparator": Line(EVERYBODY),
    "deal-check": Line(EVERYBODY),
    "comparator:product": Line(then(404, EVERYBODY)),
    "simulator": Line(EVERYBODY),
    "simulator:pair": Line((SIGN_IN, 400, 400, 400, 400, 400)),
    "best-labs": Line(EVERYBODY),
    "best-labs:study": Line((SIGN_IN, 302, 302, 302, 302, 302), post=True),
    "best-labs:members": Line((SIGN_IN, 404, 404, 404, 404, 404)),
    "best-labs:pdf": Line((SIGN_IN, 404, 404, 404, 404, 404)),
    "best-labs:export": Line((SIGN_IN, 404, 404, 404, 404, 404)),
    "scenarios": Line(EVERYBODY),
    "scenarios:delete": Line(then(302, MINE), objects.of(objects.scenario), post=True),
    "scenarios:share": Line(
        then(302, MINE), objects.of(objects.scenario), post=True, data={"partage": "1"}
    ),
    "sig": Line(EVERYBODY),
    "sig:mapping": Line(EVERYBODY),
    "exercices": Line(EVERYBODY),
    "exercices:one": Line(then(302, EVERYBODY)),
    "exercices:by_hand": Line(EVERYBODY),
    "exercices:delete": Line((SIGN_IN, 404, 404, 404, 404, 404), post=True),
    "gallery": Line(EVERYBODY),
    "values:choose": Line(
        EVERYBODY, data={"page": "/ventes/par-univers", "dimension": "lab", "query": ""}
    ),
    "values": Line(EVERYBODY, data={"subject": "sales", "dimension": "lab", "q": "a"}),
}
# Doors that check credentials of their own: accounts (allauth), the API, the health of the site.
OWN_DOORS = ("accounts/", "api/", "health")


def addresses() -> Iterator[str]:
    """Yield the name of every address of the site but those of its own doors."""
    from django.urls import URLResolver, get_resolver

    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern).startswith(OWN_DOORS):
            continue
        if isinstance(pattern, URLResolver):
            yield from (
                f"{pattern.namespace}:{getattr(each, 'name', '')}" for each in pattern.url_patterns
            )
        else:
            yield str(pattern.name)


def line_of(name: str) -> Line | None:
    """Return the line of the table that is about an address."""
    return TABLE.get(name) or next(
        (line for pattern, line in TABLE.items() if "*" in pattern and fnmatch(name, pattern)), None
    )


def test_every_address_has_its_line() -> None:
    assert [name for name in addresses() if line_of(name) is None] == []


def test_every_line_has_its_address() -> None:
    names = list(addresses())
    assert [p for p in TABLE if not any(fnmatch(name, p) for name in names)] == []


@pytest.mark.parametrize("name", list(addresses()))
def test_each_person_gets_what_the_table_says(name: str, desk: Desk) -> None:
    line = line_of(name)
    assert line is not None
    assert tuple(_asked(desk, name, line, person) for person in PEOPLE) == line.expected


@pytest.mark.parametrize("name", [name for name in addresses() if "*" not in name])
def test_a_get_where_a_post_is_due_changes_nothing(name: str, desk: Desk) -> None:
    line = line_of(name)
    assert line is not None
    if line.post:
        from django.urls import reverse

        answer = desk.client("admin").get(reverse(name, args=line.args()))
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("name", list(addresses()))
def test_a_post_without_its_token_is_refused(name: str, desk: Desk) -> None:
    line = line_of(name)
    assert line is not None
    from django.urls import reverse

    client = desk.client("admin")
    client.handler.enforce_csrf_checks = True
    answer = client.post(reverse(name, args=line.args()), line.data or {})
    assert answer.status_code in {403, 404, 405}
    assert line.post is False or answer.status_code == 403


def _asked(desk: Desk, name: str, line: Line, person: str | None) -> int:
    """Ask as somebody, and undo what it did."""
    from django.db import transaction
    from django.urls import reverse

    with transaction.atomic():
        address = reverse(name, args=line.args())
        client = desk.client(person)
        answer = (
            client.post(address, line.data or {}) if line.post else client.get(address, line.data)
        )
        transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("name", "random"),
    [
        ("receipts:one", "20261121-000000000000"),
        ("jobs:one", "00000000-0000-4000-8000-000000000000"),
        ("saved_views:one", 999_999),
        ("catalogue:one", "3400999999999"),
    ],
)
def test_another_s_object_is_as_absent_as_a_random_one(name: str, random: Any, desk: Desk) -> None:
    from django.urls import reverse

    line = line_of(name)
    assert line is not None
    client = desk.client("voisin")
    absent = client.get(reverse(name, args=(random,)))
    assert absent.status_code == 404
    if name != "catalogue:one":
        foreign = client.get(reverse(name, args=line.args()))
        assert (foreign.status_code, foreign.content) == (404, absent.content)
