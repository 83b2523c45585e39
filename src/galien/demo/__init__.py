"""The demonstration group: real medicines, invented pharmacies, written as the files they would send."""

from __future__ import annotations

from galien.demo.generate import DemoFiles, generate

__all__ = ["DemoFiles", "generate"]
