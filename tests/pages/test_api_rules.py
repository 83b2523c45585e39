"""What every address of the API keeps to: pages, tags, pace, keys, errors in French, its description."""

from __future__ import annotations

import datetime as dt
import doctest
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.builders.asking import ROOT, program
from tests.builders.workspace import FINESS, LAST, SALES_HEADER, TODAY, Desk, sale_rows

ALL = ("ask", "receipts", "releases", "stock", "stock:write", "prices", "prices:write")
QUESTION = "/ask/sales?by=product&period=2026-10"
ENGLISH = re.compile(r"\b(the|field|input|should|valid|not found|allowed)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    from galien.api.rate import LIMIT

    LIMIT.forget()
    yield
    LIMIT.most = 300


@pytest.mark.parametrize("address", ["/stock/abc?", "/stock/rotation?by=product&", f"{QUESTION}&"])
def test_pages_put_end_to_end_make_the_whole(desk: Desk, address: str) -> None:
    mine = program(desk, "acheteur", *ALL)
    whole = mine.get(f"{address}limit=1000").json()
    rows: list[Any] = []
    while len(rows) < whole["count"]:
        part = mine.get(f"{address}limit=2&offset={len(rows)}").json()
        assert (part["count"], part["limit"]) == (whole["count"], 2)
        rows += part["rows"]
    assert rows == whole["rows"]
    assert len(rows) > 3
    assert mine.get(f"{address}limit=2&offset=9999").json()["rows"] == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/stock/abc?limit=0", "« limit » : au moins 1."),
        ("/stock/abc?limit=beaucoup", "« limit » : un nombre entier est attendu."),
        ("/stock/value?on=2026-13-01", "« pharmacy » : il manque."),
        ("/stock/value?pharmacy=1&on=hier", "une date est attendue"),
        ("/stock/value?pharmacy=1&method=lifo", "au choix"),
        ("/stock/rotation?by=couleur", "couleur"),
        ("/prices/margin?cost=28", "l’un des deux"),
        ("/prices/margin?cost=28&margin=1", "moins de 1"),
        ("/ask/sales?by=lab&wehre=lab=Alpha", "Vouliez-vous dire « where » ?"),
        ("/subjects?by=lab", "n’en prend aucun"),
        ("/nulle-part", "n’existe pas"),
        ("/stock/orders/999999", "n’existe pas"),
        ("/prices/policies/999999", "n’existe pas"),
        ("/prices/runs/abc", "n’existe pas"),
        ("/jobs/abc", "n’existe pas"),
    ],
)
def test_what_is_wrong_is_said_in_french_with_a_code(desk: Desk, address: str, words: str) -> None:
    answer = program(desk, "acheteur", *ALL).get(address)
    told = answer.json()
    assert answer.status_code in {400, 404}
    assert told["code"]
    assert words in told["message"]
    assert not ENGLISH.search(told["message"])


def test_a_method_or_a_body_that_is_not_taken_is_told(desk: Desk) -> None:
    mine = program(desk, "titulaire", *ALL)
    wrong = mine.send("put", "/stock/orders", {})
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD")
    assert "GET" in wrong["Allow"]
    unread = mine.send("post", "/stock/orders", "{", "text/json")
    assert (unread.status_code, unread.json()["code"]) == (400, "USAGE")
    empty = mine.send("post", "/prices/check", " ", "text/csv")
    assert "vide" in empty.json()["message"]
    foreign = mine.send("post", "/prices/check", b"product_code;price_incl\nP1;\n", "text/csv")
    assert (foreign.status_code, "ligne 2" in foreign.json()["message"]) == (400, True)


def test_a_key_that_is_unknown_expired_or_revoked_opens_nothing(desk: Desk) -> None:
    from galien.records.models import ApiToken

    mine = program(desk, "titulaire", *ALL)
    assert mine.get("/subjects").status_code == 200
    ApiToken.objects.filter(name="Essai").update(revoked_at=desk.services.clock.now())
    late = program(desk, "titulaire", *ALL, days=-1)
    for each in (mine, late, replace(mine, secret="gal_inconnue")):
        answer = each.get("/subjects")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert "créez-en une" in answer.json()["message"]
        assert each.send("post", "/stock/orders", {"pharmacy": FINESS[0]}).status_code == 401
    signed_in = desk.client("titulaire")
    told = {"authorization": f"Bearer {late.secret}"}
    assert signed_in.get(f"{ROOT}/subjects", headers=told).status_code == 401


