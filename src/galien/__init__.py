"""Galien: business intelligence for community pharmacies, their groups and their accountants.

import galien
answer = galien.open("galien-data").ask("purchases", by=["channel"], period="2026")
answer.to_pandas()
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from galien.usecases.frames import OpenWorkspace

__version__ = "0.1.0"


def open(workspace: str | os.PathLike[str] = "galien-data") -> OpenWorkspace:  # noqa: A001
    """Open a workspace to ask it questions; NotAvailable when there is none at that place."""
    # By name: every layer imports this package, and none but the site may know the site.
    frames = import_module("galien.usecases.frames")
    place = import_module("galien.usecases.workspace").Workspace(Path(workspace).absolute())
    place.require()
    opened: OpenWorkspace = frames.OpenWorkspace(import_module("galien.site.build").build(place))
    return opened
