"""What a release holds and what it changed, for the pharmacies, feeds and days a viewer may read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from galien.kernel.errors import NotAllowed
from galien.kernel.period import month_end
from galien.model.facts import FACTS
from galien.model.viewer import Viewer
from galien.records.models import Job, JobState, User
from galien.usecases import releases
from galien.usecases.duties import may_publish, may_run
from galien.usecases.jobs import submit
from galien.usecases.services import Services
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.manifest import Manifest
from galien.warehouse.places import Places

SHOWN_FACTS = ("sale_day", "purchase_line", "stock_level", "traffic_day")


@dataclass(frozen=True)
class FactTotal:
    """Rows and amount in euros of a fact, over what the viewer may read."""

    fact: str
    rows: int
    amount: Decimal | None


@dataclass(frozen=True)
class ReleaseSheet:
    """A release as a viewer sees it: its totals and what it changed since the one before."""

    release: ReleaseRecord
    facts: tuple[FactTotal, ...]
    changes: tuple[releases.Difference, ...]


def listed(services: Services) -> list[ReleaseRecord]:
    """Return the releases, newest first: that they exist and when is nobody's secret."""
    return list(services.ledger.releases())


def sheet(release: str, viewer: Viewer, *, services: Services) -> ReleaseSheet:
    """Return a release cut to the viewer's rights; NotAllowed when there is none of that name."""
    record = _found(release, services)
    manifest = releases.manifest(release, services=services)
    changes = (
        releases.compared(release, services=services) if _parent_kept(record, services) else []
    )
    return ReleaseSheet(
        release=record,
        facts=tuple(_totals(manifest, viewer)),
        changes=tuple(
            each
            for each in changes
            if each.fact in SHOWN_FACTS and _opens(viewer, each.fact, each.pharmacy, each.month)
        ),
    )


def ask_publication(viewer: Viewer, user: User) -> Job:
    """Queue a publication, or return the one already waiting; NotAllowed to who may not."""
    may_publish(viewer)
    waiting = Job.objects.filter(kind="publish", state=JobState.QUEUED, user=user).first()
    return waiting or submit("publish", {}, user=user)


def go_back(release: str, viewer: Viewer, *, services: Services) -> ReleaseRecord:
    """Make an earlier release current; NotAllowed to who does not run the workspace."""
    may_run(viewer)
    _found(release, services)
    return releases.rollback(release, services=services)


def _found(release: str, services: Services) -> ReleaseRecord:
    found = next((each for each in services.ledger.releases() if each.release == release), None)
    if found is None:
        raise NotAllowed("Cette publication n’existe pas.", code="UNKNOWN_RELEASE")
    return found


def _parent_kept(record: ReleaseRecord, services: Services) -> bool:
    """The manifest of an old parent may have been swept: then nothing can be compared."""
    places: Places = services.store.places
    return record.parent is None or places.manifest(record.parent).is_file()


def _totals(manifest: Manifest, viewer: Viewer) -> Iterator[FactTotal]:
    totals: dict[str, FactTotal] = {}
    for file in manifest.files:
        for pharmacy, sums in file.pharmacies.items():
            if file.fact not in SHOWN_FACTS or not _opens(viewer, file.fact, pharmacy, file.month):
                continue
            total = totals.get(file.fact, FactTotal(file.fact, 0, None))
            amount = total.amount
            if sums.amount is not None:
                amount = (amount or Decimal(0)) + sums.amount
            totals[file.fact] = replace(total, rows=total.rows + sums.rows, amount=amount)
    for name in SHOWN_FACTS:
        if name in totals:
            yield totals[name]


def _opens(viewer: Viewer, fact: str, pharmacy: str, month: dt.date) -> bool:
    """Tell whether rights open the whole month of a pharmacy for the fact's feed."""
    if viewer.everything:
        return True
    return pharmacy in viewer.pharmacies(FACTS[fact].feed, month, month_end(month))


def by_month(changes: tuple[releases.Difference, ...]) -> dict[dt.date, list[releases.Difference]]:
    """Group changes by month, newest first."""
    found: dict[dt.date, list[releases.Difference]] = defaultdict(list)
    for each in sorted(changes, key=lambda change: change.month, reverse=True):
        found[each.month].append(each)
    return dict(found)
