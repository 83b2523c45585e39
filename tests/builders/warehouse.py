"""Small deliveries and workspaces for the warehouse's tests."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from galien.engines.duckdb import DuckDB
from galien.kernel.clock import FixedClock
from galien.model.enums import CHANNELS, SALE_TYPES
from galien.model.facts import DELIVERED
from galien.warehouse.commit import record_delivery
from galien.warehouse.ledger import Ledger, ReceiptRecord, ReceiptStatus, ReleaseRecord
from galien.warehouse.publish import Publisher
from galien.warehouse.reference import Reference
from galien.warehouse.store import Store
from tests.builders.ledger import SqliteLedger

NOON = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)
PHARMACIES = ("010000001", "010000002", "010000003")
CODES = ("3400930000001", "3400930000002", "3400930000003", "UNKNOWN-1", "UNKNOWN-2")
Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class File:
    """A file as intake hands it over: one pharmacy, one feed, whole days, rows by fact."""

    pharmacy: str
    feed: str
    days: tuple[dt.date, ...]
    rows: Rows = field(repr=False)
    exported_at: dt.datetime
    append: bool = False

    @property
    def sha256(self) -> str:
        """Return a hash of what it holds."""
        content = (self.pharmacy, self.feed, self.days, self.rows, self.exported_at, self.append)
        return hashlib.sha256(repr(content).encode()).hexdigest()

    def tables(self) -> dict[str, pa.Table]:
        """Return the fact tables."""
        return {
            name: pa.Table.from_pylist(rows, schema=DELIVERED[name].schema())
            for name, rows in self.rows.items()
        }


@dataclass
class Workspace:
    """A warehouse on a folder, with a plain SQLite ledger unless another is given."""

    root: Path
    reference: Reference = field(default_factory=Reference)
    given: Ledger | None = None

    def __post_init__(self) -> None:
        self.store = Store(self.root)
        self.ledger: Ledger = self.given or SqliteLedger(self.root / "ledger.sqlite3")
        self.engines = DuckDB(threads=2, memory="512MB")
        self.clock = FixedClock(NOON)

    def load(self, file: File) -> ReceiptRecord:
        """Commit a file."""
        return record_delivery(receipt(file), file.tables(), ledger=self.ledger, store=self.store)

    def publish(self) -> ReleaseRecord:
        """Publish what is live."""
        publisher = Publisher(self.ledger, self.store, self.engines, self.clock)
        return publisher.publish(self.reference)


def receipt(file: File) -> ReceiptRecord:
    """Return the accepted receipt of a file."""
    count = sum(len(rows) for rows in file.rows.values())
    return ReceiptRecord(
        receipt=file.sha256[:20],
        sha256=file.sha256,
        content_hash="",
        feed=file.feed,
        pharmacy=file.pharmacy,
        mapping="galien",
        filename="",
        sender="",
        status=ReceiptStatus.ACCEPTED,
        code="",
        received=count,
        accepted=count,
        quarantined=0,
        duplicates=0,
        received_at=NOON,
        exported_at=file.exported_at,
        append=file.append,
        days=file.days,
    )


def days_between(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Return every day of a run."""
    return tuple(first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def random_file(
    seed: int,
    *,
    pharmacy: str,
    feed: str = "sales",
    days: Sequence[dt.date],
    append: bool = False,
    lines: int = 6,
) -> File:
    """Return a file of random rows, the same for the same seed."""
    rng = random.Random(seed)
    make = {"sales": _sales, "purchases": _purchases, "stock": _stock}[feed]
    exported = NOON + dt.timedelta(minutes=seed)
    rows = make(rng, pharmacy, days, lines)
    return File(pharmacy, feed, tuple(days), rows, exported, append)


def _cents(rng: random.Random, top: int = 5_000) -> Decimal:
    return Decimal(rng.randrange(-200, top)).scaleb(-2)


def _sales(rng: random.Random, pharmacy: str, days: Iterable[dt.date], lines: int) -> Rows:
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name, fact in DELIVERED.items() if fact.feed == "sales"
    }
    for day in days:
        at = {"pharmacy": pharmacy, "day": day}
        rows["sale_day"] += [at | each for each in _sale_rows(rng, lines)]
        rows["traffic_day"] += [at | each for each in _traffic_rows(rng)]
        rows["visit_day"] += [
            at | {"band": band, "kind": kind, "sale_types": mask, "count": rng.randrange(1, 9)}
            for band in (4, 5)
            for kind in ("visit", "invoice")
            for mask in rng.sample(range(1, 8), 2)
        ]
        rows["operator_day"] += [at | _operator_row(rng, name) for name in ("op-a", "op-b")]
        rows["basket_day"] += [
            at | {"product_a": CODES[0], "product_b": code, "visits": rng.randrange(1, 4)}
            for code in CODES[1:3]
        ]
    return rows


