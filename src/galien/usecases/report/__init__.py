"""The yearly report of a pharmacy: what it says, and the same as a PDF to hand over."""

from __future__ import annotations

from galien.usecases.report.content import Report, report_of
from galien.usecases.report.typeset import pdf

__all__ = ["Report", "pdf", "report_of"]
