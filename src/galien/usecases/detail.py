"""The door of detail: rows that are no analysis, cut to the pharmacies, feeds and days rights open.

A last purchase, the receipts of a shelf, a price on a day are no measure by dimensions. Their SQL names
its tables as if it read everything; the door puts the viewer's own part of them in their place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from galien.analytics.release import ReleaseView
from galien.analytics.tables import RUN_TABLES, TABLES
from galien.engines.protocol import Parameters
from galien.kernel.errors import InternalError, NotAllowed, NotAvailable
from galien.kernel.period import Period
from galien.model.viewer import Span, Viewer
from galien.usecases.scope import open_days
from galien.usecases.services import Services

ALL_DAYS = Period(dt.date.min, dt.date.max)
Opened = Mapping[int, tuple[Span, ...]]


@dataclass(frozen=True)
class Rows:
    """A table of rows of a day: whose right opens it, and its column of days."""

    feed: str
    day: str


# What has no day is read by nobody here: a month begun before a right is not cut in two.
DETAIL = {
    "sales_day": Rows("sales", "day"),
    "purchase_line": Rows("purchases", "day"),
    "stock_level": Rows("stock", "on_date"),
}
OPEN_TO_ALL = frozenset({"product", "pharmacy", "calendar"})
_FACTS = frozenset(table.name for table in (*TABLES, *RUN_TABLES.values())) | DETAIL.keys()


@dataclass(frozen=True)
class Reading:
    """Rows to read: a name, the tables they are of (see `DETAIL`), and one SELECT over them.

    The SELECT may bind parameters of its own; the pharmacies and the days are bound by the door.
    """

    name: str
    tables: tuple[str, ...]
    sql: str

    def __post_init__(self) -> None:
        """Refuse a reading of tables it does not declare."""
        named = _words(self.sql) & _FACTS
        if named != frozenset(self.tables) or not named <= DETAIL.keys():
            raise InternalError(
                f"La lecture « {self.name} » lit des tables qu’elle ne déclare pas."
            )

    @cached_property
    def feeds(self) -> tuple[str, ...]:
        """The feeds whose rights it needs."""
        return tuple(dict.fromkeys(DETAIL[table].feed for table in self.tables))


def read(
    reading: Reading,
    viewer: Viewer,
    days: Period,
    *,
    services: Services,
    pharmacies: Sequence[str] = (),
    parameters: Parameters | None = None,
) -> pa.Table:
    """Read rows of some pharmacies (none named: all) over days, those the viewer's rights open alone.

    Each feed is cut to its own open days; a pharmacy is read when every feed has some. Raises
    NotAllowed when none is, NotAvailable when nothing is published.
    """
    with services.reader.hold() as held:
        view = services.reading.view(held)
        named = {row.pharmacy_id for row in view.pharmacies if row.pharmacy in set(pharmacies)}
        opened = {feed: open_days(viewer, view, feed, days) for feed in reading.feeds}
        rows = frozenset.intersection(*(frozenset(each) for each in opened.values()))
        rows = rows & named if pharmacies else rows
        if not rows:
            raise NotAllowed(_closed(reading))
        return _run(reading, view, {feed: _of(rows, each) for feed, each in opened.items()},
                    parameters or {})  # fmt: skip


def read_products(
    sql: str, *, services: Services, parameters: Parameters | None = None
) -> pa.Table:
    """Read what the release's catalogue says of products: it is nobody's figure, and open to all."""
    if _words(sql) & _FACTS:
        raise InternalError("Une lecture du catalogue ne lit que les produits.")
    with services.reader.hold() as held:
        return held.engine.query(sql, parameters or {})


def read_network(sql: str, *, services: Services, parameters: Parameters | None = None) -> pa.Table:
    """Read every pharmacy's rows, for an aggregate: whoever calls tells nothing of one pharmacy.

    The house's tests name the only ones that may: prices from five other pharmacies on, elasticity.
    """
    with services.reader.hold() as held:
        return held.engine.query(sql, parameters or {})


def release_of(services: Services) -> str:
    """Return the name of the release that serves; empty when nothing is published."""
    try:
        with services.reader.hold() as held:
            return held.release.release
    except NotAvailable:
        return ""


def _words(sql: str) -> frozenset[str]:
    """Return the words of a SELECT; a schema before a table would step over the door."""
    found = frozenset(re.findall(r"[a-z0-9_]+", sql.lower()))
    if "main" in found:
        raise InternalError("Une lecture nomme ses tables simplement.")
    return found


def _of(rows: frozenset[int], opened: Opened) -> Opened:
    return {number: spans for number, spans in opened.items() if number in rows}


def _closed(reading: Reading) -> str:
    feeds = {"sales": "ventes", "purchases": "achats", "stock": "stock"}
    named = ", ".join(feeds[feed] for feed in reading.feeds)
    return (
        f"Vos autorisations n’ouvrent aucun jour de ces pharmacies ({named}) : choisissez d’autres "
        "dates, ou demandez une autorisation."
    )


def _run(
    reading: Reading, view: ReleaseView, opened: Mapping[str, Opened], parameters: Parameters
) -> pa.Table:
    bound: dict[str, object] = {}
    parts = []
    for table in reading.tables:
        cut, given = _cut(table, opened[DETAIL[table].feed])
        parts.append(f"{table} as not materialized (select * from main.{table} where {cut})")  # noqa: S608 - names of ours, values bound
        bound |= given
    sql = reading.sql.strip()
    after = f", {sql[5:]}" if sql.startswith("with ") else f" {sql}"
    return view.engine.query(f"with {', '.join(parts)}{after}", {**parameters, **bound})


def _cut(table: str, opened: Opened) -> tuple[str, dict[str, object]]:
    """Return the condition that keeps the open days, pharmacies of the same days together."""
    together: dict[tuple[Span, ...], list[int]] = defaultdict(list)
    for number, spans in sorted(opened.items()):
        together[spans].append(number)
    day = DETAIL[table].day
    said: list[str] = []
    bound: dict[str, object] = {}
    for place, (spans, ids) in enumerate(together.items()):
        name = f"{table}_{place}"
        bound[f"{name}_ids"] = ids
        days = []
        for rank, (first, last) in enumerate(spans):
            bound |= {f"{name}_{rank}_first": first, f"{name}_{rank}_last": last}
            days.append(f"{day} between ${name}_{rank}_first and ${name}_{rank}_last")
        said.append(f"pharmacy_id in (select unnest(${name}_ids)) and ({' or '.join(days)})")
    return " or ".join(f"({each})" for each in said), bound
