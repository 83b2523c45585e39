"""The command line: one module per family of commands, found by the registry."""

from __future__ import annotations
