"""Files at the door: rights withdrawn while they wait, lines of strangers, more than can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.builders.workspace import FINESS, SALES_HEADER, Desk, sale_rows

DAY = "2026-11-02"
Row = tuple[object, ...]


def lines(finess: str = FINESS[0], *, day: str = DAY) -> list[Row]:
    """Four sale lines of a day that nobody sent yet."""
    return [
        (row[0], str(row[1]).replace("2026-10-31", day), *row[2:]) for row in sale_rows(finess)[-4:]
    ]


def send(desk: Desk, sender: str, *sendings: list[Row]) -> Any:
    """Send files of the first pharmacy as somebody, all at once."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = [
        SimpleUploadedFile(
            f"ventes{rank}.csv",
            "\n".join([SALES_HEADER, *(",".join(map(str, row)) for row in rows), ""]).encode(),
        )
        for rank, rows in enumerate(sendings)
    ]
    form = {"pharmacy": FINESS[0], "feed": "sales", "mapping": "galien", "files": files}
    return desk.client(sender).post("/donnees/depot", form)


def work() -> list[Any]:
    """Run every job that waits, as a worker does, and return them, the first asked for first."""
    from galien.records.models import Job, JobState
    from galien.usecases.jobs import run_job

    waiting = list(Job.objects.filter(state=JobState.QUEUED).order_by("created_at"))
    for job in waiting:
        run_job.func(str(job.pk))
        job.refresh_from_db()
    return waiting


def withdraw(desk: Desk, finess: str = FINESS[0]) -> None:
    """Withdraw everything a pharmacy has opened to others."""
    from galien.records.models import Authorisation

    for each in Authorisation.objects.filter(pharmacy=finess):
        each.withdraw(at=desk.services.clock.now(), by="Titulaire")


@pytest.fixture(autouse=True)
def _empty_queue(desk: Desk) -> Iterator[None]:
    from galien.records.models import Job
    from galien.usecases.sealed import forget

    del desk  # its transaction forgets the jobs; their sealed bytes are forgotten here
    yield
    for job in Job.objects.filter(kind="deposit"):
        forget(job.arguments["key"], services=_services())


def _services() -> Any:
    from galien.usecases.services import current

    return current()


def test_a26_a_file_read_after_the_withdrawal_is_for_its_pharmacy_alone(desk: Desk) -> None:
    send(desk, "titulaire", lines())
    withdraw(desk)
    (job,) = work()
    assert (job.state, job.result["status"], job.result["accepted"]) == ("done", "accepted", 4)
    receipt = f"/donnees/fichiers/{job.result['receipt']}"
    assert desk.client("titulaire").get(receipt).status_code == 200
    for stranger in ("acheteur", "reseau", "voisin"):
        assert desk.client(stranger).get(receipt).status_code == 404


def test_a26_who_may_no_longer_send_for_a_pharmacy_is_told_so_and_nothing_is_kept(
    desk: Desk,
) -> None:
    from galien.records.models import Receipt
    from galien.usecases.sealed import opened

    before = Receipt.objects.count()
    assert send(desk, "reseau", lines()).status_code == 302
    withdraw(desk)
    (job,) = work()
    assert (job.state, job.error_code) == ("failed", "UNKNOWN_PHARMACY")
    assert "dont vous envoyez les fichiers" in job.message
    assert Receipt.objects.count() == before
    with pytest.raises(Exception, match="ne sont plus gardés"):
        next(opened(job.arguments["key"], services=desk.services))


def test_a29_lines_of_a_pharmacy_that_authorised_nobody_are_counted_and_not_kept(
    desk: Desk,
) -> None:
    own = [line for day in range(1, 10) for line in lines(day=f"2026-11-0{day}")]
    send(desk, "titulaire", [*own, lines(FINESS[1])[0]])
    (job,) = work()
    assert (job.result["accepted"], job.result["quarantined"]) == (36, 1)
    page = desk.client("titulaire").get(f"/donnees/fichiers/{job.result['receipt']}")
    assert "aucune autorisation" in page.content.decode()
    assert FINESS[1] not in page.content.decode()
    assert not (desk.path / "raw" / job.result["receipt"]).exists()


def test_a30_many_files_at_once_are_all_read_each_once(desk: Desk) -> None:
    days = [f"2026-11-{day:02d}" for day in range(1, 21)]
    half = len(days) // 2
    send(desk, "titulaire", *(lines(day=day) for day in days[:half]))
    send(desk, "titulaire", *(lines(day=day) for day in days[half:]))
    done = work()
    assert [job.result["status"] for job in done] == ["accepted"] * len(days)
    assert len({job.result["receipt"] for job in done}) == len(days)


def test_a30_beyond_what_can_wait_the_door_says_when_to_come_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from galien.usecases import deposit

    monkeypatch.setattr(deposit, "MOST_WAITING", 3)
    days = [lines(day=f"2026-11-0{day}") for day in range(1, 6)]
    assert send(desk, "titulaire", *days[:2]).status_code == 302
    refused = send(desk, "titulaire", *days[2:])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "rien de cet envoi n’a été pris" in refused.content.decode()
    assert [job.result["status"] for job in work()] == ["accepted", "accepted"]
    assert send(desk, "titulaire", *days[2:]).status_code == 302
    assert [job.result["status"] for job in work()] == ["accepted"] * 3
