"""The strength of a medicine as numbers: 1 g and 1000 mg, 2 % and 20 mg/ml are written apart, not apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from galien.kernel import french

# A unit written in any way: what it measures, and how many of the unit kept it is.
UNITS: dict[str, tuple[str, Fraction]] = {
    "kg": ("mg", Fraction(1_000_000)),
    "g": ("mg", Fraction(1_000)),
    "gramme": ("mg", Fraction(1_000)),
    "mg": ("mg", Fraction(1)),
    "microgramme": ("mg", Fraction(1, 1_000)),
    "µg": ("mg", Fraction(1, 1_000)),
    "nanogramme": ("mg", Fraction(1, 1_000_000)),
    "ui": ("ui", Fraction(1)),
    "u.i.": ("ui", Fraction(1)),
    "u.i": ("ui", Fraction(1)),
    "unite": ("ui", Fraction(1)),
    "m.u.i.": ("ui", Fraction(1_000_000)),
    "mui": ("ui", Fraction(1_000_000)),
    "mu": ("ui", Fraction(1_000_000)),
    "million": ("ui", Fraction(1_000_000)),
    "milliard": ("ui", Fraction(1_000_000_000)),
    "ml": ("ml", Fraction(1)),
    "l": ("ml", Fraction(1_000)),
    "pour cent": ("%", Fraction(1)),
    "%": ("%", Fraction(1)),
    "mmol": ("mmol", Fraction(1)),
    "meq": ("meq", Fraction(1)),
    "mbq": ("mbq", Fraction(1)),
    "gbq": ("mbq", Fraction(1_000)),
    "dose": ("dose", Fraction(1)),
    "cm2": ("cm2", Fraction(1)),
    "h": ("hour", Fraction(1)),
    "heure": ("hour", Fraction(1)),
}
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<sep>/|\+|\bpar\b|\bpour\b(?! cent))?\s*(?P<number>\d[\d  ]*(?:[,.]\d+)?)?\s*"
    rf"(?P<unit>{_UNIT})(?:s\b|(?![a-z]))"
)
_DIVIDING = frozenset({"ml", "dose", "hour", "cm2"})
_MG_PER_ML_OF_ONE_PERCENT = 10
Amount = tuple[str, Fraction]


@dataclass(frozen=True)
class Strength:
    """Quantities of active substance, and the millilitres (or grams of cream) that hold them.

    `volume` is None for what is counted (a tablet); a rate per hour or per dose is its quantity.
    """

    amounts: tuple[Amount, ...]
    volume: Fraction | None = None

    @property
    def key(self) -> str:
        """Return a text that two writings of the same strength share."""
        volume = self.volume or Fraction(1)
        mark = "/ml" if self.volume else ""
        return "+".join(f"{value / volume}{unit}{mark}" for unit, value in self.amounts)


def read_strength(text: str) -> Strength | None:
    """Read a strength as a name writes it; None when it holds no quantity.

    >>> read_strength("1 g").key == read_strength("1000 mg").key
    True
    >>> read_strength("2 POUR CENT").key == read_strength("40 mg/2 mL").key
    True
    >>> read_strength("80 mg/12,5 mg").key
    '80mg+25/2mg'
    """
    amounts: list[Amount] = []
    volume: Fraction | None = None
    for found in _TOKEN.finditer(french.fold(text)):
        kind, factor = UNITS[found["unit"]]
        number = _number(found["number"])
        divides = bool(found["sep"]) and found["sep"] != "+"
        if divides and (kind in _DIVIDING or number is None or found["sep"] in {"par", "pour"}):
            volume = _volume(kind, factor * (number or 1)) or volume
        elif number is not None and kind == "%":
            amounts.append(("mg", number * _MG_PER_ML_OF_ONE_PERCENT))
            volume = Fraction(1)
        elif number is not None and kind not in _DIVIDING:
            amounts.append((kind, number * factor))
    return Strength(tuple(amounts), volume) if amounts else None


def _volume(kind: str, value: Fraction) -> Fraction | None:
    """Return a divisor in millilitres; a gram of cream counts as one; an hour or a dose divides nothing."""
    if kind == "ml":
        return value
    return value / 1_000 if kind == "mg" else None


def _number(text: str | None) -> Fraction | None:
    if text is None:
        return None
    return Fraction(re.sub(r"\s", "", text).replace(",", "."))
