"""Contracts in the browser: written with buttons alone, brought in from files, read by those they bind."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.contracts import (
    Clause,
    ClauseKind,
    Contract,
    ProductScope,
    Standing,
)
from tests.builders.workspace import FINESS, PRODUCTS, TODAY, Desk

PATH = "/achats/contrats"
A = PRODUCTS[0][0]
INPUT = re.compile(r'<input type="(?:text|date)" value="([^"]*)"[^>]* name="([^"]+)"')
CLAUSE = Clause("Remise", ClauseKind.INVOICE_DISCOUNT, ProductScope(products=(A,)), Decimal("0.25"))


def viewer(name: str) -> Any:
    from galien.records.scope import viewer_named

    return viewer_named(name, TODAY)


def keep(desk: Desk, who: str, reference: str = "C1", **parts: Any) -> Any:
    from galien.usecases.contracts.book import save

    given = {"since": dt.date(2026, 1, 1), "clauses": (CLAUSE,), **parts}
    contract = Contract(reference, "Grossiste", "Alpha", **given)
    return save(contract, viewer(who), services=desk.services)


def names(who: str, **asked: Any) -> list[str]:
    from galien.usecases.contracts.book import contracts_of

    return [each.contract.reference for each in contracts_of(viewer(who), **asked)]


def text(answer: Any) -> str:
    told = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return told.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_group_s_signed_contract_is_read_by_its_members_and_its_offers_are_not(
    desk: Desk,
) -> None:
    keep(desk, "acheteur", "Signé")
    keep(desk, "acheteur", "Offre", standing=Standing.OFFER)
    both = ("offer", "signed")
    assert names("acheteur", standings=both) == ["Offre", "Signé"]
    assert names("titulaire", standings=both) == ["Signé"]


def test_a_pharmacy_s_contract_is_its_own(desk: Desk) -> None:
    from galien.usecases.contracts.book import bound_pharmacies

    kept = keep(desk, "titulaire")
    assert names("titulaire") == ["C1"]
    assert names("voisin") == names("acheteur") == []
    assert bound_pharmacies(kept) == {FINESS[0]}


def test_what_is_over_still_rules_its_days_and_what_is_withdrawn_counts_nowhere(desk: Desk) -> None:
    from galien.usecases.contracts.book import delete, end

    kept = keep(desk, "acheteur")
    end(kept.key, viewer("acheteur"), on=dt.date(2026, 6, 30), services=desk.services)
    assert names("acheteur", on=dt.date(2026, 6, 30)) == ["C1"]
    assert names("acheteur", on=dt.date(2026, 7, 1)) == []
    delete(kept.key, viewer("acheteur"), services=desk.services)
    assert names("acheteur") == []
    assert names("acheteur", standings=("ended",)) == ["C1"]


def test_only_its_writers_change_it_and_a_reference_is_of_one_contract(desk: Desk) -> None:
    from galien.usecases.contracts.book import end

    kept = keep(desk, "acheteur")
    for who in ("reseau", "titulaire", "voisin"):
        with pytest.raises(NotAllowed):
            end(kept.key, viewer(who), on=TODAY, services=desk.services)
    with pytest.raises(InvalidInput, match="C1"):
        keep(desk, "acheteur")
    with pytest.raises(InvalidInput, match="750100099"):
        keep(desk, "acheteur", "C2", members=("750100099",))


def test_members_narrow_a_contract_and_changes_are_logged(desk: Desk) -> None:
    from galien.records.models import AccessLog
    from galien.usecases.contracts.book import bound_pharmacies

    kept = keep(desk, "acheteur", members=FINESS[:2])
    assert bound_pharmacies(kept) == set(FINESS[:2])
    assert AccessLog.objects.filter(action="change", subject="Contrat C1").count() == 1


HEAD = {
    "reference": "Alpha 2026",
    "supplier": "Alpha",
    "standing": "signed",
    "since": "2026-01-01",
    "signed_on": "2025-12-08",
}


def post(desk: Desk, do: str, fields: dict[str, Any], path: str = "/nouveau") -> Any:
    return desk.client("acheteur").post(PATH + path, {**fields, "do": do})


def test_parts_are_added_by_buttons_and_the_contract_is_kept(desk: Desk) -> None:
    from galien.usecases.contracts.book import contracts_of

    fields: dict[str, Any] = {
        **HEAD,
        "clauses-0-reference": "Remise",
        "clauses-0-kind": "invoice_discount",
        "clauses-0-rate": "37,5",
        "clauses-0-scope-products": f"{A}\n",
    }
    page = post(desk, "add-clause", fields).content.decode()
    assert 'name="clauses-1-kind"' in page
    assert 'value="37,5"' in page
    page = post(desk, "add-commitment", fields).content.decode()
    assert 'name="commitments-0-minimum"' in page
    fields |= {
        "clauses-1-reference": "Fin d’année",
        "clauses-1-kind": "rebate",
        "clauses-1-span": "year",
        "clauses-1-measured": "net_amount",
        "clauses-1-tiers-0-minimum": "10 000",
        "clauses-1-tiers-0-rate": "2",
        "clauses-1-tiers-1-minimum": "",
        "clauses-1-tiers-1-rate": "",
        "clauses-1-scope-classes": ["generic", "hybrid"],
        "clauses-1-condition": "Volume",
        "clauses-2-reference": "UG",
        "clauses-2-kind": "free_units",
        "clauses-2-paid": "10",
        "clauses-2-free": "1",
        "clauses-2-base": "list",
        "commitments-0-reference": "Volume",
        "commitments-0-minimum": "8000",
        "commitments-0-span": "year",
        "conditions-payment_days": "45",
        "conditions-returns-allowed": "true",
        "conditions-returns-credit_rate": "80",
    }
    answer = post(desk, "save", fields)
    assert answer.status_code == 302
    (kept,) = contracts_of(viewer("acheteur"))
    discount, rebate, units = kept.contract.clauses
    assert (discount.rate, discount.scope.products) == (Decimal("0.375"), (A,))
    assert [(t.minimum, t.rate) for t in rebate.tiers] == [(Decimal(10000), Decimal("0.02"))]
    assert rebate.scope.classes == ("generic", "hybrid")
    assert (units.paid, units.free, kept.contract.conditions.payment_days) == (10, 1, 45)
    assert kept.contract.conditions.returns.credit_rate == Decimal("0.8")
    assert kept.contract.signed_on == dt.date(2025, 12, 8)


def test_what_is_wrong_is_said_in_french_and_nothing_typed_is_lost(desk: Desk) -> None:
    fields = {
        **HEAD,
        "clauses-0-reference": "Remise",
        "clauses-0-kind": "invoice_discount",
        "clauses-0-rate": "beaucoup",
    }
    answer = post(desk, "save", fields)
    assert answer.status_code == 400
    assert "clause « Remise », taux : « beaucoup % » n’est pas un taux" in text(answer)
    assert 'value="beaucoup"' in answer.content.decode()


def test_a_contract_opened_and_saved_is_the_same(desk: Desk) -> None:
    from galien.usecases.contracts.book import found

    kept = keep(desk, "acheteur")
    page = desk.client("acheteur").get(f"{PATH}/{kept.key}/modifier").content.decode()
    fields: dict[str, Any] = {name: html.unescape(value) for value, name in INPUT.findall(page)}
    for name, area in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', page):
        fields[name] = html.unescape(area)
    for name, select in re.findall(
        r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', select)
        fields[name] = chosen[1] if chosen else ""
    answer = post(desk, "save", fields, f"/{kept.key}/modifier")
    assert answer.status_code == 302
    assert found(kept.key, viewer("acheteur")).contract == kept.contract


def test_a_part_is_taken_out(desk: Desk) -> None:
    fields = {**HEAD}
    for rank, name in enumerate(("Première", "Deuxième")):
        fields |= {f"clauses-{rank}-reference": name, f"clauses-{rank}-kind": "rebate"}
    page = text(post(desk, "drop-clause-0", fields))
    assert "Deuxième" in page
    assert "Première" not in page


LIST = f"code;remise %;complément %\n{A};40;3\n34009;10;\n".encode()


def bring(desk: Desk, name: str, content: bytes, **fields: str) -> Any:
    sent = {"file": SimpleUploadedFile(name, content), **fields}
    return desk.client("acheteur").post(f"{PATH}/import", sent)


def hidden(answer: Any) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()
    )
    return {name: html.unescape(value) for name, value in found}


def test_a_price_list_is_shown_then_kept(desk: Desk) -> None:
    from galien.usecases.contracts.book import contracts_of

    head = {"lab": "Alpha", "since": "2026-01-01", "standing": "offer"}
    answer = bring(desk, "cgv.csv", LIST, **head)
    assert "2 lignes lues, 1 laissée de côté" in text(answer)
    assert "« 34009 » n’est pas un code de produit" in text(answer)
    assert names("acheteur", standings=("offer",)) == []
    fields = {**hidden(answer), "do": "keep"}
    answer = desk.client("acheteur").post(f"{PATH}/import", fields)
    assert answer.status_code == 302
    (kept,) = contracts_of(viewer("acheteur"), standings=("offer",))
    assert [each.scope.products for each in kept.contract.clauses] == [(A,), (A,)]
    again = desk.client("acheteur").post(f"{PATH}/import", fields)
    assert again.status_code == 400


def test_a_contract_downloaded_and_brought_back_takes_its_place(desk: Desk) -> None:
    from galien.usecases.contracts.book import contracts_of

    kept = keep(desk, "acheteur")
    file = desk.client("acheteur").get(f"{PATH}/{kept.key}/yaml")
    assert file["Content-Disposition"] == 'attachment; filename="c1.yaml"'
    answer = bring(desk, "c1.yaml", file.content.replace(b"0.25", b"0.30"))
    assert "Remplace le contrat de même référence" in text(answer)
    desk.client("acheteur").post(f"{PATH}/import", {**hidden(answer), "do": "keep"})
    (found,) = contracts_of(viewer("acheteur"))
    assert (found.key, found.contract.clauses[0].rate) == (kept.key, Decimal("0.30"))


def test_an_offer_says_how_to_sign_it_to_those_who_may(desk: Desk) -> None:
    offer = keep(desk, "acheteur", "Offre", standing=Standing.OFFER)
    signed = keep(desk, "acheteur", "Signé")
    told = text(desk.client("acheteur").get(f"{PATH}/{offer.key}"))
    assert "Vous signez cette offre" in told
    assert "Vous signez" not in text(desk.client("acheteur").get(f"{PATH}/{signed.key}"))


def test_the_import_page_says_what_a_price_list_lacks(desk: Desk) -> None:
    told = text(desk.client("acheteur").get(f"{PATH}/import"))
    assert "Un CSV ne porte ni engagement, ni condition" in told


def test_a_file_that_cannot_be_read_says_where(desk: Desk) -> None:
    answer = bring(desk, "c.yaml", b"contracts:\n- reference: A\n  lab: B\n")
    assert answer.status_code == 400
    assert "Ligne 2, contrat « A » : il manque « since »" in text(answer)


def test_a_contract_over_its_ceiling_says_so_and_cites_the_law(desk: Desk) -> None:
    scope = ProductScope(classes=("generic",))
    clause = Clause("Remise", ClauseKind.INVOICE_DISCOUNT, scope, Decimal("0.35"))
    autumn: dict[str, Any] = {"signed_on": dt.date(2025, 9, 15), "clauses": (clause,)}
    after: dict[str, Any] = {"signed_on": dt.date(2025, 10, 8), "clauses": (clause,)}
    over, within = keep(desk, "acheteur", **autumn), keep(desk, "acheteur", "C2", **after)
    page = text(desk.client("titulaire").get(f"{PATH}/{over.key}"))
    assert "Dépassé de 5,00" in page
    assert "30,00 % depuis le 1er septembre 2025" in page
    assert "Syndicat des pharmaciens" in page
    assert "Dépassé" not in text(desk.client("titulaire").get(f"{PATH}/{within.key}"))


def test_the_list_is_filtered_and_empty_filters_say_so(desk: Desk) -> None:
    keep(desk, "acheteur", "Ancien", until=dt.date(2026, 3, 31))
    keep(desk, "acheteur", "Nouveau", since=dt.date(2026, 4, 1))
    client = desk.client("acheteur")
    now, before, none = (
        text(client.get(f"{PATH}?{query}")) for query in ("", "jour=2026-03-01", "etat=retires")
    )
    assert "Nouveau " in now.replace("Nouveau contrat", "")
    assert "Ancien" not in now
    assert "Ancien" in before
    assert "Aucun résultat pour ces filtres" in none


def test_a_member_reads_without_being_offered_to_write(desk: Desk) -> None:
    kept = keep(desk, "acheteur")
    assert "Modifier" not in text(desk.client("titulaire").get(f"{PATH}/{kept.key}"))
    assert "Nouveau contrat" not in text(desk.client("reseau").get(PATH))


def test_a_contract_of_thousands_of_rates_is_read_and_not_typed(desk: Desk) -> None:
    rates = tuple(
        Clause(
            f"R{n}",
            ClauseKind.INVOICE_DISCOUNT,
            ProductScope(products=(f"34009{n:08d}",)),
            Decimal(n) / 10_000,
        )
        for n in range(3_000)
    )
    kept = keep(desk, "acheteur", clauses=rates)
    client = desk.client("acheteur")
    page = client.get(f"{PATH}/{kept.key}")
    assert "Et 2 900 autres clauses" in text(page)
    assert len(page.content) < 400_000
    assert client.get(f"{PATH}/{kept.key}/modifier").status_code == 302
