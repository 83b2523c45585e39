"""Years tried as tasks: asked for once, kept with their answer, found again while it holds."""

from __future__ import annotations

import hashlib
from typing import Any

from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.records.scope import visible_to
from galien.usecases.detail import release_of
from galien.usecases.jobs import JobRun, submit
from galien.usecases.services import Services
from galien.usecases.stock import sales_size
from galien.usecases.stock.by_hand_book import by_hand_of
from galien.usecases.stock.preparing import check_open
from galien.usecases.stock.replaying import FEEDS
from galien.usecases.stock.year_asked import YearAsked, read_pairs
from galien.usecases.stock.year_trial import YearTried, try_year

KIND = "stock-year"


def digest(asked: YearAsked, viewer: Viewer, services: Services) -> str:
    """Return what tells this trial from another: release, days, settings, what is set, rights."""
    days = asked.days(services.clock.today())
    spans = [viewer.spans(feed).get(asked.pharmacy) for feed in FEEDS]
    told = (release_of(services), days, asked, by_hand_of(asked.pharmacy), spans, viewer.everything)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def job_of(asked: YearAsked, viewer: Viewer, *, services: Services) -> Job | None:
    """Return the viewer's last task on this very trial."""
    jobs = visible_to(viewer).jobs().filter(kind=KIND)
    return jobs.filter(arguments__digest=digest(asked, viewer, services)).first()


def finished(job: Job | None) -> YearTried | None:
    """Return what a task came to, None while there is none."""
    if job is None or job.state != JobState.DONE or not isinstance(job.result, dict):
        return None
    return YearTried.from_plain(job.result["tried"])


def light(asked: YearAsked, viewer: Viewer, *, services: Services) -> bool:
    """Tell whether the trial is short enough to be answered at once; raises as readings do."""
    check_open(viewer, asked.pharmacy, services=services, on=services.clock.today())
    days = asked.days(services.clock.today())
    return sales_size.light(viewer, asked.pharmacy, days, services=services)


def ask_for(asked: YearAsked, viewer: Viewer, user: User, *, services: Services) -> Job:
    """Queue the trial; the same one while it waits, runs, or still holds."""
    check_open(viewer, asked.pharmacy, services=services, on=services.clock.today())
    known = job_of(asked, viewer, services=services)
    if known is not None and known.state in {JobState.QUEUED, JobState.RUNNING, JobState.DONE}:
        return known
    arguments = {"digest": digest(asked, viewer, services), "query": asked.pairs()}
    return submit(KIND, arguments, user=user)


def run_year(run: JobRun) -> dict[str, Any]:
    """Make the trial a task asks for, with the rights of now."""
    asked = read_pairs((name, value) for name, value in run.arguments["query"])
    check_open(run.viewer, asked.pharmacy, services=run.services, on=run.services.clock.today())
    tried = try_year(asked, run.viewer, services=run.services, progress=run.progress)
    return {"tried": tried.plain(), "query": asked.pairs()}
