"""`galien discounts audit`: an invoice and a contract on disk, without a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from galien.demo.invoices.writing import file_of
from tests.builders.commands import galien_here
from tests.builders.invoices import AMOXICILLIN, invoice, line

CONTRACT = """
reference: ALPHA-2026
supplier: {supplier}
lab: ""
since: 2026-01-01
clauses:
  - {{reference: R1, kind: invoice_discount, rate: 25 %}}
"""


def audit(folder: Path, supplier: str = "Labo Alpha", net: str = "10.00") -> list[object]:
    name, content = file_of(invoice([line(AMOXICILLIN, 10, "10.00", net)]))
    (folder / name).write_bytes(content)
    (folder / "contrat.yaml").write_text(CONTRACT.format(supplier=supplier), encoding="utf-8")
    files = ["--invoice", folder / name, "--contract", folder / "contrat.yaml"]
    return ["discounts", "audit", *files, "--format", "json"]


@pytest.mark.django_db
def test_a_missing_discount_is_told_in_euros(tmp_path: Path) -> None:
    ran = galien_here(*audit(tmp_path))
    assert ran.code == 0, ran.stderr
    assert (ran.answer["recoverable"], ran.answer["invoice"]) == (25, "F2026-1")
    (one,) = ran.answer["differences"]
    assert (one["kind"], one["amount"], one["expected"], one["found"], one["clause"]) == (
        "missing_discount", 25, 0.25, 0, "R1",
    )  # fmt: skip


@pytest.mark.django_db
def test_an_invoice_as_agreed_owes_nothing(tmp_path: Path) -> None:
    ran = galien_here(*audit(tmp_path, net="7.50"))
    assert (ran.answer["differences"], ran.answer["recoverable"]) == ([], 0)


@pytest.mark.django_db
def test_a_contract_under_another_name_is_told_and_audited(tmp_path: Path) -> None:
    ran = galien_here(*audit(tmp_path, supplier="Grossiste"))
    assert ran.answer["recoverable"] == 25
    assert "au nom de Grossiste" in ran.stderr


@pytest.mark.django_db
def test_what_is_no_invoice_is_refused(tmp_path: Path) -> None:
    command = audit(tmp_path)
    (tmp_path / "F2026-1.pdf").write_bytes(b"%PDF-1.7 rien")
    ran = galien_here(*command)
    assert (ran.code, ran.stdout) == (3, "")
    assert "PDF_UNREADABLE" in ran.stderr
    missing = galien_here(*command[:3], tmp_path / "absente.pdf", *command[4:])
    assert missing.code == 2
