"""Ledger files written in the ways that exports write them, from accounts or from entries."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

HEADER = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
    "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet",
    "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip

# Pharmacy 1171, year to 31 January 2018: account, label, debits less credits.
CASE_1171 = (
    ("603700", "Variation de stock de marchandises", "-29584.87"),
    ("607021", "Achats de marchandises 2,1 %", "1113791.13"),
    ("607055", "Achats de marchandises 5,5 %", "102247.25"),
    ("607000", "Achats de marchandises exonérés", "-2177.71"),
    ("607010", "Achats de marchandises 10 %", "64931.73"),
    ("607020", "Achats de marchandises 20 %", "119440.37"),
    ("613000", "Autres achats et charges externes", "117986.49"),
    ("635000", "Impôts et taxes", "5611.36"),
    ("641100", "Salaires", "164553.49"),
    ("644000", "Rémunération des titulaires", "83600.00"),
    ("645000", "Charges sociales", "55979.91"),
    ("646000", "Cotisations des titulaires", "68290.39"),
    ("661000", "Intérêts des emprunts", "10118.34"),
    ("671000", "Charges exceptionnelles", "74994.75"),
    ("681000", "Dotations aux amortissements", "3916.83"),
    ("695000", "Impôt sur les sociétés", "20057.00"),
    ("706000", "Prestations exonérées", "-7673.90"),
    ("707000", "Ventes de marchandises", "-1995017.11"),
    ("708000", "Activités annexes", "-7874.67"),
    ("708300", "Locations", "-27332.03"),
    ("708800", "Rétrocessions 2,1 %", "-1273.43"),
    ("708810", "Rétrocessions 5,5 %", "-258.58"),
    ("708820", "Rétrocessions 10 %", "-2638.91"),
    ("708830", "Rétrocessions 20 %", "-968.57"),
    ("768000", "Produits financiers", "-4118.93"),
    ("771000", "Produits exceptionnels", "-5957.54"),
)  # fmt: skip
FIRST, LAST = dt.date(2017, 2, 1), dt.date(2018, 1, 31)
NAME = "123456782FEC20180131.txt"


@dataclass(frozen=True)
class Line:
    """A line of an entry; `amount` is its debit, or its credit when negative."""

    journal: str
    number: str
    day: dt.date
    account: str
    label: str
    amount: Decimal
    text: str = "Écriture"


@dataclass(frozen=True)
class Style:
    """A way of writing a ledger."""

    separator: str = "\t"
    encoding: str = "utf-8"
    end: str = "\n"
    decimal: str = ","
    thousands: str = ""
    dates: str = "%Y%m%d"
    sides: tuple[str, str] | None = None
    signed: bool = False
    header: Sequence[str] = HEADER
    trailing: str = ""
    width: int = 0
    quoted: bool = False
    numbered: bool = True
    container: str = ""


def case_1171() -> list[Line]:
    """Return the accounts of the case, each balanced by a supplier or a client: an opening, then a year."""
    lines = [
        Line(
            "AN", "1", FIRST, "370000", "Stock de marchandises", Decimal("200000.00"), "A nouveaux"
        ),
        Line("AN", "1", FIRST, "101000", "Capital", Decimal("-200000.00"), "A nouveaux"),
    ]
    for rank, (account, label, text) in enumerate(CASE_1171):
        amount = Decimal(text)
        other = ("401000", "Fournisseurs") if account[0] == "6" else ("411000", "Clients")
        day = FIRST + dt.timedelta(days=14 * rank)
        lines.append(Line("OD", str(rank + 2), day, account, label, amount))
        lines.append(Line("OD", str(rank + 2), day, *other, -amount))
    return lines


def written(lines: Iterable[Line], style: Style = Style()) -> bytes:
    """Return a ledger file of lines."""
    columns = _columns(style)
    rows = [columns, *([_cell(name, line, style) for name in columns] for line in lines)]
    if style.header is not HEADER:
        rows[0] = list(style.header)
    text = "".join(_row(row, style) + style.end for row in rows)
    return _contained(text.encode(style.encoding), style.container)


def _columns(style: Style) -> list[str]:
    if style.sides is None and not style.signed:
        return list(HEADER)
    first = [*HEADER[:11], "Montant"]
    return [*first, *(["Sens"] if style.sides else []), *HEADER[13:]]


def _row(row: Sequence[str], style: Style) -> str:
    cells = [cell.ljust(style.width) for cell in row]
    if style.quoted:
        cells = [f'"{cell}"' for cell in cells]
    return style.separator.join(cells) + style.trailing


def _cell(name: str, line: Line, style: Style) -> str:
    debit, credit = max(line.amount, Decimal(0)), max(-line.amount, Decimal(0))
    sides = style.sides or ("", "")
    return {
        "JournalCode": line.journal,
        "JournalLib": "À nouveaux" if line.journal == "AN" else "Opérations diverses",
        "EcritureNum": line.number if style.numbered else "0",
        "EcritureDate": line.day.strftime(style.dates),
        "CompteNum": line.account,
        "CompteLib": line.label,
        "PieceRef": f"P{line.number}",
        "PieceDate": line.day.strftime(style.dates),
        "EcritureLib": line.text,
        "Debit": _amount(debit, style),
        "Credit": _amount(credit, style),
        "Montant": _amount(line.amount if style.signed else abs(line.amount), style),
        "Sens": sides[0] if line.amount >= 0 else sides[1],
        "ValidDate": LAST.strftime(style.dates),
    }.get(name, "")


def _amount(amount: Decimal, style: Style) -> str:
    return f"{amount:,.2f}".translate({ord(","): style.thousands, ord("."): style.decimal})


def _contained(data: bytes, container: str) -> bytes:
    if container == "gz":
        return gzip.compress(data)
    if container == "zip":
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(NAME, data)
        return archive.getvalue()
    return data


def shuffled_columns(style: Style) -> Style:
    """Return the style with names in capitals, as some exports write them."""
    return replace(style, header=[name.upper() for name in HEADER])
