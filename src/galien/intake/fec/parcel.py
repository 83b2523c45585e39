"""A reading of a ledger as bytes between the reading process and us."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, astuple
from decimal import Decimal

from galien.intake.fec.reading import FecReading
from galien.model.accounts import AccountTotal, Ledger
from galien.warehouse.ledger import Issue


def packed(reading: FecReading) -> bytes:
    """Write a reading as JSON."""
    plain = {**vars(reading), "issues": [asdict(each) for each in reading.issues]}
    ledger = reading.ledger
    plain["ledger"] = ledger and {
        "siren": ledger.siren,
        "first_day": ledger.first_day.isoformat(),
        "last_day": ledger.last_day.isoformat(),
        "accounts": [[*map(str, astuple(each))] for each in ledger.accounts],
    }
    return json.dumps(plain).encode()


def unpacked(data: bytes) -> FecReading:
    """Read what `packed` wrote."""
    plain = json.loads(data)
    ledger = plain["ledger"]
    return FecReading(
        **{
            **plain,
            "issues": tuple(Issue(**each) for each in plain["issues"]),
            "ledger": ledger and _ledger(ledger),
        }
    )


def _ledger(plain: dict[str, object]) -> Ledger:
    rows: list[list[str]] = plain["accounts"]  # type: ignore[assignment]
    return Ledger(
        siren=str(plain["siren"]),
        first_day=dt.date.fromisoformat(str(plain["first_day"])),
        last_day=dt.date.fromisoformat(str(plain["last_day"])),
        accounts=tuple(
            AccountTotal(account, label, *map(Decimal, amounts))
            for account, label, *amounts in rows
        ),
    )
