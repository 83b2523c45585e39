"""XLSX: real numbers under their formats, text that never runs, and a sheet of definitions."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from galien.analytics.answer import Answer, AnswerColumn, ColumnKind
from galien.kernel.units import Unit
from galien.usecases.export.cells import Cell, cells, definitions, facts, heading, total_cells

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def to_xlsx(answer: Answer) -> bytes:
    """Write rows, totals and definitions as an Excel workbook."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": facts(answer)[0][1], "comments": answer.meta.release})
        _figures(book, answer)
        _definitions(book, answer)
    return file.getvalue()


def _figures(book: Any, answer: Answer) -> None:
    sheet = book.add_worksheet("Chiffres")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = {c.name: book.add_format({"num_format": _format(c)}) for c in answer.columns}
    bold = {
        c.name: book.add_format({"num_format": _format(c), "bold": True, "top": 1})
        for c in answer.columns
    }
    for position, column in enumerate(answer.columns):
        sheet.write_string(0, position, heading(column), head)
        wide = column.kind is ColumnKind.LABEL
        sheet.set_column(position, position, 34 if wide else 15)
    rows = cells(answer)
    for number, row in enumerate(rows, 1):
        for position, (cell, column) in enumerate(zip(row, answer.columns, strict=True)):
            _write(sheet, number, position, cell, plain[column.name])
    for position, (cell, column) in enumerate(
        zip(total_cells(answer), answer.columns, strict=True)
    ):
        if cell is not None and answer.columns[0].kind is ColumnKind.KEY:
            _write(sheet, len(rows) + 1, position, cell, bold[column.name])
    keys = sum(c.kind in {ColumnKind.KEY, ColumnKind.LABEL} for c in answer.columns)
    sheet.freeze_panes(1, keys)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(answer.columns) - 1)


def _definitions(book: Any, answer: Answer) -> None:
    sheet = book.add_worksheet("Définitions")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 90)
    line = 0
    for name, value in facts(answer):
        sheet.write_string(line, 0, name, bold)
        sheet.write_string(line, 1, value)
        line += 1
    line += 1
    for position, word in enumerate(("Colonne", "Unité", "Définition")):
        sheet.write_string(line, position, word, bold)
    for texts in definitions(answer):
        line += 1
        for position, text in enumerate(texts):
            sheet.write_string(line, position, text, wrapped)


def _write(sheet: Any, row: int, position: int, cell: Cell, form: Any) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(row, position, cell, form)
    else:
        sheet.write_number(row, position, float(cell), form)


def _format(column: AnswerColumn) -> str:
    if column.kind is ColumnKind.CHANGE:
        return "+0.0%;-0.0%;0.0%"
    if column.unit is Unit.RATIO:
        return "0.0##%" if column.kind is ColumnKind.KEY else "0.00%"
    if column.unit.is_money:
        return "#,##0.00"
    if column.kind in {ColumnKind.KEY, ColumnKind.LABEL}:
        return "General"
    return "#,##0" if column.unit in {Unit.BOXES, Unit.COUNT} else "#,##0.00"
