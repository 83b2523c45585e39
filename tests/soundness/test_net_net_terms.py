"""Contracts on purchases: what each line owes is what the ledger says, to the cent, at each release."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from galien.calculators.discounts.ledger import Line, Term, net_net
from galien.engines.protocol import Engine
from galien.kernel.money import round_amount
from galien.model.contracts import (
    Base,
    Clause,
    ClauseKind,
    Commitment,
    Contract,
    Measured,
    Payment,
    ProductScope,
    Span,
    Tier,
)
from galien.model.net_net import AFTER_INVOICE, Source
from galien.usecases.net_net.seen import Seen
from galien.usecases.net_net.terms import Bound, resolve
from galien.warehouse.bought import Purchases
from galien.warehouse.derive.file import Made, ensure_derived
from galien.warehouse.manifest import MonthFile, read_manifest
from galien.warehouse.publish import Publisher
from tests.builders.warehouse import (
    CODES,
    PHARMACIES,
    Workspace,
    days_between,
    random_file,
    reference,
)

D = Decimal
FIRST, LAST = dt.date(2026, 1, 5), dt.date(2026, 3, 20)
RFA = Clause(
    "RFA",
    ClauseKind.REBATE,
    tiers=(Tier(D(0), D("0.01")), Tier(D(10) ** 7, D("0.05"))),
    measured=Measured.NET_AMOUNT,
    span=Span.YEAR,
    base=Base.INVOICE,
)
CASH = Clause("Escompte", ClauseKind.CASH_DISCOUNT, rate=D("0.0125"), base=Base.INVOICE)
SERVICE = Clause(
    "Service", ClauseKind.COOPERATION, ProductScope(products=CODES[:2]), rate=D("0.033")
)
PARTNER = Contract("C1", "GROSSISTE", "", dt.date(2026, 1, 10), clauses=(RFA, CASH, SERVICE))


class Group:
    """A warehouse whose releases carry the terms of contracts."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = Workspace(folder, reference())
        self.bound: list[Bound] = []
        self.seen: list[Seen] = []
        for number, pharmacy in enumerate(PHARMACIES):
            days = days_between(FIRST, LAST)
            self.warehouse.load(random_file(number, pharmacy=pharmacy, feed="purchases", days=days))

    def sign(self, *contracts: Contract, own: bool = False) -> None:
        """Sign contracts for every pharmacy."""
        bound = [Bound(each, "Groupe", PHARMACIES, own) for each in contracts]
        self.bound = [*self.bound, *bound]

    def publish(self) -> str:
        """Publish, contracts resolved, and return the release."""
        made = self.warehouse

        def terms(files: Any, parent: Made | None) -> Any:
            purchases = Purchases(files, made.store, made.engines, parent)
            return resolve(self.bound, made.reference.products, purchases, self.seen)

        publisher = Publisher(made.ledger, made.store, made.engines, made.clock, resolve=terms)
        return publisher.publish(made.reference).release

    def engine(self) -> Engine:
        """Open the file of the current release."""
        release = self.warehouse.ledger.current_release()
        assert release is not None
        manifest = read_manifest(
            self.warehouse.store.places, release.release, release.manifest_sha256
        )
        path = ensure_derived(manifest, store=self.warehouse.store, engines=self.warehouse.engines)
        return self.warehouse.engines.open(path)


def lines(engine: Engine) -> list[dict[str, Any]]:
    return engine.query(
        "select l.*, p.pharmacy, q.product_code from purchase_line l join pharmacy p using (pharmacy_id) "
        "join product q using (product_id) order by pharmacy, day, document_id, line_no"
    ).to_pylist()


def suppliers(group: Group) -> list[str]:
    found = {row["supplier"] for row in lines(group.engine())}
    return sorted(found)


@pytest.fixture
def group(tmp_path: Path) -> Group:
    return Group(tmp_path)


def applied(row: dict[str, Any], contract: Contract) -> list[Term]:
    """Return the terms of a line, said by hand."""
    if row["supplier"] != contract.supplier or row["day"] < contract.since:
        return []
    terms = [
        Term(CASH.kind, Source.CONTRACT, "Escompte", rate=D("0.0125"), base=Base.INVOICE),
        Term(RFA.kind, Source.CONTRACT, "RFA", rate=D("0.01"), base=Base.INVOICE),
    ]
    if row["product_code"] in CODES[:2]:
        terms.append(
            Term(SERVICE.kind, Source.CONTRACT, "Service", rate=D("0.033"), base=Base.LIST)
        )
    return terms


