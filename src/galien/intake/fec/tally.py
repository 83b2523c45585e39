"""The lines of a ledger added up as they are read: by journal and account, by entry, by day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from galien.intake.fec.cells import Amounts, day
from galien.intake.fec.layout import Layout
from galien.intake.fec.notes import Remarks
from galien.intake.fec.people import account_number
from galien.intake.fec.rows import Rows

Sums = list[int]  # debit, credit, debit and credit brought forward by their label; ten-thousandths
FILLED = ("JournalCode", "JournalLib", "EcritureNum", "CompteLib", "PieceRef", "EcritureLib")
OTHER_DATES = ("PieceDate", "ValidDate", "DateLet")
BROUGHT_FORWARD = re.compile(r"nouveaux?\b|r[ée]ouverture|\bouverture", re.IGNORECASE)
_NIL_DECIMALS = re.compile(r"[.,]0+$")
AHEAD = 500  # lines read before deciding on how amounts are signed
MOST = 20  # physical lines that one label may run over
_ACCOUNT = re.compile(r"[1-9]\d\d")
_SIDES = {"d": 1, "c": -1, "1": 1, "-1": -1, "debit": 1, "credit": -1, "débit": 1, "crédit": -1}


@dataclass
class Journal:
    """A journal: its code and label, its first line, and its sums by account as written."""

    code: str
    label: str
    order: int
    sums: dict[str, Sums] = field(default_factory=dict)
    days: set[int] = field(default_factory=set)


@dataclass
class Day:
    """A day of entries: how many lines, and the first of them."""

    date: dt.date
    ordinal: int
    lines: int = 0
    first_line: int = 0


def _side(text: str) -> int | None:
    """Return 1 for a debit, -1 for a credit, None for neither."""
    return _SIDES.get(_NIL_DECIMALS.sub("", text.strip(' +"').lower()))


def _cells_of(places: list[int]) -> Callable[[list[str]], Sequence[str]]:
    """Return what picks cells of a line at once."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda cells: [cells[place] for place in places]


