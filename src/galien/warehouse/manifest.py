"""The manifest of a release: every file it is made of, with hash, rows and sums by pharmacy.

A release's id is the hash of what its files say: no time, no machine, no pseudonym (their key differs
from one workspace to the next), so the same deliveries give the same id in any order.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from galien.kernel.errors import InternalError
from galien.kernel.money import round_amount
from galien.warehouse.durable import write_file
from galien.warehouse.places import Places

FORMAT = 1
DAMAGED = "DAMAGED"


@dataclass(frozen=True)
class Sums:
    """Rows and sums of a file, or of one pharmacy's part of it."""

    rows: int
    amount: Decimal | None
    quantity: int | None

    def to_json(self) -> list[Any]:
        """Return it as JSON keeps it, amounts as text."""
        return [self.rows, None if self.amount is None else str(self.amount), self.quantity]

    @classmethod
    def from_json(cls, value: list[Any]) -> Sums:
        """Read it back."""
        rows, amount, quantity = value
        return cls(rows, None if amount is None else Decimal(amount), quantity)


@dataclass(frozen=True)
class MonthFile:
    """The rows of one fact in one month, all pharmacies. `identity` hashes them without pseudonyms."""

    fact: str
    month: dt.date
    sha256: str
    bytes: int
    identity: str
    whole_cents: bool
    sums: Sums
    pharmacies: Mapping[str, Sums]

    @property
    def key(self) -> tuple[str, dt.date]:
        """Return what it holds: the fact and the month."""
        return (self.fact, self.month)


@dataclass(frozen=True)
class TableFile:
    """A reference table of the release."""

    name: str
    sha256: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class Shrunk:
    """A finished month that lost rows since an earlier release: flagged, no part of the release's id."""

    pharmacy: str
    feed: str
    month: dt.date
    rows_before: int


@dataclass(frozen=True)
class Manifest:
    """A release's content."""

    files: tuple[MonthFile, ...]
    tables: tuple[TableFile, ...]
    shrunk: tuple[Shrunk, ...] = ()
    salt: str = ""
    release: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "release", self._identify())

    def _identify(self) -> str:
        content = {
            "format": FORMAT,
            "files": sorted([f.fact, f.month.isoformat(), f.identity] for f in self.files),
            "tables": sorted([table.name, table.sha256] for table in self.tables),
            "salt": self.salt,
        }
        return hashlib.sha256(_canonical(content)).hexdigest()[:16]

    @property
    def hashes(self) -> frozenset[str]:
        """Return the hashes of every file it names."""
        return frozenset(f.sha256 for f in self.files) | {table.sha256 for table in self.tables}

    def file(self, fact: str, month: dt.date) -> MonthFile | None:
        """Return the file of a fact and month, if there are rows."""
        return next((f for f in self.files if f.key == (fact, month)), None)

    def table(self, name: str) -> TableFile:
        """Return a reference table's file."""
        return next(table for table in self.tables if table.name == name)

    def months(self, fact: str) -> list[dt.date]:
        """Return the months a fact has rows in."""
        return sorted(f.month for f in self.files if f.fact == fact)

    def whole_cents(self, fact: str) -> bool:
        """Tell whether every amount of a fact is a whole number of cents."""
        return all(f.whole_cents for f in self.files if f.fact == fact)

    def facts(self) -> tuple[Mapping[str, object], ...]:
        """Return rows and amount of each fact: what publishing answers."""
        return tuple(_total(name, self) for name in sorted({f.fact for f in self.files}))

    def to_bytes(self) -> bytes:
        """Return the manifest as canonical JSON."""
        return _canonical(
            {
                "format": FORMAT,
                "release": self.release,
                "salt": self.salt,
                "files": [_file_json(f) for f in sorted(self.files, key=lambda f: f.key)],
                "tables": [vars(t) for t in sorted(self.tables, key=lambda t: t.name)],
                "shrunk": [
                    [s.pharmacy, s.feed, s.month.isoformat(), s.rows_before] for s in self.shrunk
                ],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Manifest:
        """Read a manifest back."""
        content = json.loads(data)
        return cls(
            files=tuple(_file_from_json(each) for each in content["files"]),
            tables=tuple(TableFile(**each) for each in content["tables"]),
            shrunk=tuple(
                Shrunk(pharmacy, feed, dt.date.fromisoformat(month), rows)
                for pharmacy, feed, month, rows in content["shrunk"]
            ),
            salt=content["salt"],
        )


def write_manifest(manifest: Manifest, places: Places) -> str:
    """Write a manifest under its release's name; returns the sha256 of its bytes."""
    data = manifest.to_bytes()
    write_file(places.manifest(manifest.release), [data], tmp=places.tmp)
    return hashlib.sha256(data).hexdigest()


def read_manifest(places: Places, release: str, sha256: str) -> Manifest:
    """Return the manifest of a release, if its bytes have the hash that the ledger keeps.

    Raises InternalError (DAMAGED) when it is missing or altered.
    """
    try:
        data = places.manifest(release).read_bytes()
    except OSError as error:
        raise _damaged(release, error.strerror or "illisible") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(release, "contenu altéré")
    manifest = Manifest.from_bytes(data)
    if manifest.release != release:
        raise _damaged(release, "autre publication")
    return manifest


def _damaged(release: str, why: str) -> InternalError:
    return InternalError(
        f"Le manifeste de la publication {release} est endommagé ou manquant ({why}).", code=DAMAGED
    )


def _canonical(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _file_json(file: MonthFile) -> dict[str, Any]:
    return {
        "fact": file.fact,
        "month": file.month.isoformat(),
        "sha256": file.sha256,
        "bytes": file.bytes,
        "identity": file.identity,
        "whole_cents": file.whole_cents,
        "sums": file.sums.to_json(),
        "pharmacies": {name: sums.to_json() for name, sums in file.pharmacies.items()},
    }


def _file_from_json(value: dict[str, Any]) -> MonthFile:
    return MonthFile(
        fact=value["fact"],
        month=dt.date.fromisoformat(value["month"]),
        sha256=value["sha256"],
        bytes=value["bytes"],
        identity=value["identity"],
        whole_cents=value["whole_cents"],
        sums=Sums.from_json(value["sums"]),
        pharmacies={name: Sums.from_json(each) for name, each in value["pharmacies"].items()},
    )


def _total(name: str, manifest: Manifest) -> Mapping[str, object]:
    parts = [f.sums for f in manifest.files if f.fact == name]
    amounts = [part.amount for part in parts if part.amount is not None]
    return {
        "fact": name,
        "rows": sum(part.rows for part in parts),
        "amount": round_amount(sum(amounts, Decimal(0))) if amounts else None,
    }
