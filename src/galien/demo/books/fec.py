"""Writing a book as an accounting export (FEC), in one of the forms that firms' software give it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from galien.demo.books.book import JOURNALS, LABELS, Book
from galien.model.accounts import ZERO

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib",
    "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit",
    "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """How a software writes the file: separator, encoding, and amounts with their side or not."""

    separator: str
    encoding: str
    sided: bool = False

    def header(self) -> list[str]:
        """Return the names of the columns."""
        renamed = {"Debit": "Montant", "Credit": "Sens"} if self.sided else {}
        return [renamed.get(name, name) for name in COLUMNS]

    def amount(self, amount: Decimal) -> list[str]:
        """Write an amount in its two columns."""
        text = f"{abs(amount):.2f}".replace(".", ",")
        if self.sided:
            return [text, "D" if amount > 0 else "C"]
        return [text, "0,00"] if amount > 0 else ["0,00", text]


FORMS = (Form("\t", "utf-8"), Form("|", "cp1252"), Form("\t", "utf-8-sig", sided=True))


def file_name(siren: str, last_day: dt.date) -> str:
    """Return the legal name of the file: SIREN, FEC, closing day."""
    return f"{siren}FEC{last_day:%Y%m%d}.txt"


def fec_bytes(book: Book, last_day: dt.date, form: Form) -> bytes:
    """Write the file: entries numbered in the order of their days, validated at the month's end."""
    lines = [form.header(), *_rows(book, last_day, form)]
    text = "".join(form.separator.join(line) + "\r\n" for line in lines)
    return text.encode(form.encoding)


def _rows(book: Book, last_day: dt.date, form: Form) -> Iterator[list[str]]:
    ordered = sorted(book.entries, key=lambda entry: (entry.journal != "AN", entry.day))
    for number, entry in enumerate(ordered, start=1):
        day = f"{entry.day:%Y%m%d}"
        head = [entry.journal, JOURNALS[entry.journal], str(number), day]
        piece = f"{entry.journal}{number:05d}"
        for account, amount in entry.amounts:
            if amount == ZERO:
                continue
            yield [
                *head, account, LABELS[account], "", "", piece, day, entry.label,
                *form.amount(amount), "", "", f"{last_day:%Y%m%d}", "", "",
            ]  # fmt: skip
