"""Galien: business intelligence for community pharmacies, their groups and their accountants."""

from __future__ import annotations

__version__ = "0.1.0"
