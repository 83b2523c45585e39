"""Text rows into typed rows: conversions by rule, then the controls of the feed, block by block."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from galien.intake import convert
from galien.intake.arrow import Array, arrow, pc
from galien.intake.cells import Cells, Flags, TextBlock, decode, without
from galien.intake.computed import fill_computed
from galien.intake.controls.base import Severity, Terms
from galien.intake.controls.registry import row_controls
from galien.intake.layout import Layout
from galien.intake.mapping import SENDER, ColumnRule
from galien.intake.notes import Notes
from galien.intake.privacy import Scanner
from galien.intake.rows import Rows
from galien.kernel import french
from galien.model.columns import ColumnType
from galien.model.feeds import FEEDS

_PRODUCT = "product_code"


@dataclass
class Typed:
    """What a block gave: good rows, how many were set aside, lines of headers met again and blank."""

    rows: Rows
    quarantined: int
    structural: int = 0
    blank: int = 0
    senders: dict[str, int] = field(default_factory=dict)
    type_faults: int = 0
    aside: dict[str, int] = field(default_factory=dict)


class Typist:
    """Types the blocks of one file, the same way for each."""

    def __init__(
        self, layout: Layout, terms: Terms, scanner: Scanner, *, encoding: str, listed: int
    ) -> None:
        self.layout = layout
        self._terms = terms
        self._scanner = scanner
        self._encoding = encoding
        self._listed = listed
        self._feed = FEEDS[layout.feed]

    def type(self, block: TextBlock) -> tuple[Typed, Notes]:
        """Type a block; raise Stop when it holds personal data."""
        notes = Notes(self._listed)
        block, structural, blank = self._clean(block)
        count = len(block.lines)
        if not count:
            return Typed(Rows(self._feed.name, block.lines), 0, structural, blank), notes
        cells = [decode(column, self._encoding) for column in block.columns]
        bad = self._undecodable(cells, block, notes)
        rows = Rows(self._feed.name, block.lines)
        for rule in self.layout.rules:
            bad |= self._convert(rule, cells, rows, notes, bad)
        self._scan_dropped(cells, block)
        type_faults = int(np.count_nonzero(bad))
        fill_computed(self.layout.rules, rows)
        senders = self._senders(rows)
        bad |= self._control(rows, bad, notes)
        quarantined = int(np.count_nonzero(bad))
        kept = rows.where(~bad)
        aside = total(rows.where(bad)) if quarantined else {}
        return Typed(kept, quarantined, structural, blank, senders, type_faults, aside), notes

    def _clean(self, block: TextBlock) -> tuple[TextBlock, int, int]:
        header = self.layout.raw_header
        again = _equal_rows(block, header) if header else None
        blank = _equal_rows(block, (b"",) * self.layout.width)
        keep = np.ones(len(block.lines), np.bool_)
        for flags in (again, blank):
            if flags is not None:
                keep &= ~flags
        if keep.all():
            return block, 0, 0
        structural = int(np.count_nonzero(again)) if again is not None else 0
        return without(block, keep), structural, int(np.count_nonzero(~keep)) - structural

    def _undecodable(self, cells: list[Cells], block: TextBlock, notes: Notes) -> Flags:
        bad = np.zeros(len(block.lines), np.bool_)
        for at, cell in enumerate(cells):
            if cell.undecodable is None:
                continue
            flags = cell.undecodable[cell.index] & ~bad
            self._scanner.cells(self.layout.names[at], cell.values, cell.index, block.lines)
            notes.rows(flags, block.lines, self.layout.names[at], "ENCODING")
            bad |= flags
        return bad

    def _convert(
        self, rule: ColumnRule, cells: list[Cells], rows: Rows, notes: Notes, bad: Flags
    ) -> Flags:
        column = self._feed.column(rule.column)
        if rule.computed:
            return np.zeros(len(rows), np.bool_)
        if not rule.sources:
            constant = self._terms.pharmacy if rule.constant == SENDER else rule.constant
            self._constant(rule, constant, rows)
            return np.zeros(len(rows), np.bool_)
        chosen = [cells[place] for place in self.layout.places[rule.column]]
        if column.type is ColumnType.TEXT:
            return self._text(rule, chosen[0], rows, notes, bad)
        return self._figures(rule, chosen, rows, notes, bad)

    def _constant(self, rule: ColumnRule, constant: str, rows: Rows) -> None:
        column = self._feed.column(rule.column)
        if column.type is ColumnType.TEXT:
            zeros = pa.array(np.zeros(len(rows), np.int32))
            rows.texts[rule.column] = arrow.DictionaryArray.from_arrays(zeros, pa.array([constant]))
            return
        style = convert.NumberStyle(".")
        read = {
            ColumnType.INTEGER: convert.integers,
            ColumnType.AMOUNT: convert.amounts,
            ColumnType.RATE: convert.ratios,
        }[column.type](pa.array([constant]), style)
        rows.numbers[rule.column] = np.full(len(rows), read.values[0])

    def _figures(
        self, rule: ColumnRule, chosen: list[Cells], rows: Rows, notes: Notes, bad: Flags
    ) -> Flags:
        column = self._feed.column(rule.column)
        name = self.layout.source_name(rule.column)
        forms = rule.format.split(" ") if len(chosen) > 1 else [rule.format]
        total = np.zeros(len(rows), np.int64)
        faulty = np.zeros(len(rows), np.bool_)
        empty = np.zeros(len(rows), np.bool_)
        for cell, form in zip(chosen, forms, strict=True):
            read = self._read(rule, cell.values, form)
            total += read.values[cell.index]
            if read.empty.any():
                empty |= read.empty[cell.index]
            if read.faults.any():
                faulty |= self._note_faults(read, cell, name, rows, notes, bad | faulty)
        if empty.any():
            if column.required:
                missing = empty & ~bad & ~faulty
                notes.rows(missing, rows.lines, name, "MISSING_VALUE")
                faulty |= missing
            rows.empty[rule.column] = empty
        if column.type is ColumnType.DATE:
            total -= total % 86_400
        rows.numbers[rule.column] = total
        return faulty

    def _read(self, rule: ColumnRule, text: Array, form: str) -> convert.Converted:
        if rule.convert in ("date", "datetime"):
            return convert.moments(text, form)
        reader = {
            "integer": convert.integers,
            "amount": convert.amounts,
            "cents": convert.cents,
            "ratio": convert.ratios,
            "percent": convert.percents,
        }[rule.convert]
        return reader(text, self.layout.numbers)

    def _note_faults(
        self,
        read: convert.Converted,
        cell: Cells,
        name: str,
        rows: Rows,
        notes: Notes,
        already: Flags,
    ) -> Flags:
        row_faults = read.faults[cell.index]
        self._scanner.cells(name, cell.values, cell.index, rows.lines)
        for code in np.unique(row_faults[row_faults > 0]).tolist():
            flags = (row_faults == code) & ~already

            def value(row: int) -> str:
                return str(cell.values[int(cell.index[row])].as_py())

            notes.rows(flags, rows.lines, name, convert.FAULTS[code], value)
        return np.asarray(row_faults > 0, np.bool_)

    def _text(self, rule: ColumnRule, cell: Cells, rows: Rows, notes: Notes, bad: Flags) -> Flags:
        column = self._feed.column(rule.column)
        name = self.layout.source_name(rule.column)
        self._scanner.cells(name, cell.values, cell.index, rows.lines)
        values = pc.utf8_normalize(cell.values, form="NFC")
        faulty = np.zeros(len(rows), np.bool_)
        if rule.convert == "code":
            values, unknown = _coded(rule, values, column.choices)
            if unknown.any():
                faulty = unknown[cell.index] & ~bad

                def value(row: int) -> str:
                    return str(cell.values[int(cell.index[row])].as_py())

                notes.rows(faulty, rows.lines, name, "UNKNOWN_CODE", value)
        elif rule.column == _PRODUCT:
            values = _pack_codes(values)
        empty = pc.equal(pc.binary_length(values), 0).to_numpy(zero_copy_only=False)
        empty = np.asarray(empty, np.bool_)
        index = pa.array(cell.index)
        if empty.any():
            rows_empty = empty[cell.index]
            if column.required:
                missing = rows_empty & ~bad & ~faulty
                notes.rows(missing, rows.lines, name, "MISSING_VALUE")
                faulty |= missing
            index = pa.array(cell.index, mask=rows_empty)
        rows.texts[rule.column] = arrow.DictionaryArray.from_arrays(index, values)
        return faulty

    def _scan_dropped(self, cells: list[Cells], block: TextBlock) -> None:
        for place in self.layout.dropped:
            cell = cells[place]
            self._scanner.cells(self.layout.names[place], cell.values, cell.index, block.lines)

    def _senders(self, rows: Rows) -> dict[str, int]:
        codes = rows.codes("pharmacy")
        counts = np.bincount(codes[codes >= 0])
        names = rows.texts["pharmacy"].dictionary.to_pylist()
        senders: dict[str, int] = {}
        for at in map(int, np.flatnonzero(counts)):
            senders[names[at]] = senders.get(names[at], 0) + int(counts[at])
        return senders

    def _control(self, rows: Rows, bad: Flags, notes: Notes) -> Flags:
        found = np.zeros(len(rows), np.bool_)
        for control in row_controls(rows.feed):
            flags = control.check(rows, self._terms) if control.check else None
            if flags is None or not flags.any():
                continue
            flags = flags & ~bad & ~found
            name = self.layout.source_name(self._told(control.column))
            notes.rows(flags, rows.lines, name, control.code)
            if control.severity is Severity.ERROR:
                found |= flags
        return found

    def _told(self, column: str) -> str:
        quantity, amount = self._feed.sums
        return {"day": self._feed.day_column, "quantity": quantity, "amount": amount}.get(
            column, column
        )


def total(rows: Rows) -> dict[str, int]:
    """Add up the quantity and the amount of rows: whole boxes, ten-thousandths of euros."""
    quantity, amount = FEEDS[rows.feed].sums
    return {
        "quantity": int(rows.number(quantity).sum()),
        "amount": int(rows.number(amount).sum()),
    }


def _equal_rows(block: TextBlock, row: tuple[bytes, ...]) -> Flags | None:
    flags: Flags | None = None
    for column, value in zip(block.columns, row, strict=True):
        at = _place(column.dictionary, value)
        if at < 0:
            return None
        same = column.indices.to_numpy(zero_copy_only=False) == at
        flags = same if flags is None else flags & same
        if not flags.any():
            return None
    return flags


def _place(values: Array, value: bytes) -> int:
    return int(pc.index(values, pa.scalar(value, pa.binary())).as_py())


def _coded(rule: ColumnRule, values: Array, choices: tuple[str, ...]) -> tuple[Array, Flags]:
    table = {french.fold(key): target for key, target in rule.codes}
    table = table or {french.fold(choice): choice for choice in choices}
    read = [table.get(french.fold(value), "") for value in values.to_pylist()]
    given = [value != "" for value in values.to_pylist()]
    unknown = np.array([g and not r for g, r in zip(given, read, strict=True)], np.bool_)
    return pa.array(read, pa.string()), unknown


def _pack_codes(values: Array) -> Array:
    # A GTIN-14 of a single pack is its EAN-13 after a zero.
    return pc.replace_substring_regex(values, r"^0([0-9]{13})$", r"\1")
