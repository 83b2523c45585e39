"""Housekeeping: what is kept for a time is deleted when the time is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.sessions.models import Session

from galien.records.models import Release, ReleaseLease
from galien.usecases.sealed import forget_old
from galien.usecases.services import Services
from galien.warehouse.raw import KEPT_DAYS
from galien.warehouse.sweeping import sweep

EXPORTS_KEPT = dt.timedelta(days=7)


@dataclass(frozen=True)
class Cleaned:
    """How much a cleaning deleted: received files, sealed ones, stored ones, derived ones, exports."""

    raw: int
    sealed: int
    stored: int
    derived: int
    exports: int


def clean(services: Services) -> Cleaned:
    """Delete bytes past their time, read or not, files nothing needs, old exports, ended sessions."""
    now = services.clock.now()
    Session.objects.filter(expire_date__lt=now).delete()
    ReleaseLease.objects.filter(until__lt=now - dt.timedelta(days=1)).delete()
    swept = sweep(
        ledger=services.ledger,
        store=services.store,
        clock=services.clock,
        pinned=list(Release.objects.filter(pinned=True).values_list("release", flat=True)),
    )
    return Cleaned(
        raw=services.vault.purge(now - dt.timedelta(days=KEPT_DAYS)),
        sealed=forget_old(services),
        stored=swept.files,
        derived=swept.derived,
        exports=_old_exports(services, now - EXPORTS_KEPT),
    )


def _old_exports(services: Services, before: dt.datetime) -> int:
    folder = services.workspace / "exports"
    old = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.stat().st_mtime < before.timestamp()
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
