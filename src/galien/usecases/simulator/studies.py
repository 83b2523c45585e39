"""Studies of a choice of labs: long work asked for once, kept with its task, found again while it holds."""

from __future__ import annotations

from typing import Any

from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.records.scope import visible_to
from galien.usecases.jobs import JobRun, submit
from galien.usecases.services import Services
from galien.usecases.simulator.asked import Asked, read_asked
from galien.usecases.simulator.gather import ground_of
from galien.usecases.simulator.ground import Ground
from galien.usecases.simulator.labs import Study, digest, study_of
from galien.usecases.simulator.plain import study_from_plain, study_to_plain

KIND = "labs"


def job_of(ground: Ground, asked: Asked, viewer: Viewer) -> Job | None:
    """Return the viewer's last task on this very choice: same purchases, offers and rules."""
    jobs = visible_to(viewer).jobs().filter(kind=KIND, arguments__digest=digest(ground, asked))
    return jobs.order_by("-created_at").first()


def finished(job: Job | None) -> Study | None:
    """Return the study a task came to, None while there is none."""
    if job is None or job.state != JobState.DONE or not isinstance(job.result, dict):
        return None
    return study_from_plain(job.result["study"])


def ask_for(asked: Asked, viewer: Viewer, user: User, *, services: Services) -> Job:
    """Queue the study of a choice; the same one while it waits, runs, or still holds."""
    ground = ground_of(asked, viewer, services=services)
    known = job_of(ground, asked, viewer)
    if known is not None and known.state in {JobState.QUEUED, JobState.RUNNING, JobState.DONE}:
        return known
    arguments = {"digest": digest(ground, asked), "query": asked.pairs()}
    return submit(KIND, arguments, user=user)


def run_study(run: JobRun) -> dict[str, Any]:
    """Make the study a task asks for, with the rights of now."""
    asked = read_asked((name, value) for name, value in run.arguments["query"])
    ground = ground_of(asked, run.viewer, services=run.services)
    study = study_of(ground, asked, run.progress)
    return {
        "study": study_to_plain(study),
        "digest": digest(ground, asked),
        "query": asked.pairs(),
        "release": ground.release,
    }
