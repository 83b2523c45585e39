"""Tasks asked for by the API: how far one is, where its answer is, stopping it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router

from galien.api.access import viewer
from galien.api.answers import answered, done
from galien.api.registry import Subject
from galien.api.v1.shapes.common import gives
from galien.api.v1.shapes.orders import JobAnswer
from galien.kernel.errors import NotAllowed
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState
from galien.usecases import jobs as usecase
from galien.usecases.stock import order_jobs, year_jobs

router = Router()
NAMESPACE = "api-v1"
KINDS = frozenset({order_jobs.KIND, year_jobs.KIND})
POLL = 1  # seconds


@router.get("/{job}", summary="Une tâche", response=gives(JobAnswer))
def one_job(request: HttpRequest, job: str) -> HttpResponse:
    """Dit où en est une tâche demandée par l’API, et l’adresse de sa réponse (`answer`) une fois finie.

    `state` est queued, running, done, failed ou cancelled.
    """
    asker, found = _found(request, job)
    return answered(request, asker, lambda: job_told(found))


@router.delete("/{job}", summary="Arrêter une tâche", response=gives(JobAnswer))
def stop_job(request: HttpRequest, job: str) -> HttpResponse:
    """Demande l’arrêt d’une tâche ; une tâche finie reste comme elle est."""
    asker, _ = _found(request, job)
    return done(job_told(usecase.cancel(job, asker)))


def accepted(job: Job) -> HttpResponse:
    """Answer that a task was taken: its state now, and the address to ask how far it is."""
    response = done(job_told(job), status=202, location=_address(job))
    response["Retry-After"] = str(POLL)
    return response


def job_told(job: Job) -> dict[str, Any]:
    """Return where a task stands."""
    return {
        "job": str(job.pk),
        "kind": job.kind,
        "state": str(job.state),
        "progress": job.progress,
        "message": job.message,
        "code": job.error_code,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "address": _address(job),
        "answer": _answer(job) if job.state == JobState.DONE else None,
    }


def _found(request: HttpRequest, job: str) -> tuple[Viewer, Job]:
    """Return who asks and their task; NotAllowed, in the words of an absence, for another's."""
    asker = viewer(request, "stock", "stock:write")
    found = usecase.found(job, asker)
    if found.kind not in KINDS:
        raise NotAllowed("Cette tâche n’existe pas.", code="UNKNOWN_JOB")
    return asker, found


def _address(job: Job) -> str:
    return reverse(f"{NAMESPACE}:one_job", kwargs={"job": job.pk})


def _answer(job: Job) -> str:
    if job.kind == year_jobs.KIND:
        return reverse(f"{NAMESPACE}:one_simulation", kwargs={"job": job.pk})
    return f"{reverse(f'{NAMESPACE}:orders')}?pharmacy={job.arguments['pharmacy']}&state=proposed"


SUBJECT = Subject("/jobs", "Données", router, order=40)
