"""Building an analytical file, whole or from the parent's: only the months that changed are replaced.

In the other months, what purchases owe to their contracts is brought up where it moved.

No transaction spans the work: the file is a draft until it takes its name, and what a transaction drops
would stay in memory until its end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from galien.engines.protocol import Builder, Engines
from galien.model.facts import PUBLISHED
from galien.warehouse.derive.completeness import make_completeness
from galien.warehouse.derive.dimensions import (
    add_unknown_products,
    make_calendar,
    make_pharmacies,
    make_prices,
    make_products,
    make_versions,
)
from galien.warehouse.derive.facts import clear_month, fill_months, make_tables, make_types
from galien.warehouse.derive.moved import PURCHASES, move_steps
from galien.warehouse.derive.net_net import moved_terms
from galien.warehouse.derive.runs import make_run_tables, make_runs
from galien.warehouse.derive.source import LAYOUT, Source
from galien.warehouse.manifest import Manifest

# Rows put in a table at once. Month by month, the file ended with a third of holes, and folding it
# rewrote as much; all at once, nothing bounds the memory.
_LOT = 3_000_000


def build_whole(path: Path, source: Source, engines: Engines) -> None:
    """Build the file of a release from nothing but its Parquet files."""
    with engines.build(path) as builder:
        make_types(builder)
        make_products(builder, source)
        add_unknown_products(builder, source, source.months())
        make_pharmacies(builder, source, ids_from_parent=False)
        make_versions(builder)
        make_tables(builder, source)
        make_run_tables(builder, source)
        for fact in PUBLISHED:
            for months in source.lots(fact, _LOT):
                fill_months(builder, source, fact, months)
                builder.fold()
        make_prices(builder, source)
        _finish(builder, source, changed=[])


def build_from_parent(path: Path, source: Source, parent: Manifest, engines: Engines) -> None:
    """Bring a copy of the parent's file to this release, replacing what changed since."""
    with engines.build(path) as builder:
        moved = moved_terms(builder, source, Source(parent, source.store))
        changed = changed_months(source.manifest, parent)
        add_unknown_products(builder, source, sorted({month for _, month in changed}))
        make_pharmacies(builder, source, ids_from_parent=True)
        make_versions(builder)
        for fact, month in changed:
            clear_month(builder, fact, month)
            fill_months(builder, source, fact, [month])
        made = [month for fact, month in changed if fact == PURCHASES]
        move_steps(builder, source, _without(moved, made), rows=_LOT)
        _finish(builder, source, changed)


def can_follow(manifest: Manifest, parent: Manifest) -> bool:
    """Tell whether the parent's file can be brought to this release.

    Not when the catalogue or a price changed (products would change ids) nor when amounts change
    type.
    """
    return all(
        manifest.table(name).sha256 == parent.table(name).sha256 for name in ("catalogue", "prices")
    ) and all(manifest.whole_cents(fact) == parent.whole_cents(fact) for fact in PUBLISHED)


def changed_months(manifest: Manifest, parent: Manifest) -> list[tuple[str, dt.date]]:
    """Return the facts' months whose file is not the parent's, oldest first."""
    now = {file.key: file.sha256 for file in manifest.files}
    then = {file.key: file.sha256 for file in parent.files}
    different = {key for key in now.keys() | then.keys() if now.get(key) != then.get(key)}
    return sorted(different, key=lambda key: (key[1], key[0]))


def _without(moved: pa.Table, months: Sequence[dt.date]) -> pa.Table:
    """Return the pharmacies and months that moved, those months apart: they were made anew."""
    made = pc.is_in(moved.column("month"), pa.array(months, pa.date32()))
    return moved.filter(pc.invert(made))


def _finish(builder: Builder, source: Source, changed: list[tuple[str, dt.date]]) -> None:
    make_calendar(builder, source)
    make_runs(builder, source, changed)
    make_completeness(builder, source)
    builder.run(
        "create or replace table release as select $release as release, "
        "cast($layout as integer) as layout",
        {"release": source.manifest.release, "layout": LAYOUT},
    )
    builder.finish()
