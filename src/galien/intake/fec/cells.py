"""Amounts and dates of a ledger, read in every way that exports write them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

SCALE = 10_000
_MARKS = frozenset(",.")
_BLANKS = str.maketrans("", "", " \u00a0\u202f\t'’\"€")
_CURRENCY = re.compile(r"eur(?:os?)?$|^eur", re.IGNORECASE)
_POWER = re.compile(r"(-?\d(?:[.,]\d+)?)e([+-]\d{1,2})", re.IGNORECASE)
_NOTHING = {"", "-", "–", "—"}  # a spreadsheet's nil
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_TIME = re.compile(r"[T ]\d{2}:\d{2}.*$")
_EARLIEST, _LATEST = 1900, 2100


class Amounts:
    """Reads amounts into ten-thousandths of a euro; remembers which mark the file uses for decimals.

    `known` holds texts already read.
    """

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self.odd = 0
        self.known: dict[str, int] = {"": 0, "0,00": 0, "0.00": 0, "0": 0}

    def read(self, text: str) -> int | None:
        """Return an amount; None when the text is not one. Empty is 0.

        >>> amounts = Amounts()
        >>> [amounts.read(each) for each in ("12,30", "-1 234.5", "0000000069,60", "1.234,56-", "x")]
        [123000, -12345000, 696000, -12345600, None]
        >>> [amounts.read(each) for each in ("-", "12,30 EUR", "1,5E+03")]
        [0, 123000, 15000000]
        """
        found = self.known.get(text)
        if found is not None:
            return found
        whole, cents = text[:-3], text[-2:]
        if text[-3:-2] in _MARKS and whole.isdigit() and cents.isdigit():
            self.marks.add(text[-3])
            found = int(whole + cents) * 100
        else:
            found = self._long(text)
        if found is not None and len(self.known) < 200_000:
            self.known[text] = found
        return found

    def _long(self, text: str) -> int | None:
        bare = _CURRENCY.sub("", text.translate(_BLANKS))
        if bare in _NOTHING:
            return 0
        power = _POWER.fullmatch(bare)
        if power:
            bare = format(Decimal(power[1].replace(",", ".")).scaleb(int(power[2])), "f")
        sign = -1 if bare[0] in "-−(" or bare[-1] in "-−" else 1
        bare = self._one_mark(bare.strip("+-−()"))
        if not _PLAIN.fullmatch(bare):
            return None
        value = Decimal(bare.replace(",", "."))
        if bare != text:
            self.odd += 1
        return sign * int((value * SCALE).quantize(Decimal(1), ROUND_HALF_UP))

    def _one_mark(self, bare: str) -> str:
        """Take thousands separators out: the mark that comes first, or that comes several times."""
        comma, point = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and point >= 0:
            return bare.replace("." if comma > point else ",", "")
        mark = "," if comma >= 0 else "."
        thousands = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare)
        other = "." if mark == "," else ","
        if bare.count(mark) > 1 or (thousands and other in self.marks):
            return bare.replace(mark, "")
        return bare


def euros(scaled: int) -> Decimal:
    """Return ten-thousandths of a euro as euros, with two decimals where two are enough.

    >>> euros(123000), euros(-5)
    (Decimal('12.30'), Decimal('-0.0005'))
    """
    cents, rest = divmod(scaled, 100)
    return Decimal(scaled).scaleb(-4) if rest else Decimal(cents).scaleb(-2)


def day(text: str) -> dt.date | None:
    """Return a date, year first or day first, with or without separators; None when it is none.

    >>> day("20240131"), day("31/01/2024"), day("2024-01-31 00:00:00"), day("20241301")
    (datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), datetime.date(2024, 1, 31), None)
    >>> day("1/2/2024"), day("31/01/24")
    (datetime.date(2024, 2, 1), datetime.date(2024, 1, 31))
    """
    parts = re.split(r"[-/. ]", _TIME.sub("", text.strip(" \"'")))
    if not all(part.isdecimal() for part in parts):
        return None
    if len(parts) == 3 and len(parts[2]) == 2 and len(parts[0]) <= 2:
        return _date(f"20{parts[2]}", parts[1], parts[0])
    if len(parts) == 3 and all(len(part) in {1, 2, 4} for part in parts):
        return _date(*parts) if len(parts[0]) == 4 else _date(*reversed(parts))
    digits = "".join(parts)
    if len(digits) != 8:
        return None
    first = _date(digits[:4], digits[4:6], digits[6:])
    return first or _date(digits[4:], digits[2:4], digits[:2])


def _date(year: str, month: str, date: str) -> dt.date | None:
    try:
        if not _EARLIEST <= int(year) <= _LATEST:
            return None
        return dt.date(int(year), int(month), int(date))
    except ValueError:
        return None
