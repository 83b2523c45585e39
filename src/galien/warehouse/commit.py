"""Committing a delivery: its rows are put away first, then one transaction of the ledger shows them.

Only when `record_delivery` returns may the sender be answered: what was acknowledged is on the disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import operator
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import pyarrow as pa
import pyarrow.compute as pc

from galien.kernel.errors import InternalError
from galien.model.facts import DELIVERED, Fact
from galien.warehouse.ledger import Fragment, Ledger, ReceiptRecord, ReceiptStatus
from galien.warehouse.store import ROW_GROUP, FileRef, Store


class _OutOfOrder(Exception):
    """A part has days of an earlier one: all parts are put in order together."""


@runtime_checkable
class InParts(Protocol):
    """Facts read part by part, of which one is not to be held whole."""

    def count(self, name: str) -> int:
        """Return how many parts a fact has."""
        ...

    def parts(self, name: str) -> Iterator[pa.Table]:
        """Give the rows of a fact, part by part."""
        ...


_KEPT = {ReceiptStatus.ACCEPTED, ReceiptStatus.HELD}


def record_delivery(
    receipt: ReceiptRecord, facts: Mapping[str, pa.Table], *, ledger: Ledger, store: Store
) -> ReceiptRecord:
    """Put a delivery's fact tables away and enter its receipt; returns what the ledger kept.

    Held deliveries keep their rows too, so that releasing one needs no second reading. A file sent again
    finds its rows where they are, or mends them if the disk damaged them. Raises InternalError when
    the disk refuses; the ledger then knows nothing of the delivery.
    """
    kept = receipt.status in _KEPT
    fragments = store_fragments(facts, feed=receipt.feed, store=store) if kept else ()
    return ledger.record_receipt(replace(receipt, fragments=fragments))


def store_fragments(
    facts: Mapping[str, pa.Table], *, feed: str, store: Store
) -> tuple[Fragment, ...]:
    """Put the fact tables of a delivery away; row groups follow months, for publishing by month.

    Facts that come in parts are written part by part: what is held does not grow with the delivery.
    """
    fragments = []
    for name in sorted(facts):
        fact = DELIVERED.get(name)
        if fact is None or fact.feed != feed:
            raise InternalError(f"Une livraison « {feed} » ne peut pas porter « {name} ».")
        ref = _put(fact, facts, store)
        if ref is not None:
            fragments.append(Fragment(name, ref.sha256, ref.rows, ref.bytes))
    return tuple(fragments)


def _put(fact: Fact, facts: Mapping[str, pa.Table], store: Store) -> FileRef | None:
    """Put a fact away; None when it has no row."""
    if isinstance(facts, InParts) and facts.count(fact.name) > 1:
        with contextlib.suppress(_OutOfOrder), _lean_memory():
            groups = _row_groups(_months(fact, facts.parts(fact.name)))
            first = next(groups, None)
            if first is None:
                return None
            return store.put_groups(fact.schema(), itertools.chain([first], groups))
    table = facts[fact.name]
    if table.num_rows == 0:
        return None
    rows, cuts = _by_month(fact, conform(fact, table))
    return store.put(rows, cuts=cuts)


@contextlib.contextmanager
def _lean_memory() -> Iterator[None]:
    """Have Arrow give back what it frees: its own pool would keep a hundred megabytes of parts gone by."""
    pool = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)


def _months(fact: Fact, parts: Iterator[pa.Table]) -> Iterator[tuple[dt.date, pa.Table]]:
    """Give the rows of parts month by month, in order of days; _OutOfOrder when a day comes back."""
    last: dt.date | None = None
    for part in parts:
        if part.num_rows == 0:
            continue
        rows, cuts = _by_month(fact, conform(fact, part))
        days: Any = rows.column(fact.day_column)
        if last is not None and days[0].as_py() <= last:
            raise _OutOfOrder
        last = days[-1].as_py()
        for start, end in itertools.pairwise([0, *cuts, rows.num_rows]):
            yield days[start].as_py().replace(day=1), rows.slice(start, end - start)


def _row_groups(months: Iterator[tuple[dt.date, pa.Table]]) -> Iterator[pa.Table]:
    """Cut the rows of each month into row groups, as the store does of a whole table."""
    for _, runs in itertools.groupby(months, key=operator.itemgetter(0)):
        waiting: pa.Table | None = None
        for _, rows in runs:
            waiting = rows if waiting is None else pa.concat_tables([waiting, rows])
            while waiting.num_rows > ROW_GROUP:
                yield waiting.slice(0, ROW_GROUP)
                waiting = waiting.slice(ROW_GROUP)
        if waiting is not None:
            yield waiting


def conform(fact: Fact, table: pa.Table) -> pa.Table:
    """Return the table with exactly the fact's columns and types; InternalError when it cannot be."""
    try:
        rows = table.select(fact.schema().names).cast(fact.schema())
    except (KeyError, ValueError, pa.ArrowException) as error:
        raise InternalError(
            f"Les lignes de {fact.name} n’ont pas la forme attendue : {error}"
        ) from error
    for column in fact.columns:
        if column.required and rows.column(column.name).null_count:
            raise InternalError(f"La colonne {fact.name}.{column.name} a des valeurs vides.")
    return rows


def _by_month(fact: Fact, rows: pa.Table) -> tuple[pa.Table, list[int]]:
    ordered = rows.take(pc.sort_indices(rows, sort_keys=[(fact.day_column, "ascending")]))
    months = pc.floor_temporal(ordered.column(fact.day_column), unit="month")
    starts = pc.value_counts(months.combine_chunks()).field("counts").to_pylist()
    cuts, position = [], 0
    for count in starts:
        position += int(count or 0)
        cuts.append(position)
    return ordered, cuts[:-1]
