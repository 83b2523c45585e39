"""The mappings at hand: those shipped with Galien and those made in the browser for this workspace."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from galien.intake.mapping import Mapping, load_mapping
from galien.kernel.errors import NotAvailable, did_you_mean

SHIPPED = Path(__file__).parent / "sources"
CANONICAL = "galien"


def mapping_names(workspace: Path | None = None) -> tuple[str, ...]:
    """Return the names of the mappings, shipped and of the workspace, in order."""
    return tuple(sorted(_paths(workspace)))


def mapping(name: str, workspace: Path | None = None) -> Mapping:
    """Return a mapping by its name; NotAvailable names the nearest ones."""
    paths = _paths(workspace)
    if name not in paths:
        raise NotAvailable(
            f"Aucune correspondance ne s’appelle « {name} ». {did_you_mean(name, paths)}"
        )
    path = paths[name]
    return _loaded(path, path.stat().st_mtime_ns)


def _paths(workspace: Path | None) -> dict[str, Path]:
    paths = {path.stem: path for path in SHIPPED.glob("*.yaml")}
    if workspace is not None:
        made = (workspace / "mappings").glob("*.yaml")
        paths |= {path.stem: path for path in made if path.stem not in paths}
    return paths


@lru_cache(maxsize=64)
def _loaded(path: Path, _modified: int) -> Mapping:
    return load_mapping(path)
