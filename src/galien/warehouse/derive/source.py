"""What a derivation reads: the release's files, checked, and how its amounts are typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from galien.model.columns import ColumnType
from galien.model.facts import PUBLISHED
from galien.warehouse.manifest import Manifest
from galien.warehouse.store import Store

LAYOUT = 5  # raised when the tables change: older files are then made again


@dataclass(frozen=True)
class Source:
    """A release's manifest and the store that has its files, each checked once a derivation."""

    manifest: Manifest
    store: Store
    _checked: dict[str, Path] = field(default_factory=dict, repr=False, compare=False)

    def read(self, fact: str, months: Sequence[dt.date]) -> str | None:
        """Return the SQL that reads a fact's months, from files checked anew; None without rows."""
        files = [f for month in months if (f := self.manifest.file(fact, month)) is not None]
        return self._read([file.sha256 for file in files]) if files else None

    def month(self, fact: str, month: dt.date) -> str | None:
        """Return the SQL that reads a fact's month, from a file checked anew; None without rows."""
        return self.read(fact, [month])

    def lots(self, fact: str, rows: int) -> Iterator[list[dt.date]]:
        """Return a fact's months in order, in lots of at most so many rows or of one month."""
        lot: list[dt.date] = []
        held = 0
        for month in self.manifest.months(fact):
            file = self.manifest.file(fact, month)
            more = file.sums.rows if file else 0
            if lot and held + more > rows:
                yield lot
                lot, held = [], 0
            lot.append(month)
            held += more
        if lot:
            yield lot

    def has(self, name: str) -> bool:
        """Tell whether the release carries a table."""
        return any(table.name == name for table in self.manifest.tables)

    def table(self, name: str) -> str:
        """Return the SQL that reads a table of the release beside its facts."""
        return self._read([self.manifest.table(name).sha256])

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

    def _read(self, hashes: Sequence[str]) -> str:
        for each in hashes:
            if each not in self._checked:
                self._checked[each] = self.store.verify(each, fresh=True)
        paths = (str(self._checked[each]).replace("'", "''") for each in hashes)
        names = ", ".join(f"'{path}'" for path in paths)
        return f"read_parquet([{names}])"


_TYPES = {
    ColumnType.TEXT: "varchar",
    ColumnType.INTEGER: "integer",
    ColumnType.FINE_AMOUNT: "decimal(18,8)",
    ColumnType.RATE: "decimal(7,6)",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamp",
    ColumnType.BOOLEAN: "boolean",
}
