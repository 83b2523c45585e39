"""Durable jobs: asking for long work, running it with progress, cancelling it, resuming it.

A job is a row and a task queued in the same transaction. Whoever runs it takes a new attempt number;
what an earlier attempt still tries to write is refused (fencing).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F
from django_tasks import task

from galien.kernel.errors import GalienError, InternalError, InvalidInput, NotAllowed
from galien.model.viewer import WORKSPACE_VIEWER, Viewer
from galien.records.ledger import DjangoLedger
from galien.records.models import Job, JobState, User
from galien.records.scope import viewer_of, visible_to
from galien.usecases.services import Services, current

MAX_ATTEMPTS = 3
SILENT_FOR = dt.timedelta(seconds=10)
TELL_EVERY = 0.5  # seconds between two writes of the progress

# kind of job → where its function is; it takes a JobRun and returns what JSON can keep.
KINDS: dict[str, str] = {
    "load": "galien.usecases.job_kinds:run_load",
    "deposit": "galien.usecases.deposit:run_deposit",
    "publish": "galien.usecases.job_kinds:run_publish",
    "export": "galien.usecases.job_kinds:run_export",
    "replay": "galien.usecases.job_kinds:run_replay",
    "doctor": "galien.usecases.health:run_check",
    "labs": "galien.usecases.simulator.studies:run_study",
    "stock-year": "galien.usecases.stock.year_jobs:run_year",
    "stock-orders": "galien.usecases.stock.order_jobs:run_orders",
}


class Cancelled(GalienError):
    """The person asked the job to stop."""


@dataclass
class JobRun:
    """A job being run: its arguments, the services that write for it, the rights of now."""

    key: uuid.UUID
    arguments: Mapping[str, Any]
    services: Services
    viewer: Viewer
    _told_at: float = field(default=0.0)

    def progress(self, done: float, message: str) -> None:
        """Show how far the job is (0 to 1); raises Cancelled when it was asked to stop."""
        now = monotonic()
        if done < 1 and now - self._told_at < TELL_EVERY:
            return
        self._told_at = now
        Job.objects.filter(pk=self.key).update(
            progress=done, message=message[:500], heartbeat_at=self.services.clock.now()
        )
        if Job.objects.filter(pk=self.key, cancel_requested=True).exists():
            raise Cancelled("Tâche annulée à votre demande.", code="CANCELLED")


def submit(kind: str, arguments: Mapping[str, Any], *, user: User | None) -> Job:
    """Queue a job and return it; InvalidInput when no such work exists.

    The row and its task are written together: a job shown is a job that will run.
    """
    if kind not in KINDS:
        raise InvalidInput(f"Tâche « {kind} » inconnue.", code="JOB_KIND")
    with transaction.atomic():
        job = Job.objects.create(kind=kind, arguments=dict(arguments), user=user)
        queued = run_job.enqueue(str(job.pk))
        job.task = uuid.UUID(str(queued.id))
        job.save(update_fields=["task"])
    return job


def found(key: str, viewer: Viewer) -> Job:
    """Return a job of the viewer; NotAllowed otherwise, in the words of an absence."""
    try:
        job = visible_to(viewer).jobs().filter(pk=uuid.UUID(key)).first()
    except ValueError:
        job = None
    if job is None:
        raise NotAllowed("Cette tâche n’existe pas.", code="UNKNOWN_JOB")
    return job


def cancel(key: str, viewer: Viewer) -> Job:
    """Ask a job to stop; one not begun never begins, a finished one stays as it is."""
    job = found(key, viewer)
    Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(
        state=JobState.CANCELLED, cancel_requested=True, message="Annulée avant de commencer."
    )
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True)
    job.refresh_from_db()
    return job


@task()
def run_job(key: str) -> None:
    """Run a queued job to its end; its outcome is told on its row, in French."""
    services = current()
    now = services.clock.now()
    taken = Job.objects.filter(pk=key, state=JobState.QUEUED).update(
        state=JobState.RUNNING, attempt=F("attempt") + 1, heartbeat_at=now
    )
    if not taken:
        return
    job = Job.objects.select_related("user").get(pk=key)
    try:
        result = _function(job.kind)(_run(job, services))
        _finish(job, JobState.DONE, message="Terminé.", result=result)
    except Cancelled as stop:
        _finish(job, JobState.CANCELLED, message=stop.message)
    except GalienError as error:
        _finish(job, JobState.FAILED, message=error.message, code=error.code)
    except Exception as error:
        _finish(job, JobState.FAILED, message=_our_fault(job), code="INTERNAL")
        raise InternalError(_our_fault(job)) from error


def resume_silent(now: dt.datetime) -> list[Job]:
    """Queue again the jobs whose runner fell silent; give up after the third attempt.

    Returns the jobs found silent. Safe to call from several workers at once.
    """
    silent = list(Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now - SILENT_FOR))
    for job in silent:
        if job.attempt >= MAX_ATTEMPTS:
            sentence = f"Interrompue {job.attempt} fois sans aboutir : abandonnée."
            _finish(job, JobState.FAILED, message=sentence, code="DEAD_LETTER")
            continue
        with transaction.atomic():
            mine = Job.objects.filter(
                pk=job.pk, state=JobState.RUNNING, attempt=job.attempt
            ).update(state=JobState.QUEUED, message="Reprise après une interruption.")
            if mine:
                queued = run_job.enqueue(str(job.pk))
                Job.objects.filter(pk=job.pk).update(task=uuid.UUID(str(queued.id)))
    return silent


def still_alive(keys: list[str], now: dt.datetime) -> None:
    """Note that jobs are being run (the worker's heartbeat)."""
    Job.objects.filter(pk__in=keys, state=JobState.RUNNING).update(heartbeat_at=now)


def _run(job: Job, services: Services) -> JobRun:
    # Rights are those of now, not those of the moment the job was asked for.
    viewer = viewer_of(job.user, services.clock.today()) if job.user else WORKSPACE_VIEWER
    ledger = DjangoLedger(job=(str(job.pk), job.attempt))
    return JobRun(job.pk, job.arguments, services.writing_for(ledger), viewer)


def _function(kind: str) -> Callable[[JobRun], object]:
    module, _, name = KINDS[kind].partition(":")
    function: Callable[[JobRun], object] = getattr(import_module(module), name)
    return function


def _finish(
    job: Job, state: JobState, *, message: str, code: str = "", result: object = None
) -> None:
    """Write the outcome, unless another attempt has taken the job over."""
    Job.objects.filter(pk=job.pk, attempt=job.attempt, state=JobState.RUNNING).update(
        state=state,
        message=message[:500],
        error_code=code,
        result=result,
        progress=1.0 if state == JobState.DONE else F("progress"),
        finished_at=current().clock.now(),
    )


def _our_fault(job: Job) -> str:
    return (
        f"Une erreur de notre côté a interrompu la tâche {job.pk}. Relancez-la ; si cela se "
        "répète, transmettez ce numéro à l’assistance."
    )
