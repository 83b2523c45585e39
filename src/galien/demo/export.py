"""Writes the files of one pharmacy as planned, and the lines of the manifest that tell of them."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import xlsxwriter

from galien.demo.days import Calendar
from galien.demo.faults import spoil
from galien.demo.layouts import LAYOUTS, Layout, Source, zipped
from galien.demo.members import Member
from galien.demo.plan import PlannedFile, plan_files
from galien.demo.records import Records

_CUT_AT = 13 * 3600
_SMALL = 400_000
_BORN = dt.datetime.combine(dt.date(2026, 1, 1), dt.time())


@dataclass(frozen=True)
class ManifestLine:
    """A file of the demonstration, as `manifest.csv` lists it."""

    path: str
    feed: str
    pharmacy: str
    mapping: str
    exported_at: str


def write_files(
    folder: Path,
    member: Member,
    calendar: Calendar,
    records: dict[str, Records],
    source: Source,
    rng: np.random.Generator,
) -> list[ManifestLine]:
    """Write every planned file of the member; returns their manifest lines in order of export."""
    layout = LAYOUTS[member.layout]
    lines = []
    for planned in plan_files(member, calendar):
        rows = _rows(records[planned.feed], planned)
        if planned.workbook:
            content, suffix = _workbook(layout.text(rows, source)), "xlsx"
        else:
            content, suffix = _delimited(rows, layout, source, planned, rng)
        name = planned.path(member, calendar.first, suffix)
        (folder / name).write_bytes(content)
        moment = planned.exported.isoformat(timespec="seconds")
        lines.append(ManifestLine(name, planned.feed, member.finess, layout.name, moment))
    return lines


def _rows(records: Records, planned: PlannedFile) -> Records:
    rows = records.between(planned.first, planned.last)
    day = rows.columns["day"]
    if planned.gap:
        rows = rows.where((day < planned.gap[0]) | (day > planned.gap[1]))
    if planned.accident == "cut":
        rows = rows.where((day < planned.last) | (rows.columns["second"] < _CUT_AT))
    return rows


def _delimited(
    rows: Records, layout: Layout, source: Source, planned: PlannedFile, rng: np.random.Generator
) -> tuple[bytes, str]:
    content = layout.file(rows, source)
    if planned.accident == "bad":
        content = spoil(content, layout, rng)
    # The third software always compresses; the others do for what is long.
    if len(content) > _SMALL or layout.delimiter == "|":
        return zipped(content), "csv.zst"
    return content, "csv"


def _workbook(columns: dict[str, pa.StringArray]) -> bytes:
    """Write a table of text as a workbook, dated so that its bytes never change."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": _BORN})
    sheet = book.add_worksheet("Stock")
    for column, (header, values) in enumerate(columns.items()):
        sheet.write_string(0, column, header)
        for row, value in enumerate(values.to_pylist(), start=1):
            sheet.write_string(row, column, value)
    book.close()
    return buffer.getvalue()
