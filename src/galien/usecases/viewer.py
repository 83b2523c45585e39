"""Who is asking: the viewer and the grants every use case takes, under the name use cases know."""

from __future__ import annotations

from galien.model.viewer import ALL_FEEDS, WORKSPACE_VIEWER, Grant, Viewer

__all__ = ["ALL_FEEDS", "WORKSPACE_VIEWER", "Grant", "Viewer"]
