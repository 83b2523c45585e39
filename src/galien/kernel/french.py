"""French typography of figures and dates: narrow no-break spaces, true minus, decimal comma."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext

NARROW = "\u202f"
FIXED = "\u00a0"
MINUS = "\u2212"
UNDEFINED = "n.\u202fs."
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Number = int | float | Decimal
_SURE = 1e7
_STEPS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(10))


def number(value: Number | None, decimals: int = 0) -> str:
    """Write a number the French way; nothing for None.

    >>> number(Decimal("-1234.5"), 2) == "\u22121\u202f234,50"
    True
    """
    if value is None:
        return ""
    if isinstance(value, int) and not decimals:
        text = f"{value:,}"
    else:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
        rounded = exact.quantize(_STEPS[decimals], rounding=ROUND_HALF_UP)
        text = f"{rounded or abs(rounded):,f}"
    # Three replacements take a ninth of the time of one translation, a thousand rows at a time.
    return text.replace(",", NARROW).replace(".", ",").replace("-", MINUS)


def numbers(values: Sequence[Number], decimals: int = 0, *, times: int = 1) -> list[str]:
    """Write a column of numbers, each `times` as large, as `number` writes one, for less.

    >>> numbers([0.0533, 1, Decimal("-0.125")], 1, times=100) == ["5,3", "100,0", "\u221212,5"]
    True
    """
    if not values:
        return []
    form, steps = f",.{decimals}f", float(times * 10**decimals)
    with localcontext(rounding=ROUND_HALF_UP):
        texts = (
            [format(value, ",") for value in values]
            if steps == 1 and set(map(type, values)) == {int}
            else [_plain(value, times, form, steps) for value in values]
        )
    # Written to the end, then turned French all at once: replacing in each text takes longer.
    joined = "\n".join(texts)
    if "-0" in joined:
        joined = "\n".join(t[1:] if t[:2] == "-0" and not t.strip("-0.") else t for t in texts)
    return joined.replace(",", NARROW).replace(".", ",").replace("-", MINUS).split("\n")


def _plain(value: Number, times: int, form: str, steps: float) -> str:
    """Write a number as programs do, rounding half up its decimal writing; `steps` is 1 ÷ its last digit.

    A binary number far from a half of its last digit rounds as its decimal writing does.
    """
    if isinstance(value, float):
        stretched = value * steps
        if abs(stretched) < _SURE and abs(stretched % 1 - 0.5) > 1 / _SURE:
            return format(value * times, form)
    elif isinstance(value, int) and steps == times:
        return format(value * times, ",")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return format(exact * times, form)


def amount(value: Number | None, decimals: int = 2) -> str:
    """Write an amount in euros.

    >>> amount(Decimal("12.3")) == "12,30\u202f€"
    True
    """
    return "" if value is None else f"{number(value, decimals)}{NARROW}€"


def typed(value: Decimal) -> str:
    """Write a number as one types it in a field.

    >>> typed(Decimal("7.50")), typed(Decimal("1930"))
    ('7,5', '1930')
    """
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def percent(ratio: Number | None, decimals: int = 2) -> str:
    """Write a ratio as a percentage.

    >>> percent(Decimal("0.0533")) == "5,33\u202f%"
    True
    """
    if ratio is None:
        return ""
    exact = ratio if isinstance(ratio, Decimal) else Decimal(str(ratio))
    return f"{number(exact * 100, decimals)}{NARROW}%"


def evolution(ratio: Number | None, decimals: int = 1) -> str:
    """Write a change with its sign, or "n. s." where it is undefined.

    >>> evolution(0.033) == "+3,3\u202f%", evolution(None) == "n.\u202fs."
    (True, True)
    """
    if ratio is None:
        return UNDEFINED
    text = percent(ratio, decimals)
    signed = text.startswith(MINUS) or not text.strip(f"0,{NARROW}%")
    return text if signed else f"+{text}"


def compact_amount(value: Number | None) -> str:
    """Write an amount for a headline figure, in k€ or M€ above ten thousand euros.

    >>> compact_amount(8215911) == "8,22\u202fM€", compact_amount(12345) == "12,3\u202fk€"
    (True, True)
    """
    if value is None:
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if abs(exact) >= 1_000_000:
        return f"{number(exact / 1_000_000, 2)}{NARROW}M€"
    if abs(exact) >= 10_000:
        return f"{number(exact / 1000, 1)}{NARROW}k€"
    return amount(exact, 0)


def day(date: dt.date | None) -> str:
    """Write a date in full.

    >>> day(dt.date(2026, 10, 1))
    '1er octobre 2026'
    """
    if date is None:
        return ""
    first = "1er" if date.day == 1 else str(date.day)
    return f"{first} {MONTHS[date.month - 1]} {date.year}"


def month(date: dt.date) -> str:
    """Write the month of a date.

    >>> month(dt.date(2026, 10, 1))
    'octobre 2026'
    """
    return f"{MONTHS[date.month - 1]} {date.year}"


def short_month(date: dt.date) -> str:
    """Write the month of a date, abbreviated the French way.

    >>> short_month(dt.date(2026, 5, 1)), short_month(dt.date(2026, 7, 1))
    ('mai 2026', 'juil. 2026')
    """
    return f"{SHORT_MONTHS[date.month - 1]} {date.year}"


def fold(text: str) -> str:
    """Fold case and accents, for searching and for French sorting.

    >>> fold("École Œuvre")
    'ecole œuvre'
    """
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
