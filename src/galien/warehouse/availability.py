"""The national list of shortages as a workspace keeps it: one notice a product, beside the catalogue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from galien.warehouse.bdpm import Presentation
from galien.warehouse.bdpm.availability import STATUSES, Notice
from galien.warehouse.durable import draft_name, name_file

NAME = "availability.parquet"
_TYPES: dict[str, pa.DataType] = {
    "product_code": pa.string(), "status": pa.string(), "since": pa.date32(),
    "updated": pa.date32(), "back_on": pa.date32(), "link": pa.string(),
    "listed_on": pa.date32(),
}  # fmt: skip
SCHEMA = pa.schema(_TYPES)


def availability_table(
    notices: Iterable[Notice], presentations: Iterable[Presentation]
) -> pa.Table:
    """Return the notice of each product: of those that name it or its medicine, the last one updated.

    Of two of the same day, the gravest, then the last begun. `listed_on` is the last day the list tells of.
    """
    packs: dict[str, list[str]] = defaultdict(list)
    for each in presentations:
        packs[each.cis].append(each.cip13)
    kept: dict[str, Notice] = {}
    told = sorted(notices, key=_last)
    for notice in told:
        for code in [notice.cip13] if notice.cip13 else packs[notice.cis]:
            kept[code] = notice
    listed_on = max((notice.updated for notice in told), default=None)
    rows = [
        {
            "product_code": code, "status": notice.status, "since": notice.since,
            "updated": notice.updated, "back_on": notice.back_on, "link": notice.link,
            "listed_on": listed_on,
        }
        for code, notice in sorted(kept.items())
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _last(notice: Notice) -> tuple[object, ...]:
    return notice.updated, -STATUSES.index(notice.status), notice.since, notice.cip13


def write_availability(table: pa.Table, folder: Path) -> None:
    """Write the list of a workspace, whole or not at all, in place of the one before."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = draft_name(folder)
    pq.write_table(table, draft, compression="snappy")
    name_file(draft, folder / NAME)


def read_availability(folder: Path) -> pa.Table:
    """Read the list of a workspace; empty before the first import."""
    path = folder / NAME
    return pq.ParquetFile(path).read().cast(SCHEMA) if path.exists() else SCHEMA.empty_table()
