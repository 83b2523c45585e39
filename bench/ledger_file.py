"""A ledger file of any length: a pharmacy's journals of sales, purchases and bank, in seeded entries."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t"
    "PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\n"
)
NAME = "123456782FEC20251231.txt"
FIRST = dt.date(2025, 1, 1)
JOURNALS = (
    (
        "VE",
        "Ventes",
        ("411000", "Clients"),
        ("707021", "Ventes 2,1 %"),
        ("445710", "TVA collectée"),
    ),
    (
        "AC",
        "Achats",
        ("607021", "Achats 2,1 %"),
        ("401000", "Fournisseurs"),
        ("445660", "TVA déductible"),
    ),
    ("BQ", "Banque", ("512000", "Banque"), ("411000", "Clients"), ("627000", "Services bancaires")),
)


def write_ledger(folder: Path, lines: int, seed: int) -> Path:
    """Write a ledger of about as many lines, three to an entry; return its path."""
    path = folder / NAME
    with path.open("w", encoding="cp1252", newline="\r\n") as file:
        file.write(HEADER)
        file.writelines(_lines(lines // 3, random.Random(seed)))
    return path


def _lines(entries: int, draw: random.Random) -> Iterator[str]:
    for number in range(1, entries + 1):
        code, name, *accounts = JOURNALS[number % 3]
        day = (FIRST + dt.timedelta(days=number * 365 // (entries + 1))).strftime("%Y%m%d")
        first, second = draw.randrange(100, 500_000), draw.randrange(1, 100)
        sides = ((first + second, 0), (0, first), (0, second))
        for (account, label), (debit, credit) in zip(accounts, sides, strict=True):
            yield (
                f"{code}\t{name}\t{number}\t{day}\t{account}\t{label}\t\t\tP{number}\t{day}\tRèglement pièce "
                f"{number}\t{_euros(debit)}\t{_euros(credit)}\t\t\t{day}\t\t\n"
            )


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
