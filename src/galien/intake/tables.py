"""Workbooks and Parquet files rewritten as the delimited text their mapping expects."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from galien.intake.door import Opened
from galien.intake.limits import Limits
from galien.intake.mapping import AUTO, FeedMapping, same_name
from galien.intake.outcome import Stop

_ROWS = 20_000
_WIDER = 5  # times as many cells as a sheet may have: they are not spread in memory all at once


def table_blocks(opened: Opened, mapping: FeedMapping, limits: Limits) -> Iterator[bytes]:
    """Give the rows of a workbook's only filled sheet, or of a Parquet file, as UTF-8 text blocks."""
    data = b"".join(opened.blocks)
    rows = _parquet_rows(data, limits) if opened.kind == "parquet" else _sheet_rows(data, limits)
    writer = _Writer(mapping)
    batch: list[str] = []
    for row in rows:
        batch.append(writer.line(row))
        if len(batch) == _ROWS:
            yield "".join(batch).encode()
            batch = []
    yield "".join(batch).encode()


def _sheet_rows(data: bytes, limits: Limits) -> Iterator[list[object]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise Stop(
            "TYPE_MISMATCH",
            "Le classeur est illisible : ouvrez-le, enregistrez-le de nouveau et renvoyez-le.",
        ) from error
    filled = [sheet for sheet in sheets if sheet.height]
    if not filled:
        raise Stop("EMPTY_FILE", "Le classeur est vide : refaites l’export.")
    if len(filled) > 1:
        raise Stop(
            "AMBIGUOUS_ENTRY",
            f"Le classeur a {len(filled)} feuilles remplies : gardez-en une seule.",
        )
    sheet = filled[0]
    if sheet.total_height * sheet.total_width > limits.sheet_cells:
        raise Stop("TOO_LARGE", "La feuille est trop grande : envoyez le fichier en CSV.")
    for row in sheet.to_python(skip_empty_area=False):
        yield list(row)


def _parquet_rows(data: bytes, limits: Limits) -> Iterator[list[object]]:
    try:
        # A column that says one thing a thousand million times is a few bytes.
        said = pq.read_metadata(pa.BufferReader(data))
        if said.num_rows * said.num_columns > _WIDER * limits.sheet_cells:
            raise Stop("TOO_LARGE", "Le fichier Parquet est trop grand : coupez-le par période.")
        table = pq.read_table(pa.BufferReader(data), page_checksum_verification=True)
    except (pa.ArrowInvalid, OSError) as error:
        raise Stop(
            "ARCHIVE_CRC", "Le fichier Parquet est abîmé : refaites-le et renvoyez-le."
        ) from error
    yield list(table.column_names)
    for batch in table.to_batches(max_chunksize=_ROWS):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield list(row)


class _Writer:
    """Writes cells as the mapping reads them: its decimal mark, the date format of each column."""

    def __init__(self, mapping: FeedMapping) -> None:
        form = mapping.file
        self._delimiter = ";" if form.delimiter == AUTO else form.delimiter
        self._quote = form.quote or '"'
        self._decimal = "," if form.decimal == AUTO else form.decimal
        self._formats: dict[str, str] = {}
        for rule in mapping.rules:
            forms = rule.format.split(" ") if len(rule.sources) > 1 else [rule.format]
            for source, each in zip(rule.sources, forms, strict=False):
                self._formats[same_name(source)] = each
        self._columns: list[str] = []

    def line(self, row: list[object]) -> str:
        """Write a row; the first one names the columns."""
        cells = [self._cell(value, place) for place, value in enumerate(row)]
        if not self._columns:
            self._columns = [same_name(cell) for cell in cells]
        return self._delimiter.join(map(self._protected, cells)) + "\n"

    def _protected(self, cell: str) -> str:
        flat = cell.replace("\r", " ").replace("\n", " ")
        if self._quote in flat or self._delimiter in flat:
            return self._quote + flat.replace(self._quote, 2 * self._quote) + self._quote
        return flat

    def _cell(self, value: object, place: int) -> str:
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, (int, float, Decimal)):
            return self._number(Decimal(str(value)))
        if isinstance(value, dt.timedelta):
            value = (dt.datetime(2000, 1, 1) + value).time()
        if isinstance(value, (dt.date, dt.time)):
            return self._moment(value, place)
        return "" if value is None else str(value)

    def _number(self, value: Decimal) -> str:
        if not value.is_finite():
            return str(value)
        whole = value == value.to_integral_value()
        return str(int(value)) if whole else f"{value:f}".replace(".", self._decimal)

    def _moment(self, value: dt.date | dt.time, place: int) -> str:
        name = self._columns[place] if place < len(self._columns) else ""
        form = self._formats.get(name, "")
        return value.strftime(form) if form else value.isoformat()
