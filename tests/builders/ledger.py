"""A ledger in a plain SQLite file, with the semantics of the protocol and nothing of Django."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from galien.kernel.errors import NotAvailable
from galien.kernel.period import Period
from galien.warehouse.ledger import (
    Fragment,
    LiveDay,
    ReceiptRecord,
    ReceiptStatus,
    ReleaseRecord,
)

_SCHEMA = """
create table if not exists counter (sequence integer not null);
create table if not exists receipt (
  receipt text primary key, sequence integer, pharmacy text, feed text, sha256 text,
  content_hash text, status text, order_at text, body text);
create table if not exists version (
  receipt text, pharmacy text, feed text, day text, order_at text, sequence integer, append integer,
  primary key (receipt, day));
create table if not exists live (
  pharmacy text, feed text, day text, receipts text, sequence integer,
  primary key (pharmacy, feed, day));
create table if not exists release (
  release text primary key, number integer, parent text, manifest_sha256 text, published_at text,
  facts text, ledger_sequence integer, bad integer default 0);
create table if not exists pointer (release text);
create table if not exists lease (release text, holder text, until text, primary key (release, holder));
insert into counter select 0 where not exists (select 1 from counter);
insert into pointer select null where not exists (select 1 from pointer);
"""


SYNCHRONOUS = "extra"


class SqliteLedger:
    """Receipts, versions of days, releases and leases in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._transaction() as db:
            for statement in _SCHEMA.split(";"):
                db.execute(statement)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        try:
            db.execute(f"pragma synchronous = {SYNCHRONOUS}")
            db.execute("begin immediate")
            yield db
            db.execute("commit")
        finally:
            db.close()

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def record_receipt(self, receipt: ReceiptRecord) -> ReceiptRecord:
        """Insert a receipt and make its days live."""
        with self._transaction() as db:
            return self._record(db, receipt)

    def _record(self, db: sqlite3.Connection, receipt: ReceiptRecord) -> ReceiptRecord:
        again = db.execute(
            "select body from receipt where sha256 = ? and pharmacy = ? and feed = ? "
            "and status = 'accepted'",
            (receipt.sha256, receipt.pharmacy, receipt.feed),
        ).fetchone()
        if again:
            return replace(
                _receipt(again[0]),
                status=ReceiptStatus.DUPLICATE,
                accepted=0,
                quarantined=0,
                duplicates=receipt.received,
            )
        numbered = replace(receipt, sequence=_next(db))
        order_at = (receipt.exported_at or receipt.received_at).isoformat()
        if receipt.status is ReceiptStatus.ACCEPTED:
            numbered = replace(numbered, replaced_days=_make_live(db, numbered, order_at))
        db.execute(
            "insert into receipt values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (receipt.receipt, numbered.sequence, receipt.pharmacy, receipt.feed, receipt.sha256,
             receipt.content_hash, receipt.status.value, order_at, _body(numbered)),
        )  # fmt: skip
        return numbered

    def receipt(self, receipt: str) -> ReceiptRecord:
        """Return a receipt."""
        found = self._rows("select body from receipt where receipt = ?", receipt)
        if not found:
            raise NotAvailable(f"Récépissé {receipt} inconnu.")
        return _receipt(found[0][0])

    def receipts(self, *, pharmacies: Sequence[str] | None = None) -> Sequence[ReceiptRecord]:
        """Return receipts, newest first."""
        rows = self._rows("select body from receipt order by sequence desc")
        found = [_receipt(body) for (body,) in rows]
        return [r for r in found if pharmacies is None or r.pharmacy in pharmacies]

    def duplicate_of(
        self, *, sha256: str, content_hash: str, pharmacy: str, feed: str
    ) -> str | None:
        """Return the accepted receipt of the same bytes or content."""
        rows = self._rows(
            "select receipt from receipt where status = 'accepted' and pharmacy = ? and feed = ? "
            "and (sha256 = ? or (content_hash <> '' and content_hash = ?)) order by sequence",
            pharmacy, feed, sha256, content_hash,
        )  # fmt: skip
        return rows[0][0] if rows else None

    def change_status(self, receipt: str, status: ReceiptStatus) -> ReceiptRecord:
        """Release or discard a held receipt."""
        with self._transaction() as db:
            body, order_at = db.execute(
                "select body, order_at from receipt where receipt = ?", (receipt,)
            ).fetchone()
            record = replace(_receipt(body), status=status, sequence=_next(db))
            if status is ReceiptStatus.ACCEPTED:
                record = replace(record, replaced_days=_make_live(db, record, order_at))
            db.execute(
                "update receipt set status = ?, body = ? where receipt = ?",
                (status.value, _body(record), receipt),
            )
            return record

    def replace_receipt(self, receipt: str, replacement: ReceiptRecord) -> ReceiptRecord:
        """Put a replay in the place of a receipt."""
        with self._transaction() as db:
            (order_at,) = db.execute(
                "select order_at from receipt where receipt = ?", (receipt,)
            ).fetchone()
            old = db.execute(
                "select pharmacy, feed, day from version where receipt = ?", (receipt,)
            ).fetchall()
            db.execute("delete from version where receipt = ?", (receipt,))
            record = replace(replacement, receipt=receipt, sequence=_next(db))
            for pharmacy, feed, day in old:
                _settle(db, (pharmacy, feed, day), record.sequence)
            record = replace(record, replaced_days=_make_live(db, record, order_at))
            db.execute(
                "update receipt set status = ?, body = ? where receipt = ?",
                (record.status.value, _body(record), receipt),
            )
            return record

    def live_days(
        self, *, since_sequence: int = 0, within: Period | None = None
    ) -> Sequence[LiveDay]:
        """Return live days, or those changed since, or those of a period."""
        span = within or Period(dt.date.min, dt.date.max)
        rows = self._rows(
            "select pharmacy, feed, day, receipts from live where sequence > ? "
            "and day between ? and ? order by pharmacy, feed, day",
            since_sequence,
            span.first.isoformat(),
            span.last.isoformat(),
        )
        return [
            LiveDay(pharmacy, feed, dt.date.fromisoformat(day), tuple(json.loads(receipts)))
            for pharmacy, feed, day, receipts in rows
        ]

    def fragments(self, receipts: Sequence[str]) -> Mapping[str, tuple[Fragment, ...]]:
        """Return the fragments of receipts."""
        return {receipt: self.receipt(receipt).fragments for receipt in receipts}

    def sequence(self) -> int:
        """Return the number of the last change."""
        found: int = self._rows("select sequence from counter")[0][0]
        return found

    def record_release(self, release: ReleaseRecord, *, expected_parent: str | None) -> bool:
        """Insert a release and make it current, unless another came first."""
        with self._transaction() as db:
            if db.execute("select release from pointer").fetchone()[0] != expected_parent:
                return False
            (last,) = db.execute("select coalesce(max(number), 0) from release").fetchone()
            facts = json.dumps([{**f, "amount": _text(f.get("amount"))} for f in release.facts])
            db.execute(
                "insert into release values (?, ?, ?, ?, ?, ?, ?, 0) on conflict (release) do update "
                "set manifest_sha256 = excluded.manifest_sha256, bad = 0, "
                "ledger_sequence = max(ledger_sequence, excluded.ledger_sequence)",
                (release.release, last + 1, release.parent, release.manifest_sha256,
                 release.published_at.isoformat(), facts, release.ledger_sequence),
            )  # fmt: skip
            db.execute("update pointer set release = ?", (release.release,))
            return True

    def releases(self) -> Sequence[ReleaseRecord]:
        """Return releases, newest first."""
        current = self._rows("select release from pointer")[0][0]
        return [
            ReleaseRecord(
                release=release,
                number=number,
                parent=parent,
                manifest_sha256=sha256,
                published_at=dt.datetime.fromisoformat(at),
                facts=tuple({**f, "amount": _number(f["amount"])} for f in json.loads(facts)),
                ledger_sequence=sequence,
                current=release == current,
                bad=bool(bad),
            )
            for release, number, parent, sha256, at, facts, sequence, bad in self._rows(
                "select * from release order by number desc"
            )
        ]

    def current_release(self) -> ReleaseRecord | None:
        """Return the current release."""
        return next((release for release in self.releases() if release.current), None)

    def make_current(self, release: str) -> ReleaseRecord:
        """Make an earlier release current."""
        with self._transaction() as db:
            found = db.execute("select bad from release where release = ?", (release,)).fetchone()
            if found is None or found[0]:
                raise NotAvailable(f"Publication {release} inconnue ou endommagée.")
            db.execute("update pointer set release = ?", (release,))
        return next(each for each in self.releases() if each.current)

    def mark_bad(self, release: str) -> ReleaseRecord | None:
        """Mark a damaged release; the one before serves."""
        with self._transaction() as db:
            db.execute("update release set bad = 1 where release = ?", (release,))
            db.execute(
                "update pointer set release = (select release from release where bad = 0 "
                "order by number desc limit 1) where release = ?",
                (release,),
            )
        return self.current_release()

    def lease(self, release: str, holder: str, until: dt.datetime) -> None:
        """Take or extend a lease."""
        with self._transaction() as db:
            db.execute(
                "insert or replace into lease values (?, ?, ?)",
                (release, holder, until.astimezone(dt.UTC).isoformat()),
            )

    def leased(self, at: dt.datetime) -> frozenset[str]:
        """Return what is leased at a moment."""
        moment = at.astimezone(dt.UTC).isoformat()
        return frozenset(
            r for (r,) in self._rows("select release from lease where until > ?", moment)
        )


