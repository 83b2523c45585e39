"""Figures that leave, and files that are sent, are written in the access log."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.builders.workspace import FINESS, Desk, sale_rows

PAGE = "/ventes/par-univers?period=2026-10"


def _last(action: str) -> tuple[str, str, set[str]]:
    from galien.records.models import AccessLog

    entry = AccessLog.objects.filter(action=action).order_by("-id").first()
    assert entry is not None
    return entry.user_name, entry.door, {each.pharmacy for each in entry.pharmacies.all()}


@pytest.mark.parametrize("style", ["csv", "zip", "xlsx", "parquet", "json"])
def test_an_export_of_a_page_is_noted_with_the_pharmacies_it_shows(desk: Desk, style: str) -> None:
    assert desk.client("voisin").get(f"{PAGE}&format={style}").status_code == 200
    assert _last("export") == ("Viviane Voisin", "web", {FINESS[1]})


def test_an_answer_of_the_api_is_noted_as_leaving(desk: Desk) -> None:
    client = desk.client("voisin")
    assert client.get("/api/v1/ask/sales?by=universe_1&period=2026-10").status_code == 200
    assert _last("export") == ("Viviane Voisin", "api", {FINESS[1]})


def test_an_export_made_by_a_job_is_noted(desk: Desk) -> None:
    from galien.records.models import Job, User
    from galien.usecases.job_kinds import run_export
    from galien.usecases.jobs import _run

    user = User.objects.get(username="voisin")
    asked = {"question": {"subject": "sales", "by": ["universe_1"], "period": "2026-10"}}
    job = Job.objects.create(kind="export", arguments=asked | {"format": "csv"}, user=user)
    made = run_export(_run(job, desk.services))
    assert _last("export") == ("Viviane Voisin", "job", {FINESS[1]})
    (desk.path / "exports" / made["file"]).unlink()


def test_a_file_sent_is_noted(desk: Desk) -> None:
    lines = [",".join(map(str, row)) for row in sale_rows(FINESS[1])[:4]]
    file = SimpleUploadedFile("ventes.csv", "\n".join(lines).encode())
    data = {"pharmacy": FINESS[1], "feed": "sales", "mapping": "galien", "files": [file]}
    answer = desk.client("voisin").post("/donnees/depot", data)
    assert answer.status_code == 302
    assert _last("send") == ("Viviane Voisin", "web", {FINESS[1]})
