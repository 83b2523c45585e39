"""Releases: listing them, comparing one with the one before, going back to an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from galien.kernel.errors import NotAvailable
from galien.usecases.services import Services
from galien.warehouse.ledger import ReleaseRecord
from galien.warehouse.manifest import Manifest, Sums, read_manifest
from galien.warehouse.reader import rollback as go_back

NOTHING = Sums(rows=0, amount=None, quantity=None)


@dataclass(frozen=True)
class Difference:
    """What changed in one fact, pharmacy and month between two releases: rows, amounts in euros."""

    fact: str
    pharmacy: str
    month: dt.date
    rows_before: int
    rows: int
    amount_before: Decimal | None
    amount: Decimal | None


def listed(services: Services) -> Sequence[ReleaseRecord]:
    """Return releases, newest first."""
    return services.ledger.releases()


def rollback(release: str, *, services: Services) -> ReleaseRecord:
    """Make an earlier release current, once all its files were checked.

    Raises NotAvailable when it is unknown, InternalError when one of its files is damaged.
    """
    now = go_back(release, ledger=services.ledger, store=services.store, engines=services.engines)
    services.reader.look_again()
    return now


def manifest(release: str, *, services: Services) -> Manifest:
    """Return the manifest of a release, verified; NotAvailable when unknown."""
    record = next((each for each in services.ledger.releases() if each.release == release), None)
    if record is None:
        raise NotAvailable(
            f"Publication {release} inconnue. « galien releases » en donne la liste.",
            code="UNKNOWN_RELEASE",
        )
    return read_manifest(services.store.places, release, record.manifest_sha256)


def compared(release: str, *, services: Services, other: str | None = None) -> list[Difference]:
    """Compare a release with another (its parent by default), by fact, pharmacy and month.

    Only what differs is returned, in order.
    """
    record = next((each for each in services.ledger.releases() if each.release == release), None)
    before = other or (record.parent if record else None)
    now = _sums(manifest(release, services=services))
    then = _sums(manifest(before, services=services)) if before else {}
    return [
        Difference(
            *key,
            rows_before=then.get(key, NOTHING).rows,
            rows=now.get(key, NOTHING).rows,
            amount_before=then.get(key, NOTHING).amount,
            amount=now.get(key, NOTHING).amount,
        )
        for key in sorted(now.keys() | then.keys())
        if now.get(key) != then.get(key)
    ]


def _sums(content: Manifest) -> dict[tuple[str, str, dt.date], Sums]:
    return {
        (file.fact, pharmacy, file.month): sums
        for file in content.files
        for pharmacy, sums in file.pharmacies.items()
    }
