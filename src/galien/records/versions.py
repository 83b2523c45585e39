"""Versions of a day: the receipts a (pharmacy, feed, day) is made of, whatever order they came in.

The live version is the latest whole delivery by export time (then order of receipt), followed by
the appended parts that are not older than it. All of it runs inside the ledger's transaction.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from galien.records.models import DayVersion, LiveDay
from galien.records.models.counters import LEDGER, next_value
from galien.warehouse.ledger import Issue, ReceiptRecord

STALE = Issue(
    line=0,
    column="",
    code="STALE",
    message=(
        "Une version exportée plus tard est déjà en vigueur pour tous les jours de ce fichier : "
        "il est gardé comme historique et ne change aucun chiffre."
    ),
    severity="warning",
)
Days = tuple[dt.date, ...]
BATCH = 500


class Version(NamedTuple):
    """A version of a day: its receipt, its rank, whether it completes the version before it."""

    receipt: str
    order_at: dt.datetime
    append: bool


def add(receipt: ReceiptRecord, *, order_at: dt.datetime | None = None) -> Days:
    """Add a receipt's days as versions and return the days whose live version it replaced.

    An appended part never ranks before the version it completes, so that it always adds.
    """
    if not receipt.days:
        return ()
    rank = order_at or receipt.exported_at or receipt.received_at
    floors = _base_order(receipt) if receipt.append else {}
    DayVersion.objects.bulk_create(
        (
            DayVersion(
                receipt_id=receipt.receipt,
                pharmacy=receipt.pharmacy,
                feed=receipt.feed,
                day=day,
                order_at=max(rank, floors.get(day, rank)),
                sequence=receipt.sequence,
                append=receipt.append,
            )
            for day in sorted(set(receipt.days))
        ),
        batch_size=BATCH,
    )
    replaced = _settle(receipt.pharmacy, receipt.feed, receipt.days, next_value(LEDGER))
    return () if receipt.append else replaced


def overtaken(receipt: ReceiptRecord) -> bool:
    """Tell whether later exports already stand for every day of an accepted receipt."""
    live = _live(receipt.pharmacy, receipt.feed, receipt.days) if receipt.days else {}
    return bool(live) and all(receipt.receipt not in made_of for made_of in live.values())


def remove(receipt: str) -> dt.datetime | None:
    """Take a receipt's versions away (before a replay) and return the rank they had."""
    found = list(DayVersion.objects.filter(receipt=receipt))
    if not found:
        return None
    DayVersion.objects.filter(receipt=receipt).delete()
    days = {version.day for version in found}
    _settle(found[0].pharmacy, found[0].feed, days, next_value(LEDGER))
    return min(version.order_at for version in found)


def move_forward(receipt: str, exported_at: dt.datetime, sequence: int) -> Days:
    """Rank a receipt's versions at a later export time; return the days that became live by it.

    The same content exported again later is the latest word on its days.
    """
    late = DayVersion.objects.filter(receipt=receipt, order_at__lt=exported_at)
    found = list(late)
    if not found:
        return ()
    late.update(order_at=exported_at)
    pharmacy, feed = found[0].pharmacy, found[0].feed
    return _settle(pharmacy, feed, {version.day for version in found}, sequence)


def _base_order(receipt: ReceiptRecord) -> dict[dt.date, dt.datetime]:
    """Return, for each day, the rank of the whole delivery that is live now."""
    return {
        day: base.order_at
        for day, found in _versions(receipt.pharmacy, receipt.feed, receipt.days).items()
        if (base := _base(found)) is not None
    }


def _base(found: Iterable[Version]) -> Version | None:
    wholes = [version for version in found if not version.append]
    return wholes[-1] if wholes else None


def _made_of(found: list[Version]) -> list[str]:
    """Return the receipts a day is made of, from its versions in order of rank."""
    base = _base(found)
    parts = [
        version.receipt
        for version in found
        if version.append and (base is None or version.order_at >= base.order_at)
    ]
    return parts if base is None else [base.receipt, *parts]


def _settle(pharmacy: str, feed: str, days: Collection[dt.date], sequence: int) -> Days:
    """Write the live version of these days again; return the days that had another one."""
    before = _live(pharmacy, feed, days)
    found = _versions(pharmacy, feed, days)
    now = {day: _made_of(found.get(day, [])) for day in sorted(before)}
    changed = [day for day in now if now[day] != before[day]]
    LiveDay.objects.bulk_create(
        (
            LiveDay(pharmacy=pharmacy, feed=feed, day=day, receipts=now[day], sequence=sequence)
            for day in changed
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["pharmacy", "feed", "day"],
        update_fields=["receipts", "sequence"],
    )
    return tuple(day for day in changed if before[day])


def _live(pharmacy: str, feed: str, days: Collection[dt.date]) -> dict[dt.date, list[str]]:
    live: dict[dt.date, list[str]] = {day: [] for day in days}
    rows = LiveDay.objects.filter(
        pharmacy=pharmacy, feed=feed, day__gte=min(days), day__lte=max(days)
    )
    live.update(
        (day, receipts) for day, receipts in rows.values_list("day", "receipts") if day in live
    )
    return live


def _versions(pharmacy: str, feed: str, days: Collection[dt.date]) -> dict[dt.date, list[Version]]:
    found: dict[dt.date, list[Version]] = defaultdict(list)
    rows = DayVersion.objects.filter(
        pharmacy=pharmacy, feed=feed, day__gte=min(days), day__lte=max(days)
    ).order_by("day", "order_at", "sequence")
    for day, receipt, order_at, append in rows.values_list(
        "day", "receipt_id", "order_at", "append"
    ):
        found[day].append(Version(receipt, order_at, append))
    return found
