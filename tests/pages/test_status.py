"""The page of health reads everything only when it is asked to, and says when that was."""

from __future__ import annotations

import re

from tests.builders.workspace import Desk


def _checks(html: str) -> set[str]:
    return set(re.findall(r'<tr><th scope="row">(.*?)</th>', html))


def test_deep_checks_are_those_of_the_last_time_they_were_asked_for(desk: Desk) -> None:
    from galien.records.models import Job, JobState
    from galien.usecases.jobs import run_job

    client = desk.client("admin")
    before = client.get("/etat").content.decode()
    assert "n’ont pas encore été relus" in before
    assert _checks(before) == {"Clé", "Disque", "Tâches"}
    job = client.post("/etat/controler").headers["Location"].rpartition("/")[2]
    run_job.func(job)
    assert Job.objects.get(pk=job).state == JobState.DONE
    after = client.get("/etat").content.decode()
    assert _checks(after) == {"Clé", "Disque", "Tâches", "Registres", "Publication"}
    assert "relus en entier le 21/11/2026" in after
