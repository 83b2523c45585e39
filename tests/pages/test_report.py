"""The yearly report: the case's figures on the page and in the PDF, and nobody else's."""

from __future__ import annotations

import io
import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from tests.builders.commands import galien
from tests.builders.fec import NAME, case_1171, written
from tests.builders.workspace import FINESS, Desk
from tests.pages.test_accounts import deposit, page

OWN = FINESS[0]
QUERY = f"pharmacie={OWN}&exercice=2018-01-31"


def words(data: bytes) -> str:
    """Return the text of a PDF, its spaces made plain."""
    pages = [each.extract_text() for each in PdfReader(io.BytesIO(data)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def test_the_page_and_the_pdf_say_the_figures_of_the_case(desk: Desk) -> None:
    deposit(desk)
    shown = page(desk, f"/gestion/rapport?{QUERY}")
    answer = desk.client("titulaire").get(f"/gestion/rapport/rapport.pdf?{QUERY}")
    assert answer["Content-Type"] == "application/pdf"
    printed = words(answer.content)
    for figure in ("2 043 037", "626 369", "674 389", "556 403", "178 368", "330 258", "79 357"):
        assert figure in shown
        assert figure in printed
    assert 5 <= len(PdfReader(io.BytesIO(answer.content)).pages) <= 8


def test_every_strength_and_caution_says_where_it_comes_from(desk: Desk) -> None:
    deposit(desk)
    shown = page(desk, f"/gestion/rapport?{QUERY}")
    findings = shown.count("<article><h3>")
    assert 0 < findings <= 6
    assert shown.count("Source :") == findings


def test_the_same_report_is_set_the_same_way_twice(desk: Desk) -> None:
    deposit(desk)
    client = desk.client("titulaire")
    first, second = (client.get(f"/gestion/rapport/rapport.pdf?{QUERY}") for _ in range(2))
    assert words(first.content) == words(second.content)


def test_nobody_else_reads_it_and_the_export_is_noted(desk: Desk) -> None:
    from galien.records.models import AccessLog

    deposit(desk)
    assert desk.client("voisin").get(f"/gestion/rapport?{QUERY}").status_code == 404
    assert desk.client("voisin").get(f"/gestion/rapport/rapport.pdf?{QUERY}").status_code == 404
    desk.client("titulaire").get(f"/gestion/rapport/rapport.pdf?{QUERY}")
    assert AccessLog.objects.filter(action="export", subject__contains="Rapport annuel").exists()


def test_the_command_writes_the_same_pdf_or_says_which_years_are_known(tmp_path: Path) -> None:
    ledger, out = tmp_path / NAME, tmp_path / "rapport.pdf"
    workspace = ("--workspace", tmp_path / "data", "--format", "json")
    ledger.write_bytes(written(case_1171()))
    assert galien("accounts", "load", ledger, "--pharmacy", OWN, *workspace).code == 0
    told = galien("accounts", "report", OWN, "--year", "2018", "--out", out, *workspace)
    assert told.answer["last_day"] == "2018-01-31"
    assert "330 258" in words(out.read_bytes())
    missing = galien("accounts", "report", OWN, "--year", "2019", "--out", out, *workspace)
    assert missing.code == 2
    assert "exercices connus : 2018" in missing.stderr


def test_what_to_be_wary_of_is_said_before_the_figures(desk: Desk) -> None:
    lines = written(case_1171()).decode().splitlines()
    lines = [line.replace("Salaires", "Rémunération du gérant titulaire") for line in lines[:-1]]
    file = SimpleUploadedFile(NAME, "\n".join(lines).encode(), content_type="text/plain")
    desk.client("titulaire").post("/gestion/exercices", {"pharmacie": OWN, "files": file})
    shown = page(desk, f"/gestion/rapport?{QUERY}")
    answer = desk.client("titulaire").get(f"/gestion/rapport/rapport.pdf?{QUERY}")
    for text in (shown, words(answer.content)):
        assert "n’est pas équilibré" in text
        assert "641100 Rémunération du gérant titulaire" in text
    assert shown.index("n’est pas équilibré") < shown.index("Chiffres clés")
