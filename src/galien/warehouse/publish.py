"""Publishing: from the live days to a new release, seen all at once or not at all.

Only the months that changed since the parent release are written again. Everything is on the disk,
analytical file included, before the ledger's one transaction makes the release current.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from galien.engines.protocol import Engines
from galien.kernel.clock import Clock
from galien.kernel.errors import InternalError
from galien.warehouse.content import ContentMaker, Progress
from galien.warehouse.derive.file import Made, ensure_derived, made_already
from galien.warehouse.ledger import Ledger, ReleaseRecord
from galien.warehouse.manifest import (
    DAMAGED,
    Manifest,
    MonthFile,
    TableFile,
    read_manifest,
    write_manifest,
)
from galien.warehouse.reference import Reference
from galien.warehouse.shrinking import shrunk_months
from galien.warehouse.store import Store

_ATTEMPTS = 8

Resolver = Callable[[Sequence[MonthFile], Made | None], Mapping[str, pa.Table]]
"""What makes, from the release's files, the tables that depend on them: the terms of contracts.

The parent release, when it is whole, spares it reading the files they have in common.
"""


def _nothing(_files: Sequence[MonthFile], _parent: Made | None) -> Mapping[str, pa.Table]:
    return {}


def _silent(_label: str, _done: int, _total: int) -> None:
    pass


@dataclass(frozen=True)
class Publisher:
    """Makes releases. `progress(label, done, total)` is told how far a long publication is.

    `resolve` gives the tables worked out from the files themselves.
    """

    ledger: Ledger
    store: Store
    engines: Engines
    clock: Clock
    progress: Progress = _silent
    resolve: Resolver = _nothing

    def publish(self, reference: Reference) -> ReleaseRecord:
        """Make what is live into the current release and return it; the same one if nothing changed.

        When another publisher was faster, starts again from its release. Raises InternalError when the
        disk refuses or the others never stop; the current release then still serves.
        """
        for _ in range(_ATTEMPTS):
            published = self._attempt(reference)
            if published is not None:
                return published
        raise InternalError(
            "D’autres publications passent sans cesse avant celle-ci : relancez « galien publish »."
        )

    def _attempt(self, reference: Reference) -> ReleaseRecord | None:
        parent = self.ledger.current_release()
        before = self._manifest_of(parent)
        if parent is not None and before is None:
            self.ledger.mark_bad(parent.release)
            return None
        sequence = self.ledger.sequence()
        changed = self.ledger.live_days(since_sequence=parent.ledger_sequence if parent else 0)
        maker = ContentMaker(self.ledger, self.store, self.engines, self.progress)
        still = before is not None and not changed and not maker.damaged(before)
        files = before.files if before and still else maker.files(before, changed)
        made = made_already(before, store=self.store) if before else None
        tables = self._put_tables({**reference.tables(), **self.resolve(files, made)})
        if parent and before and still and set(tables) == set(before.tables):
            if made is None:
                ensure_derived(before, store=self.store, engines=self.engines)
            return parent
        manifest = self._settled(Manifest(files=files, tables=tables), before)
        self.progress("analyse", 0, 1)
        ensure_derived(manifest, store=self.store, engines=self.engines, parent=made)
        return self._commit(manifest, parent, sequence)

    def _manifest_of(self, release: ReleaseRecord | None) -> Manifest | None:
        """Return the release's manifest, None when it is damaged."""
        if release is None:
            return None
        try:
            return read_manifest(self.store.places, release.release, release.manifest_sha256)
        except InternalError as error:
            if error.code != DAMAGED:
                raise
            return None

    def _put_tables(self, tables: Mapping[str, pa.Table]) -> tuple[TableFile, ...]:
        refs = {name: self.store.put(table) for name, table in tables.items()}
        return tuple(TableFile(name, r.sha256, r.rows, r.bytes) for name, r in refs.items())

    def _settled(self, manifest: Manifest, before: Manifest | None) -> Manifest:
        """Return the manifest as it will be written, known releases taken into account.

        The same content published again is the same manifest, its flags included; content that differs
        only by pseudonyms gets an id of its own.
        """
        flagged = replace(manifest, shrunk=shrunk_months(before, manifest))
        known = {release.release: release for release in self.ledger.releases()}
        while flagged.release in known:
            other = self._manifest_of(known[flagged.release])
            if other is None or other.hashes == flagged.hashes:
                return other or flagged
            flagged = replace(flagged, salt=flagged.release)
        return flagged

    def _commit(
        self, manifest: Manifest, parent: ReleaseRecord | None, sequence: int
    ) -> ReleaseRecord | None:
        expected = parent.release if parent else None
        release = ReleaseRecord(
            release=manifest.release,
            number=0,
            parent=expected,
            manifest_sha256=write_manifest(manifest, self.store.places),
            published_at=self.clock.now(),
            facts=manifest.facts(),
            ledger_sequence=sequence,
            current=True,
        )
        if not self.ledger.record_release(release, expected_parent=expected):
            return None
        return self.ledger.current_release()
