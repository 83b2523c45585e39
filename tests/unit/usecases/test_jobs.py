"""Jobs: queued with their row, run with the rights of now, cancelled, taken up again, given up."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import pytest
from django_tasks_db.models import DBTaskResult

from galien.kernel.clock import PARIS, FixedClock
from galien.kernel.errors import InvalidInput, NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.usecases import jobs
from galien.usecases.services import Services, install

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=PARIS)


def work(run: jobs.JobRun) -> dict[str, Any]:
    """A kind of work of the tests."""
    run.progress(1.0, "À mi-chemin")
    if run.arguments.get("fail") == "user":
        raise InvalidInput("Le fichier manque.", code="NO_FILE")
    if run.arguments.get("fail") == "us":
        raise ZeroDivisionError
    return {"viewer": run.viewer.name, **run.arguments}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.KINDS, "work", f"{__name__}:work")
    parts = dict.fromkeys(("workspace", "law", "ledger", "store", "vault", "engines", "reader"))
    install(Services(clock=FixedClock(NOW), **cast("dict[str, Any]", parts)))


def run(job: Job) -> Job:
    jobs.run_job.func(str(job.pk))
    job.refresh_from_db()
    return job


def test_a_job_is_queued_with_its_task_then_done_with_its_result() -> None:
    user = User.objects.create(username="acheteur", display_name="Camille")
    job = jobs.submit("work", {"n": 1}, user=user)
    assert DBTaskResult.objects.get().id == job.task
    done = run(job)
    assert (done.state, done.progress, done.attempt) == (JobState.DONE, 1.0, 1)
    assert done.result == {"viewer": "Camille", "n": 1}


def test_the_users_mistake_is_told_in_its_own_words() -> None:
    failed = run(jobs.submit("work", {"fail": "user"}, user=None))
    assert (failed.state, failed.error_code) == (JobState.FAILED, "NO_FILE")
    assert failed.message == "Le fichier manque."


def test_our_fault_is_told_without_a_trace() -> None:
    job = jobs.submit("work", {"fail": "us"}, user=None)
    with pytest.raises(Exception, match="Une erreur de notre côté"):
        run(job)
    job.refresh_from_db()
    assert job.error_code == "INTERNAL"
    assert "ZeroDivision" not in job.message


def test_a_job_cancelled_before_its_turn_never_runs() -> None:
    user = User.objects.create(username="acheteur")
    job = jobs.submit("work", {}, user=user)
    jobs.cancel(str(job.pk), Viewer(str(user.pk), "", "buyer"))
    assert run(job).state == JobState.CANCELLED
    assert job.attempt == 0


def test_a_running_job_stops_at_its_next_step() -> None:
    job = jobs.submit("work", {}, user=None)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    assert run(job).state == JobState.CANCELLED


def test_anothers_job_does_not_exist() -> None:
    job = jobs.submit("work", {}, user=User.objects.create(username="acheteur"))
    for key in (str(job.pk), "not-a-key"):
        with pytest.raises(NotAllowed, match="n’existe pas"):
            jobs.found(key, Viewer("999", "", "buyer"))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidInput, match="inconnue"):
        jobs.submit("nothing", {}, user=None)


def test_a_silent_job_is_taken_up_again_then_given_up_after_three_attempts() -> None:
    job = jobs.submit("work", {}, user=None)
    silent = NOW - dt.timedelta(seconds=30)
    for attempt in (1, 2):
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, attempt=attempt, heartbeat_at=silent
        )
        assert [each.pk for each in jobs.resume_silent(NOW)] == [job.pk]
        job.refresh_from_db()
        assert job.state == JobState.QUEUED
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=3, heartbeat_at=silent)
    jobs.resume_silent(NOW)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "DEAD_LETTER")


def test_a_beating_job_is_left_alone() -> None:
    job = jobs.submit("work", {}, user=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempt=1, heartbeat_at=NOW)
    assert jobs.resume_silent(NOW + jobs.SILENT_FOR / 2) == []
