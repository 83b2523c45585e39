"""Lines of a ledger that do not have the header's columns: cut, joined, or no entry at all."""

from __future__ import annotations

from dataclasses import dataclass

from galien.intake.fec.cells import Amounts, day
from galien.intake.fec.layout import Layout, quoted_cut
from galien.intake.fec.notes import Remarks


@dataclass
class Held:
    """The beginning of a line whose label holds a line end: its text so far, and where it began."""

    text: str
    line: int
    physical: int = 1


class Rows:
    """Brings lines to the header's width; keeps the beginning of one that a line end cuts."""

    def __init__(self, layout: Layout, amounts: Amounts, remarks: Remarks) -> None:
        self.layout, self.remarks = layout, remarks
        self._read = amounts.read
        self._amounts = [
            layout.places[n] for n in ("Debit", "Credit", "Montant") if n in layout.places
        ]
        self._account = layout.places["CompteNum"]
        self._date = layout.places.get("EcritureDate", -1)
        labels = (
            layout.places.get(name, -1) for name in ("EcritureLib", "CompteLib", "CompAuxLib")
        )
        self._labels = [place for place in labels if place >= 0]
        self._least = 1 + max(self._account, *self._amounts, layout.places.get("Sens", -1))
        self._quoted = quoted_cut(layout.separator) if layout.separator else layout.cut
        self.held: Held | None = None

    def fitted(self, cells: list[str], text: str, line: int) -> list[str]:
        """Return a line's cells at the header's width; none when it is held or cannot be read."""
        width = self.layout.width
        if len(cells) > width:
            return self._long(cells, text, line)
        if len(cells) < self._least:
            return self._begun(text, line)
        self.remarks.line(line, "", "ROW_SHORT", len(cells))
        return cells + [""] * (width - len(cells))

    def released(self) -> int:
        """Forget what is held, which was no line; return how many physical lines that makes."""
        held, self.held = self.held, None
        if held is None:
            return 0
        self.remarks.line(held.line, "", "ROW_UNREADABLE")
        return held.physical

    def is_apart(self, cells: list[str]) -> bool:
        """Tell whether a line has neither account nor day: a total, a title, a line of separators."""
        return not cells[self._account].strip() and (
            self._date < 0 or not cells[self._date].strip() or day(cells[self._date]) is None
        )

    def _begun(self, text: str, line: int) -> list[str]:
        """Add a short line to what is held; return the cells once they make a line."""
        if self.held is None:
            self.held = Held(text, line)
            return []
        held = self.held
        held.text, held.physical = f"{held.text} {text}", held.physical + 1
        cells = self._quoted(held.text) if '"' in held.text else self.layout.cut(held.text)
        if len(cells) == self.layout.width and self._in_place(cells):
            self.held = None
            self.remarks.line(held.line, "", "ROW_SPLIT", held.physical)
            return cells
        return []

    def _long(self, cells: list[str], text: str, line: int) -> list[str]:
        width = self.layout.width
        if '"' in text:
            quoted = self._quoted(text)
            if len(quoted) == width and self._in_place(quoted):
                return quoted
        ends_there = not "".join(cells[width:]).strip() and self._in_place(cells[:width])
        return cells[:width] if ends_there else self._rejoined(cells, line)

    def _rejoined(self, cells: list[str], line: int) -> list[str]:
        """Join again a label that the separator cuts: the one that puts amounts in their place."""
        extra = len(cells) - self.layout.width
        for at in (*self._labels, *range(self.layout.width)):
            label = self.layout.separator.join(cells[at : at + extra + 1])
            joined = [*cells[:at], label, *cells[at + extra + 1 :]]
            if self._in_place(joined):
                self.remarks.line(line, "", "ROW_LONG", len(cells))
                return joined
        self.remarks.line(line, "", "ROW_UNREADABLE")
        return []

    def _in_place(self, cells: list[str]) -> bool:
        right = all(self._read(cells[place]) is not None for place in self._amounts)
        dated = self._date < 0 or day(cells[self._date]) is not None
        return right and dated and cells[self._account].strip(' ="')[:1].isalnum()
