"""A program of its own: publish one more day on a copied workspace, then all of it from nothing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, cast

from bench.day_files import DayFile, write_days
from bench.report import say
from galien.kernel.clock import FixedClock
from galien.usecases.services import Services
from galien.warehouse.ledger import Ledger, ReleaseRecord
from galien.warehouse.manifest import read_manifest
from galien.warehouse.publish import Publisher


class NothingPublished:
    """The workspace's ledger as if no release had been made; what is published stays here."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._made: list[ReleaseRecord] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def current_release(self) -> ReleaseRecord | None:
        """Return the release made here, if any."""
        return self._made[-1] if self._made else None

    def releases(self) -> list[ReleaseRecord]:
        """Return the releases made here."""
        return self._made

    def record_release(self, release: ReleaseRecord, *, expected_parent: str | None) -> bool:
        """Keep a release."""
        assert expected_parent is None
        self._made.append(release)
        return True


def measure(workspace: Path, folder: Path) -> dict[str, object]:
    """Return the seconds of each step; `folder` is for the day's files."""
    from galien.site.build import build

    services = build(workspace)
    from galien.usecases.publish import publish

    current = services.ledger.current_release()
    assert current is not None, "nothing is published"
    days = write_days(services.store.places.derived_file(current.release), folder)
    services = services.at(FixedClock.on(days.day + dt.timedelta(days=1)))
    say("publishing: the month's first half, not measured")
    statuses = _load(days.before, services)
    before = publish(services=services).release
    seconds: dict[str, float] = {}
    started = time.perf_counter()
    statuses += _load(days.measured, services)
    seconds[f"load {len(days.measured)} files"] = time.perf_counter() - started
    say("publishing: one more day")
    started = time.perf_counter()
    release = publish(services=services).release
    seconds["publish one day"] = time.perf_counter() - started
    assert release.release != before.release, "the day changed nothing"
    say("publishing: from nothing")
    rebuilt, seconds["full rebuild"] = _rebuild(services, release)
    return {
        "seconds": seconds,
        "statuses": dict(statuses),
        "day": days.day.isoformat(),
        "same_release": rebuilt.release == release.release,
    }


def _load(files: list[DayFile], services: Services) -> Counter[str]:
    from galien.usecases.load import LoadOrder, load

    orders = [LoadOrder(file.path, file.feed, file.pharmacy) for file in files]
    return Counter(load(order, services=services).status.value for order in orders)


def _rebuild(services: Services, release: ReleaseRecord) -> tuple[ReleaseRecord, float]:
    """Publish the same days with no release, no month file and no analytical file to start from."""
    places = services.store.places
    manifest = read_manifest(places, release.release, release.manifest_sha256)
    for sha256 in manifest.hashes:
        services.store.path(sha256).unlink(missing_ok=True)
    shutil.rmtree(places.derived)
    places.create()
    ledger = cast("Ledger", NothingPublished(services.ledger))
    from galien.usecases.publish import reference, resolver

    started = time.perf_counter()
    known = reference(services)
    publisher = Publisher(
        ledger,
        services.store,
        services.engines,
        services.clock,
        resolve=resolver(known, services),
    )
    rebuilt = publisher.publish(known)
    return rebuilt, time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), Path(sys.argv[2]))))
