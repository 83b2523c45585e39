"""Price levels, the ledger and the contract monitor: what they say, and to whom."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from galien.analytics.question import Question
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Contract,
    Counted,
    Measured,
    Span,
    Tier,
)
from tests.builders.workspace import FINESS, TODAY, Desk

D = Decimal
CASH = Clause("Escompte", ClauseKind.CASH_DISCOUNT, rate=D("0.02"), base=Base.INVOICE)
TIERS = Clause(
    "RFA", ClauseKind.REBATE, tiers=(Tier(D(1), D("0.01")), Tier(D(10) ** 8, D("0.05"))),
    measured=Measured.NET_AMOUNT, span=Span.YEAR,
)  # fmt: skip
PROMISE = Commitment("Promesse", D(10) ** 7)
TOGETHER = Commitment("Ensemble", D(10) ** 7, counted=Counted.GROUP)


def viewer(name: str) -> Any:
    from galien.records.scope import viewer_named

    return viewer_named(name, TODAY)


def supplier(desk: Desk) -> str:
    from galien.usecases.ask import ask

    found = ask(
        Question("purchases", ("net_amount",), ("supplier",), "2026-10"),
        viewer("acheteur"),
        services=desk.services,
    )
    return str(found.table.column("supplier")[0].as_py())


def sign(desk: Desk, **more: Any) -> Any:
    """Keep a contract of the group with the first of its suppliers."""
    from galien.usecases.contracts.book import save

    contract = Contract("Accord 2026", supplier(desk), "", dt.date(2026, 1, 1), **more)
    return save(contract, viewer("acheteur"), services=desk.services)


def text(desk: Desk, who: str, address: str) -> str:
    response = desk.client(who).get(address)
    assert response.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", response.content.decode()))


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("list", "prix catalogue"),
        ("invoice", "Taux de remise réelle"),
        ("net-net", "Total achats net-net"),
    ],
)
def test_the_price_level_is_in_the_address_and_on_the_page(
    desk: Desk, level: str, said: str
) -> None:
    address = f"/achats/par-fournisseur?period=2026-10&level={level}"
    response = desk.client("acheteur").get(address).content.decode()
    shown = re.findall(r'href="([^"]+)" aria-current="true"[^>]*title="[^"]+"', response)
    assert any("level" in each or level == "invoice" for each in shown)
    assert said in html.unescape(response)
    for other in {"list", "net-net"} - {level}:
        assert f"level={other}" in response


def test_every_purchase_page_reads_at_net_net_price(desk: Desk) -> None:
    from galien.web.analysis.declared import ANALYSES

    client = desk.client("acheteur")
    for page in ANALYSES:
        if page.subject == "purchases":
            assert client.get(f"{page.path}?period=2026-10&level=net-net").status_code == 200


def test_a_contract_takes_effect_at_the_next_publication(desk: Desk) -> None:
    from galien.usecases.contracts.book import save
    from galien.usecases.net_net.detail import ledger_of
    from galien.usecases.publish import publish
    from galien.usecases.releases import rollback

    question = Question("purchases", period="2026-10")
    asker, services = viewer("acheteur"), desk.services
    first = services.ledger.current_release()
    kept = sign(desk, clauses=(CASH, TIERS))
    assert ledger_of(question, asker, services=services).steps[2].amount == 0
    second = publish(services=services).release
    assert first is not None
    assert second.release != first.release
    found = ledger_of(question, asker, services=services)
    assert sum(step.amount for step in found.steps) == found.discount
    assert [step.kind for step in found.steps] == list(ClauseKind)
    cash = found.steps[2]
    assert cash.amount > 0
    assert [each.clause for each in cash.given] == ["Accord 2026 · Escompte"]
    page = text(desk, "acheteur", "/achats/net-net?period=2026-10")
    assert "Convenu par écrit" in page
    assert f"/achats/contrats/{kept.key}" in desk.client("acheteur").get(
        "/achats/net-net?period=2026-10"
    ).content.decode()  # fmt: skip
    dearer = replace(kept.contract, clauses=(replace(CASH, rate=D("0.04")), TIERS))
    save(dearer, asker, services=services, key=kept.key)
    publish(services=services)
    doubled = ledger_of(question, asker, services=services).steps[2].amount
    assert abs(doubled - 2 * cash.amount) <= D("0.10")
    rollback(first.release, services=services)
    assert ledger_of(question, asker, services=services).steps[2].amount == 0


def test_the_ledger_is_a_file_too(desk: Desk) -> None:
    for style in ("csv", "xlsx"):
        response = desk.client("acheteur").get(f"/achats/net-net?period=2026-10&format={style}")
        assert response.status_code == 200
        assert "attachment" in response["Content-Disposition"]


def test_the_monitor_follows_each_pharmacy_and_the_group(desk: Desk) -> None:
    from galien.usecases.contract_monitor import monitor

    sign(desk, clauses=(TIERS,), commitments=(PROMISE, TOGETHER))
    found = monitor(viewer("acheteur"), services=desk.services)
    by_target = {(line.reference, line.pharmacy): line.followed for line in found.lines}
    alone = [by_target["Promesse", each].reached.counted for each in FINESS]
    assert by_target["Ensemble", ""].reached.counted == sum(alone)
    assert found.partly == ()
    page = text(desk, "acheteur", "/achats/suivi-contrats")
    assert "Menacé" in page
    assert "Palier non atteint" in page
    assert "Aucun objectif pour ces filtres" in text(
        desk, "acheteur", "/achats/suivi-contrats?etat=tenus"
    )


def test_a_pharmacy_sees_its_own_purchases_alone(desk: Desk) -> None:
    from galien.usecases.contract_monitor import monitor

    sign(desk, clauses=(TIERS,), commitments=(PROMISE, TOGETHER))
    found = monitor(viewer("titulaire"), services=desk.services)
    assert {line.pharmacy for line in found.lines} == {FINESS[0]}
    assert found.partly == ("Accord 2026",)
    assert "Ensemble" not in {line.reference for line in found.lines}
    page = text(desk, "titulaire", "/achats/suivi-contrats")
    assert "n’est montré qu’à qui voit toutes ses pharmacies" in page
    assert desk.client("titulaire").get(
        f"/achats/suivi-contrats?pharmacie={FINESS[1]}"
    ).status_code in {400, 404}  # fmt: skip


def test_the_monitor_reads_the_spans_it_follows_and_the_year_before_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from galien.usecases.ask import ask
    from galien.usecases.contract_monitor import monitor

    sign(desk, commitments=(Commitment("Chaque mois", D(1), span=Span.MONTH),))
    read: list[str] = []

    def noted(question: Question, *rest: Any, **more: Any) -> Any:
        read.append(question.period)
        return ask(question, *rest, **more)

    monkeypatch.setattr("galien.usecases.contract_monitor.ask", noted)
    monitor(viewer("acheteur"), services=desk.services)
    (period,) = read
    first, last = map(dt.date.fromisoformat, period.split(".."))
    assert last == dt.date(2026, 10, 31)
    assert dt.date(2025, 9, 1) <= first <= dt.date(2026, 9, 1)


def test_without_a_contract_the_monitor_says_what_to_do(desk: Desk) -> None:
    assert "Aucun engagement à suivre" in text(desk, "acheteur", "/achats/suivi-contrats")
    page = text(desk, "acheteur", "/achats/net-net?period=2026-10")
    assert "Aucun contrat signé ne donne de remise après facture" in page