def test_a_key_writes_without_a_session_and_what_it_reads_is_noted(desk: Desk) -> None:
    from galien.records.models import AccessLog

    mine = program(desk, "titulaire", "stock", "stock:write")
    assert mine.send("post", "/stock/orders", {"pharmacy": FINESS[0]}).status_code == 202
    assert mine.get(f"/stock/value?pharmacy={FINESS[0]}&on=2026-10-31").status_code == 200
    noted = AccessLog.objects.filter(action="export", door="api").latest("id")
    assert "stock/value" in noted.subject
    assert {each.pharmacy for each in noted.pharmacies.all()} == {FINESS[0]}


@pytest.mark.parametrize(
    "address",
    [QUESTION, "/stock/abc", "/stock/rotation", "/stock/orders", "/prices/policies", "/receipts",
     f"/stock/sleeping?pharmacy={FINESS[1]}"],
)  # fmt: skip
def test_what_has_not_changed_is_not_sent_again(desk: Desk, address: str) -> None:
    from galien.records.models import AccessLog

    mine = program(desk, "voisin", *ALL)
    first = mine.get(address)
    tag = first["ETag"]
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {each.strip() for each in first["Vary"].split(",")}
    noted = AccessLog.objects.count()
    again = mine.get(address, **{"if-none-match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert AccessLog.objects.count() == noted
    other = mine.get(f"{address}{'&' if '?' in address else '?'}limit=1", **{"if-none-match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("address", [QUESTION, "/stock/abc", "/stock/orders", "/prices/policies"])
def test_the_tag_of_one_viewer_tells_another_nothing(desk: Desk, address: str) -> None:
    owner = program(desk, "titulaire", *ALL).get(address)
    other = program(desk, "voisin", *ALL).get(address, **{"if-none-match": owner["ETag"]})
    assert other.status_code == 200
    assert other["ETag"] != owner["ETag"]


def test_a_browser_keeps_no_figure(desk: Desk) -> None:
    answer = desk.client("titulaire").get(f"{ROOT}{QUESTION}")
    assert answer["Cache-Control"] == "private, no-store"


def test_a_tag_falls_with_rights_with_the_day_and_with_a_release(
    desk: Desk, tmp_path: Path
) -> None:
    from galien.kernel.clock import FixedClock
    from galien.records.models import Authorisation
    from galien.usecases.load import LoadOrder, load
    from galien.usecases.publish import publish
    from galien.usecases.services import install

    mine = program(desk, "acheteur", *ALL)
    tags = [mine.get(QUESTION)["ETag"]]

    def changed() -> Any:
        answer = mine.get(QUESTION, **{"if-none-match": tags[-1]})
        assert answer.status_code == 200
        tags.append(answer["ETag"])
        return answer.json()

    before = mine.get(QUESTION).json()["meta"]["scope"]
    for each in Authorisation.objects.filter(pharmacy=before[0]):
        each.delete()
    assert changed()["meta"]["scope"] == before[1:]
    install(replace(desk.services, clock=FixedClock.on(TODAY + dt.timedelta(days=1))))
    try:
        changed()
    finally:
        install(desk.services)
    lines = [
        ",".join(map(str, row)).replace(str(LAST), "2026-11-03")
        for row in sale_rows(FINESS[1])[-2:]
    ]
    file = tmp_path / "ventes.csv"
    file.write_text("\n".join([SALES_HEADER, *lines, ""]))
    tags.append(mine.get(QUESTION)["ETag"])
    order = LoadOrder(path=file, feed="sales", pharmacy=FINESS[1], append=True)
    assert load(order, services=desk.services).status == "accepted"
    publish(services=desk.services)
    desk.services.reader.look_again()
    changed()


def test_who_asks_too_often_waits_and_the_others_do_not(desk: Desk) -> None:
    from galien.api.rate import LIMIT

    LIMIT.most = 2
    mine, other = (program(desk, "titulaire", *ALL) for _ in range(2))
    assert [mine.get("/subjects").status_code for _ in range(3)] == [200, 200, 429]
    refused = mine.get("/subjects")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["code"] == "TOO_MANY_REQUESTS"
    assert "réessayez dans" in refused.json()["message"]
    assert other.get("/subjects").status_code == 200


def test_the_pace_is_counted_over_a_sliding_minute() -> None:
    from galien.api.rate import PerCaller

    class Asked:
        api_key = 1

    now = [0.0]
    limit = PerCaller(2, 60, lambda: now[0])
    asked: Any = Asked()
    moments = []
    for now[0] in (0.0, 30.0, 59.0, 60.0, 61.0, 90.0):
        moments.append(limit.allow_request(asked))
    assert moments == [True, True, False, True, False, True]
    now[0] = 91.0
    assert not limit.allow_request(asked)
    assert limit.wait() == 29


def test_an_order_is_changed_sent_and_taken_as_files(desk: Desk) -> None:
    from tests.builders import objects

    (key,) = objects.of(objects.order)()
    mine = program(desk, "titulaire", "stock", "stock:write")
    code = "3400930000014"
    changed = mine.send("patch", f"/stock/orders/{key}", {"quantities": {code: 9}}).json()
    assert (changed["units"], changed["amount"], changed["rows"][0]["proposed"]) == (9, 40.5, 3)
    absurd = mine.send("patch", f"/stock/orders/{key}", {"quantities": {code: -1}})
    assert absurd.status_code == 400
    assert mine.send("post", f"/stock/orders/{key}/send").json()["state"] == "sent"
    assert mine.send("post", f"/stock/orders/{key}/drop").status_code == 400
    assert f";{code};" in mine.get(f"/stock/orders/{key}/order.csv").content.decode("utf-8-sig")
    message = mine.get(f"/stock/orders/{key}/order.xml?client=75A&supplier=R1&supplier_code=12")
    assert 'Id_Client="75A"' in message.content.decode()
    assert mine.get(f"/stock/orders/{key}/order.xml?supplier=R1").status_code == 400
    (row,) = mine.get(f"/stock/orders?pharmacy={FINESS[0]}&state=sent").json()["rows"]
    assert (row["order"], row["units_received"]) == (f"G{key}", 0)
    assert [each["key"] for each in mine.get("/stock/orders").json()["rows"]] == [key]


def test_a_policy_is_kept_applied_and_its_prices_taken_as_a_file(desk: Desk) -> None:
    mine = program(desk, "titulaire", "prices", "prices:write")
    text = "name: Essai\ncategories:\n  - {name: Tout, margin: 40 %}\n"
    kept = mine.send("post", "/prices/policies", text, "application/yaml")
    address = kept["Location"].removeprefix(ROOT)
    taken = mine.send("post", "/prices/policies", text, "application/yaml")
    assert (taken.status_code, "déjà le nom" in taken.json()["message"]) == (400, True)
    assert kept.json()["policy"]["categories"][0]["name"] == "Tout"
    asked = {"pharmacy": FINESS[0], "digest": kept.json()["digest"]}
    mine.send("put", address, text.replace("40", "45"), "application/yaml")
    stale = mine.send("post", f"{address}/apply", asked)
    assert (stale.status_code, stale.json()["code"]) == (400, "POLICY_CHANGED")
    asked["digest"] = mine.get(address).json()["digest"]
    applied = mine.send("post", f"{address}/apply", asked)
    assert (applied.status_code, applied.json()["applied"]) == (201, True)
    run = applied["Location"].removeprefix(ROOT)
    decided = mine.get(run).json()
    assert decided["count"] == applied.json()["touched"] > 0
    file = mine.get(f"{run}/prices.csv").content.decode("utf-8-sig").splitlines()
    assert len(file) == 1 + decided["count"]
    assert mine.get("/prices/runs").json()["rows"][0]["policy"] == "Essai"
    assert mine.get(f"{address}/policy.yaml").content.decode() == text.replace("40", "45")
    assert mine.send("delete", address).status_code == 200
    assert mine.get(address).status_code == 404


def test_its_description_is_whole_and_french(desk: Desk) -> None:
    client = desk.client(None)
    found = client.get(f"{ROOT}/openapi.json").json()
    assert found["openapi"].startswith("3.")
    operations = [each for path in found["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    chapters = {each["name"] for each in found["tags"]}
    for each in operations:
        assert each["summary"]
        assert each["description"]
        assert not ENGLISH.search(each["summary"] + each["description"])
        assert set(each["tags"]) <= chapters
        for parameter in each.get("parameters", ()):
            assert parameter["in"] == "path" or parameter["description"], (each, parameter)
    defined = found["components"]["schemas"].keys()
    named = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(found))
    assert set(named) <= defined
    assert client.get(f"{ROOT}/docs").status_code == 200


def test_the_examples_of_its_code_hold() -> None:
    from galien.api import errors, guide

    for each in (errors, guide):
        tried = doctest.testmod(each)
        assert (tried.failed, tried.attempted > 0) == (0, True)
