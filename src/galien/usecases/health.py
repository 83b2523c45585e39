"""The health of an installation: what serves, how much room is left, who works, which versions."""

from __future__ import annotations

import datetime as dt
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version

from django.db.models import Max

import galien
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState
from galien.usecases.doctor import Finding, examine
from galien.usecases.duties import may_run
from galien.usecases.services import Services

PACKAGES = ("django", "duckdb", "pyarrow", "granian")


@dataclass(frozen=True)
class Health:
    """What an administrator reads: checks, room in bytes, the last sign of a worker, versions."""

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
    disk = shutil.disk_usage(services.workspace.path)
    current = services.ledger.current_release()
    return Health(
        findings=tuple(examine(services)),
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
