"""Files: sent from the browser, read in a job, held, refused at the door; and their quarantine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.builders.workspace import FINESS, SALES_HEADER, Desk, sale_rows

HEADERS = SALES_HEADER.split(",")


def csv_of(rows: list[tuple[object, ...]], header: str = SALES_HEADER) -> bytes:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows), ""]).encode()


def send(
    client: Any, content: bytes, *, name: str = "ventes.csv", pharmacy: str = FINESS[0]
) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    data = {"pharmacy": pharmacy, "feed": "sales", "mapping": "galien"}
    return client.post("/donnees/depot", {**data, "files": SimpleUploadedFile(name, content)})


def run_the_job() -> Any:
    """Run the last job asked for, as a worker would."""
    from galien.records.models import Job
    from galien.usecases.jobs import run_job

    job = Job.objects.latest("created_at")
    run_job.func(str(job.pk))
    job.refresh_from_db()
    return job


def next_day(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """Return lines of a day that nobody sent yet."""
    return [(row[0], str(row[1]).replace("2026-10-31", "2026-11-02"), *row[2:]) for row in rows]


@pytest.fixture
def fresh_lines() -> list[tuple[object, ...]]:
    return next_day(sale_rows(FINESS[0])[-4:])


def test_a_file_is_read_in_a_job_and_gets_its_receipt(
    desk: Desk, fresh_lines: list[tuple[object, ...]]
) -> None:
    client = desk.client("titulaire")
    assert send(client, csv_of(fresh_lines)).status_code == 302
    assert "En attente d’être prise en charge" in client.get("/donnees/depot").content.decode()
    job = run_the_job()
    assert (job.state, job.result["status"], job.result["accepted"]) == ("done", "accepted", 4)
    page = client.get(f"/donnees/fichiers/{job.result['receipt']}").content.decode()
    assert "ventes.csv" in page
    assert "Accepté" in page
    assert "02/11/2026" in page


def test_progress_is_asked_until_the_job_ends(
    desk: Desk, fresh_lines: list[tuple[object, ...]]
) -> None:
    client = desk.client("titulaire")
    send(client, csv_of(fresh_lines))
    from galien.records.models import Job

    address = f"/taches/{Job.objects.latest('created_at').pk}/avancement"
    assert "hx-get" in client.get(address).content.decode()
    run_the_job()
    ended = client.get(address).content.decode()
    assert "hx-get" not in ended
    assert "Fichier accepté" in ended


def test_a_file_about_patients_is_refused_and_nothing_of_it_is_kept(
    desk: Desk, fresh_lines: list[tuple[object, ...]]
) -> None:
    nir = "1850578006084" + "91"
    rows = [
        (*row, f"{nir[:1]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:13]} {nir[13:]}")
        for row in fresh_lines
    ]
    client = desk.client("titulaire")
    send(client, csv_of(rows, SALES_HEADER + ",note"), name="ventes Dupont.csv")
    job = run_the_job()
    assert job.result["code"] == "PERSONAL_DATA"
    page = client.get(f"/donnees/fichiers/{job.result['receipt']}").content.decode()
    assert "données de patients" in page
    assert "Dupont" not in page
    assert nir[:13] not in page
    assert [p for p in _files(desk.path) if nir[7:13].encode() in p.read_bytes()] == []


def test_bytes_waiting_to_be_read_are_sealed_and_then_forgotten(
    desk: Desk, fresh_lines: list[tuple[object, ...]]
) -> None:
    from galien.usecases.sealed import _place

    place = _place(desk.services) / "raw"
    others = set(place.iterdir()) if place.exists() else set()
    send(desk.client("titulaire"), csv_of(fresh_lines))
    waiting = set(place.iterdir()) - others
    assert waiting
    assert all(b"2026-11-02" not in path.read_bytes() for path in waiting)
    run_the_job()
    assert [path for path in waiting if path.exists()] == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"pharmacy": FINESS[1]}, "une des pharmacies de la liste"),
        ({"feed": "secrets"}, "un des flux de la liste"),
        ({"mapping": "nulle-part"}, "une des correspondances de la liste"),
        ({"files": b""}, "vide"),
    ],
)
def test_a_wrong_choice_is_told_beside_its_field(
    desk: Desk, data: dict[str, Any], sentence: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {"pharmacy": FINESS[0], "feed": "sales", "mapping": "galien", "files": b"a;b\n"} | data
    given["files"] = SimpleUploadedFile("f.csv", given["files"])
    answer = desk.client("titulaire").post("/donnees/depot", given)
    assert answer.status_code == 400
    assert re.search(rf'class="field-error".*?{sentence}', answer.content.decode(), re.DOTALL)


def test_a04_a_sending_too_big_is_refused_before_it_is_read(
    desk: Desk, fresh_lines: list[tuple[object, ...]]
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from galien.records.models import Job

    jobs = Job.objects.count()
    data = {"pharmacy": FINESS[0], "feed": "sales", "mapping": "galien"}
    data["files"] = SimpleUploadedFile("ventes.csv", csv_of(fresh_lines))  # type: ignore[assignment]
    client = desk.client("titulaire")
    answer = client.post("/donnees/depot", data, CONTENT_LENGTH=str((256 << 20) + 1))
    assert answer.status_code in {400, 413}
    assert "256 Mo" in " ".join(answer.content.decode().split())
    assert Job.objects.count() == jobs


def test_a_held_file_waits_for_its_sender(desk: Desk) -> None:
    from galien.records.models import LiveDay, Receipt

    key = Receipt.objects.get(status="held").pk
    assert (
        "Libérer ce fichier"
        in desk.client("titulaire").get(f"/donnees/fichiers/{key}").content.decode()
    )
    assert (
        "Libérer ce fichier"
        not in desk.client("acheteur").get(f"/donnees/fichiers/{key}").content.decode()
    )
    assert desk.client("titulaire").post(f"/donnees/fichiers/{key}/liberer").status_code == 302
    assert Receipt.objects.get(pk=key).status == "accepted"
    assert key in LiveDay.objects.get(pharmacy=FINESS[0], feed="sales", day="2026-10-31").receipts


def test_quarantine_narrows_by_reason(desk: Desk) -> None:
    page = desk.client("titulaire").get("/donnees/quarantaine").content.decode()
    assert "OUT_OF_RANGE" in page
    assert (
        desk.client("voisin").get("/donnees/quarantaine").content.decode().count("OUT_OF_RANGE")
        == 0
    )
    assert desk.client("voisin").get("/donnees/quarantaine?code=OUT_OF_RANGE").status_code == 400


@pytest.mark.parametrize("page", ["0x1", "-1", "\u0661", "1e9", "9" * 40, "'"])
def test_a_page_that_is_no_number_is_refused(desk: Desk, page: str) -> None:
    assert desk.client("admin").get("/donnees/fichiers", {"page": page}).status_code == 400


def test_a_name_that_is_code_is_printed_as_a_name(desk: Desk) -> None:
    from galien.records.models import Receipt

    Receipt.objects.filter(status="held").update(filename="<script>alert(1)</script>.csv")
    page = desk.client("titulaire").get("/donnees/fichiers").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_sample_makes_a_mapping(desk: Desk) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sample = csv_of(sale_rows(FINESS[0])[:40])
    client = desk.client("titulaire")
    begun = client.post(
        "/donnees/correspondances/nouvelle",
        {"feed": "sales", "sample": SimpleUploadedFile("mon logiciel.csv", sample)},
    )
    assert begun.status_code == 302
    page = client.get(begun["Location"]).content.decode()
    assert "Colonne du fichier" in page
    assert desk.client("voisin").get(begun["Location"]).status_code == 404


def test_a_sample_about_patients_is_not_shown(desk: Desk) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sample = csv_of(
        [(*row, "Jeanne Martin") for row in sale_rows(FINESS[0])[:40]],
        SALES_HEADER + ",nom patient",
    )
    answer = desk.client("titulaire").post(
        "/donnees/correspondances/nouvelle",
        {"feed": "sales", "sample": SimpleUploadedFile("ventes.csv", sample)},
    )
    assert answer.status_code == 400
    assert "données de patients" in answer.content.decode()
    assert "Jeanne" not in answer.content.decode()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("role", "said"),
    [("administrator", "/administration/autorisations"), ("network_manager", "Demandez-le")],
)
def test_who_sends_for_no_pharmacy_is_told_what_to_do(desk: Desk, role: str, said: str) -> None:
    from galien.records.models import Membership, Organisation, User

    group = Organisation.objects.create(name="Groupement nouveau", kind="group")
    user = User.objects.create_user("nouvelle", password="x")
    Membership.objects.create(user=user, organisation=group, role=role)
    page = desk.client("nouvelle").get("/donnees/depot").content.decode()
    assert "Aucune pharmacie" in page
    assert said in page
    assert "<select" not in page
