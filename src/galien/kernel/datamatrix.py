"""The square code printed on a medicine's pack: product, expiry, lot and serial number."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from galien.kernel.codes import gtin14_ok
from galien.kernel.errors import InvalidInput

# Scanners that type like a keyboard replace the separator by a space, an arrow, or its name.
_SEPARATORS = re.compile(r"<GS>|[\x1d\u2194\u2192\u21d4 |]")
_SYMBOLOGY = re.compile(r"^\](?:d2|C1|Q3|e0)")
_FIXED = {"01": 14, "11": 6, "17": 6}
_VARIABLE = {"10": 20, "21": 20}
_VARIABLE_TEXT = re.compile(r"[!-~]+")

Elements = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PackCode:
    """What a pack says of itself; `ambiguous` when a missing separator made us choose a cut."""

    gtin: str
    expiry: date | None = None
    lot: str | None = None
    serial: str | None = None
    produced_on: date | None = None
    ambiguous: bool = False

    @property
    def product_code(self) -> str:
        """The thirteen-digit code of the product: a pack's GTIN-14 is `0` followed by it."""
        return self.gtin.removeprefix("0")


def parse_datamatrix(text: str) -> PackCode:
    """Read a GS1 DataMatrix string (identifiers 01, 17, 10, 21 and 11, in any order).

    A lot or serial number ends at the separator. Where the scanner lost it, the cut that names
    the most elements is taken and the result says it is ambiguous; an element on which several
    such cuts disagree is left out. Raises `InvalidInput` when the text is not a medicine's code.

    >>> parse_datamatrix("01034009303026132132780924334799 10MA00614A 17270430").expiry
    datetime.date(2027, 4, 30)
    """
    stripped = _SYMBOLOGY.sub("", text.strip())
    parts = [part for part in _SEPARATORS.split(stripped) if part]
    readings = [reading for reading in _readings(parts, frozenset()) if dict(reading).get("01")]
    if not readings:
        raise InvalidInput(
            f"Code DataMatrix illisible : « {text[:40]} ». On attend un code GS1 de médicament "
            "(01 suivi du code à 14 chiffres, puis péremption 17, lot 10, série 21). "
            "Scannez de nouveau la boîte ou saisissez son code à 13 chiffres."
        )
    most = max(map(len, readings))
    best = [dict(reading) for reading in readings if len(reading) == most]
    agreed = {
        key: value for key, value in best[0].items() if all(b.get(key) == value for b in best)
    }
    return PackCode(
        gtin=agreed["01"],
        expiry=_date(agreed["17"]) if "17" in agreed else None,
        lot=agreed.get("10"),
        serial=agreed.get("21"),
        produced_on=_date(agreed["11"]) if "11" in agreed else None,
        ambiguous=len(readings) > 1,
    )


def _readings(parts: list[str], used: frozenset[str]) -> Iterator[Elements]:
    """Give every way of cutting the parts into elements, each identifier at most once."""
    if not parts:
        yield ()
        return
    for head, head_used in _cut(parts[0], used):
        for tail in _readings(parts[1:], used | head_used):
            yield head + tail


def _cut(part: str, used: frozenset[str]) -> Iterator[tuple[Elements, frozenset[str]]]:
    if not part:
        yield (), frozenset()
        return
    key = part[:2]
    if key in used:
        return
    if key in _FIXED:
        lengths: range = range(_FIXED[key], _FIXED[key] + 1)
    elif key in _VARIABLE:
        lengths = range(1, _VARIABLE[key] + 1)
    else:
        return
    for length in lengths:
        value = part[2 : 2 + length]
        if len(value) == length and _valid(key, value):
            for rest, rest_used in _cut(part[2 + length :], used | {key}):
                yield ((key, value), *rest), rest_used | {key}


def _valid(key: str, value: str) -> bool:
    if key == "01":
        return gtin14_ok(value)
    if key in {"11", "17"}:
        return _date(value) is not None
    return _VARIABLE_TEXT.fullmatch(value) is not None


def _date(value: str) -> date | None:
    """Read yymmdd; day 00 is the last day of the month."""
    if not (value.isascii() and value.isdigit()):
        return None
    year, month, day = 2000 + int(value[:2]), int(value[2:4]), int(value[4:])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None