def test_every_line_is_taken_apart_as_the_ledger_does(group: Group) -> None:
    group.publish()
    contract = replace(PARTNER, supplier=suppliers(group)[0])
    group.sign(contract)
    group.publish()
    sums: dict[Any, list[Decimal]] = defaultdict(lambda: [D(0), D(0)])
    for row in lines(group.engine()):
        free = D(row["free_quantity"] or 0)
        price = row["list_price_excl"] or D(0)
        line = Line(
            D(row["delivered_quantity"]),
            free,
            price,
            row["list_amount_excl"],
            row["net_amount_excl"],
        )
        found = net_net(line, applied(row, contract))
        if row["list_price_excl"] is not None:
            assert row["free_amount"] == round_amount(free * price)
        for kind in AFTER_INVOICE:
            assert abs(row[kind.value] - found.taken_off(kind)) < D("0.01")
            total = sums[row["pharmacy"], row["month"], kind]
            total[0] += row[kind.value]
            total[1] += found.taken_off(kind)
    assert any(shown for shown, _ in sums.values())
    for shown, exact in sums.values():
        assert shown == round_amount(exact)


def test_without_a_contract_the_release_is_the_same(group: Group) -> None:
    plain = group.warehouse.publish().release
    assert group.publish() == plain
    group.sign(replace(PARTNER, supplier="Personne"))
    assert group.publish() == plain


def tables(engine: Engine) -> dict[str, Any]:
    """Return what the purchase tables hold, row order apart."""
    names = (
        "purchase_line", "purchase_step", "purchases_month", "purchases_group_month",
        "purchases_product_month", "purchases_day_pharmacy", "purchases_run",
    )  # fmt: skip
    return {
        name: sorted(map(repr, engine.query(f"select * from {name}").to_pylist())) for name in names
    }


def test_a_contract_alone_makes_a_release_brought_forward_as_built_anew(
    group: Group, tmp_path: Path
) -> None:
    first = group.publish()
    contract = replace(PARTNER, supplier=suppliers(group)[0])
    group.sign(contract)
    second = group.publish()
    assert second != first
    assert group.publish() == second
    forward = tables(group.engine())
    other = Group(tmp_path / "anew")
    other.sign(contract)
    assert other.publish() == second
    assert tables(other.engine()) == forward
    group.bound = []
    assert group.publish() == first


def steep(supplier: str) -> Contract:
    """Return a contract whose yearly rate moves with every few euros, whoever else gives something."""
    tiers = tuple(Tier(D(least), D(least) / 10**6) for least in range(0, 30_000, 50))
    missed = Commitment("Seuil", D(2_000), measured=Measured.NET_AMOUNT, span=Span.QUARTER)
    clauses = (replace(RFA, tiers=tiers), CASH, SERVICE)
    return replace(PARTNER, supplier=supplier, clauses=clauses, commitments=(missed,))


@pytest.mark.parametrize("pharmacies", [PHARMACIES[:1], PHARMACIES])
def test_one_more_day_moves_months_before_as_built_anew(
    group: Group, tmp_path: Path, pharmacies: tuple[str, ...]
) -> None:
    group.publish()
    names = suppliers(group)
    later = Contract(
        "C9", names[0], "", dt.date(2026, 2, 1), clauses=(replace(CASH, rate=D("0.02")),)
    )
    other = Group(tmp_path / "anew")
    for each in (group, other):
        each.sign(steep(names[0]), steep(names[-1]), later)
    group.publish()
    serving = group.engine()
    before = tables(serving)
    for number, pharmacy in enumerate(pharmacies):
        day = LAST + dt.timedelta(days=1)
        file = random_file(90 + number, pharmacy=pharmacy, feed="purchases", days=[day])
        for each in (group, other):
            each.warehouse.load(file)
    release = group.publish()
    after = tables(group.engine())
    assert other.publish() == release
    assert tables(other.engine()) == after
    assert tables(serving) == before
    serving.close()
    january = "month': datetime.date(2026, 1, 1)"
    for name in ("purchase_line", "purchase_step", "purchases_month", "purchases_product_month"):
        then, now = ([row for row in found[name] if january in row] for found in (before, after))
        assert then != now


