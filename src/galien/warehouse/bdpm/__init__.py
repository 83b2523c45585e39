"""The public medicines database (BDPM): its files, their quirks, and what they say of a product."""

from __future__ import annotations

from galien.warehouse.bdpm.register import (
    GENERIC_STATUSES,
    PRESCRIPTION_STATUSES,
    GenericPlace,
)
from galien.warehouse.bdpm.rows import Bdpm, Medicine, Presentation, PricePoint, read_bdpm

__all__ = [
    "GENERIC_STATUSES",
    "PRESCRIPTION_STATUSES",
    "Bdpm",
    "GenericPlace",
    "Medicine",
    "Presentation",
    "PricePoint",
    "read_bdpm",
]
