"""Intake: opens, frames, maps, checks and reduces what pharmacies send; stores nothing itself."""

from __future__ import annotations

from galien.intake.accounts import read_fec
from galien.intake.controls.base import Terms
from galien.intake.delivery import read_delivery
from galien.intake.fec.reading import FecReading
from galien.intake.invoices.reading import InvoiceReading
from galien.intake.library import mapping, mapping_names
from galien.intake.limits import Limits
from galien.intake.mapping import Mapping
from galien.intake.outcome import Delivery, LineCount
from galien.intake.supplier_invoices import read_invoices

__all__ = [
    "Delivery",
    "FecReading",
    "InvoiceReading",
    "Limits",
    "LineCount",
    "Mapping",
    "Terms",
    "mapping",
    "mapping_names",
    "read_delivery",
    "read_fec",
    "read_invoices",
]
