"""Where the warehouse keeps its files in a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from galien.warehouse.durable import sync_folder


@dataclass(frozen=True)
class Places:
    """The warehouse's folders under a workspace's root."""

    root: Path

    @property
    def store(self) -> Path:
        """Content-addressed Parquet files, never changed."""
        return self.root / "store"

    @property
    def releases(self) -> Path:
        """One manifest per release."""
        return self.root / "releases"

    @property
    def derived(self) -> Path:
        """One analytical file per release that serves; it can always be made again."""
        return self.root / "derived"

    @property
    def raw(self) -> Path:
        """Received bytes, encrypted, for replay alone."""
        return self.root / "raw"

    @property
    def tmp(self) -> Path:
        """Drafts: nothing here was ever promised."""
        return self.root / "tmp"

    def create(self) -> None:
        """Make the folders that are missing, their names on the disk."""
        for folder in (self.store, self.releases, self.derived, self.raw, self.tmp):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_folder(self.root)

    def manifest(self, release: str) -> Path:
        """Return the manifest of a release."""
        return self.releases / f"{release}.json"

    def derived_file(self, release: str) -> Path:
        """Return the analytical file of a release."""
        return self.derived / f"{release}.duckdb"

    def derived_seal(self, release: str) -> Path:
        """Return the seal of that file: its size and hash."""
        return self.derived / f"{release}.json"