def _sale_rows(rng: random.Random, lines: int) -> list[dict[str, Any]]:
    keys = {
        (rng.choice(CODES), rng.choice(SALE_TYPES[:3]), rng.choice(("0.021", "0.055", "0.2")),
         rng.choice((None, "printemps")))
        for _ in range(lines)
    }  # fmt: skip
    return [
        {
            "product_code": code, "sale_type": kind, "vat_rate": Decimal(vat), "campaign": campaign,
            "quantity": rng.randrange(-1, 5), "returned_quantity": rng.randrange(2),
            "lines": rng.randrange(1, 4), "uncosted_lines": rng.randrange(2),
            "gross_incl": _cents(rng), "discount_incl": _cents(rng, 100), "net_incl": _cents(rng),
            "net_excl": _cents(rng), "vat_amount": _cents(rng, 300), "cost_excl": _cents(rng),
            "fee_incl": _cents(rng, 200), "fee_excl": Decimal(rng.randrange(10**9)).scaleb(-8),
        }
        for code, kind, vat, campaign in sorted(keys, key=repr)
    ]  # fmt: skip


def _traffic_rows(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "band": band, "sale_type": kind, "lines": rng.randrange(1, 30),
            "invoices": rng.randrange(1, 9), "visits": rng.randrange(1, 9), "mixed_visits": 1,
            "net_incl": _cents(rng), "net_excl": _cents(rng),
        }
        for band in (4, 5)
        for kind in SALE_TYPES[:2]
    ]  # fmt: skip


def _operator_row(rng: random.Random, name: str) -> dict[str, Any]:
    return {
        "operator": name, "band": 4, "lines": rng.randrange(1, 30), "quantity": rng.randrange(30),
        "net_incl": _cents(rng), "net_excl": _cents(rng), "cost_excl": _cents(rng),
        "fee_incl": _cents(rng), "fee_excl": Decimal(rng.randrange(10**9)).scaleb(-8),
        "visits": rng.randrange(1, 9), "prescription_visits": 1, "mixed_visits": 0,
    }  # fmt: skip


def _purchases(rng: random.Random, pharmacy: str, days: Iterable[dt.date], lines: int) -> Rows:
    return {
        "purchase_line": [
            {
                "pharmacy": pharmacy, "delivered_on": day, "invoiced_on": None,
                "document_id": f"BL{day:%y%m%d}", "line_no": number,
                "supplier": rng.choice(("Répartiteur A", "Labo B")), "channel": rng.choice(CHANNELS),
                "product_code": rng.choice(CODES), "ordered_quantity": rng.choice((None, 3)),
                "delivered_quantity": rng.randrange(1, 9), "free_quantity": rng.choice((None, 1)),
                "list_price_excl": None, "net_price_excl": Decimal("1.2345"),
                "list_amount_excl": _cents(rng), "net_amount_excl": _cents(rng),
                "vat_rate": Decimal("0.021"), "payment_due_on": None,
            }
            for day in days
            for number in range(lines)
        ]
    }  # fmt: skip


def _stock(rng: random.Random, pharmacy: str, days: Iterable[dt.date], _lines: int) -> Rows:
    return {
        "stock_level": [
            {
                "pharmacy": pharmacy, "on_date": day, "product_code": code,
                "quantity": rng.randrange(50), "weighted_average_cost": _cents(rng),
                "minimum": None, "nearest_expiry": None, "location": None,
            }
            for day in days
            for code in CODES
        ]
    }  # fmt: skip


def reference(**attributes: Sequence[str | None]) -> Reference:
    """Return a small catalogue: three products, the second with two versions, and two pharmacies."""
    products = pa.table(
        {
            "product_code": [CODES[0], CODES[1], CODES[1], CODES[2]],
            "since": pa.array([None, None, dt.date(2026, 2, 15), dt.date(2026, 1, 1)], pa.date32()),
            "until": pa.array([None, dt.date(2026, 2, 15), None, None], pa.date32()),
            "label": ["Doliprane", "Ancien", "Nouveau", "Crème"],
            "universe_1": ["Médicament", "Médicament", "Parapharmacie", None],
            "lab": ["Sanofi", "Biogaran", "Biogaran", "Avène"],
            **attributes,
        }
    )
    pharmacies = pa.table(
        {
            "pharmacy": list(PHARMACIES[:2]),
            "name": ["du Centre", "de la Gare"],
            "department": ["01", "69"],
        }
    )
    return Reference(products=products, pharmacies=pharmacies, holidays=[dt.date(2026, 1, 1)])
