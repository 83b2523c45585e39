"""The worker: runs queued jobs, says it is alive, takes over from those that died."""

from __future__ import annotations
