"""What a derivation reads: the release's files, checked, and how its amounts are typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from galien.model.columns import ColumnType
from galien.model.facts import PUBLISHED
from galien.warehouse.manifest import Manifest
from galien.warehouse.store import Store

LAYOUT = 2  # raised when the tables change: older files are then made again


@dataclass(frozen=True)
class Source:
    """A release's manifest and the store that has its files."""

    manifest: Manifest
    store: Store

    def month(self, fact: str, month: dt.date) -> str | None:
        """Return the SQL that reads a fact's month, its file checked anew; None without rows."""
        file = self.manifest.file(fact, month)
        return None if file is None else self._read(file.sha256)

    def table(self, name: str) -> str:
        """Return the SQL that reads a reference table."""
        return self._read(self.manifest.table(name).sha256)

    def months(self) -> list[dt.date]:
        """Return every month that has rows of any fact."""
        return sorted({file.month for file in self.manifest.files})

    def money(self, fact: str) -> str:
        """Return the SQL type of a fact's amounts: to the cent when they all are whole cents."""
        return "decimal(18,2)" if self.manifest.whole_cents(fact) else "decimal(18,4)"

    def scales(self) -> str:
        """Return the types of amounts of every fact, as one text to compare."""
        return ", ".join(f"{name} {self.money(name)}" for name in sorted(PUBLISHED))

    def sql_type(self, fact: str, column: str) -> str:
        """Return the SQL type of a fact's column in the analytical file."""
        kind = next(c.type for c in PUBLISHED[fact].columns if c.name == column)
        if kind is ColumnType.AMOUNT:
            return self.money(fact)
        return _TYPES[kind]

    def _read(self, sha256: str) -> str:
        path = str(self.store.verify(sha256, fresh=True)).replace("'", "''")
        return f"read_parquet('{path}')"


_TYPES = {
    ColumnType.TEXT: "varchar",
    ColumnType.INTEGER: "integer",
    ColumnType.FINE_AMOUNT: "decimal(18,8)",
    ColumnType.RATE: "decimal(7,6)",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamp",
    ColumnType.BOOLEAN: "boolean",
}
