"""Invoices in the browser: sent, audited, claimed, answered by a credit note, closed to strangers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from galien.demo.invoices.making import credit_note
from galien.demo.invoices.writing import file_of
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.contracts import Clause, ClauseKind, Contract, Measured, Span, Tier
from galien.model.invoices import Invoice, InvoiceForm
from tests.builders.kept_invoices import DAY, LAB, from_lab, kept
from tests.builders.workspace import FINESS, Desk

OWN, OTHERS = FINESS[0], FINESS[1]
RATE = Decimal("0.20")


@pytest.fixture
def agreed(desk: Desk) -> Desk:
    """The group has signed 20 % with the lab."""
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.records.models import Organisation
    from galien.usecases.contracts.book import save

    contract = Contract(
        "DELTA-2026", LAB, LAB, dt.date(2026, 1, 1),
        clauses=(Clause("Remise", ClauseKind.INVOICE_DISCOUNT, rate=RATE),),
    )  # fmt: skip
    group = Organisation.objects.get(kind="group")
    save(contract, WORKSPACE_VIEWER, services=desk.services, organisation=group.pk)
    return desk


def viewer(username: str) -> Any:
    from galien.records.scope import viewer_named

    return viewer_named(username, dt.date(2026, 11, 21))


def sent(desk: Desk, made: Invoice, username: str = "titulaire", pharmacy: str = OWN) -> Any:
    """Send an invoice by the form."""
    name, content = file_of(made)
    file = SimpleUploadedFile(name, content)
    form = {"pharmacie": pharmacy, "files": file}
    return desk.client(username).post("/achats/factures", form, follow=True)


def page(desk: Desk, address: str, username: str = "titulaire") -> str:
    """Return the text of a page, its spaces made plain."""
    answer = desk.client(username).get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def only() -> Any:
    from galien.records.models import SupplierInvoice

    return SupplierInvoice.objects.get()


@pytest.mark.parametrize("form", InvoiceForm)
def test_an_invoice_sent_is_audited(agreed: Desk, form: InvoiceForm) -> None:
    made = replace(from_lab((4, "5.00", "5.00")), form=form)
    assert sent(agreed, made).redirect_chain
    assert "4,00" in page(agreed, "/achats/factures")
    shown = page(agreed, f"/achats/factures/{only().pk}")
    assert "Aucune remise au lieu de 20,00 % sur 4 boîtes" in shown
    assert "contrat « DELTA-2026 »" in shown


def test_an_invoice_as_agreed_has_no_difference(agreed: Desk) -> None:
    sent(agreed, from_lab((4, "5.00", "4.00")))
    assert "Aucun écart" in page(agreed, f"/achats/factures/{only().pk}")


def test_boxes_are_compared_with_the_delivery_the_invoice_names(agreed: Desk) -> None:
    # The delivery of the day brought 4 boxes of each product.
    made = replace(from_lab((6, "5.00", "4.00")), references=(f"BL{DAY:%Y%m%d}",))
    sent(agreed, made)
    shown = page(agreed, f"/achats/factures/{only().pk}")
    assert "6 boîtes facturées, 4 boîtes livrées" in shown
    assert "8,00" in shown


def test_a_tier_of_the_month_counts_what_was_bought_since_its_first_day(desk: Desk) -> None:
    from galien.model.viewer import WORKSPACE_VIEWER
    from galien.records.models import Organisation
    from galien.usecases.contracts.book import save
    from galien.usecases.invoices.audits import examine

    # 4 boxes come each open day: 4 on the 1st of October, 36 by the 10th.
    tiers = (Tier(Decimal(0), Decimal("0.10")), Tier(Decimal(36), Decimal("0.20")))
    clause = Clause(
        "Palier",
        ClauseKind.INVOICE_DISCOUNT,
        tiers=tiers,
        measured=Measured.QUANTITY,
        span=Span.MONTH,
    )
    contract = Contract("DELTA-2026", LAB, LAB, dt.date(2026, 1, 1), clauses=(clause,))
    group = Organisation.objects.get(kind="group")
    save(contract, WORKSPACE_VIEWER, services=desk.services, organisation=group.pk)
    made = from_lab((4, "5.00", "4.50"))
    first, tenth = (
        kept(OWN, replace(made, number=str(day), issued_on=dt.date(2026, 10, day)))
        for day in (1, 10)
    )
    early, late = examine([first, tenth], viewer("titulaire"), services=desk.services)
    assert early.audit.differences == ()
    assert [(each.kind, each.amount) for each in late.audit.differences] == [
        ("wrong_tier", Decimal("2.00"))
    ]


def test_the_same_invoice_sent_twice_is_kept_once(agreed: Desk) -> None:
    made = from_lab((4, "5.00", "5.00"))
    sent(agreed, made)
    again = sent(agreed, replace(made, form=InvoiceForm.UBL))
    assert "déjà reçue, rien n’a changé" in again.content.decode()
    other = sent(agreed, from_lab((5, "5.00", "5.00")))
    assert "avec un autre contenu" in other.content.decode()
    assert len(only().lines) == 1


def test_a_file_that_is_no_invoice_is_told(agreed: Desk) -> None:
    file = SimpleUploadedFile("photo.pdf", b"%PDF-1.7 rien")
    answer = agreed.client("titulaire").post("/achats/factures", {"pharmacie": OWN, "files": file})
    assert answer.status_code == 400
    assert "photo.pdf" in answer.content.decode()


def test_invoices_are_those_of_the_pharmacies_one_sees(agreed: Desk) -> None:
    assert sent(agreed, from_lab((4, "5.00", "5.00")), "voisin").status_code == 400
    row = kept(OWN)
    assert agreed.client("voisin").get(f"/achats/factures/{row.pk}").status_code == 404
    assert row.number not in page(agreed, "/achats/factures", "voisin")
    assert row.number in page(agreed, "/achats/factures", "acheteur")


def test_a_claim_goes_from_prepared_to_recovered(agreed: Desk) -> None:
    from galien.records.models import Claim

    sent(agreed, from_lab((4, "5.00", "5.00")))
    client = agreed.client("titulaire")
    client.post("/achats/reclamations/preparer", {"pharmacie": OWN, "fournisseur": LAB})
    claim = Claim.objects.get()
    assert (claim.state, claim.claimed, claim.reference) == ("open", Decimal("4.00"), "R2026-001")
    client.post(f"/achats/reclamations/{claim.pk}/changer", {"geste": "envoyer"})
    half = credit_note(
        from_lab(number="1"), claim.reference, Decimal("1.50"), dt.date(2026, 11, 20)
    )
    sent(agreed, half)
    claim.refresh_from_db()
    assert (claim.state, claim.recovered) == ("partial", Decimal("1.50"))
    rest = credit_note(
        from_lab(number="2"), "sans référence", Decimal("2.50"), dt.date(2026, 11, 21)
    )
    sent(agreed, rest)
    claim.refresh_from_db()
    assert (claim.state, claim.recovered) == ("recovered", Decimal("4.00"))
    assert len(claim.credits) == 2
    client.post(
        f"/achats/reclamations/{claim.pk}/changer", {"geste": "detacher", "avoir": rest.number}
    )
    claim.refresh_from_db()
    assert (claim.state, claim.recovered) == ("partial", Decimal("1.50"))


def test_what_is_claimed_is_not_claimed_again_unless_given_up(agreed: Desk) -> None:
    from galien.usecases.claims.book import Scope, drop, gather, take_up

    sent(agreed, from_lab((4, "5.00", "5.00")))
    owner, services = viewer("titulaire"), agreed.services
    scope = Scope(OWN, LAB, DAY, DAY)
    first = gather(scope, owner, services=services)
    with pytest.raises(InvalidInput, match="déjà réclamés"):
        gather(scope, owner, services=services)
    drop(first, owner, services=services)
    second = gather(scope, owner, services=services)
    assert second.claimed == first.claimed
    with pytest.raises(InvalidInput, match="demande déjà"):
        take_up(first, owner, services=services)
    with pytest.raises(NotAllowed):
        gather(scope, viewer("voisin"), services=services)


def test_the_workbook_of_a_claim_adds_up_and_its_letter_is_a_pdf(agreed: Desk) -> None:
    from galien.usecases.claims.book import Scope, gather
    from galien.usecases.claims.documents import pdf, xlsx

    sent(agreed, from_lab((4, "5.00", "5.00"), (2, "5.00", "4.50")))
    claim = gather(Scope(OWN, LAB, DAY, DAY), viewer("titulaire"), services=agreed.services)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx(claim))).get_sheet_by_index(0)
    rows = sheet.to_python()
    head = next(n for n, row in enumerate(rows) if row[0] == "Facture")
    amounts = [row[7] for row in rows[head + 1 : head + 1 + len(claim.findings)]]
    assert sum(Decimal(str(each)) for each in amounts) == claim.claimed
    assert pdf(claim).startswith(b"%PDF-")


def test_the_lines_of_an_invoice_load_as_purchases(agreed: Desk) -> None:
    from galien.intake import mapping, read_delivery
    from galien.usecases.terms import terms_of

    sent(agreed, from_lab((4, "5.00", "4.00"), (1, "0", "0")))
    answer = agreed.client("titulaire").get(f"/achats/factures/{only().pk}/achats.csv")
    found = read_delivery(
        io.BytesIO(answer.content),
        feed="purchases",
        mapping=mapping("galien", agreed.path),
        terms=terms_of(OWN, agreed.services),
    )
    assert [found.accepted, found.quarantined] == [1, 0]
    assert found.sums == {"quantity": Decimal(4), "amount": Decimal("16.00")}


def test_looking_at_an_invoice_is_noted(agreed: Desk) -> None:
    from galien.records.models import AccessLog

    row = kept(OWN)
    page(agreed, f"/achats/factures/{row.pk}", "acheteur")
    assert AccessLog.objects.filter(action="view", subject__contains=row.number).exists()