def test_counting_does_without_the_file_of_the_release_before(group: Group, tmp_path: Path) -> None:
    group.publish()
    other = Group(tmp_path / "anew")
    for each in (group, other):
        each.sign(steep(suppliers(group)[0]))
    before = group.publish()
    group.warehouse.store.places.derived_file(before).write_bytes(b"not a file of the engine")
    day = LAST + dt.timedelta(days=1)
    file = random_file(90, pharmacy=PHARMACIES[0], feed="purchases", days=[day])
    for each in (group, other):
        each.warehouse.load(file)
    assert group.publish() == other.publish()
    assert tables(group.engine()) == tables(other.engine())


def test_a_payment_takes_the_place_of_what_had_accrued(group: Group) -> None:
    group.publish()
    contract = replace(PARTNER, supplier=suppliers(group)[0])
    paid = Payment("RFA", dt.date(2026, 1, 1), dt.date(2026, 2, 28), D("1234.56"), "AV-1")
    group.sign(replace(contract, payments=(paid,)))
    group.publish()
    found = group.engine().query(
        "select month < date '2026-03-01' as settled, step_source, sum(rebate) as rebate "
        "from purchase_step where clause = 'C1 · RFA' and rebate <> 0 group by all order by 1, 2"
    )
    rows = {(r["settled"], r["step_source"]): r["rebate"] for r in found.to_pylist()}
    assert abs(rows.pop((True, "invoice")) - D("1234.56")) <= D("0.05")
    assert set(rows) == {(False, "contract")}


def test_two_contracts_of_the_same_parties_do_not_add_up(group: Group) -> None:
    group.publish()
    name = suppliers(group)[0]
    old = Contract("Ancien", name, "", dt.date(2025, 1, 1), clauses=(CASH,))
    new = Contract(
        "Nouveau", name, "", dt.date(2026, 2, 1), clauses=(replace(CASH, rate=D("0.02")),)
    )
    group.sign(old, new)
    group.publish()
    found = group.engine().query(
        "select clause, min(day) as first, max(day) as last from purchase_step group by 1 order by 1"
    )
    spans = {row["clause"]: (row["first"], row["last"]) for row in found.to_pylist()}
    assert spans["Ancien · Escompte"][1] < dt.date(2026, 2, 1) <= spans["Nouveau · Escompte"][0]


def test_a_cash_discount_seen_on_an_invoice_is_not_taken_again(group: Group) -> None:
    group.publish()
    name = suppliers(group)[0]
    line = next(row for row in lines(group.engine()) if row["supplier"] == name)
    group.sign(Contract("C1", name, "", dt.date(2026, 1, 1), clauses=(CASH, SERVICE)))
    document, month = line["document_id"], line["month"]
    group.seen = [Seen(line["pharmacy"], name, "F1", (document,), (month,), D("0.04"))]
    group.publish()
    for row in lines(group.engine()):
        mine = row["supplier"] == name
        same = (row["document_id"], row["pharmacy"], row["month"]) == (
            document,
            line["pharmacy"],
            month,
        )
        rate = D("0.04") if same else D("0.0125")
        expected = rate * row["net_amount_excl"] if mine else D(0)
        assert abs(row["cash_discount"] - expected) < D("0.01")
    found = group.engine().query(
        "select step_source, sum(cash_discount) as cash from purchase_step where clause = 'Facture F1' "
        "group by 1"
    )
    assert [row["step_source"] for row in found.to_pylist()] == ["invoice"]


def test_a_missed_commitment_bills_the_discount_back(group: Group) -> None:
    group.publish()
    name = suppliers(group)[0]
    least = Commitment("Seuil", D(10) ** 9, span=Span.MONTH)
    group.sign(Contract("C2", name, "", dt.date(2026, 1, 1), commitments=(least,)))
    group.publish()
    for row in lines(group.engine()):
        given = row["list_amount_excl"] - row["net_amount_excl"]
        assert row["rebate"] == (-given if row["supplier"] == name else 0)


def test_counting_reads_the_files_alone(group: Group) -> None:
    files: tuple[MonthFile, ...] = ()
    made = group.warehouse
    assert resolve([Bound(PARTNER, "G", PHARMACIES)], made.reference.products,
                   Purchases(files, made.store, made.engines)) == {}  # fmt: skip