def _next(db: sqlite3.Connection) -> int:
    db.execute("update counter set sequence = sequence + 1")
    found: int = db.execute("select sequence from counter").fetchone()[0]
    return found


def _make_live(
    db: sqlite3.Connection, receipt: ReceiptRecord, order_at: str
) -> tuple[dt.date, ...]:
    replaced = []
    for day in receipt.days:
        key = (receipt.pharmacy, receipt.feed, day.isoformat())
        db.execute(
            "insert into version values (?, ?, ?, ?, ?, ?, ?)",
            (receipt.receipt, *key, order_at, receipt.sequence, receipt.append),
        )
        before, after = _settle(db, key, receipt.sequence)
        if before and not set(before) <= set(after):
            replaced.append(day)
    return tuple(replaced)


def _settle(
    db: sqlite3.Connection, key: tuple[str, str, str], sequence: int
) -> tuple[list[str], list[str]]:
    """Make a day what its versions say: the last whole one, and what was appended after it."""
    versions = db.execute(
        "select receipt, append from version where pharmacy = ? and feed = ? and day = ? "
        "order by order_at, sequence",
        key,
    ).fetchall()
    after: list[str] = []
    for receipt, append in versions:
        after = [*after, receipt] if append else [receipt]
    found = db.execute(
        "select receipts from live where pharmacy = ? and feed = ? and day = ?", key
    ).fetchone()
    before = json.loads(found[0]) if found else []
    # A replay changes what a receipt holds without changing its name: the day is noted all the same.
    db.execute(
        "insert or replace into live values (?, ?, ?, ?, ?)", (*key, json.dumps(after), sequence)
    )
    return before, after


def _text(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _body(receipt: ReceiptRecord) -> str:
    return json.dumps(asdict(receipt), default=str)


def _receipt(body: str) -> ReceiptRecord:
    value = json.loads(body)
    exported = value["exported_at"]
    return ReceiptRecord(
        **{
            **value,
            "status": ReceiptStatus(value["status"]),
            "received_at": dt.datetime.fromisoformat(value["received_at"]),
            "exported_at": dt.datetime.fromisoformat(exported) if exported else None,
            "days": tuple(dt.date.fromisoformat(day) for day in value["days"]),
            "replaced_days": tuple(dt.date.fromisoformat(day) for day in value["replaced_days"]),
            "sums": {name: Decimal(total) for name, total in value["sums"].items()},
            "fragments": tuple(Fragment(**each) for each in value["fragments"]),
            "issues": (),
            "dropped_columns": tuple(value["dropped_columns"]),
        }
    )
