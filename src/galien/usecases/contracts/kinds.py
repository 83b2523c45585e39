"""How each part of a contract is written as plain text, and read back, with French errors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from galien.kernel.errors import InvalidInput, did_you_mean
from galien.model.contracts import ONE, ZERO
from galien.usecases.typed_csv import read_number

LARGEST = Decimal(10) ** 13
MOST_DIGITS = 8
MOST_CODES = 50_000
_PLAIN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,8})?")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_YES, _NO = frozenset({"true", "oui", "yes"}), frozenset({"false", "non", "no"})

Plain = Any
"""Texts, lists and tables of them; None where there is nothing."""


@dataclass(frozen=True)
class Place:
    """Where one reads: the path in the document, the lines of its parts, how people name it.

    `words` are what people call the keys, when they do not write them themselves.
    """

    path: tuple[str | int, ...] = ()
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
    named: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def at(self, *steps: str | int, named: str = "") -> Place:
        """Return a place further in; `named` is added to how people name it."""
        said = ", ".join(filter(None, (self.named, self.words.get(named, named))))
        return Place((*self.path, *steps), self.lines, said, self.words)

    def error(self, why: str) -> InvalidInput:
        """Return the error of this place, with the nearest line that is known."""
        path = self.path
        while path and path not in self.lines:
            path = path[:-1]
        line = f"ligne {self.lines[path]}" if path in self.lines else ""
        where = ", ".join(filter(None, (line, self.named)))
        return InvalidInput(f"{where[:1].upper()}{where[1:]} : {why}" if where else why)


class Kind(Protocol):
    """How a value is read from plain data and written to it."""

    def read(self, plain: Plain, place: Place) -> Any:
        """Return the value; InvalidInput saying where and why when it is not one."""
        ...

    def write(self, value: Any) -> Plain:
        """Return the value as plain data."""
        ...


@dataclass(frozen=True)
class Text:
    """A text of at most so many characters."""

    longest: int

    def read(self, plain: Plain, place: Place) -> str:
        """Read a text, its line ends made alike, without the characters nobody can print."""
        if isinstance(plain, (dict, list)):
            raise place.error("un texte est attendu.")
        text = str(plain).replace("\r\n", "\n").replace("\r", "\n").strip()
        if _UNPRINTABLE.search(text):
            raise place.error("ce texte contient un caractère qui ne s’imprime pas.")
        if len(text) > self.longest:
            raise place.error(f"ce texte dépasse {self.longest} caractères.")
        return text

    def write(self, value: str) -> str:
        """Write a text as it is."""
        return value


@dataclass(frozen=True)
class Texts:
    """A list of texts, each once; `pattern` is what a code must be, `wanted` how one says it."""

    longest: int
    pattern: re.Pattern[str] | None = None
    wanted: str = ""

    def read(self, plain: Plain, place: Place) -> tuple[str, ...]:
        """Read a list, or one text alone; InvalidInput naming the first that is wrong."""
        each_of = plain if isinstance(plain, list) else [plain]
        if len(each_of) > MOST_CODES:
            raise place.error(f"une liste tient au plus {MOST_CODES} éléments.")
        found: dict[str, None] = {}
        one = Text(self.longest)
        for rank, each in enumerate(each_of):
            if not isinstance(each, str) or _UNPRINTABLE.search(each):
                text = one.read(each, place.at(rank))
            else:
                text = each.strip()
            if not text or len(text) > self.longest:
                raise place.at(rank).error("cet élément de la liste est vide ou trop long.")
            if self.pattern is not None and not self.pattern.fullmatch(text):
                raise place.at(rank).error(f"« {text[:40]} » n’est pas {self.wanted}.")
            found[text] = None
        return tuple(found)

    def write(self, value: tuple[str, ...]) -> list[str]:
        """Write a list."""
        return list(value)


@dataclass(frozen=True)
class Number:
    """A number from 0: an amount in euros, or a rate written 0,25 or 25 %."""

    rate: bool = False

    def read(self, plain: Plain, place: Place) -> Decimal:
        """Read a number, exactly; a rate goes from 0 to 1."""
        text = Text(60).read(plain, place)
        if _PLAIN.fullmatch(text):
            found = Decimal(text)
        else:
            try:
                found = read_number(text, "")
            except InvalidInput:
                raise place.error(f"« {text} » n’est pas {self._wanted()}.") from None
            if text.endswith("%"):
                found = found.scaleb(-2)
        exponent = found.as_tuple().exponent
        fine = isinstance(exponent, int) and exponent >= -MOST_DIGITS
        if not ZERO <= found <= (ONE if self.rate else LARGEST) or not fine:
            raise place.error(f"« {text} » n’est pas {self._wanted()}.")
        return found

    def write(self, value: Decimal) -> str:
        """Write a number without an exponent or needless zeros."""
        return f"{value.normalize():f}"

    def _wanted(self) -> str:
        if self.rate:
            return "un taux : écrivez 0,25 ou 25 %, de 0 à 100 %"
        return "un nombre positif ou nul"


@dataclass(frozen=True)
class Count:
    """A whole number from 0."""

    def read(self, plain: Plain, place: Place) -> int:
        """Read a whole number."""
        text = Text(20).read(plain, place)
        if not (text.isascii() and text.isdigit()) or len(text) > 6:
            raise place.error(f"« {text} » n’est pas un nombre entier.")
        return int(text)

    def write(self, value: int) -> str:
        """Write a whole number."""
        return str(value)


@dataclass(frozen=True)
class Day:
    """A day, 2026-01-31 or 31/01/2026."""

    def read(self, plain: Plain, place: Place) -> dt.date:
        """Read a day."""
        text = Text(20).read(plain, place)
        french = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", text)
        iso = "-".join(reversed(french.groups())) if french else text
        try:
            return dt.datetime.strptime(iso, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise place.error(
                f"« {text} » n’est pas un jour : écrivez 2026-01-31 ou 31/01/2026."
            ) from None

    def write(self, value: dt.date) -> str:
        """Write a day as the calendar of files does."""
        return value.isoformat()


@dataclass(frozen=True)
class Flag:
    """Yes or no."""

    def read(self, plain: Plain, place: Place) -> bool:
        """Read a yes or a no."""
        text = Text(10).read(plain, place).lower()
        if text not in _YES | _NO:
            raise place.error(f"« {text} » n’est ni oui ni non : écrivez true ou false.")
        return text in _YES

    def write(self, value: bool) -> str:  # noqa: FBT001 - the value itself
        """Write a yes or a no."""
        return "true" if value else "false"


@dataclass(frozen=True)
class Choice:
    """One of the words of a list."""

    of: type[StrEnum]

    def read(self, plain: Plain, place: Place) -> StrEnum:
        """Read one of the words; the error names the nearest."""
        text = Text(60).read(plain, place)
        try:
            return self.of(text)
        except ValueError:
            raise place.error(
                f"« {text} » est inconnu. {did_you_mean(text, [each.value for each in self.of])}"
            ) from None

    def write(self, value: StrEnum) -> str:
        """Write the word."""
        return value.value
