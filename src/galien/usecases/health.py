"""The health of an installation: what serves, how much room is left, who works, which versions."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from django.db.models import Max

import galien
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.usecases.doctor import DEEP, QUICK, Finding, examine
from galien.usecases.duties import may_run
from galien.usecases.jobs import JobRun, submit
from galien.usecases.services import Services

KIND = "doctor"
PACKAGES = ("django", "duckdb", "pyarrow", "granian")


@dataclass(frozen=True)
class Health:
    """What an administrator reads: checks, room in bytes, the last sign of a worker, versions.

    Deep checks are those of `checked_at`, None when none was ever asked for.
    """

    checked_at: dt.datetime | None
    findings: tuple[Finding, ...]
    free: int
    total: int
    release: str
    published_at: dt.datetime | None
    last_beat: dt.datetime | None
    waiting: int
    versions: tuple[tuple[str, str], ...]

    @property
    def well(self) -> bool:
        """Tell whether every check passed."""
        return all(finding.well for finding in self.findings)


def health(viewer: Viewer, *, services: Services) -> Health:
    """Return the health of the installation; NotAllowed to who does not run it."""
    may_run(viewer)
    deep = _last_check()
    disk = shutil.disk_usage(services.workspace.path)
    current = services.ledger.current_release()
    return Health(
        checked_at=deep.finished_at if deep else None,
        findings=(*examine(services, names=QUICK), *_findings(deep)),
        free=disk.free,
        total=disk.total,
        release=current.release if current else "",
        published_at=current.published_at if current else None,
        last_beat=Job.objects.aggregate(last=Max("heartbeat_at"))["last"],
        waiting=Job.objects.filter(state=JobState.QUEUED).count(),
        versions=(
            ("Galien", galien.__version__),
            ("Python", platform.python_version()),
            *((name, version(name)) for name in PACKAGES),
        ),
    )


def check(viewer: Viewer, user: User) -> Job:
    """Queue the deep checks; NotAllowed to who does not run the installation."""
    may_run(viewer)
    return submit(KIND, {}, user=user)


def run_check(run: JobRun) -> dict[str, Any]:
    """Run the deep checks one after the other and keep what they find."""
    found = []
    for done, name in enumerate(DEEP):
        run.progress(done / len(DEEP), f"Contrôle : {name}")
        found += examine(run.services, names=(name,))
    return {"findings": [asdict(each) for each in found]}


def _last_check() -> Job | None:
    return Job.objects.filter(kind=KIND, state=JobState.DONE).order_by("-finished_at").first()


def _findings(job: Job | None) -> tuple[Finding, ...]:
    kept = job.result if job and isinstance(job.result, dict) else {}
    return tuple(Finding(**each) for each in kept.get("findings", ()))
