"""Plain tables as files: one CSV, or a workbook of a sheet each, for pages that are not analyses."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from galien.usecases.export import Download
from galien.usecases.export.delimited import neutral, written

Cell = str | int | float | Decimal | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]+")


@dataclass(frozen=True)
class Sheet:
    """A table to write: its title, its header and its rows; amounts stay numbers."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def sheets_file(stem: str, sheets: Sequence[Sheet], style: str) -> Download:
    """Return the tables as `csv` (one under the other, each with its title) or `xlsx`."""
    if style == "xlsx":
        return Download(_workbook(sheets), XLSX_TYPE, f"{stem}.xlsx")
    rows: list[Sequence[Cell]] = []
    for sheet in sheets:
        rows += [] if not rows else [[]]
        rows += [[sheet.title], sheet.header, *sheet.rows]
    return Download(written(rows), CSV_TYPE, f"{stem}.csv")


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True})
        for sheet in sheets:
            page = book.add_worksheet(_NOT_IN_A_NAME.sub(" ", sheet.title)[:SHEET_NAME])
            page.write_row(0, 0, list(sheet.header), bold)
            page.set_column(0, 0, 42)
            page.set_column(1, max(1, len(sheet.header) - 1), 16)
            page.freeze_panes(1, 1)
            for rank, row in enumerate(sheet.rows, start=1):
                for position, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(rank, position, neutral(cell))
                    elif cell is not None:
                        page.write_number(rank, position, float(cell))
    return content.getvalue()
