"""Committing a delivery: its rows are put away first, then one transaction of the ledger shows them.

Only when `record_delivery` returns may the sender be answered: what was acknowledged is on the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from galien.kernel.errors import InternalError
from galien.model.facts import DELIVERED, Fact
from galien.warehouse.ledger import Fragment, Ledger, ReceiptRecord, ReceiptStatus
from galien.warehouse.store import Store

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
    """Put the fact tables of a delivery away; row groups follow months, for publishing by month."""
    fragments = []
    for name, table in sorted(facts.items()):
        fact = DELIVERED.get(name)
        if fact is None or fact.feed != feed:
            raise InternalError(f"Une livraison « {feed} » ne peut pas porter « {name} ».")
        if table.num_rows == 0:
            continue
        rows, cuts = _by_month(fact, conform(fact, table))
        ref = store.put(rows, cuts=cuts)
        fragments.append(Fragment(name, ref.sha256, ref.rows, ref.bytes))
    return tuple(fragments)


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