class Tally:
    """Adds lines up. Nothing of an entry is kept but its balance: no label, no third party."""

    def __init__(self, layout: Layout, remarks: Remarks) -> None:
        self.layout = layout
        self.remarks = remarks
        self.amounts = Amounts()
        self._known = self.amounts.known
        self.journals: dict[str, Journal] = {}
        self.labels: dict[str, str] = {}
        self.entries: dict[tuple[int, str], Sums] = {}
        self.days: dict[str, Day | None] = {}
        self.lines = self.unread = self.blank = 0
        self.unvalidated = 0
        place = layout.places.get
        self._account, self._label = layout.places["CompteNum"], place("CompteLib", -1)
        self._journal, self._number = place("JournalCode", -1), place("EcritureNum", -1)
        self._date, self._text = place("EcritureDate", -1), place("EcritureLib", -1)
        self._journal_label = place("JournalLib", -1)
        self._filled = [(name, layout.places[name]) for name in FILLED if name in layout.places]
        self._dates = [(name, layout.places[name]) for name in OTHER_DATES if name in layout.places]
        self._known_dates: set[str] = {""}
        self._valid = place("ValidDate", -1)
        self._wanted = _cells_of([place for _, place in self._filled])
        self._dated = _cells_of([place for _, place in self._dates])
        self._left, self._right = place("Debit", -1), place("Credit", -1)
        self._cut, self._width = layout.cut, layout.width
        self._read = self._signed if layout.signed else self._two_sided
        self.rows = Rows(layout, self.amounts, remarks)
        self._begun: list[tuple[list[str], int]] | None = (
            [] if {"Montant", "Sens"} <= set(layout.places) else None
        )
        self.sides_signed = False
        self._first = 10**9

    def take(self, text: str, line: int) -> None:
        """Count a line; what cannot be is remarked on, with its line."""
        if not text or text.isspace():
            self.blank += 1
            return
        cells = self._cut(text)
        if len(cells) != self._width:
            cells = self._fitted(cells, text, line)
            if not cells:
                return
        elif self.rows.held:
            self._release()
        if not cells[self._account].strip() and self.rows.is_apart(cells):
            self._apart(cells, line)
            return
        self.lines += 1
        if self._begun is None:
            self._add(cells, line)
        else:
            self._begun.append((cells, line))
            if len(self._begun) == AHEAD:
                self._settle()

    def close(self) -> None:
        """Count what was held back: the last line of a file may be its foot."""
        held = self.rows.held
        if held and held.physical == 1 and self.layout.separator not in held.text:
            self.rows.held = None
            self._apart([held.text], held.line)
        self._release()
        self._settle()

    def _fitted(self, cells: list[str], text: str, line: int) -> list[str]:
        """Bring a line to the header's width, or note that it cannot be."""
        short = len(cells) < self._width
        if self.rows.held and not short:
            self._release()
        fitted = self.rows.fitted(cells, text, line)
        held = self.rows.held
        if not fitted and not short:
            self._lose(1)
        elif held and (fitted or held.physical > MOST):
            self._release()
        return fitted

    def _release(self) -> None:
        self._lose(self.rows.released())

    def _lose(self, count: int) -> None:
        self.lines += count
        self.unread += count

    def _apart(self, cells: list[str], line: int) -> None:
        """Leave a total, a title or a line of separators out of the count."""
        if any(map(str.isalnum, "".join(cells))):
            self.remarks.line(line, "", "NO_ENTRY")
        else:
            self.blank += 1

    def _settle(self) -> None:
        """Tell from the first lines whether amounts carry the sign that their side says already."""
        begun, self._begun = self._begun or (), None
        if begun:
            self.sides_signed = self._twice_signed([cells for cells, _ in begun])
        for cells, line in begun:
            self._add(cells, line)

    def _twice_signed(self, lines: list[list[str]]) -> bool:
        amount, side = (self.layout.places[name] for name in ("Montant", "Sens"))
        read = [(_side(each[side]), self.amounts.read(each[amount]) or 0) for each in lines]
        right = [amount for side, amount in read if side == -1 and amount]
        left = [amount for side, amount in read if side == 1 and amount]
        return len(right) > 1 and max(right) < 0 and sum(left) > 0

    def _add(self, cells: list[str], line: int) -> None:
        sides = self._read(cells, line)
        if sides is None:
            self.unread += 1
        else:
            self._count(cells, line, *sides)

    def _count(self, cells: list[str], line: int, debit: int, credit: int) -> None:
        """Add a line to its journal, account, entry and day."""
        journal = self.journals.get(cells[self._journal] if self._journal >= 0 else "")
        if journal is None:
            journal = self._new_journal(cells)
        sums = journal.sums.get(cells[self._account])
        if sums is None:
            sums = self._new_slot(journal, cells, line)
        sums[0] += debit
        sums[1] += credit
        key = (journal.order, cells[self._number] if self._number >= 0 else "")
        entry = self.entries.get(key)
        if entry is None:
            self.entries[key] = [debit - credit, line]
        else:
            entry[0] += debit - credit
        if (debit <= 0 and credit <= 0) or (debit and credit):
            self._odd_sides(line, debit, credit)
        self._fields(cells, line)
        if self._day(cells, line, journal) and self._opens(cells):
            sums[2] += debit
            sums[3] += credit

    def _odd_sides(self, line: int, debit: int, credit: int) -> None:
        if debit and credit:
            self.remarks.line(line, "Debit", "BOTH_SIDES")
        elif not debit and not credit:
            self.remarks.line(line, "Debit", "NO_SIDE")
        if debit < 0 or credit < 0:
            self.remarks.line(line, "Debit" if debit < 0 else "Credit", "NEGATIVE")

    def _fields(self, cells: list[str], line: int) -> None:
        """Look at what the rule wants filled; most lines are, and are told so in two calls."""
        wanted = self._wanted(cells)
        if "" in wanted or any(map(str.isspace, wanted)):
            for name, place in self._filled:
                if not cells[place].strip():
                    self.remarks.line(line, name, "EMPTY")
        if not self._known_dates.issuperset(self._dated(cells)):
            for name, place in self._dates:
                if cells[place] not in self._known_dates:
                    self._other_date(cells[place], name, line)
        if self._valid >= 0 and (not cells[self._valid] or cells[self._valid].isspace()):
            self.unvalidated += 1

    def _other_date(self, text: str, name: str, line: int) -> None:
        if not text.strip() or day(text):
            self._known_dates.add(text)
        else:
            self.remarks.line(line, name, "DATE")

    def _day(self, cells: list[str], line: int, journal: Journal) -> bool:
        """Count the day of a line; tell whether it is the first of the file so far."""
        text = cells[self._date] if self._date >= 0 else ""
        try:
            found = self.days[text]
        except KeyError:
            date = day(text)
            found = self.days[text] = Day(date, date.toordinal(), 0, line) if date else None
        if found is None:
            if self._date >= 0:
                self.remarks.line(line, "EcritureDate", "DATE" if text.strip() else "EMPTY")
            return False
        found.lines += 1
        ordinal = found.ordinal
        journal.days.add(ordinal)
        if ordinal > self._first:
            return False
        self._first = ordinal
        return True

    def _opens(self, cells: list[str]) -> bool:
        text = cells[self._text] if self._text >= 0 else ""
        return bool(BROUGHT_FORWARD.search(text))

    def _new_journal(self, cells: list[str]) -> Journal:
        code = cells[self._journal] if self._journal >= 0 else ""
        label = cells[self._journal_label].strip() if self._journal_label >= 0 else ""
        journal = self.journals[code] = Journal(code.strip(), label, len(self.journals))
        return journal

    def _new_slot(self, journal: Journal, cells: list[str], line: int) -> Sums:
        """Make the sums of a journal and account at their first line."""
        number = account_number(cells[self._account])
        if not number[:1].isdigit():
            self.remarks.line(line, "CompteNum", "ACCOUNT")
        elif not _ACCOUNT.match(number):
            self.remarks.line(line, "CompteNum", "ACCOUNT_FORM")
        label = cells[self._label].strip() if self._label >= 0 else ""
        if label and not self.labels.get(number):
            self.labels[number] = label
        sums = journal.sums[cells[self._account]] = [0, 0, 0, 0]
        return sums

    def _two_sided(self, cells: list[str], line: int) -> tuple[int, int] | None:
        left, right = cells[self._left], cells[self._right]
        debit, credit = self._known.get(left), self._known.get(right)
        if debit is None:
            debit = self.amounts.read(left)
        if credit is None:
            credit = self.amounts.read(right)
        if debit is None or credit is None:
            self.remarks.line(line, "Debit" if debit is None else "Credit", "AMOUNT")
            return None
        return debit, credit

    def _signed(self, cells: list[str], line: int) -> tuple[int, int] | None:
        """Read Montant and Sens; without Sens the sign of the amount is the side."""
        places = self.layout.places
        amount = self.amounts.read(cells[places["Montant"]])
        if amount is None:
            self.remarks.line(line, "Montant", "AMOUNT")
            return None
        if "Sens" not in places:
            return (amount, 0) if amount >= 0 else (0, -amount)
        side = _side(cells[places["Sens"]])
        if side is None:
            self.remarks.line(line, "Sens", "SIDE")
            return None
        if side > 0:
            return amount, 0
        return 0, -amount if self.sides_signed else amount
